"""Whole-sphere pictures as functions of the direction: a panorama, and six cube faces."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from skyloom.imaging.resample import MARGIN, Ladder, Picture32
from skyloom.sphere import cube, equirect
from skyloom.sphere.directions import Array, spacing

# A face texel at a corner spans a third of the angle of one in the middle (along the radius).
_CORNER = 3.0
# Texels beyond a face that a rung of ratio r needs, over r: Lanczos, then the margin of the cubic; rungs round up.
_REACH_PER_RATIO = (3 + MARGIN + 1) * np.sqrt(2)


class Source(Protocol):
    """Anything that has a colour in every direction."""

    def colours(self, directions: Array) -> Picture32:
        """Colours float32 (H, W, 3) in [0, 1] at a grid of neighbouring unit directions (H, W, 3)."""


def wrap_panorama(image: Picture32, margin: int) -> Picture32:
    """Grow a panorama (H, W, C): columns wrap, rows go on across the pole, half a turn further."""
    half = image.shape[1] // 2
    above, below = (np.roll(rows[::-1], half, axis=1) for rows in (image[:margin], image[len(image) - margin :]))
    tall = np.concatenate([above, image, below])
    return np.pad(tall, ((0, 0), (margin, margin), (0, 0)), mode="wrap")


class PanoramaSource:
    """A panorama float32 (H, 2 H, 3) in [0, 1]."""

    def __init__(self, image: Picture32) -> None:
        self.height, self.width = image.shape[:2]
        self._ladder = Ladder(image, wrap_panorama)

    def colours(self, directions: Array) -> Picture32:
        """See :class:`Source`."""
        column, row = equirect.coordinates(directions, self.width, self.height)
        positions = np.stack([column, row]).astype(np.float32)
        # Rows decide: near the poles columns lie closer together than the picture has detail.
        return self._ladder.sample(positions, (spacing(directions) * (self.height / np.pi)).astype(np.float32))


class FacesSource:
    """Six faces float32 (S, S, 3) in [0, 1] by the names of ``cube.FACES``, continued into one another.

    Args:
        faces: the pictures.
        widest: largest angle, radians, between neighbouring directions that will be asked for. It decides how far each
            face is continued by its neighbours, so that low-pass filters see what lies across the edges.
    """

    def __init__(self, faces: dict[str, Picture32], widest: float) -> None:
        size = faces["front"].shape[0]
        ratio = max(1.0, widest * size / 2 * _CORNER)
        margin = min(int(np.ceil(_REACH_PER_RATIO * ratio)) + MARGIN, size // 2 + 2 * MARGIN)
        # Twice: the first, narrow margin lets the second read right up to the edges and corners of the neighbours.
        narrow = _continued(faces, 2 * MARGIN, _Planes(faces, 0))
        self._planes = _Planes(_continued(faces, margin, _Planes(narrow, 2 * MARGIN)), margin)

    def colours(self, directions: Array) -> Picture32:
        """See :class:`Source`."""
        return self._planes.colours(directions, minify=True)


class _Planes:
    """Six faces, each with a margin that continues its plane."""

    def __init__(self, faces: dict[str, Picture32], margin: int) -> None:
        self._margin = margin
        self._size = faces["front"].shape[0] - 2 * margin
        self._ladders = {face: Ladder(image) for face, image in faces.items()}

    def colours(self, directions: Array, minify: bool) -> Picture32:
        colours = np.empty(directions.shape, dtype=np.float32)
        shown = cube.face_index(directions)
        for index, face in enumerate(cube.FACES):
            inside = shown == index
            rows, columns = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
            if not rows.size:
                continue
            box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
            across, down, _ = cube.coordinates(face, directions[box], self._size)
            positions = np.stack([across, down]).astype(np.float32) + np.float32(self._margin)
            np.clip(positions, -0.5, self._size + 2 * self._margin - 0.5, out=positions)
            ratio = None
            if minify:
                steps = spacing(np.moveaxis(positions, 0, -1))
                ratio = np.where(inside[box], steps, 0).astype(np.float32)
            found = self._ladders[face].sample(positions, ratio)
            np.copyto(colours[box], found, where=inside[box][..., None])
        return colours


def _continued(faces: dict[str, Picture32], margin: int, planes: _Planes) -> dict[str, Picture32]:
    """Each face (S, S, 3) with ``margin`` texels of its continued plane on every side, read from ``planes``."""
    size = faces["front"].shape[0]
    grown = {}
    for face, image in faces.items():
        picture = np.empty((size + 2 * margin, size + 2 * margin, 3), dtype=np.float32)
        picture[margin:-margin, margin:-margin] = image
        for first, last in ((-margin, 0), (0, size), (size, size + margin)):
            around = cube.directions(face, size, (first, last), margin)
            rows = slice(first + margin, last + margin)
            if first == 0:
                picture[rows, :margin] = planes.colours(around[:, :margin], minify=False)
                picture[rows, -margin:] = planes.colours(around[:, -margin:], minify=False)
            else:
                picture[rows] = planes.colours(around, minify=False)
        grown[face] = picture
    return grown
