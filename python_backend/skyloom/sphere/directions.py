"""Unit directions: built from angles, read as angles, turned about the vertical, and how far apart they lie."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def normalise(directions: Array) -> Array:
    """Scale vectors (..., 3) to unit length; a zero vector stays zero."""
    length = np.sqrt(np.sum(np.square(directions), axis=-1, keepdims=True))
    return np.asarray(directions / np.where(length > 0, length, 1))


def from_angles(zenith: Array, azimuth: Array) -> Array:
    """Unit directions (..., 3) from zenith angle and azimuth, radians, broadcast against each other."""
    zenith, azimuth = np.broadcast_arrays(zenith, azimuth)
    ring = np.sin(zenith)
    return np.stack([ring * np.sin(azimuth), np.cos(zenith), ring * np.cos(azimuth)], axis=-1)


def azimuth_of(directions: Array) -> Array:
    """Azimuth ``atan2(x, z)`` of directions (..., 3): radians in (-pi, pi], 0 at +Z, growing toward +X."""
    return np.asarray(np.arctan2(directions[..., 0], directions[..., 2]))


def zenith_of(directions: Array) -> Array:
    """Zenith angle of directions (..., 3): radians, 0 at +Y, pi at -Y.

    Uses ``atan2(hypot(x, z), y)``: equal to acos(y) for unit vectors, but exact near both poles too.
    """
    return np.asarray(np.arctan2(np.hypot(directions[..., 0], directions[..., 2]), directions[..., 1]))


def rotate_about_y(directions: Array, angle: float) -> Array:
    """Turn directions (..., 3) so that their azimuth grows by ``angle`` radians (+Z moves toward +X)."""
    cosine, sine = np.cos(angle).item(), np.sin(angle).item()
    x, y, z = directions[..., 0], directions[..., 1], directions[..., 2]
    return np.stack([x * cosine + z * sine, y, z * cosine - x * sine], axis=-1)


def spacing(directions: Array) -> Array:
    """Angle between neighbouring pixels of a grid of directions (H, W, 3), radians (H, W): along the widest direction.

    It is the largest singular value of the Jacobian d(direction)/d(pixel), by central differences.
    """
    down, right = _difference(directions, 0), _difference(directions, 1)
    a, b, c = (np.sum(p * q, axis=-1) for p, q in ((down, down), (right, right), (down, right)))
    return np.asarray(np.sqrt((a + b) / 2 + np.sqrt(np.square((a - b) / 2) + np.square(c))))


def _difference(grid: Array, axis: int) -> Array:
    if grid.shape[axis] < 2:
        return np.zeros_like(grid)
    return np.asarray(np.gradient(grid, axis=axis))
