"""Rules on single pictures at their edges: thresholds, sizes, and pictures that a careless rule would throw away."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skyloom_training.data.filters import PICTURE_RULES, RULES, SET_RULES
from skyloom_training.data.filters.blur import Blur
from skyloom_training.data.filters.grayscale import Grayscale
from skyloom_training.data.filters.resolution import Resolution
from skyloom_training.data.filters.rule import Rule, at_training_size


def noise(height: int = 256, width: int = 256, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize("rule", PICTURE_RULES)
def test_thresholds_are_checked_and_verdicts_change_at_them(rule: type[Rule]) -> None:
    low, high = rule.allowed
    assert low <= rule().threshold <= high
    for bad in (low - 1, high + 1, float("nan")):
        with pytest.raises(ValueError, match=rf"{rule.name}: .* is not allowed; expected"):
            rule(bad)
    middle = rule((low + high) / 2)
    above, at, below = (middle.rejects(middle.threshold + d) for d in (0.01, 0.0, -0.01))
    assert not at
    assert (above, below) == ((False, True) if rule.keeps == "above" else (True, False))


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len(set(RULES)) == len(RULES) == len(PICTURE_RULES) + len(SET_RULES) + 2


def test_resolution_is_the_shorter_side() -> None:
    assert Resolution().measure(noise(300, 205)) == 205
    assert not Resolution().rejects(205)
    assert Resolution().rejects(204)


def test_large_photos_are_judged_at_training_size_and_small_ones_as_they_are() -> None:
    assert at_training_size(noise(1000, 500)).shape == (512, 256, 3)
    assert at_training_size(noise(100, 300)).shape == (100, 300, 3)
    # Blurred by 3 of 2048 pixels is sharp at 256.
    large = cv2.resize(noise(), (2048, 2048), interpolation=cv2.INTER_CUBIC)
    rule = Blur()
    assert rule.measure(cv2.GaussianBlur(large, (0, 0), 3.0)) < 0.4


def test_blur_effect_grows_with_the_blur() -> None:
    rule = Blur()
    found = [rule.measure(cv2.GaussianBlur(noise(), (0, 0), sigma)) for sigma in (0.5, 1.5, 3.0, 5.0)]
    assert found == sorted(found)
    assert not rule.rejects(found[0])
    assert rule.rejects(found[3])


def test_one_sharp_place_makes_a_soft_photo_sharp() -> None:
    soft = cv2.GaussianBlur(noise(), (0, 0), 4.0)
    assert Blur().rejects(Blur().measure(soft))
    soft[10:70, 10:70] = noise(60, 60)
    assert not Blur().rejects(Blur().measure(soft))


def test_even_sheet_is_not_called_blurred_but_a_shapeless_photo_is() -> None:
    """Contrast without any detail: blurred so far that no tile has some."""
    even = np.clip(np.full((256, 256, 3), 150.0) + np.linspace(0, 20, 256)[:, None, None], 0, 255).astype(np.uint8)
    assert Blur().measure(even) == 0
    slow = np.clip(128 + 100 * np.sin(np.arange(256) / 60)[:, None, None] * np.ones((256, 256, 3)), 0, 255)
    assert Blur().rejects(Blur().measure(slow.astype(np.uint8)))


def test_gray_and_nearly_gray() -> None:
    rule = Grayscale()
    gray = np.repeat(noise()[..., :1], 3, axis=2)
    assert rule.rejects(rule.measure(gray))
    # An overcast sky: a few levels of blue.
    overcast = np.clip(gray.astype(int) // 4 + [150, 153, 158], 0, 255).astype(np.uint8)
    assert not rule.rejects(rule.measure(overcast))
    # A coloured sign of one percent does not make a gray photo colourful; a tenth of blue sky does.
    gray[:25, :25] = (220, 30, 30)
    assert rule.rejects(rule.measure(gray))
    gray[:80, :80] = (90, 140, 220)
    assert not rule.rejects(rule.measure(gray))
