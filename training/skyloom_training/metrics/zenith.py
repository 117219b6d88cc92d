"""Zenith variance: how much colour changes around a ring near the zenith, over a ring far from it.

A pinched pole stands far above 1. A dome has no pole; panoramas drawn as flat pictures do.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from skyloom.sphere import dome
from skyloom.sphere.directions import from_angles

# Zenith angles of the two rings in degrees, and the points on each.
NEAR, FAR, POINTS = 3.0, 30.0, 720
FLOOR = 0.1 / 255


def zenith_ratios(domes: NDArray[np.float32]) -> NDArray[np.float64]:
    """Of domes (N, 3, S, S) in [0, 1]: variance around the ring at 3 degrees over that at 30 degrees [N].

    Raises:
        ValueError: another shape.
    """
    if domes.ndim != 4 or domes.shape[1] != 3 or domes.shape[2] != domes.shape[3]:
        raise ValueError(f"domes: shape {domes.shape}; expected (N, 3, S, S)")
    near, far = (np.array([_ring_variance(one, angle) for one in domes]) for angle in (NEAR, FAR))
    return np.asarray((near + FLOOR**2) / (far + FLOOR**2))


def _ring_variance(one: NDArray[np.float32], angle: float) -> float:
    azimuth = np.arange(POINTS) * (2 * np.pi / POINTS)
    ring = from_angles(np.full(POINTS, np.deg2rad(angle)), azimuth)
    column, row, _ = dome.coordinates(ring, one.shape[-1])
    picture = np.ascontiguousarray(one.transpose(1, 2, 0), np.float32)
    colours = cv2.remap(picture, column.astype(np.float32), row.astype(np.float32), cv2.INTER_LINEAR)
    return float(colours.reshape(POINTS, 3).astype(np.float64).var(axis=0).mean())
