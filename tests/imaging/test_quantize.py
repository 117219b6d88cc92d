"""Dither: small, fixed, without bias, and without a seam of its own."""

from __future__ import annotations

import numpy as np
from skyloom.imaging.quantize import AMPLITUDE, TILE, blue_noise_tile, to_float, to_uint8


def test_tile_is_uniform_and_blue() -> None:
    tile = blue_noise_tile()
    assert tile.shape == (TILE, TILE, 3)
    assert np.abs(tile).max() < AMPLITUDE
    for channel in range(3):
        counts, _ = np.histogram(tile[..., channel], bins=16, range=(-AMPLITUDE, AMPLITUDE))
        assert (counts == TILE * TILE // 16).all()
    power = np.abs(np.fft.fft2(tile[..., 0])) ** 2
    frequency = np.fft.fftfreq(TILE)
    radius = np.hypot(frequency[:, None], frequency[None, :])
    low = power[(radius > 0) & (radius < 0.1)].mean()
    high = power[radius > 0.3].mean()
    assert low < 0.05 * high


def test_error_is_below_one_step_and_without_bias() -> None:
    picture = np.linspace(0, 1, 256 * 512 * 3, dtype=np.float32).reshape(256, 512, 3)
    error = to_uint8(picture).astype(np.float64) - picture * 255.0
    assert np.abs(error).max() < 1.0
    assert abs(error.mean()) < 1e-3
    plain = to_uint8(picture, dither=False).astype(np.float64) - picture * 255.0
    assert np.abs(plain).max() <= 0.5 + 1e-4


def test_halves_go_to_even_without_dither() -> None:
    picture = (np.array([0.5, 1.5, 2.5, 253.5, 254.5]) / 255).astype(np.float64)
    rounded = to_uint8(np.repeat(picture[None, :, None], 3, axis=2).astype(np.float32), dither=False)[0, :, 0]
    exact = np.rint(np.float32(picture.astype(np.float32)) * np.float32(255))
    assert np.array_equal(rounded, exact.astype(np.uint8))


def test_integers_pass_unchanged() -> None:
    values = np.arange(256, dtype=np.uint8).repeat(3 * 130)[: 128 * 256 * 3].reshape(128, -1, 3)
    assert np.array_equal(to_uint8(to_float(values)), values)


def test_flat_tone_between_two_levels_is_mixed_in_proportion() -> None:
    values = to_uint8(np.full((TILE, TILE, 3), (100 + 0.25) / 255, np.float32))
    assert set(np.unique(values)) == {100, 101}
    # Uniform noise of +-0.49 lifts 0.25 over the half step for (0.49 - 0.25) / 0.98 of the pixels.
    assert abs((values == 101).mean() - 0.24 / 0.98) < 0.005


def test_wrap_of_a_very_smooth_panorama_looks_like_any_other_column() -> None:
    u = (np.arange(2048) + 0.5) / 2048
    v = (np.arange(1024)[:, None] + 0.5) / 1024
    plane = 0.5 + 0.02 * np.cos(2 * np.pi * u)[None, :] * np.sin(np.pi * v)
    values = to_uint8(np.repeat(plane[:, :, None], 3, axis=2).astype(np.float32)).astype(np.float64)
    inner = np.abs(np.diff(values, axis=1)).mean()
    wrap = np.abs(values[:, 0] - values[:, -1]).mean()
    assert 0.9 < wrap / inner < 1.1
