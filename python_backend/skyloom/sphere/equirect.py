"""The equirectangular panorama: column = azimuth with +Z in the middle, row = zenith angle with +Y at the top."""

from __future__ import annotations

import numpy as np

from skyloom.sphere.directions import Array, azimuth_of, from_angles, zenith_of


def directions(width: int, height: int, rows: tuple[int, int] | None = None) -> Array:
    """Directions (H, W, 3) float64 that the texels show; ``rows`` = (first, past last) picks a band of the picture."""
    first, last = rows or (0, height)
    azimuth = ((np.arange(width) + 0.5) / width - 0.5) * 2 * np.pi
    zenith = (np.arange(first, last) + 0.5) / height * np.pi
    return from_angles(zenith[:, None], azimuth[None, :])


def coordinates(directions: Array, width: int, height: int) -> tuple[Array, Array]:
    """Index coordinates (column in [-0.5, W - 0.5], row in [-0.5, H - 0.5]) of directions (..., 3).

    Source: u = 0.5 + atan2(x, z) / 2 pi, v from the top = acos(y) / pi. Defined everywhere; at the two poles the
    column is arbitrary, and the picture wraps at column -0.5 = W - 0.5 (azimuth pi, looking along -Z).
    """
    u = 0.5 + azimuth_of(directions) / (2 * np.pi)
    v = zenith_of(directions) / np.pi
    return u * width - 0.5, v * height - 0.5
