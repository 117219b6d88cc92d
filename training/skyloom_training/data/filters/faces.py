"""Human faces: score of the surest one, by dlib's detector (HOG and SVM, King 2009; its model is part of the library).

It knows upright faces, from the front to about 45 degrees; profiles, masks and faces below some 40 pixels escape it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import cv2
import numpy as np

from skyloom_training.data.filters.rule import Pixels, Rule

# Longer side at which faces are sought; the detector's window is 80 pixels.
SIDE = 480
NONE = -2.0


class Faces(Rule):
    """Keeps pictures without a face of a score above ``threshold``; higher finds fewer and surer ones."""

    name, keeps, unit = "faces", "below", "detector score"
    default, allowed = -0.4, (-1.0, 5.0)

    @cached_property
    def _detector(self) -> Any:
        import dlib

        return dlib.get_frontal_face_detector()

    def measure(self, pixels: Pixels) -> float:
        """Greatest score of a face, -2 where there is none."""
        scale = SIDE / max(pixels.shape[:2])
        size = tuple(max(1, round(n * scale)) for n in pixels.shape[1::-1])
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        _, scores, _ = self._detector.run(np.ascontiguousarray(cv2.resize(pixels, size, interpolation=way)), 0, -1.0)
        return float(max(scores, default=NONE))
