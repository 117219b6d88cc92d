"""The dome: the stereographic formulas transcribed, the orientation of the disc, and the inverse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyloom.sphere import cube, dome
from skyloom.sphere.directions import from_angles

THETAS = [np.deg2rad(91), dome.THETA_MAX, np.deg2rad(150)]


def transcribed(theta: float, phi: float, theta_max: float) -> tuple[float, float]:
    """(u, v from the top) of the disc: r = tan(theta/2) / tan(theta_max/2), +X to the right, +Z down."""
    r = np.tan(theta / 2) / np.tan(theta_max / 2)
    return 0.5 + 0.5 * r * np.sin(phi), 0.5 + 0.5 * r * np.cos(phi)


def test_the_dome_ends_ten_degrees_below_the_horizon() -> None:
    assert np.rad2deg(dome.THETA_MAX) == pytest.approx(100)


@given(
    st.floats(0, 1),
    st.floats(-np.pi, np.pi),
    st.sampled_from(THETAS),
    st.integers(8, 4096),
)
def test_coordinates_follow_the_formula(share: float, phi: float, theta_max: float, size: int) -> None:
    theta = share * theta_max
    column, row, inside = dome.coordinates(from_angles(np.array(theta), np.array(phi)), size, theta_max)
    u, v = transcribed(theta, phi, theta_max)
    assert (column + 0.5) / size == pytest.approx(u, abs=1e-12)
    assert (row + 0.5) / size == pytest.approx(v, abs=1e-12)
    assert inside or share > 1 - 1e-12


@pytest.mark.parametrize("theta_max", THETAS)
@pytest.mark.parametrize("size", [8, 9, 256])
def test_directions_and_coordinates_are_inverse(size: int, theta_max: float) -> None:
    grid, inside = dome.directions(size, theta_max)
    np.testing.assert_allclose(np.linalg.norm(grid, axis=-1), 1, atol=1e-14)
    column, row, shown = dome.coordinates(grid, size, theta_max)
    np.testing.assert_allclose(column, np.broadcast_to(np.arange(size), (size, size)), atol=1e-9)
    np.testing.assert_allclose(row, np.broadcast_to(np.arange(size)[:, None], (size, size)), atol=1e-9)
    np.testing.assert_array_equal(inside, shown)
    corners = inside[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert not corners.any()
    assert inside.mean() == pytest.approx(np.pi / 4, abs=2 / size)


def test_the_disc_is_not_mirrored_and_has_z_at_the_bottom() -> None:
    size = 257
    for direction, column, row in [((0, 0, 1), 128, 256), ((0, 0, -1), 128, 0), ((1, 0, 0), 256, 128)]:
        found = dome.coordinates(np.array(direction, dtype=float), size, np.deg2rad(90))
        assert np.hypot(found[0] - column, found[1] - row) < 0.51
    assert np.allclose(dome.coordinates(np.array([0.0, 1, 0]), size)[:2], 128)


def test_the_middle_is_turned_like_the_up_face() -> None:
    """Around the zenith columns and rows of the disc run as those of Unity's Up face."""
    near = from_angles(np.full(8, 0.01), np.arange(8) * np.pi / 4)
    on_dome = np.stack(dome.coordinates(near, 100)[:2]) - 49.5
    on_face = np.stack(cube.coordinates("up", near, 100)[:2]) - 49.5
    scale = np.tan(0.005) / np.tan(dome.THETA_MAX / 2) / np.tan(0.01)
    np.testing.assert_allclose(on_dome, on_face * scale, atol=1e-12)


def test_texel_angle_is_the_distance_of_neighbouring_texels_both_ways() -> None:
    size = 2048
    grid, inside = dome.directions(size)
    angle = dome.texel_angle(grid, size)
    for axis in (0, 1):
        # Great-circle angle of each chord between neighbours, against the formula in their middle.
        apart = 2 * np.arcsin(np.linalg.norm(np.diff(grid, axis=axis), axis=-1) / 2)
        middle = (angle[1:] + angle[:-1]) / 2 if axis == 0 else (angle[:, 1:] + angle[:, :-1]) / 2
        both = inside[1:] & inside[:-1] if axis == 0 else inside[:, 1:] & inside[:, :-1]
        np.testing.assert_allclose(apart[both], middle[both], rtol=2e-6)


def test_the_horizon_has_twice_the_resolution_of_the_zenith() -> None:
    zenith, horizon = dome.texel_angle(np.array([[0.0, 1, 0], [0, 0, 1]]), 256)
    assert zenith == pytest.approx(2 * horizon)


def test_below_the_rim_is_masked_and_the_nadir_stays_finite() -> None:
    rim = from_angles(dome.THETA_MAX + np.array([-1e-9, 1e-9]), np.array(2.0))
    assert dome.coordinates(rim, 64)[2].tolist() == [True, False]
    for dtype in (np.float32, np.float64):
        column, row, inside = dome.coordinates(np.array([[0, -1, 0], [1e-7, -1, 1e-7]], dtype=dtype), 4096)
        assert np.isfinite([column, row]).all()
        assert not inside.any()


def test_a_band_of_rows_is_a_cut_of_the_whole() -> None:
    whole, inside = dome.directions(32)
    band, part = dome.directions(32, rows=(5, 11))
    np.testing.assert_array_equal(band, whole[5:11])
    np.testing.assert_array_equal(part, inside[5:11])
