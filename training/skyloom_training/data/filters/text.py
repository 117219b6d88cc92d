"""Prominent text: share of a picture that readable text covers, by RapidOCR (PP-OCRv6, models in the package).

Edges of clouds and branches look like text to the detector alone, so what it finds must also read as some.
"""

from __future__ import annotations

import logging
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from skyloom_training.data.filters.rule import Pixels, Rule

# Longer side at which text is sought.
SIDE = 384
# Confidence of the reading, and letters or digits in it, from which a box counts.
SURE, LETTERS = 0.75, 3


class Text(Rule):
    """Keeps pictures of which at most ``threshold`` percent are covered by text: captions, watermarks, dates."""

    name, keeps, unit = "text", "below", "percent of the picture"
    default, allowed = 0.2, (0.0, 100.0)

    @cached_property
    def _engine(self) -> Any:
        from rapidocr import RapidOCR

        settings = {
            "Global.use_cls": False,
            "Global.log_level": "critical",
            "Det.limit_side_len": SIDE,
            "Det.limit_type": "max",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
        engine = RapidOCR(params=settings)
        # It warns of every picture without text.
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        return engine

    def measure(self, pixels: Pixels) -> float:
        """Percent of the picture in boxes that read as text."""
        scale = SIDE / max(pixels.shape[:2])
        width, height = (max(32, round(n * scale)) for n in pixels.shape[1::-1])
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        bgr = np.ascontiguousarray(cv2.resize(pixels, (width, height), interpolation=way)[:, :, ::-1])
        found = self._engine(bgr, use_det=True, use_cls=False, use_rec=True)
        if found.boxes is None or found.txts is None:
            return 0.0
        areas = [
            float(cv2.contourArea(np.asarray(box, np.float32)))
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
            if score >= SURE and sum(letter.isalnum() for letter in text) >= LETTERS
        ]
        return 100 * sum(areas) / (width * height)
