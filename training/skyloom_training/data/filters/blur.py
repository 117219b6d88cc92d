"""Blur: scikit-image's blur effect (Crete et al. 2007), which asks how much a further blur changes.

Clouds are soft, so the whole picture is a poor witness: the sharpest of its tiles is asked, and a photo with a soft
background and one sharp place is sharp. Where no tile holds detail the whole is asked,
unless it is as even as a stratus.
"""

from __future__ import annotations

import cv2
import numpy as np
from skimage.measure import blur_effect

from skyloom_training.data.filters.rule import Pixels, Rule, at_training_size

TILES = 3
# Standard deviation in 8-bit levels, after a slow gradient is taken out, below which a tile has nothing to be sharp.
LEAST_DETAIL = 1.5
# The same for the whole picture, gradient and all, where no tile has any: a photo blurred out of shape still has this.
LEAST_CONTRAST = 10.0


class Blur(Rule):
    """Keeps pictures whose sharpest tile has a blur effect of at most ``threshold``; 0 is sharp, 1 is blurred."""

    name, keeps, unit = "blur", "below", "blur effect, 0 to 1"
    default, allowed = 0.5, (0.0, 1.0)

    def measure(self, pixels: Pixels) -> float:
        """Least blur effect of the tiles that hold detail, or of the whole; 0 for an even picture."""
        grey = cv2.cvtColor(at_training_size(pixels), cv2.COLOR_RGB2GRAY).astype(np.float64)
        values = [
            float(blur_effect(tile / 255, h_size=11))
            for band in np.array_split(grey, TILES, axis=0)
            for tile in np.array_split(band, TILES, axis=1)
            if min(tile.shape) >= 16 and _detail(tile) >= LEAST_DETAIL
        ]
        if not values and min(grey.shape) >= 16 and grey.std() >= LEAST_CONTRAST:
            return float(blur_effect(grey / 255, h_size=11))
        return min(values, default=0.0)


def _detail(tile: np.ndarray) -> float:
    return float((tile - cv2.GaussianBlur(tile, (0, 0), 8)).std())
