"""Directions: angles in and out, the sense of rotation, accuracy at the poles, and the spacing of a grid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyloom.sphere import directions as d
from skyloom.sphere import equirect, perspective

zeniths = st.floats(1e-6, np.pi - 1e-6)
azimuths = st.floats(-np.pi + 1e-9, np.pi)
turns = st.floats(-7, 7)


@pytest.mark.parametrize(
    ("zenith", "azimuth", "expected"),
    [
        (90, 0, (0, 0, 1)),
        (90, 90, (1, 0, 0)),
        (90, -90, (-1, 0, 0)),
        (90, 180, (0, 0, -1)),
        (0, 33, (0, 1, 0)),
        (180, -70, (0, -1, 0)),
    ],
)
def test_the_axes_lie_where_the_frame_says(zenith: float, azimuth: float, expected: tuple[float, ...]) -> None:
    found = d.from_angles(np.deg2rad(zenith), np.deg2rad(azimuth))
    np.testing.assert_allclose(found, expected, atol=1e-15)


@given(zeniths, azimuths)
def test_angles_come_back(zenith: float, azimuth: float) -> None:
    found = d.from_angles(np.array(zenith), np.array(azimuth))
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-15)
    assert d.zenith_of(found) == pytest.approx(zenith, abs=1e-14)
    # Near a pole the azimuth of a rounded vector is known only as well as its ring is wide.
    apart = np.angle(np.exp(1j * (d.azimuth_of(found) - azimuth)))
    assert abs(apart) * np.sin(zenith) < 1e-15


def test_the_zenith_angle_is_exact_where_acos_is_not() -> None:
    tiny = np.array([1e-9, 3e-8, 1e-6])
    near_top = d.from_angles(tiny, np.array(0.7))
    assert np.abs(np.arccos(np.minimum(near_top[:, 1], 1)) / tiny - 1).max() > 1e-3  # what the module avoids
    np.testing.assert_allclose(d.zenith_of(near_top), tiny, rtol=1e-12)
    np.testing.assert_allclose(np.pi - d.zenith_of(near_top * [1, -1, 1]), tiny, atol=1e-15)


def test_rotation_moves_content_from_z_toward_x() -> None:
    np.testing.assert_allclose(d.rotate_about_y(np.array([0.0, 0, 1]), np.deg2rad(90)), [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(d.rotate_about_y(np.array([1.0, 0, 0]), np.deg2rad(90)), [0, 0, -1], atol=1e-15)


@given(zeniths, azimuths, turns)
def test_rotation_adds_to_the_azimuth_and_keeps_the_zenith(zenith: float, azimuth: float, turn: float) -> None:
    turned = d.rotate_about_y(d.from_angles(np.array(zenith), np.array(azimuth)), turn)
    np.testing.assert_allclose(turned, d.from_angles(np.array(zenith), np.array(azimuth + turn)), atol=2e-15)


@given(st.tuples(*[st.floats(-1e6, 1e6)] * 3).filter(lambda v: max(map(abs, v)) > 1e-6))
def test_normalise_gives_unit_vectors_that_point_the_same_way(vector: tuple[float, float, float]) -> None:
    unit = d.normalise(np.array([vector]))
    assert np.linalg.norm(unit) == pytest.approx(1, abs=1e-14)
    np.testing.assert_allclose(unit * np.linalg.norm(vector), [vector], rtol=1e-12, atol=1e-12)


def test_normalise_leaves_zero_alone() -> None:
    assert not d.normalise(np.zeros((2, 3))).any()


def test_spacing_is_the_widest_angle_between_neighbours() -> None:
    found = d.spacing(equirect.directions(720, 360))
    # Rows are always pi / H apart; columns never further. Central differences: sin(h) / h short of the angle.
    np.testing.assert_allclose(found[1:-1], np.pi / 360, rtol=2e-5)
    grid = perspective.directions(641, 361, 0.3, 0.2, 0.1, np.deg2rad(90))
    assert d.spacing(grid)[180, 320] == pytest.approx(2 / 641, rel=1e-4)  # one texel of the plane at distance 1


def test_spacing_of_a_single_row_or_column() -> None:
    grid = equirect.directions(720, 360)
    assert d.spacing(grid[100:101]).shape == (1, 720)
    np.testing.assert_allclose(d.spacing(grid[100:150, :1])[1:-1], np.pi / 360, rtol=2e-5)
    assert d.spacing(grid[:1, :1]).tolist() == [[0.0]]
