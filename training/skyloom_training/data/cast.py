"""Takes the green cast of old film off photos, and leaves black-and-white ones out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from skyloom_training.data.ccsn import Photos
from skyloom_training.data.filters.grayscale import Grayscale


def without_cast(photos: Photos, limit: float) -> Photos:
    """``photos`` in colour; where the sky's mean is greener than ``limit``, no pixel is greener than that.

    Greenness is G - (R + B) / 2 in 8-bit levels. Of clean photos it is near 0 in blue, grey and red skies alike; scans
    of film, dated in their corners, have 10 to 30, by which a generator makes whole types green. Brightness stays.
    """
    gray = Grayscale()
    kept, pixels = [], photos.pixels.copy()
    for row, height in enumerate(photos.sky):
        sky = photos.pixels[row, :height]
        kept.append(not gray.rejects(gray.measure(sky)))
        if greenness(sky[::4, ::4].astype(np.float32)).mean() > limit:
            pixels[row] = _less_green(photos.pixels[row], limit)
    mine = np.array(kept, bool)
    # A class of which nothing is in colour keeps what it has.
    mine |= ~np.isin(photos.labels, photos.labels[mine])
    return replace(photos, pixels=pixels).chosen(mine)


def greenness(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """G - (R + B) / 2 of (..., 3)."""
    return np.asarray(pixels[..., 1] - (pixels[..., 0] + pixels[..., 2]) / 2, np.float32)


def _less_green(pixels: NDArray[np.uint8], limit: float) -> NDArray[np.uint8]:
    values = pixels.astype(np.float32)
    excess = np.maximum(greenness(values) - limit, 0)
    # A third more of R and of B for two thirds less of G: greenness falls by the excess, R + G + B stays.
    values += excess[..., None] * np.array([1 / 3, -2 / 3, 1 / 3], np.float32)
    return np.clip(values + 0.5, 0, 255).astype(np.uint8)
