"""Joining two pictures that overlap: where the join is least visible, and how to pass from one to the other."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from skyloom.imaging.resample import Picture32
from skyloom.sphere.directions import Array

# A pyramid stops where a band would have fewer texels than this.
COARSEST = 8


def blend_bands(first: Picture32, second: Picture32, share: Picture32) -> Picture32:
    """Blend two pictures (H, W, 3), ``share`` (H, W) in [0, 1] of the first, each octave of detail over its own width.

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


def least_visible_path(difference: Array, closed: bool = False) -> NDArray[np.intp]:
    """Column (N,) per row of the cheapest path down a field (N, M) of differences >= 0, one column aside per row.

    ``closed`` makes the path end where it began. Source: the minimum error boundary cut of Efros and Freeman, "Image
    quilting for texture synthesis and transfer", 2001.
    """
    if not closed:
        return _cheapest(difference, None)
    # A path that has gone round once before and goes round once after starts where it likes best.
    start = int(_cheapest(np.tile(difference, (3, 1)), None)[len(difference)])
    return _cheapest(np.concatenate([difference, difference[:1]]), start)[:-1]


def soft_step(distance: Array, width: float) -> Picture32:
    """From 0 at ``distance`` -width / 2 smoothly to 1 at +width / 2."""
    t = np.clip(distance / width + 0.5, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def _cheapest(cost: Array, ends: int | None) -> NDArray[np.intp]:
    length, breadth = cost.shape
    total = np.array(cost[0], dtype=np.float64)
    if ends is not None:
        total[np.arange(breadth) != ends] = np.inf
    came = np.zeros((length, breadth), dtype=np.intp)
    columns = np.arange(breadth)
    for row in range(1, length):
        beside = np.pad(total, 1, constant_values=np.inf)
        options = np.stack([beside[1:-1], beside[:-2], beside[2:]])
        best = options.argmin(axis=0)
        came[row] = columns + np.array([0, -1, 1])[best]
        total = cost[row] + options[best, columns]
    path = np.empty(length, dtype=np.intp)
    path[-1] = int(total.argmin()) if ends is None else ends
    for row in range(length - 1, 0, -1):
        path[row - 1] = came[row, path[row]]
    return path


def _mix(a: Array, b: Array, weight: Array) -> Array:
    return np.asarray(b + weight[..., None] * (a - b))
