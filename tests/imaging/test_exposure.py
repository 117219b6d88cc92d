"""Exposure: stops are factors of two in linear light, 0 is the identity, highlights bend instead of clipping."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyloom.imaging.exposure import KNEE, decode_srgb, encode_srgb, expose, expose_radiance

stops = st.floats(-5, 5)


def ramp(count: int = 4096) -> np.ndarray:
    return np.linspace(0, 1, count, dtype=np.float32)[:, None, None].repeat(3, axis=2)


def test_no_stops_is_the_very_same_picture() -> None:
    image = ramp()
    assert expose(image, 0.0) is image
    assert expose_radiance(image, 0.0) is image


@pytest.mark.parametrize(("encoded", "linear"), [(0, 0), (0.04045, 0.0031308), (0.5, 0.2140411), (1, 1)])
def test_srgb_at_known_values(encoded: float, linear: float) -> None:
    one = np.full((1, 1, 3), encoded, np.float32)
    np.testing.assert_allclose(decode_srgb(one), linear, atol=1e-6)
    np.testing.assert_allclose(encode_srgb(np.full((1, 1, 3), linear, np.float32)), encoded, atol=1e-6)


def test_srgb_there_and_back_on_every_16_bit_value() -> None:
    image = ramp(65536)
    np.testing.assert_allclose(encode_srgb(decode_srgb(image)), image, atol=1e-6)


@given(st.floats(-5, 0), st.floats(0, 1))
def test_darker_halves_linear_light_per_stop(value: float, grey: float) -> None:
    found = expose(np.full((1, 1, 3), grey, np.float32), value)
    wanted = decode_srgb(np.full((1, 1, 3), grey, np.float32)) * 2.0**value
    np.testing.assert_allclose(decode_srgb(found), wanted, atol=1e-6)


@given(st.floats(0.01, 5), st.floats(0, 1))
def test_brighter_doubles_linear_light_below_the_knee(value: float, share: float) -> None:
    linear = np.full((1, 1, 3), share * KNEE / 2.0**value, np.float32)
    found = decode_srgb(expose(encode_srgb(linear), value))
    np.testing.assert_allclose(found, linear * 2.0**value, rtol=2e-4, atol=1e-6)


@given(stops)
def test_the_curve_rises_has_no_crease_and_stays_in_range(value: float) -> None:
    curve = expose(ramp(), value)[:, 0, 0].astype(np.float64)
    assert curve.min() >= 0
    assert curve.max() <= 1
    steps = np.diff(curve)
    assert steps.min() > -1e-6
    # A crease would show as a jump of the slope between one 4096th and the next; sRGB's own toe has the largest.
    assert np.abs(np.diff(steps)).max() < 1.2e-3 * 2.0 ** max(value, 0)


@given(st.floats(0.05, 5))
def test_white_stays_white_and_nothing_below_it_clips(value: float) -> None:
    curve = expose(ramp(), value)[:, 0, 0]
    assert curve[-1] == pytest.approx(1, abs=1e-5)
    assert curve[-200] < 1 - 1e-5  # the brightest twentieth still differs from white


@given(stops, st.floats(0, 1000))
def test_radiance_is_scaled_and_never_cut(value: float, light: float) -> None:
    found = expose_radiance(np.full((1, 1, 3), light, np.float32), value)
    np.testing.assert_allclose(found, light * 2.0**value, rtol=1e-6, atol=1e-30)
