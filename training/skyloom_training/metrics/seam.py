"""Seam ratio: the step across a panorama's wrap over the steps beside it; 1 is seamless."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from skyloom.sphere import dome, equirect

Pictures = NDArray[np.float32]
# A tenth of an 8-bit level on both sides of the ratio, so that a flat picture does not divide nothing by nothing.
FLOOR = 0.1 / 255


def seam_ratios(panoramas: Pictures) -> NDArray[np.float64]:
    """Of equirectangular pictures (N, H, W, 3) in [0, 1]: mean |step| from the last column to the first, over the
    mean of the two steps beside it [N].

    Raises:
        ValueError: another shape, or fewer than four columns.
    """
    if panoramas.ndim != 4 or panoramas.shape[2] < 4:
        raise ValueError(f"panoramas: shape {panoramas.shape}; expected (N, H, W, 3) with four columns or more")
    band = np.concatenate([panoramas[:, :, -2:], panoramas[:, :, :2]], axis=2).astype(np.float64)
    steps = np.abs(np.diff(band, axis=2)).mean(axis=(1, 3))
    return np.asarray((steps[:, 1] + FLOOR) / (steps[:, [0, 2]].mean(axis=1) + FLOOR))


def upper_panoramas(domes: Pictures, width: int) -> Pictures:
    """Domes (N, 3, S, S) -> the sky half of their panoramas (N, width // 4, width, 3), bilinear.

    The lower half of a panorama is not in a dome.
    """
    size = domes.shape[-1]
    around = equirect.directions(width, width // 2, rows=(0, width // 4))
    column, row, _ = dome.coordinates(around, size)
    at = column.astype(np.float32), row.astype(np.float32)
    flat = [np.ascontiguousarray(one.transpose(1, 2, 0), np.float32) for one in domes]
    return np.stack([cv2.remap(one, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for one in flat])
