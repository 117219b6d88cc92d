"""A flat photo as a dome: wrapped around the horizon, closed by a narrow blended strip, its zenith a patch of its own.

An ordinary photo shows too little of the sky to be right everywhere; this makes it whole without a seam. It fills the
full turn with its middle at +Z; at the back a narrow strip, in which its two ends overlap, is blended from both. Its
bottom row lies at the rim of the dome; its rows go up evenly in angle, so that near the horizon clouds are flattened
as a real cloud deck is. At the zenith, where the columns would run together into a star, the upper part of the photo
is laid flat instead. Both blends are multi-band (Burt and Adelson 1983): tones pass over gently, detail does not ghost.
"""

from __future__ import annotations

import cv2
import numpy as np

from skyloom.imaging.resample import Ladder, Picture32
from skyloom.sphere import dome, equirect
from skyloom.sphere.directions import Array, zenith_of

# Share of the photo's width in which its two ends overlap.
STRIP = 1 / 8
# Zenith angle where the flat patch takes over, degrees.
PATCH_EDGE = 38.0
# Zenith angle up to which the patch is drawn, for the coarse bands of the blend.
PATCH_REACH = 62.0
# A pyramid stops where a band would have fewer texels than this.
COARSEST = 8
# Turns a full turn of columns into the dome whose horizon is as sharp; a little more, for the sharper upper sky.
DOME_PER_TURN = 1.4 / 2.64


def natural_size(height: int, width: int) -> int:
    """Size of the dome that keeps a photo's detail."""
    span = min(np.rad2deg(dome.THETA_MAX), 360.0 * height / width)
    return int(np.ceil(max(width, height * 360.0 / span) * DOME_PER_TURN))


def photo_to_dome(photo: Picture32, size: int) -> Picture32:
    """A dome float32 (size, size, 3) in [0, 1] that shows a photo (H, W, 3) in [0, 1] all around."""
    ring = close_ring(photo)
    height, turn = ring.shape[:2]
    directions = dome.directions(size)[0]
    zenith = zenith_of(directions)
    texel = dome.texel_angle(directions, size)

    # Never taller than it is at its own proportions: a wide strip of a panorama does not reach the zenith.
    span = min(dome.THETA_MAX, 2 * np.pi * height / turn)
    column, row = equirect.coordinates(directions, turn, 1)
    row = height - 0.5 - (dome.THETA_MAX - zenith) * (height / span)
    wrapped = Ladder(ring, _wrap_columns)
    around = wrapped.sample(_within(column, row, ring), (texel * (height / span)).astype(np.float32))

    # The patch has the scale of the ring where the two meet: the mean of its two.
    edge = np.deg2rad(PATCH_EDGE)
    pitch = float(np.sqrt(np.sin(edge) * 2 * np.pi / turn * span / height))
    pitch = max(pitch, 2 * np.deg2rad(PATCH_REACH) / min(photo.shape[:2]))
    radius = np.deg2rad(PATCH_REACH) / pitch
    # Equidistant azimuthal: on a cap this small no other is visibly better, and its scale is plain.
    bearing = np.maximum(np.hypot(directions[..., 0], directions[..., 2]), 1e-9)
    across, down = (np.minimum(zenith, np.deg2rad(PATCH_REACH)) * directions[..., i] / bearing for i in (0, 2))
    column = (photo.shape[1] - 1) / 2 + across / pitch
    row = min(radius, (photo.shape[0] - 1) / 2) + down / pitch
    above = Ladder(photo).sample(_within(column, row, photo), (texel / pitch).astype(np.float32))

    share = (zenith < edge).astype(np.float32)
    return np.asarray(np.clip(blend_bands(above, around, share), 0, 1), dtype=np.float32)


def close_ring(photo: Picture32) -> Picture32:
    """A photo (H, W, 3) as a ring (H, W - strip, 3) whose last column goes on into its first; the middle stays put."""
    width = photo.shape[1]
    strip = max(1, round(width * STRIP))
    turn = width - strip
    turn -= turn % 2
    strip, half = width - turn, turn // 2
    # Seen from the back: the photo's right end runs into the strip, its left end comes out of it.
    ahead = max(0, half - strip)
    right = np.pad(photo[:, turn - half :], ((0, 0), (0, ahead), (0, 0)), mode="reflect")[:, :turn]
    left = np.pad(photo[:, :half], ((0, 0), (turn - half, 0), (0, 0)), mode="reflect")
    share = np.zeros((photo.shape[0], turn), dtype=np.float32)
    share[:, : half + strip // 2] = 1
    blended = np.clip(blend_bands(right, left, share), 0, 1)
    return np.asarray(np.roll(blended, half - strip // 2, axis=1), dtype=np.float32)


def blend_bands(first: Picture32, second: Picture32, share: Picture32) -> Picture32:
    """Blend two pictures (H, W, 3), ``share`` (H, W) of the first, each octave of detail over its own width.

    Source: Burt and Adelson, "A multiresolution spline with application to image mosaics", 1983.
    """
    levels = max(0, int(np.log2(min(first.shape[:2]) / COARSEST)))
    a: Array = first
    b: Array = second
    weight: Array = share
    bands: list[Array] = []
    for _ in range(levels):
        smaller = [cv2.pyrDown(picture) for picture in (a, b, weight)]
        size = (a.shape[1], a.shape[0])
        detail = [picture - cv2.pyrUp(low, dstsize=size) for picture, low in zip((a, b), smaller, strict=False)]
        bands.append(_mix(detail[0], detail[1], weight))
        a, b, weight = smaller
    total = _mix(a, b, weight)
    for band in reversed(bands):
        total = band + cv2.pyrUp(total, dstsize=(band.shape[1], band.shape[0]))
    return np.asarray(total, dtype=np.float32)


def _mix(a: Array, b: Array, weight: Array) -> Array:
    return np.asarray(b + weight[..., None] * (a - b))


def _wrap_columns(image: Picture32, margin: int) -> Picture32:
    tall = np.pad(image, ((margin, margin), (0, 0), (0, 0)), mode="edge")
    return np.pad(tall, ((0, 0), (margin, margin), (0, 0)), mode="wrap")


def _within(column: Array, row: Array, image: Picture32) -> Picture32:
    """Positions float32 (2, h, w), clamped to the picture."""
    height, width = image.shape[:2]
    return np.stack([np.clip(column, -0.5, width - 0.5), np.clip(row, -0.5, height - 0.5)]).astype(np.float32)
