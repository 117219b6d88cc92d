"""The six faces against the rules of Unity's shaders, transcribed; the shared edges; the cross."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyloom.sphere import cube
from skyloom.sphere.directions import from_angles

# Skybox/6 Sided: slot -> (major axis, sign, u, v), v growing upwards, t = (x, y, z) the direction looked up.
SIX_SIDED = {
    "front": (2, +1, lambda x, y, z: (0.5 * (1 + x / z), 0.5 * (1 + y / z))),
    "back": (2, -1, lambda x, y, z: (0.5 * (1 - x / abs(z)), 0.5 * (1 + y / abs(z)))),
    "left": (0, +1, lambda x, y, z: (0.5 * (1 - z / x), 0.5 * (1 + y / x))),
    "right": (0, -1, lambda x, y, z: (0.5 * (1 + z / abs(x)), 0.5 * (1 + y / abs(x)))),
    "up": (1, +1, lambda x, y, z: (0.5 * (1 + x / y), 0.5 * (1 - z / y))),
    "down": (1, -1, lambda x, y, z: (0.5 * (1 + x / abs(y)), 0.5 * (1 + z / abs(y)))),
}
# Cubemap: face -> (sc, tc), tc growing downwards; s = (1 + sc / |m|) / 2.
CUBEMAP = {
    "+X": lambda x, y, z: (-z, -y, x),
    "-X": lambda x, y, z: (z, -y, x),
    "+Y": lambda x, y, z: (x, z, y),
    "-Y": lambda x, y, z: (x, -z, y),
    "+Z": lambda x, y, z: (x, -y, z),
    "-Z": lambda x, y, z: (-x, -y, z),
}
UNIT = {"X": 0, "Y": 1, "Z": 2}


def random_directions(count: int = 4000) -> np.ndarray:
    points = np.random.default_rng(5).normal(size=(count, 3))
    return points / np.linalg.norm(points, axis=-1, keepdims=True)


@pytest.mark.parametrize("face", cube.FACES)
def test_every_slot_of_six_sided(face: str) -> None:
    major, sign, rule = SIX_SIDED[face]
    points = random_directions()
    on_face = sign * points[:, major] >= np.abs(points).max(axis=1) - 1e-15
    assert on_face.sum() > 400
    points = points[on_face]
    column, row, ahead = cube.coordinates(face, points, 64)
    u, v = rule(*points.T)
    assert ahead.all()
    np.testing.assert_allclose((column + 0.5) / 64, u, atol=1e-13)
    np.testing.assert_allclose(1 - (row + 0.5) / 64, v, atol=1e-13)
    assert (cube.face_index(points) == cube.FACES.index(face)).all()


@pytest.mark.parametrize("face", cube.FACES)
def test_every_face_of_a_cubemap(face: str) -> None:
    axis = cube.AXIS[face]
    points = random_directions()
    major = points[:, UNIT[axis[1]]] * (1 if axis[0] == "+" else -1)
    points = points[major >= np.abs(points).max(axis=1) - 1e-15]
    sc, tc, ma = CUBEMAP[axis](*points.T)
    column, row, _ = cube.coordinates(face, points, 128)
    np.testing.assert_allclose((column + 0.5) / 128, (1 + sc / np.abs(ma)) / 2, atol=1e-13)
    np.testing.assert_allclose((row + 0.5) / 128, (1 + tc / np.abs(ma)) / 2, atol=1e-13)


def test_left_is_what_stands_to_the_right() -> None:
    """Facing +Z, the azimuth that grows to the right reaches Unity's LEFT slot."""
    assert cube.FACES[int(cube.face_index(from_angles(np.array(np.pi / 2), np.deg2rad(90))))] == "left"
    assert cube.FACES == ("front", "back", "left", "right", "up", "down")


@pytest.mark.parametrize("face", cube.FACES)
@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_directions_and_coordinates_are_inverse(face: str, size: int) -> None:
    grid = cube.directions(face, size)
    np.testing.assert_allclose(np.linalg.norm(grid, axis=-1), 1, atol=1e-14)
    assert (cube.face_index(grid) == cube.FACES.index(face)).all()
    column, row, ahead = cube.coordinates(face, grid, size)
    np.testing.assert_allclose(column, np.broadcast_to(np.arange(size), (size, size)), atol=1e-11)
    np.testing.assert_allclose(row, np.broadcast_to(np.arange(size)[:, None], (size, size)), atol=1e-11)
    assert ahead.all()
    column, row, ahead = cube.coordinates(face, -grid, size)
    assert not np.any([ahead, column, row])


@given(st.floats(0, np.pi), st.floats(-np.pi, np.pi))
def test_every_direction_lies_within_the_face_that_shows_it(theta: float, phi: float) -> None:
    direction = from_angles(np.array(theta), np.array(phi))
    face = cube.FACES[int(cube.face_index(direction))]
    column, row, ahead = cube.coordinates(face, direction, 100)
    assert ahead
    assert -0.5 - 1e-9 <= column <= 99.5 + 1e-9
    assert -0.5 - 1e-9 <= row <= 99.5 + 1e-9


@pytest.mark.parametrize("face", cube.FACES)
def test_margin_continues_the_plane_and_bands_are_cuts(face: str) -> None:
    whole = cube.directions(face, 16, margin=3)
    assert whole.shape == (22, 22, 3)
    np.testing.assert_array_equal(whole[3:-3, 3:-3], cube.directions(face, 16))
    column, row, _ = cube.coordinates(face, whole, 16)
    np.testing.assert_allclose(column[0], np.arange(-3, 19), atol=1e-12)
    np.testing.assert_allclose(row[:, 0], np.arange(-3, 19), atol=1e-12)
    np.testing.assert_array_equal(cube.directions(face, 16, rows=(2, 5)), cube.directions(face, 16)[2:5])


def test_all_twelve_edges_join_neighbouring_texels() -> None:
    size = 32
    grids = {face: cube.directions(face, size) for face in cube.FACES}
    pairs = [frozenset((face, other)) for face, _, other, _, _ in cube.EDGES]
    opposite = [{"front", "back"}, {"left", "right"}, {"up", "down"}]
    assert sorted(map(sorted, pairs)) == sorted(
        sorted(pair) for pair in combinations(cube.FACES, 2) if set(pair) not in opposite
    )
    for face, side, other, other_side, flipped in cube.EDGES:
        mine, theirs = cube.border_line(grids[face], side), cube.border_line(grids[other], other_side)
        theirs = theirs[::-1] if flipped else theirs
        # On planes at distance 1 the border texels are (1, 1 - 1/S, t) and (1 - 1/S, 1, t), with t along the edge.
        along = np.cross(cube.FRAMES[face][0], cube.FRAMES[other][0])
        t = mine @ along / (mine @ np.array(cube.FRAMES[face][0]))
        np.testing.assert_allclose(np.sort(t), (2 * np.arange(size) + 1) / size - 1, atol=1e-14)
        for line, near, far in ((mine, face, other), (theirs, other, face)):
            wanted = (
                np.array(cube.FRAMES[near][0]) + (1 - 1 / size) * np.array(cube.FRAMES[far][0]) + t[:, None] * along
            )
            np.testing.assert_allclose(line, wanted / np.linalg.norm(wanted, axis=-1, keepdims=True), atol=1e-14)


def test_the_cross_has_up_above_front_and_x_to_its_right() -> None:
    faces = {face: np.full((2, 2, 1), i + 1) for i, face in enumerate(cube.FACES)}
    cross = cube.assemble_cross(faces)
    name = {i + 1: cube.AXIS[face] for i, face in enumerate(cube.FACES)} | {0: ""}
    assert [[name[int(v)] for v in line[::2, 0]] for line in cross[::2]] == [
        ["", "+Y", "", ""],
        ["-X", "+Z", "+X", "-Z"],
        ["", "-Y", "", ""],
    ]
    for face, part in cube.split_cross(cross).items():
        np.testing.assert_array_equal(part, faces[face])


def test_faces_that_touch_in_the_cross_continue_each_other() -> None:
    size = 24
    cross = cube.assemble_cross({face: cube.directions(face, size) for face in cube.FACES})
    step = 2 / size * 1.1
    assert np.linalg.norm(np.diff(cross[size : 2 * size], axis=1), axis=-1).max() < step
    assert np.linalg.norm(np.diff(cross[:, size : 2 * size], axis=0), axis=-1).max() < step


@pytest.mark.parametrize("shape", [(3, 3, 3), (0, 0, 3), (4, 4, 3), (7, 8, 3), (6, 9, 3), (2, 4, 3)])
def test_what_is_no_cross_is_refused(shape: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="4:3"):
        cube.split_cross(np.zeros(shape))
