"""Pictures agree with py360convert, an independent implementation, up to its bilinear interpolation.

py360convert samples what it makes end to end: the outermost samples lie on the edges, poles and wrap. With 2 S + 1
of them every second one is the centre of a texel of a picture of S.
"""

from __future__ import annotations

import numpy as np
import pytest
from py360convert import c2e, e2c, e2p
from skyloom.imaging.render import DomeRenderer
from skyloom.request import Camera, Ground, OutputSpec
from skyloom.sphere import cube, dome
from skyloom.sphere.directions import from_angles

SIZE = 64
NAMES = {"F": "front", "R": "left", "B": "back", "L": "right", "U": "up", "D": "down"}


def sky(directions: np.ndarray) -> np.ndarray:
    """Different in every direction and channel, about four waves around."""
    x, y, z = np.moveaxis(directions, -1, 0)
    waves = [np.sin(4 * x + 2 * y), np.cos(5 * z - y), np.sin(3 * x - 4 * z + y * y)]
    return (0.5 + 0.4 * np.stack(waves, axis=-1)).astype(np.float32)


@pytest.fixture(scope="module", params=["fade", "mirror"])
def renderer(request: pytest.FixtureRequest) -> DomeRenderer:
    return DomeRenderer(sky(dome.directions(256)[0]), ground=Ground(request.param), rotation=25.0)


@pytest.fixture(scope="module")
def panorama(renderer: DomeRenderer) -> np.ndarray:
    return renderer.render_layout(OutputSpec("panorama", 2048))[0][2]


def test_faces(renderer: DomeRenderer, panorama: np.ndarray) -> None:
    theirs = e2c(panorama, face_w=2 * SIZE + 1, cube_format="dict")
    ours = {face: pixels for _, face, pixels in renderer.render_layout(OutputSpec("faces", SIZE))}
    for letter, face in NAMES.items():
        # Measured 1.3e-3, mostly their points against our mean over a pixel of 1.4 degrees.
        assert np.abs(theirs[letter][1::2, 1::2] - ours[face]).max() < 2e-3, face


def test_a_panorama_of_faces(renderer: DomeRenderer, panorama: np.ndarray) -> None:
    # c2e takes texel i to lie at 2 i / S - 1, unlike e2c, and pads the last edge from the face beyond.
    ends = np.arange(512) / 256 - 1
    faces = {}
    for letter, face in NAMES.items():
        forward, right, down = (np.array(vector) for vector in cube.FRAMES[face])
        grid = forward + ends[None, :, None] * right + ends[:, None, None] * down
        faces[letter] = renderer.render(grid / np.linalg.norm(grid, axis=-1, keepdims=True))
    theirs = c2e(faces, 256, 512, cube_format="dict")
    ours = renderer.render(from_angles(np.linspace(0, np.pi, 256)[:, None], np.linspace(-np.pi, np.pi, 512)[None, :]))
    gap = np.abs(theirs - ours)
    assert np.quantile(gap, 0.98) < 5e-4
    assert gap.max() < 8e-3  # at the padded edges; half a texel of a face is worth 6e-3 everywhere


@pytest.mark.parametrize(("yaw", "pitch", "fov"), [(0, 0, 90), (70, 35, 60), (-150, -20, 110), (10, 90, 80)])
def test_views(renderer: DomeRenderer, panorama: np.ndarray, yaw: float, pitch: float, fov: float) -> None:
    spec = OutputSpec("perspective", 128, camera=Camera(yaw, pitch, fov))
    ours = renderer.render_layout(spec)[0][2]
    assert ours.shape == (72, 128, 3)
    vertical = np.rad2deg(2 * np.arctan(np.tan(np.deg2rad(fov / 2)) * 72 / 128))
    theirs = e2p(panorama, (fov, vertical), yaw, pitch, (145, 257))[1::2, 1::2]
    assert np.abs(theirs - ours).max() < 1.3e-3  # measured 2.3e-4 to 8.2e-4
