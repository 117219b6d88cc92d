"""Laying the ground into large domes: the cheap way agrees with the exact one, in bounded memory."""

from __future__ import annotations

import numpy as np
import pytest
from skyloom.imaging import laying
from skyloom.imaging.ground import haze_of_ring

THETA_MAX = float(np.deg2rad(100))


@pytest.fixture
def haze():
    """As rough as a haze can be: every wave of a random ring."""
    return haze_of_ring(np.random.default_rng(3).random((256, 3)))


def test_a_large_dome_gets_the_haze_of_the_exact_formula(haze, monkeypatch: pytest.MonkeyPatch) -> None:
    sky = np.random.default_rng(4).random((1200, 1200, 3)).astype(np.float32)
    cheap = laying.lay_ground(sky, haze, THETA_MAX)
    monkeypatch.setattr(laying, "LARGEST_EXACT", 1200)
    exact = laying.lay_ground(sky, haze, THETA_MAX)
    assert np.abs(cheap - exact).max() < 0.25 / 255
    assert np.abs(exact - sky).max() > 0.1
    laying._ground_of_dome.cache_clear()


def test_the_sky_above_the_horizon_stays_as_it_is(haze) -> None:
    sky = np.random.default_rng(4).random((1200, 1200, 3)).astype(np.float32)
    laid = laying.lay_ground(sky, haze, THETA_MAX)
    middle = slice(300, 900)
    np.testing.assert_array_equal(laid[middle, middle], sky[middle, middle])
    assert laid.dtype == np.float32
    assert laid is not sky
