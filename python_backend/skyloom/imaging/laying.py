"""Lays the ground into a dome: below the horizon its texels fade into the haze, so that no sample straddles an edge."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from skyloom.imaging.ground import Haze, fade_span, ground_weight, wave_basis
from skyloom.sphere import dome as dome_geometry

Picture32 = NDArray[np.float32]

# Larger domes get the haze from one of this size: its shortest wave is 80 texels long there, and the basis of every
# texel of a dome of 4096 would take gigabytes.
LARGEST_EXACT = 1024
_HAZE_SIZE = 512
_BAND_ROWS = 256


def lay_ground(sky: Picture32, haze: Haze, theta_max: float) -> Picture32:
    """A copy of a dome float32 (S, S, 3) with the haze below its horizon; ``theta_max`` in radians."""
    size = sky.shape[0]
    laid: Picture32 = sky.copy()
    if size <= LARGEST_EXACT:
        where, weight, basis = _ground_of_dome(size, theta_max)
        flat = laid.reshape(-1, 3)
        there = flat.take(where, axis=0)
        flat[where] = there + weight * (haze.colours_of(basis) - there)
        return laid
    small = _haze_picture(haze, theta_max)
    weights = _weights(size, theta_max)
    across = ((np.arange(size, dtype=np.float32) + 0.5) * (_HAZE_SIZE / size) - 0.5).astype(np.float32)
    for first in range(0, size, _BAND_ROWS):
        rows = slice(first, min(first + _BAND_ROWS, size))
        column, row = np.broadcast_arrays(across[None, :], across[rows, None])
        colours = cv2.remap(small, column.copy(), row.copy(), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        laid[rows] += weights[rows, :, None] * (colours - laid[rows])
    return laid


@lru_cache(maxsize=4)
def _ground_of_dome(size: int, theta_max: float) -> tuple[NDArray[np.intp], Picture32, Picture32]:
    """Texels of a dome below the horizon (K,), flat; their share of ground (K, 1), their basis of the haze (K, W)."""
    directions = dome_geometry.directions(size, theta_max)[0]
    weight = ground_weight(directions, fade_span(theta_max))
    where = weight > 0
    return np.flatnonzero(where), weight[where][:, None].astype(np.float32), wave_basis(directions[where])


@lru_cache(maxsize=2)
def _weights(size: int, theta_max: float) -> Picture32:
    """Share of ground (S, S) of every texel of a dome."""
    weights = np.empty((size, size), np.float32)
    for first in range(0, size, _BAND_ROWS):
        last = min(first + _BAND_ROWS, size)
        directions = dome_geometry.directions(size, theta_max, (first, last))[0]
        weights[first:last] = ground_weight(directions, fade_span(theta_max))
    return weights


def _haze_picture(haze: Haze, theta_max: float) -> Picture32:
    """The haze on a dome of ``_HAZE_SIZE``; above the horizon, where nothing reads it, it goes on as at the horizon."""
    return haze.colours_of(_haze_basis(theta_max)).reshape(_HAZE_SIZE, _HAZE_SIZE, 3)


@lru_cache(maxsize=1)
def _haze_basis(theta_max: float) -> Picture32:
    return wave_basis(dome_geometry.directions(_HAZE_SIZE, theta_max)[0].reshape(-1, 3))
