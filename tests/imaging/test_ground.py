"""Below the horizon: smooth at the horizon and at the nadir, the haze of the sky's own colours, an exact mirror."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyloom.errors import InvalidInput
from skyloom.imaging import ground
from skyloom.imaging.render import render
from skyloom.request import Ground
from skyloom.sphere import dome
from skyloom.sphere.directions import azimuth_of, from_angles

THETA_MAX = np.deg2rad(100.0)
MODES = (Ground("fade"), Ground("mirror"), Ground("colour", (0.2, 0.1, 0.05)))


def meridian(elevations: np.ndarray, azimuth: float = 40.0) -> np.ndarray:
    """Directions (N, 1, 3) at elevations in degrees."""
    return from_angles(np.deg2rad(90 - elevations), np.array(np.deg2rad(azimuth)))[:, None]


def smooth_sky(directions: np.ndarray) -> np.ndarray:
    x, y, z = np.moveaxis(directions, -1, 0)
    return (0.5 + 0.3 * np.stack([np.sin(2 * x + y), np.cos(3 * z - 2 * y), y + 0.2 * x], -1)).astype(np.float32)


def test_the_weight_is_0_from_the_horizon_up_and_1_from_the_span_down() -> None:
    span = ground.fade_span(THETA_MAX)
    assert np.rad2deg(span) == pytest.approx(9)
    weight = ground.ground_weight(meridian(np.array([90, 20, 0.01, 0, -9, -9.001, -30, -90])), span)[:, 0]
    np.testing.assert_allclose(weight, [0, 0, 0, 0, 1, 1, 1, 1], atol=1e-12)


def test_the_weight_starts_flat_never_turns_back_and_ends_gently() -> None:
    span = ground.fade_span(THETA_MAX)
    depth = np.linspace(0, 9, 9001)
    weight = ground.ground_weight(meridian(-depth), span)[:, 0]
    slope = np.diff(weight) / np.diff(depth)
    assert slope.min() > -1e-9
    assert slope[0] < 2e-4  # per degree: no crease at the horizon
    assert slope.max() < 0.27
    # The last quarter of the way brings less than a twentieth: no lower edge is seen.
    assert 1 - weight[depth >= 6.75][0] < 0.02
    assert weight[depth >= 2][0] == pytest.approx(0.32, abs=0.01)


@pytest.mark.parametrize("degrees", [91.0, 95.0, 100.0, 150.0])
def test_the_fade_stays_inside_the_dome(degrees: float) -> None:
    span = np.rad2deg(ground.fade_span(np.deg2rad(degrees)))
    assert 0 < span < degrees - 90
    assert span <= 9


@pytest.mark.parametrize("degrees", [90.0, 90.9, 171.0])
def test_a_dome_without_a_horizon_is_refused(degrees: float) -> None:
    with pytest.raises(InvalidInput, match="theta_max"):
        ground.fade_span(np.deg2rad(degrees))


@pytest.mark.parametrize("mode", MODES, ids=lambda g: g.mode)
def test_the_picture_is_smooth_across_the_horizon_and_down_to_the_nadir(mode: Ground) -> None:
    """Along a meridian neither the colour nor its slope jumps; measured every 0.05 degrees from a dome of 512."""
    elevations = np.arange(12, -90, -0.05)
    line = render(smooth_sky(dome.directions(512)[0]), meridian(elevations), ground=mode)[:, 0].astype(np.float64)
    assert np.abs(np.diff(line, axis=0)).max() < 0.012  # 0.24 per degree: the fade from sky to a dark colour
    # Slopes over 0.25 degrees, in colour per degree: neighbouring ones differ little, where a crease would jump.
    slopes = (line[5:] - line[:-5]) / 0.25
    assert np.abs(slopes[5:] - slopes[:-5]).max() < 0.075


@pytest.mark.parametrize("mode", MODES, ids=lambda g: g.mode)
def test_the_sky_above_the_horizon_is_left_alone(mode: Ground) -> None:
    picture = smooth_sky(dome.directions(256)[0])
    for azimuth in range(0, 360, 45):
        up = meridian(np.linspace(1.0, 90, 300), azimuth)
        np.testing.assert_allclose(render(picture, up, ground=mode), smooth_sky(up), atol=1e-3)


@pytest.mark.parametrize("mode", MODES, ids=lambda g: g.mode)
def test_the_nadir_has_one_colour_whatever_the_azimuth(mode: Ground) -> None:
    ring = from_angles(np.array([[np.pi - 1e-3]]), np.linspace(0, 2 * np.pi, 64)[None, :])
    found = render(smooth_sky(dome.directions(256)[0]), ring, ground=mode)
    assert np.ptp(found, axis=(0, 1)).max() < 0.01


def test_the_haze_has_the_mean_colour_of_the_horizon_at_the_nadir() -> None:
    picture = smooth_sky(dome.directions(256)[0])
    nadir = render(picture, np.array([[[0.0, -1.0, 0.0]]]))[0, 0]
    around = smooth_sky(from_angles(np.array([[np.deg2rad(88)]]), np.linspace(0, 2 * np.pi, 361)[None, :-1]))
    np.testing.assert_allclose(nadir, around.mean(axis=(0, 1)), atol=0.01)


@pytest.mark.parametrize("azimuth", [0.0, 70.0, -130.0])
def test_the_haze_follows_the_horizon_around(azimuth: float) -> None:
    """A sky redder toward one side keeps a redder haze on that side, and on the right side."""

    def lopsided(directions: np.ndarray) -> np.ndarray:
        red = 0.5 + 0.3 * np.cos(azimuth_of(directions) - np.deg2rad(azimuth))
        return np.stack([red, np.full_like(red, 0.4), np.full_like(red, 0.4)], -1).astype(np.float32)

    columns = np.arange(0, 360, 10)
    for elevation in (-9.5, -25.0):
        ring = from_angles(np.array([[np.deg2rad(90 - elevation)]]), np.deg2rad(columns)[None, :])
        red = render(lopsided(dome.directions(128)[0]), ring)[0, :, 0]
        assert abs((columns[red.argmax()] - azimuth + 180) % 360 - 180) <= 5
        # Wave 1 of a harmonic function shrinks as tan(alpha / 2), alpha the angle from the nadir.
        wanted = 0.3 * np.tan(np.deg2rad(90 + elevation) / 2)
        assert np.ptp(red) / 2 == pytest.approx(wanted, rel=0.05)


def test_a_colour_is_shown_as_asked_whatever_the_exposure() -> None:
    picture = smooth_sky(dome.directions(128)[0])
    below = meridian(np.array([-9.5, -30.0, -90.0]))
    for stops in (0.0, 2.0, -3.0):
        found = render(picture, below, ground=MODES[2], exposure=stops)
        np.testing.assert_allclose(found, np.broadcast_to((0.2, 0.1, 0.05), found.shape), atol=1e-5)


@given(st.floats(30.0, 89.0), st.floats(-180, 180))
def test_the_mirror_is_exact_from_30_degrees_down(depth: float, azimuth: float) -> None:
    below = meridian(np.array([-depth]), azimuth)
    np.testing.assert_allclose(ground.mirrored(below, THETA_MAX), below * [1, -1, 1], atol=1e-12)


@given(st.floats(-90.0, 90.0), st.floats(-180, 180))
def test_what_the_mirror_shows_is_sky_and_has_the_same_azimuth(elevation: float, azimuth: float) -> None:
    direction = meridian(np.array([elevation]), azimuth)
    shown = ground.mirrored(direction, THETA_MAX)
    assert np.linalg.norm(shown) == pytest.approx(1, abs=1e-9)
    assert np.rad2deg(np.arcsin(shown[0, 0, 1])) > -0.35  # never far below the horizon, the rim is at -10
    if elevation >= 0:
        np.testing.assert_array_equal(shown, direction)
    elif elevation > -89.9:
        np.testing.assert_allclose(azimuth_of(shown), azimuth_of(direction), atol=1e-9)


def test_the_mirror_turns_softly_and_soon() -> None:
    depth = np.linspace(0, 40, 40001)
    shown = np.rad2deg(np.arcsin(ground.mirrored(meridian(-depth), THETA_MAX)[:, 0, 1]))
    slope = np.diff(shown) / np.diff(depth)
    assert slope[0] == pytest.approx(-1, abs=2e-3)  # the sky goes on without a crease
    assert np.abs(np.diff(slope)).max() < 3e-3
    # Upright streaks: where the elevation shown hardly changes. They end within two degrees.
    assert depth[:-1][np.abs(slope) < 0.5].max() < 2.0
    assert shown[depth > 2].min() > 0
    assert slope[depth[:-1] > 3].min() > 0.8


def test_the_haze_of_a_ring_keeps_slow_waves_and_drops_fast_ones() -> None:
    angles = np.arange(256) * 2 * np.pi / 256

    def strength(wave: int) -> float:
        haze = ground.haze_of_ring(np.repeat((0.5 + 0.3 * np.cos(wave * angles))[:, None], 3, 1))
        around = haze.colours(from_angles(np.full((1, 1), np.pi / 2), angles[None, :]))
        return float(np.ptp(around) / 2 / 0.3)

    assert strength(1) > 0.95
    assert strength(ground.HAZE_WAVES // 2) == pytest.approx(np.exp(-0.5), abs=0.01)
    assert strength(ground.HAZE_WAVES + 4) < 1e-6
    down = from_angles(np.array([[np.deg2rad(120)]]), angles[None, :])
    fast = ground.haze_of_ring(np.repeat((0.5 + 0.3 * np.cos(8 * angles))[:, None], 3, 1)).colours(down)
    assert np.ptp(fast) / 2 < 0.005  # 30 degrees down nothing of wave 8 is left to draw streaks
