"""Conversions: analytic skies through every source, HDR light untouched, and photos closed to a seamless turn."""

from __future__ import annotations

import numpy as np
import pytest
from skyloom.errors import InvalidInput
from skyloom.imaging.convert import convert
from skyloom.imaging.seams import measure
from skyloom.request import Ground, OutputSpec
from skyloom.sphere import cube, equirect


def colours(directions: np.ndarray) -> np.ndarray:
    x, y, z = np.moveaxis(directions, -1, 0)
    return (0.5 + 0.4 * np.stack([np.sin(2 * x + y), np.cos(3 * z - y), np.sin(x - 2 * z)], axis=-1)).astype(np.float32)


def panorama(width: int = 512) -> np.ndarray:
    return colours(equirect.directions(width, width // 2))


def faces(size: int = 256) -> list[np.ndarray]:
    return [colours(cube.directions(face, size)) for face in cube.FACES]


def photo(height: int = 120, width: int = 160) -> np.ndarray:
    """Clouds of no period: its left end does not meet its right one."""
    draw = np.random.default_rng(3).standard_normal((6, 5, 3))
    rows, columns = np.linspace(0, 1, height)[:, None, None], np.linspace(0, 1, width)[None, :, None]
    total = sum(
        a * np.sin(7 * b * columns + 5 * c * rows + i) for i, (a, b, c) in enumerate(zip(*draw[:3], strict=True))
    )
    return np.clip(0.5 + 0.15 * np.broadcast_to(total, (height, width, 3)), 0, 1).astype(np.float32)


def test_a_panorama_becomes_the_faces_of_its_sky() -> None:
    made = convert("panorama", [panorama()], (OutputSpec("faces", 128),))
    assert [item.face for item in made] == list(cube.FACES)
    for item in made:
        assert np.abs(item.pixels - colours(cube.directions(item.face, 128))).max() < 4e-3


@pytest.mark.parametrize("kind", ["faces", "cross"])
def test_faces_become_the_panorama_of_their_sky(kind: str) -> None:
    six = faces()
    images = six if kind == "faces" else [cube.assemble_cross(dict(zip(cube.FACES, six, strict=True)))]
    (made,) = convert(kind, images, (OutputSpec("panorama", 512),))
    assert np.abs(made.pixels - panorama()).max() < 4e-3


def test_rotation_by_a_quarter_rolls_a_panorama() -> None:
    (turned,) = convert("panorama", [panorama()], (OutputSpec("panorama", 512),), rotation=90.0)
    assert np.abs(turned.pixels - np.roll(panorama(), 128, axis=1)).max() < 4e-3


def test_light_above_one_passes_unclipped_only_where_asked() -> None:
    bright = panorama() * 8
    (kept,) = convert("panorama", [bright], (OutputSpec("panorama", 512),), clip=False)
    assert np.abs(kept.pixels - bright).max() < 0.03
    (clipped,) = convert("panorama", [bright], (OutputSpec("panorama", 512),))
    assert clipped.pixels.max() <= 1


def test_ground_replaces_what_is_below_and_leaves_the_sky() -> None:
    (made,) = convert("panorama", [panorama()], (OutputSpec("panorama", 512),), ground=Ground("colour", (1, 0, 0)))
    assert np.abs(made.pixels[200:] - np.array([1, 0, 0], np.float32)).max() < 0.02
    assert np.abs(made.pixels[:120] - panorama()[:120]).max() < 4e-3


@pytest.mark.parametrize("shape", [(120, 160), (90, 200), (160, 120), (64, 64)])
def test_a_photo_closes_without_a_seam(shape: tuple[int, int]) -> None:
    outputs = (OutputSpec("panorama", 1024), OutputSpec("faces", 256))
    made = convert("photo", [photo(*shape)], outputs)
    wrap = measure("panorama", [made[0].pixels])
    assert wrap.wrap_ratio == pytest.approx(1, abs=0.25)
    assert wrap.zenith_ratio is not None
    assert wrap.zenith_ratio < 1
    edges = measure("faces", [item.pixels for item in made[1:]])
    assert edges.edge_mismatch is not None
    assert edges.edge_mismatch < 1 / 255
    # Without the strip the ends would meet in a step far above the inner ones.
    ends = np.abs(photo(*shape)[:, 0] - photo(*shape)[:, -1]).mean()
    assert ends > 10 * np.abs(np.diff(photo(*shape), axis=1)).mean()


def test_a_photo_shows_itself_in_front() -> None:
    # One bright spot a little left of the middle comes out a little left of +Z.
    spot = np.full((120, 160, 3), 0.2, np.float32)
    spot[80:90, 60:70] = 1.0
    (made,) = convert("photo", [spot], (OutputSpec("panorama", 512),))
    column = np.average(np.arange(512), weights=(made.pixels[:256] - 0.2).clip(0).sum(axis=(0, 2)))
    turn = 160 * (1 - 1 / 8)
    assert column == pytest.approx(256 + (65 - 80) / turn * 512, abs=6)


def test_a_wrong_number_of_pictures_is_refused() -> None:
    with pytest.raises(InvalidInput):
        convert("faces", faces(32)[:5], (OutputSpec("panorama", 64),))
