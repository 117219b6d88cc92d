"""The green cast of film: only what is too green changes, brightness stays, and black-and-white photos are left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from skyloom_training.data.cast import greenness, without_cast
from skyloom_training.data.ccsn import SIDE, Photos
from skyloom_training.loop import Trainer
from tiny_net import made_up_photos, tiny_options

LIMIT = 4.0


def one(pixels: NDArray[np.uint8]) -> Photos:
    return Photos(pixels[None], np.zeros(1, np.int64), np.array([SIDE]), np.ones(1))


def halves(above: tuple[int, int, int], below: tuple[int, int, int]) -> NDArray[np.uint8]:
    pixels = np.empty((SIDE, SIDE, 3), np.uint8)
    pixels[: SIDE // 2], pixels[SIDE // 2 :] = above, below
    return pixels


@given(*[st.tuples(*[st.integers(0, 170)] * 3)] * 2)
def test_green_skies_lose_what_is_too_much_and_no_others_change(
    above: tuple[int, int, int], below: tuple[int, int, int]
) -> None:
    pixels = halves(above, below)
    out = without_cast(one(pixels), LIMIT).pixels[0].astype(np.float32)
    before = pixels.astype(np.float32)
    green = greenness(before)
    if green.mean() <= LIMIT:
        assert np.array_equal(out, before)
        return
    assert np.array_equal(out[green <= LIMIT], before[green <= LIMIT])
    # Each channel is rounded, and (R + B) / 2 with it.
    assert greenness(out).max() <= LIMIT + 1
    assert greenness(out)[green > LIMIT].min() >= LIMIT - 1
    assert np.abs(out.sum(axis=-1) - before.sum(axis=-1)).max() <= 1.5


def test_by_hand() -> None:
    # Greenness 34, so 30 too much: 20 less of green, 10 more of red and of blue.
    photos = one(halves((100, 140, 112), (100, 140, 112)) + np.eye(SIDE, dtype=np.uint8)[..., None])
    assert without_cast(photos, LIMIT).pixels[0, 5, 9].tolist() == [110, 120, 122]


def test_ground_does_not_tell_the_cast_of_a_sky() -> None:
    photos = replace(one(halves((90, 100, 150), (20, 120, 20))), sky=np.array([SIDE // 2]))
    assert np.array_equal(without_cast(photos, LIMIT).pixels, photos.pixels)
    assert not np.array_equal(without_cast(replace(photos, sky=np.array([SIDE])), LIMIT).pixels, photos.pixels)


def test_black_and_white_photos_are_left_out_where_their_class_has_others() -> None:
    coloured = made_up_photos()
    grey = np.repeat(coloured.pixels[:, :, :, :1], 3, axis=3)
    # The first photo of every class in black and white, and class 3 as a whole.
    pixels = np.where((np.arange(len(grey)) < 11)[:, None, None, None], grey, coloured.pixels)
    pixels[coloured.labels == 3] = grey[coloured.labels == 3]
    left = without_cast(replace(coloured, pixels=pixels), 255.0)
    assert np.bincount(left.labels).tolist() == [1, 1, 1, 2] + [1] * 7
    assert np.array_equal(left.pixels[left.labels == 3], grey[coloured.labels == 3])
    assert np.array_equal(left.pixels[left.labels == 5], coloured.pixels[11:][coloured.labels[11:] == 5])


def test_nothing_given_is_written_on() -> None:
    photos = made_up_photos()
    before = photos.pixels.copy()
    without_cast(photos, -50.0)
    assert np.array_equal(photos.pixels, before)


@pytest.mark.parametrize("limit", [-20.0, 255.0])
def test_a_run_learns_from_what_is_left(tmp_path: Path, limit: float) -> None:
    trainer = Trainer(tiny_options(tmp_path, green_limit=limit), made_up_photos())
    assert np.array_equal(trainer.photos.pixels, without_cast(made_up_photos(), limit).pixels)
    assert np.array_equal(trainer.photos.pixels, made_up_photos().pixels) == (limit == 255)
