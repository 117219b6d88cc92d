"""The camera: where it looks, how it turns and rolls, its field of view, and its inverse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyloom.sphere import perspective
from skyloom.sphere.directions import from_angles

yaws, pitches, rolls = st.floats(-7, 7), st.floats(-1.5, 1.5), st.floats(-3, 3)
fovs = st.floats(np.deg2rad(1), np.deg2rad(150))


@given(yaws, pitches, rolls)
def test_the_axes_are_an_orthonormal_left_handed_frame(yaw: float, pitch: float, roll: float) -> None:
    forward, right, up = axes = perspective.camera_axes(yaw, pitch, roll)
    np.testing.assert_allclose(np.array(axes) @ np.array(axes).T, np.eye(3), atol=1e-14)
    # x cross y = z by components holds in a left-handed frame too: right x up = forward.
    np.testing.assert_allclose(np.cross(right, up), forward, atol=1e-14)
    np.testing.assert_allclose(forward, from_angles(np.pi / 2 - np.array(pitch), np.array(yaw)), atol=1e-14)


def test_yaw_turns_right_pitch_up_and_roll_tips_the_right_side_down() -> None:
    middle = perspective.directions(3, 3, np.deg2rad(30), np.deg2rad(20), 0, 1.0)[1, 1]
    np.testing.assert_allclose(middle, from_angles(np.deg2rad(70), np.deg2rad(30)), atol=1e-14)
    level = perspective.directions(9, 9, 0, 0, 0, 1.0)
    assert level[4, 8, 0] > 0  # right column looks toward +X
    assert level[0, 4, 1] > 0  # top row looks up
    rolled = perspective.directions(9, 9, 0, 0, np.deg2rad(10), 1.0)
    assert rolled[4, 8, 1] < 0 < rolled[4, 0, 1]


@given(fovs, st.integers(2, 500), st.integers(2, 500))
def test_the_edges_of_the_picture_span_the_field_of_view(fov: float, width: int, height: int) -> None:
    reach = np.tan(fov / 2)
    ends = np.array([[np.tan(fov / 2), 0, 1], [-reach, 0, 1], [0, reach * height / width, 1]])
    ends /= np.linalg.norm(ends, axis=-1, keepdims=True)
    column, row, _ = perspective.coordinates(ends, width, height, 0, 0, 0, fov)
    np.testing.assert_allclose(column[:2], [width - 0.5, -0.5], atol=1e-9)
    assert row[2] == pytest.approx(-0.5, abs=1e-9)


@given(yaws, pitches, rolls, fovs, st.integers(2, 24), st.integers(2, 24))
def test_directions_and_coordinates_are_inverse(
    yaw: float, pitch: float, roll: float, fov: float, width: int, height: int
) -> None:
    grid = perspective.directions(width, height, yaw, pitch, roll, fov)
    np.testing.assert_allclose(np.linalg.norm(grid, axis=-1), 1, atol=1e-14)
    column, row, shown = perspective.coordinates(grid, width, height, yaw, pitch, roll, fov)
    np.testing.assert_allclose(column, np.broadcast_to(np.arange(width), grid.shape[:2]), atol=1e-8)
    np.testing.assert_allclose(row, np.broadcast_to(np.arange(height)[:, None], grid.shape[:2]), atol=1e-8)
    assert shown.all()
    behind = perspective.coordinates(-grid, width, height, yaw, pitch, roll, fov)
    assert not behind[2].any()
    assert np.isfinite(behind[0]).all()


def test_a_band_of_rows_is_a_cut_of_the_whole() -> None:
    camera = (0.3, 0.2, 0.1, 1.2)
    np.testing.assert_array_equal(
        perspective.directions(32, 18, *camera, rows=(4, 9)), perspective.directions(32, 18, *camera)[4:9]
    )
