"""Panorama and faces on the dome, straight from their formulas: cheaper than any cached map is to read.

In the plane of the stereographic projection a direction (x, y, z) lies at (x, z) / (1 + y) = tan(theta / 2) (sin phi,
cos phi). For a panorama that is a product of a column and a row; for a face it takes one square root and one division.
The ground disc is the same projection from the other pole: (x, z) / (1 - y).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from skyloom.imaging.resample import Picture32, Rung
from skyloom.sphere import cube
from skyloom.sphere.directions import Array


@dataclass(frozen=True)
class Affine:
    """Plane coordinates -> coordinates of a stored picture: column = x * gain + offset, row = z * gain + offset."""

    gain: tuple[float, float]
    offset: tuple[float, float]

    @staticmethod
    def of(size: int, theta_max: float, rung: Rung | None = None) -> Affine:
        """For a dome (or ground disc) of ``size`` texels whose rim is ``theta_max`` radians from its centre.

        Without a rung, to the index coordinates of the dome.
        """
        scale, centre = size / 2 / np.tan(theta_max / 2), (size - 1) / 2
        (a, c), (b, d) = (rung.column, rung.row) if rung is not None else ((1.0, 0.0), (1.0, 0.0))
        return Affine((float(scale * a), float(scale * b)), (centre * a + c, centre * b + d))


@dataclass(frozen=True)
class PlaneBand:
    """A band of h rows: rows [0, sky_rows) have positions on the dome, rows [ground_row, h) on the ground disc.

    Where both have a row, ``below`` (sky_rows - ground_row, w) is true for pixels that show the ground disc.
    ``ratio`` (sky_rows, w) is how many texels of the dome a pixel spans, where that was asked for.
    """

    sky_rows: int
    sky: tuple[Picture32, Picture32] | None
    ground_row: int
    ground: tuple[Picture32, Picture32] | None
    below: Array | None
    ratio: Picture32 | None = None


def panorama_band(
    width: int,
    height: int,
    rows: tuple[int, int],
    rotation: float,
    depth: float,
    sky: Affine,
    ground: Affine,
    density: float | None = None,
) -> PlaneBand:
    """Rows (first, past last) of a panorama; the ground disc begins ``depth`` radians below the horizon.

    ``density`` is the dome's, S / (2 tan(theta_max / 2)), and asks for ratios: a texel spans (1 + y) / density, a pixel
    pi / H (``dome.texel_angle``).
    """
    azimuth = ((np.arange(width) + 0.5) / width - 0.5) * 2 * np.pi - rotation
    zenith = (np.arange(*rows) + 0.5) / height * np.pi
    above = int(np.count_nonzero(zenith <= np.pi / 2 + depth))

    def positions(reach: Array, to: Affine) -> tuple[Picture32, Picture32] | None:
        if not reach.size:
            return None
        x, z = (
            np.multiply(reach.astype(np.float32)[:, None], (ring * gain).astype(np.float32)[None, :])
            for ring, gain in zip((np.sin(azimuth), np.cos(azimuth)), to.gain, strict=True)
        )
        x += np.float32(to.offset[0])
        z += np.float32(to.offset[1])
        return x, z

    ratio = None
    if density is not None:
        rows_ratio = density * np.pi / height / (1 + np.cos(zenith[:above]))
        ratio = np.broadcast_to(rows_ratio.astype(np.float32)[:, None], (above, width))
    return PlaneBand(
        above,
        positions(np.tan(zenith[:above] / 2), sky),
        above,
        positions(np.tan((np.pi - zenith[above:]) / 2), ground),
        None,
        ratio,
    )


def face_band(
    face: str,
    size: int,
    rows: tuple[int, int],
    rotation: float,
    depth: float,
    sky: Affine,
    ground: Affine,
    density: float | None = None,
) -> PlaneBand:
    """Rows (first, past last) of a face; see :func:`panorama_band`.

    A pixel spans 2 / (S L), the larger singular value of the gnomonic projection's Jacobian, with L = |(1, a, b)|.
    """
    forward, right, down = (np.array(vector, dtype=np.float64) for vector in cube.FRAMES[face])
    # Turning the frame turns every direction that it spans.
    cosine, sine = np.cos(rotation), np.sin(rotation)
    frame = [np.array([v[0] * cosine - v[2] * sine, v[1], v[2] * cosine + v[0] * sine]) for v in (forward, right, down)]
    a = (2 * np.arange(size) + 1) / size - 1
    b = (2 * np.arange(*rows) + 1) / size - 1
    length = _lengths(size, *rows)
    # Height over the horizon before it is divided by the length; it never changes along a row.
    height = (frame[0][1] + b * frame[2][1]).astype(np.float32)
    limit = np.float32(-np.sin(depth))
    # Along a row the length grows from the middle outward.
    longest, shortest = length[:, 0], length[:, size // 2]
    any_sky = height >= limit * longest
    any_ground = height < limit * shortest
    sky_rows = int(np.flatnonzero(any_sky)[-1]) + 1 if any_sky.any() else 0
    ground_row = int(np.argmax(any_ground)) if any_ground.any() else len(b)

    def positions(part: slice, sign: float, to: Affine) -> tuple[Picture32, Picture32] | None:
        if part.stop <= part.start:
            return None
        inverse = length[part] + np.float32(sign) * height[part, None]
        np.reciprocal(inverse, out=inverse)
        found = []
        for axis, gain, offset in zip((0, 2), to.gain, to.offset, strict=True):
            along = (gain * (frame[0][axis] + a * frame[1][axis])).astype(np.float32)[None, :]
            across = gain * frame[2][axis] * b[part]
            if frame[2][axis]:
                value = along + across.astype(np.float32)[:, None]
                value *= inverse
            else:
                value = along * inverse
            value += np.float32(offset)
            found.append(value)
        return found[0], found[1]

    below = None
    if ground_row < sky_rows:
        both = slice(ground_row, sky_rows)
        below = height[both, None] < limit * length[both]
    ratio = None
    if density is not None:
        ratio = np.float32(2 * density / size) / (length[:sky_rows] + height[:sky_rows, None])
    return PlaneBand(
        sky_rows,
        positions(slice(0, sky_rows), 1.0, sky),
        ground_row,
        positions(slice(ground_row, len(b)), -1.0, ground),
        below,
        ratio,
    )


@lru_cache(maxsize=8)
def _lengths(size: int, first: int, last: int) -> Picture32:
    """L = |(1, a, b)| for rows (first, past last) of a face, the same for all six: float32 (h, w), read-only."""
    a = (2 * np.arange(size) + 1) / size - 1
    b = (2 * np.arange(first, last) + 1) / size - 1
    length: Picture32 = np.sqrt((1 + b * b).astype(np.float32)[:, None] + (a * a).astype(np.float32)[None, :])
    length.flags.writeable = False
    return length


def largest_ratio(pixel: float, depth: float, dome_size: int, theta_max: float) -> float:
    """Bound on how many dome texels a pixel of ``pixel`` radians spans, from the zenith to ``depth`` below the horizon.

    Source: texel angle (1 + y) tan(theta_max / 2) 2 / S, smallest where the view is lowest (``dome.texel_angle``).
    """
    return float(pixel / ((1 - np.sin(depth)) * np.tan(theta_max / 2) * 2 / dome_size))
