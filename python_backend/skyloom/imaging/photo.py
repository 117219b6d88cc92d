"""A flat photo as a dome: wrapped around the horizon, closed by a narrow blended strip, its zenith a patch laid flat.

An ordinary photo shows too little of the sky to be right everywhere; this makes it whole without a seam. The photo
fills the full turn with its middle at +Z and its bottom at the rim of the dome; at the back its two ends overlap in a
narrow strip that is blended from both. Up to twice as wide as high it is drawn, which near the horizon looks like the
foreshortening of a real cloud deck; the upper part of a tall photo is left over. At the zenith, where columns would run
together into a star, the photo is laid flat instead, so that it goes on without a step in front (+Z).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from skyloom.imaging.blend import blend_bands, least_visible_path, soft_step
from skyloom.imaging.resample import Ladder, Picture32
from skyloom.sphere import dome, equirect
from skyloom.sphere.directions import Array, azimuth_of, from_angles, zenith_of

# Share of the photo's width in which its two ends overlap, and of the strip that a join takes.
STRIP = 1 / 8
JOIN = 1 / 2
# How much wider than high a photo may be drawn at the horizon.
WIDEST = 2.0
# Zenith angles, degrees: the join of the flat patch lies between the first two; up to the last the patch is drawn.
JOIN_FROM, JOIN_TO, PATCH_REACH = 30.0, 52.0, 62.0
JOIN_DEGREES = 9.0
# Azimuths and zenith angles at which the join may lie.
BEARINGS, HEIGHTS = 360, 45
# Turns the columns of a full turn into the dome whose horizon is as sharp; a little more, for the sharper upper sky.
DOME_PER_TURN = 1.4 / 2.64


def natural_size(height: int, width: int) -> int:
    """Size of the dome that keeps a photo's detail."""
    turn = width * (1 - STRIP)
    return int(np.ceil(max(turn, 2 * np.pi / _row_angle(height, turn)) * DOME_PER_TURN))


def photo_to_dome(photo: Picture32, size: int) -> Picture32:
    """A dome float32 (size, size, 3) in [0, 1] that shows a photo (H, W, 3) in [0, 1] all around."""
    ring = close_ring(photo)
    directions = dome.directions(size)[0]
    texel = dome.texel_angle(directions, size)
    around = _around(ring, directions, texel)
    above = _above(photo, ring.shape[1], directions, texel)

    bearings = (np.arange(BEARINGS) / BEARINGS - 0.5) * 2 * np.pi
    heights = np.deg2rad(np.linspace(JOIN_FROM, JOIN_TO, HEIGHTS))
    column, row, _ = dome.coordinates(from_angles(heights[None, :], bearings[:, None]), size)
    difference = cv2.remap(_unlike(above, around), column.astype(np.float32), row.astype(np.float32), cv2.INTER_LINEAR)
    path = heights[least_visible_path(difference, closed=True)]
    join = np.interp(azimuth_of(directions), bearings, path, period=2 * np.pi)
    share = soft_step(join - zenith_of(directions), np.deg2rad(JOIN_DEGREES))
    return np.asarray(np.clip(blend_bands(above, around, share), 0, 1), dtype=np.float32)


def close_ring(photo: Picture32) -> Picture32:
    """A photo (H, W, 3) as a ring (H, W - strip, 3) whose last column goes on into its first; the middle stays put."""
    width = photo.shape[1]
    turn = width - max(1, round(width * STRIP))
    turn -= turn % 2
    strip, half = width - turn, turn // 2
    # Seen from the back: the photo's right end runs into the strip, its left end comes out of it.
    right = np.pad(photo[:, turn - half :], ((0, 0), (0, half - strip), (0, 0)), mode="reflect")
    left = np.pad(photo[:, :half], ((0, 0), (half, 0), (0, 0)), mode="reflect")
    width_of_join = max(1.0, strip * JOIN)
    free = slice(half + int(width_of_join / 2), half + strip - int(width_of_join / 2))
    path = free.start + least_visible_path(_unlike(right, left)[:, free])
    share = soft_step(path[:, None] - np.arange(turn)[None, :], width_of_join)
    blended = np.clip(blend_bands(right, left, share), 0, 1)
    return np.asarray(np.roll(blended, half - strip // 2, axis=1), dtype=np.float32)


def _row_angle(height: int, turn: float) -> float:
    """Angle of a row, radians: the photo reaches from rim to zenith where its shape allows that."""
    square = 2 * np.pi / turn
    return float(min(max(dome.THETA_MAX / height, square / WIDEST), square))


def _around(ring: Picture32, directions: Array, texel: Array) -> Picture32:
    """The dome with the ring wrapped around it, its last row at the rim."""
    height, turn = ring.shape[:2]
    step = _row_angle(height, turn)
    column, _ = equirect.coordinates(directions, turn, 1)
    row = height - 0.5 - (dome.THETA_MAX - zenith_of(directions)) / step
    return Ladder(ring, _wrap_columns).sample(_within(column, row, ring), (texel / step).astype(np.float32))


def _above(photo: Picture32, turn: int, directions: Array, texel: Array) -> Picture32:
    """The dome with the photo laid flat on its zenith (equidistant azimuthal), as large as the ring is at the join.

    In front (+Z) it shows in the middle of the join what the ring shows there.
    """
    height, width = photo.shape[:2]
    step = _row_angle(height, turn)
    join, reach = np.deg2rad((JOIN_FROM + JOIN_TO) / 2), np.deg2rad(PATCH_REACH)
    pitch = max(float(np.sqrt(np.sin(join) * 2 * np.pi / turn * step)), 2 * reach / min(height, width))
    in_front = height - 0.5 - (dome.THETA_MAX - join) / step
    middle = np.clip(in_front - join / pitch, reach / pitch - 0.5, height - 0.5 - reach / pitch)
    level = np.maximum(np.hypot(directions[..., 0], directions[..., 2]), 1e-9)
    away = np.minimum(zenith_of(directions), reach) / level / pitch
    positions = _within((width - 1) / 2 + away * directions[..., 0], middle + away * directions[..., 2], photo)
    return Ladder(photo).sample(positions, (texel / pitch).astype(np.float32))


def _unlike(first: Picture32, second: Picture32) -> Picture32:
    """How much two pictures (H, W, 3) differ, (H, W); a floor keeps paths short where they agree."""
    return np.asarray(cv2.blur(np.square(first - second).sum(axis=2), (5, 5)) + 1e-3, dtype=np.float32)


def _wrap_columns(image: Picture32, margin: int) -> Picture32:
    tall = np.pad(image, ((margin, margin), (0, 0), (0, 0)), mode="edge")
    return np.pad(tall, ((0, 0), (margin, margin), (0, 0)), mode="wrap")


def _within(column: Array, row: Array, image: Picture32) -> NDArray[np.float32]:
    """Positions float32 (2, h, w), clamped to the picture."""
    height, width = image.shape[:2]
    return np.stack([np.clip(column, -0.5, width - 0.5), np.clip(row, -0.5, height - 0.5)]).astype(np.float32)
