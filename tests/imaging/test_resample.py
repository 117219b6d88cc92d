"""Sampling: texels come back, enlarging keeps ramps and waves, shrinking lets nothing alias."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skyloom.imaging import resample
from skyloom.imaging.resample import Ladder, oversample, reduce


def rows_of(line: np.ndarray, height: int = 64) -> np.ndarray:
    """A picture (height, W, 3) whose rows are all ``line``."""
    return np.repeat(np.repeat(line[None, :, None], height, 0), 3, 2).astype(np.float32)


def along(columns: np.ndarray, row: float = 20.3) -> np.ndarray:
    """Positions (2, 2, N) along a row."""
    return np.stack([np.stack([columns, columns]), np.full((2, len(columns)), row)]).astype(np.float32)


def grid(width: int, height: int) -> np.ndarray:
    column, row = np.meshgrid(np.arange(width), np.arange(height))
    return np.stack([column, row]).astype(np.float32)


def noise(width: int, height: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random((height, width, 3), dtype=np.float32)


@settings(max_examples=15, deadline=None)
@given(st.integers(8, 60), st.integers(8, 60))
def test_texel_centres_give_the_texels(width: int, height: int) -> None:
    image = noise(width, height)
    np.testing.assert_allclose(Ladder(image).sample(grid(width, height)), image, atol=2e-6)
    same = np.full((height, width), 1.0, dtype=np.float32)
    np.testing.assert_allclose(Ladder(image).sample(grid(width, height), same), image, atol=2e-6)


@pytest.mark.parametrize("shape", [(16, 16), (9, 30)])
@pytest.mark.parametrize("factor", [1, 2, 4])
def test_oversampling_keeps_the_texels_and_is_symmetric(shape: tuple[int, int], factor: int) -> None:
    image = noise(shape[1], shape[0])
    large = oversample(image, factor)
    assert large.shape == (factor * (shape[0] - 1) + 1, factor * (shape[1] - 1) + 1, 3)
    np.testing.assert_array_equal(large[::factor, ::factor], image)
    np.testing.assert_allclose(oversample(image[::-1, ::-1], factor)[::-1, ::-1], large, atol=2e-6)
    np.testing.assert_allclose(oversample(image.transpose(1, 0, 2), factor).transpose(1, 0, 2), large, atol=4e-6)
    np.testing.assert_allclose(oversample(np.full_like(image, 0.37), factor), 0.37, atol=1e-6)


# A wave of this period in texels, enlarged 80 times: largest error over an amplitude of 0.45. Measured: 0.0011, 0.0040,
# 0.0081, 0.0081 where the picture is oversampled, 0.0042, 0.0133, 0.0088, 0.0090 by OpenCV's bicubic.
@pytest.mark.parametrize(("period", "fine", "large"), [(32, 2e-3, 6e-3), (8, 6e-3, 2e-2), (5, 1.2e-2, 2e-2)])
def test_enlarged_waves_stay_waves(period: int, fine: float, large: float, monkeypatch: pytest.MonkeyPatch) -> None:
    line = 0.5 + 0.45 * np.sin(2 * np.pi * np.arange(64) / period)
    columns = np.linspace(8, 55, 4001)
    wanted = 0.5 + 0.45 * np.sin(2 * np.pi * columns / period)
    found = Ladder(rows_of(line)).sample(along(columns))[0, :, 0]
    assert np.abs(found - wanted).max() < fine
    # Pictures beyond the budget are read by OpenCV as they are.
    monkeypatch.setattr(resample, "OVERSAMPLED_BUDGET", 1000)
    found = Ladder(rows_of(line)).sample(along(columns))[0, :, 0]
    assert np.abs(found - wanted).max() < large


@pytest.mark.parametrize("zoom", [6, 16, 80])
def test_an_enlarged_ramp_has_no_stairs(zoom: int) -> None:
    """Fixed-point coordinates (1/32 texel) would give steps of 0 and of twice the mean."""
    columns = np.arange(8 * zoom, 55 * zoom) / zoom + 0.013
    found = Ladder(rows_of(np.linspace(0.1, 0.9, 64))).sample(along(columns))[0, :, 0].astype(np.float64)
    steps = np.diff(found)
    # OpenCV 4 moves in 1/128 of a texel once the picture is oversampled; OpenCV 5 does not round at all.
    rounding = 1 / 128 / (1 / zoom)
    assert steps.min() > (0.9 - rounding) * steps.mean()
    assert steps.max() < (1.1 + rounding) * steps.mean()
    exact = 0.1 + 0.8 * columns / 63
    assert np.abs(found - exact).max() < 0.025 * 0.8 / 63  # measured 0.0145 of a texel, plus 1/256


@pytest.mark.parametrize("size", [(64, 64), (640, 16)])
def test_samples_never_leave_the_range_unless_asked(size: tuple[int, int]) -> None:
    image = np.where(noise(*size) > 0.5, 1.0, 0.0).astype(np.float32)
    positions = grid(*size) + np.float32(0.5)
    inside = Ladder(image).sample(positions)
    assert inside.min() >= 0
    assert inside.max() <= 1
    free = Ladder(image * 40, clip=None).sample(positions)
    assert free.max() > 40  # radiance may overshoot, and is not cut
    assert free.min() < 0


def test_reduce_keeps_the_mean_and_constants() -> None:
    image = noise(128, 96)
    small = reduce(image, (32, 24))
    assert small.shape == (24, 32, 3)
    assert small.mean() == pytest.approx(image.mean(), abs=2e-3)
    np.testing.assert_allclose(reduce(np.full((40, 50, 3), 0.3, np.float32), (13, 9)), 0.3, atol=1e-6)


# The picture itself holds waves of up to half a cycle per texel.
WAVES = [(r, c) for r in (1.5, 2.0, 2.8, 4.0, 8.0) for c in (0.1, 0.25, 0.6, 0.75, 1.0, 1.5) if c / r < 0.49]


@pytest.mark.parametrize(("ratio", "cycles"), WAVES)
def test_gain_of_a_wave_by_its_frequency_in_the_output(ratio: float, cycles: float) -> None:
    """Below a quarter of the output's sampling rate waves stay; above half, where they would alias, they vanish."""
    phase = 0.4
    line = 0.5 + 0.4 * np.sin(2 * np.pi * cycles / ratio * np.arange(512) + phase)
    columns = np.arange(20, 480, ratio / 3)
    wave = np.sin(2 * np.pi * cycles / ratio * columns + phase)
    minification = np.full((2, len(columns)), ratio, np.float32)
    found = Ladder(rows_of(line)).sample(along(columns, 30.3), minification)[0, :, 0] - 0.5
    if cycles <= 0.25:
        assert np.dot(found, wave) / np.dot(wave, wave) == pytest.approx(0.4, rel=0.04)
        assert np.abs(found - 0.4 * wave).max() < 0.03
    else:
        # Measured: 0.07 at 0.6 (Lanczos rolls off there), 0.008 at 0.75, 0.004 from 1 on, of the 0.4 that came in.
        assert np.abs(found).max() < {0.6: 0.1, 0.75: 0.02}.get(cycles, 0.01)


def test_a_zone_plate_does_not_alias() -> None:
    """Rings ever finer outwards, shrunk eight times: point sampling would draw ghost rings all over the picture."""
    size, ratio, finest = 512, 8, 0.45
    column, row = np.meshgrid(np.arange(size) + 0.5, np.arange(size) + 0.5)
    reach = size * np.sqrt(2)
    # The phase pi f r^2 / R has the local frequency f r / R, in cycles per texel.
    plate = 0.5 + 0.5 * np.cos(np.pi * finest * (column**2 + row**2) / reach)
    image = np.repeat(plate[..., None], 3, 2).astype(np.float32)
    positions = grid(size // ratio, size // ratio) * ratio + np.float32(ratio / 2 - 0.5)
    minification = np.full(positions.shape[1:], ratio, np.float32)
    found = Ladder(image).sample(positions, minification)[..., 0]
    naive = Ladder(image).sample(positions)[..., 0]
    cycles = finest * np.hypot(positions[0], positions[1]) / reach * ratio
    # The picture's border is an edge, which has low frequencies of its own.
    beyond = (cycles > 0.75) & (positions.min(0) > 40) & (positions.max(0) < size - 40)
    assert beyond.sum() > 1000
    assert naive[beyond].std() > 0.25
    assert found[beyond].std() < 0.004
    assert found[beyond].mean() == pytest.approx(0.5, abs=0.01)


def test_minification_may_change_from_pixel_to_pixel() -> None:
    """Rungs blend: a sweep of ratios over a constant and over a fine wave stays even."""
    columns = np.linspace(30, 480, 600)
    sweep = np.broadcast_to(np.linspace(0, 9, 600, dtype=np.float32), (2, 600)).copy()
    flat = Ladder(np.full((64, 512, 3), 0.42, np.float32)).sample(along(columns), sweep)
    np.testing.assert_allclose(flat, 0.42, atol=1e-5)
    wave = Ladder(rows_of(0.5 + 0.4 * np.sin(2 * np.pi * 0.2 * np.arange(512)))).sample(along(columns), sweep)
    assert np.abs(wave[0, sweep[0] > 5] - 0.5).max() < 0.02
    assert np.abs(wave[0, sweep[0] < 1] - 0.5).max() > 0.35


def test_the_border_is_continued_as_told() -> None:
    line = np.linspace(0, 1, 32)

    def wrap(image: np.ndarray, margin: int) -> np.ndarray:
        return np.pad(image, ((margin, margin), (margin, margin), (0, 0)), mode="wrap")

    smooth = rows_of(0.5 + 0.5 * np.sin(2 * np.pi * np.arange(32) / 32), 32)
    ends = along(np.array([-0.5, 31.5]))
    wrapped = Ladder(smooth, wrap).sample(ends)[0, :, 0]
    assert wrapped[0] == pytest.approx(wrapped[1], abs=1e-6)
    assert wrapped[0] == pytest.approx(0.5 + 0.5 * np.sin(-np.pi / 32), abs=1e-3)
    for ratio in (2.0, 5.0):
        shrunk = Ladder(smooth, wrap).sample(ends, np.full((2, 2), ratio, np.float32))[0, :, 0]
        assert shrunk[0] == pytest.approx(shrunk[1], abs=1e-5)
    clamped = Ladder(rows_of(line, 32)).sample(along(np.array([-0.5, 31.5])))[0, :, 0]
    np.testing.assert_allclose(clamped, [0, 1], atol=0.01)


def test_one_ladder_serves_many_threads_alike() -> None:
    image = noise(128, 128)
    positions = np.random.default_rng(2).uniform(0, 127, (2, 40, 40)).astype(np.float32)
    ratio = np.random.default_rng(3).uniform(0.5, 9, (40, 40)).astype(np.float32)
    wanted = Ladder(image).sample(positions, ratio).tobytes()
    shared = Ladder(image)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: shared.sample(positions, ratio).tobytes(), range(16)))
    assert set(found) == {wanted}
