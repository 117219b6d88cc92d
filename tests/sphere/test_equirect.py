"""The panorama: its formulas, its inverse, and that Unity's Panoramic shader shows it facing +Z with _Rotation 90."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyloom.sphere import equirect
from skyloom.sphere.directions import from_angles


@given(st.floats(1e-4, np.pi - 1e-4), st.floats(-np.pi + 1e-9, np.pi), st.integers(16, 4096))
def test_coordinates_follow_the_formula(theta: float, phi: float, height: int) -> None:
    x, y, z = direction = from_angles(np.array(theta), np.array(phi))
    column, row = equirect.coordinates(direction, 2 * height, height)
    assert (column + 0.5) / (2 * height) == pytest.approx(0.5 + np.arctan2(x, z) / (2 * np.pi), abs=1e-12)
    assert (row + 0.5) / height == pytest.approx(np.arccos(y) / np.pi, abs=1e-10)


@pytest.mark.parametrize("size", [(8, 4), (9, 5), (512, 256), (300, 200)])
def test_directions_and_coordinates_are_inverse(size: tuple[int, int]) -> None:
    width, height = size
    grid = equirect.directions(width, height)
    assert grid.shape == (height, width, 3)
    np.testing.assert_allclose(np.linalg.norm(grid, axis=-1), 1, atol=1e-14)
    column, row = equirect.coordinates(grid, width, height)
    np.testing.assert_allclose(column, np.broadcast_to(np.arange(width), (height, width)), atol=1e-10)
    np.testing.assert_allclose(row, np.broadcast_to(np.arange(height)[:, None], (height, width)), atol=1e-10)


def test_middle_quarters_and_wrap() -> None:
    axes = np.array([[0, 0, 1], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]], dtype=float)
    column, row = equirect.coordinates(axes, 400, 200)
    np.testing.assert_allclose(column[:3] + 0.5, [200, 300, 100])
    np.testing.assert_allclose(row + 0.5, [100, 100, 100, 0, 200])
    wrap = from_angles(np.array(1.0), np.pi + np.array([-1e-9, 1e-9]))
    np.testing.assert_allclose(equirect.coordinates(wrap, 400, 200)[0] + 0.5, [400, 0], atol=1e-5)


@given(st.floats(0.01, np.pi - 0.01), st.floats(-3.1, 3.1))
def test_panoramic_shader_with_rotation_90_looks_up_the_same_place(theta: float, phi: float) -> None:
    """Skybox/Panoramic: t = (c x + s z, y, -s x + c z), u = 0.5 - atan2(t.z, t.x) / 2 pi, v up = 1 - acos(t.y) / pi."""
    x, y, z = direction = from_angles(np.array(theta), np.array(phi))
    c, s = 0.0, 1.0  # _Rotation = 90
    tx, ty, tz = c * x + s * z, y, -s * x + c * z
    u, v = (0.5 - np.arctan2(tz, tx) / (2 * np.pi)) % 1, 1 - np.arccos(ty) / np.pi
    column, row = equirect.coordinates(direction, 1000, 500)
    assert (column + 0.5) / 1000 == pytest.approx(u, abs=1e-12)
    assert 1 - (row + 0.5) / 500 == pytest.approx(v, abs=1e-12)


@given(st.floats(0.01, np.pi - 0.01), st.floats(-3.1, 3.1))
def test_cylindrical_cubemap_import_looks_up_the_same_place(theta: float, phi: float) -> None:
    """TextureImporter, Cylindrical: u = 0.5 + atan2(x, z) / 2 pi, v (up) = 0.5 + asin(y) / pi."""
    x, y, z = direction = from_angles(np.array(theta), np.array(phi))
    column, row = equirect.coordinates(direction, 1000, 500)
    assert (column + 0.5) / 1000 == pytest.approx(0.5 + np.arctan2(x, z) / (2 * np.pi), abs=1e-12)
    assert 1 - (row + 0.5) / 500 == pytest.approx(0.5 + np.arcsin(y) / np.pi, abs=1e-9)


def test_a_band_of_rows_is_a_cut_of_the_whole() -> None:
    np.testing.assert_array_equal(equirect.directions(64, 32, (7, 9)), equirect.directions(64, 32)[7:9])
