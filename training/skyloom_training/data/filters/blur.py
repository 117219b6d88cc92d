"""Blur: scikit-image's blur effect (Crete et al. 2007), which asks how much a further blur changes.

Clouds are soft, so the whole picture is a poor witness: the sharpest of its tiles is asked, and a picture without any
detail (an even stratus) is not asked at all. A photo with a soft background and one sharp place is sharp.
"""

from __future__ import annotations

import cv2
import numpy as np
from skimage.measure import blur_effect

from skyloom_training.data.filters.rule import Pixels, Rule, at_training_size

TILES = 3
# Standard deviation in 8-bit levels, after a slow gradient is taken out, below which a tile has nothing to be sharp.
LEAST_DETAIL = 2.0


class Blur(Rule):
    """Keeps pictures whose sharpest tile has a blur effect of at most ``threshold``; 0 is sharp, 1 is blurred."""

    name, keeps, unit = "blur", "below", "blur effect, 0 to 1"
    default, allowed = 0.62, (0.0, 1.0)

    def measure(self, pixels: Pixels) -> float:
        """Least blur effect of the tiles that hold detail; 0 where none does."""
        grey = cv2.cvtColor(at_training_size(pixels), cv2.COLOR_RGB2GRAY).astype(np.float64)
        values = [
            float(blur_effect(tile / 255, h_size=11))
            for band in np.array_split(grey, TILES, axis=0)
            for tile in np.array_split(band, TILES, axis=1)
            if min(tile.shape) >= 16 and _detail(tile) >= LEAST_DETAIL
        ]
        return min(values, default=0.0)


def _detail(tile: np.ndarray) -> float:
    return float((tile - cv2.GaussianBlur(tile, (0, 0), 8)).std())
