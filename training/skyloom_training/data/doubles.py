"""Finds the same photo twice in a set: under one label one of them is left out, under two labels both are."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# Correlation of grey thumbnails. In CCSN pairs above it are one photo; below 0.98 begin skies that only look alike.
SAME = 0.985
_SIDE = 24


def doubled(photos: NDArray[np.uint8], labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Photos uint8 (N, H, W, 3) and class indices (N,) -> bool (N,), true for what should be left out.

    A photo that stands under two labels teaches neither: all its copies go. Of copies under one label the first stays.
    """
    grey = [cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY) for photo in photos]
    small = np.stack([cv2.resize(g, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).ravel() for g in grey])
    rows = small.astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    # An even photo has no pattern to compare; its zeros correlate with nothing.
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-3)
    first, second = np.nonzero(np.triu(rows @ rows.T > SAME, k=1))
    out = np.zeros(len(photos), bool)
    for a, b in zip(first, second, strict=True):
        out[b] = True
        if labels[a] != labels[b]:
            out[a] = True
    return out
