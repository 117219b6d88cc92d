"""Grayscale: how far the most colourful part of a picture lies from gray, in CIELAB.

Overcast skies are nearly gray but never quite; a black-and-white photo is gray in every pixel. One that was toned,
sepia say, is not found: it looks like a sunset.
"""

from __future__ import annotations

import cv2
import numpy as np

from skyloom_training.data.filters.rule import Pixels, Rule, at_training_size

# Share of pixels that must be more colourful than the value says: one coloured sign does not make a photo colourful.
SHARE = 0.02


class Grayscale(Rule):
    """Keeps pictures of which 2 % are at least ``threshold`` CIELAB units away from gray."""

    name, keeps, unit = "grayscale", "above", "CIELAB units of chroma"
    default, allowed = 1.5, (0.0, 100.0)

    def measure(self, pixels: Pixels) -> float:
        """The chroma that 2 % of the picture exceeds."""
        small = cv2.GaussianBlur(at_training_size(pixels), (0, 0), 1.0)
        lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        return float(np.quantile(np.hypot(lab[..., 1], lab[..., 2]), 1 - SHARE))
