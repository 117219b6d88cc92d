"""The preview shows what Unity's shaders would: compared with the backend's own geometry in thousands of directions."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from csharp_driver import Driver, DriverError
from PIL import Image
from sky_core import colours
from skyloom.sphere import cube, equirect, perspective

SEED = 5
SIZE = 256
BOTH = pytest.mark.parametrize("window_command", ["net", "mono"], indirect=True, scope="module")
KINDS = ("Panoramic", "SixSided", "Cubemap")


@pytest.fixture(scope="module")
def logic(window_command, tmp_path_factory):
    running = Driver(window_command, "")
    running.call(
        "begin",
        project=str(tmp_path_factory.mktemp("project")),
        package="",
        batch=True,
        worker=False,
        session={},
        windows={},
    )
    yield running
    running.close()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """The files of one sky for each kind."""
    folder = tmp_path_factory.mktemp("sky")

    def write(name, directions):
        path = folder / f"{name}.png"
        Image.fromarray(np.round(255 * colours(directions, SEED)).astype(np.uint8)).save(path)
        return str(path)

    faces = {face: cube.directions(face, SIZE) for face in cube.FACES}
    return {
        "Panoramic": {"panorama": write("panorama", equirect.directions(4 * SIZE, 2 * SIZE))},
        "SixSided": {face: write(face, directions) for face, directions in faces.items()},
        "Cubemap": {"cross": write("cross", _cross(faces))},
    }


def _cross(faces):
    cross = cube.assemble_cross(faces)
    # Where no face is, any direction will do.
    return np.where(np.abs(cross).sum(-1, keepdims=True) == 0, [0.0, 1.0, 0.0], cross)


@BOTH
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_directions(logic, pictures, kind):
    generator = np.random.default_rng(1)
    directions = generator.normal(size=(10_000, 3))
    axes = np.concatenate([np.eye(3), -np.eye(3), [[0, 0, -1], [1e-9, 0, -1], [-1e-9, 0, -1], [1, 1, 1]]])
    directions = np.concatenate([directions, axes])
    found = np.array(logic.call("sample", kind=kind, pictures=pictures[kind], directions=directions.tolist()))
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    # Half a step of eight bits, bilinear between texels of 0.35 degrees, at face borders half a texel of clamping.
    assert np.abs(found - 255 * colours(unit, SEED)).max() < 2.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("yaw", "pitch", "fov"), [(0, 0, 90), (130, 20, 60), (-75, -60, 110), (10, 89, 90)])
def test_views_are_those_of_the_layout_perspective(logic, pictures, kind, yaw, pitch, fov):
    width, height = 48, 27
    camera = {"yaw": yaw, "pitch": pitch, "fov": fov}
    data = logic.call("sample", kind=kind, pictures=pictures[kind], width=width, height=height, **camera)
    view = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 3)
    angles = (np.deg2rad(yaw), np.deg2rad(pitch), 0.0, np.deg2rad(fov))
    wanted = 255 * colours(perspective.directions(width, height, *angles), SEED)
    assert np.abs(view - wanted).max() < 2.5


def test_a_picture_of_another_shape_or_none_is_refused(logic, pictures):
    with pytest.raises(DriverError, match="missing"):
        logic.call("sample", kind="Cubemap", pictures=pictures["Panoramic"], directions=[])
    cross = {"panorama": pictures["Cubemap"]["cross"]}
    with pytest.raises(DriverError, match="2:1"):
        logic.call("sample", kind="Panoramic", pictures=cross, directions=[])


@BOTH
def test_own_tests(logic):
    results = logic.call("unit")
    assert len(results) >= 10
    assert {name: text for name, text in results.items() if text} == {}
