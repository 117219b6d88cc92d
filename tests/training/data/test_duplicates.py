"""Copies: which of them go, under one label and under several."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from skyloom_training.data.filters.duplicates import Print, find_copies, fingerprint


def sky(seed: int, side: int = 128) -> np.ndarray:
    """Blobs of several sizes: no two seeds alike."""
    rng = np.random.default_rng(seed)
    total = np.zeros((side, side, 3))
    for cells in (3, 8, 20):
        small = Image.fromarray(rng.integers(0, 256, (cells, cells, 3), np.uint8))
        total += np.asarray(small.resize((side, side), Image.Resampling.BICUBIC), np.float64) / cells**0.5
    return np.uint8(255 * (total - total.min()) / np.ptp(total))


def smaller(pixels: np.ndarray, side: int = 100) -> np.ndarray:
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC))


def prints(*pictures: np.ndarray) -> list[Print]:
    return [fingerprint(picture) for picture in pictures]


def test_different_skies_are_no_copies() -> None:
    many = prints(*(sky(seed) for seed in range(60)))
    copies = find_copies(many, ["a"] * 60, 60, "both-out")
    assert (copies.exact, copies.near) == ({}, {})


def test_of_exact_copies_under_one_label_the_first_stays() -> None:
    copies = find_copies(prints(sky(1), sky(2), sky(1), sky(1)), ["a"] * 4, 60, "both-out")
    assert (copies.exact, copies.near) == ({2: 0, 3: 0}, {})


def test_of_near_copies_the_largest_stays() -> None:
    copies = find_copies(prints(smaller(sky(1)), sky(1), sky(2)), ["a"] * 3, 60, "both-out")
    assert (copies.exact, copies.near) == ({}, {0: 1})


@pytest.mark.parametrize(
    ("across", "labels", "gone"),
    [
        ("both-out", ["a", "b", "a", "a"], {0, 1, 2}),
        ("first", ["b", "a", "a", "a"], {1, 2}),
        ("majority", ["a", "b", "b", "a"], {0, 2}),
        ("rarer", ["a", "b", "a", "a"], {0, 2}),
    ],
)
def test_which_label_of_a_photo_under_several_stays(across: str, labels: list[str], gone: set[int]) -> None:
    """Three exact copies, then another picture."""
    copies = find_copies(prints(sky(1), sky(1), sky(1), sky(2)), labels, 60, across)
    assert set(copies.exact) == gone
    assert all(copies.exact[i] != i for i in gone)


def test_majority_without_a_majority_leaves_none() -> None:
    assert set(find_copies(prints(sky(1), sky(1)), ["a", "b"], 60, "majority").exact) == {0, 1}


def test_rules_can_be_asked_apart() -> None:
    pictures = prints(sky(1), sky(1), smaller(sky(1)))
    only_exact = find_copies(pictures, ["a"] * 3, 60, "both-out", near=False)
    assert (only_exact.exact, only_exact.near) == ({1: 0}, {})
    only_near = find_copies(pictures, ["a"] * 3, 60, "both-out", exact=False)
    assert (only_near.exact, only_near.near) == ({}, {1: 0, 2: 0})


def test_even_pictures_are_no_copies_of_each_other() -> None:
    even = prints(*(np.full((64, 64, 3), level, np.uint8) for level in (90, 91, 200)))
    assert find_copies(even, ["a"] * 3, 60, "both-out").near == {}


@pytest.mark.parametrize(
    ("near", "across", "message"),
    [(-1, "first", "near: -1 is not allowed; expected 0 to 128"), (9, "last", "across: 'last' is not allowed")],
)
def test_bad_settings_are_named(near: int, across: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find_copies([], [], near, across)
