"""Finds where the ground begins in sky photos, without labels, so that no crop shows it.

Cells of EfficientNet-Lite0 features (strides 8 and 16, a 16x16 grid) are clustered over the whole set. A cluster that
appears near the bottom of pictures far more often than near the top is ground: trees, roofs, fields, captions.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from skyloom_training.networks.features import Features

GRID = 16
CLUSTERS = 64
# How much more often a cluster must stand low (rows 13-14) than high (rows 1-5) to be ground; skies score below 1.
LOW_TO_HIGH = 1.8


def ground_cells(photos: NDArray[np.uint8], seed: int = 1) -> NDArray[np.bool_]:
    """Photos uint8 (N, 256, 256, 3) -> bool (N, 16, 16), true where a cell looks like ground."""
    cells = _reduced(_cell_features(photos))
    rng = np.random.default_rng(seed)
    sample = cells[rng.choice(len(cells), min(len(cells), 40_000), replace=False)]
    cv2.setRNGSeed(seed)
    clusters = min(CLUSTERS, len(sample))
    _, _, centres = cv2.kmeans(sample, clusters, None, (3, 30, 1e-3), 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    labels = np.concatenate([_nearest(part, centres) for part in np.array_split(cells, max(1, len(cells) // 50_000))])
    labels = labels.reshape(-1, GRID, GRID)
    rows = np.stack([np.bincount(labels[:, r].ravel(), minlength=clusters) for r in range(GRID)], axis=1)
    share = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)
    # The outermost rows are left out of the vote: padding makes their features odd whatever they show.
    score = share[:, 13:15].sum(axis=1) / (share[:, 1:6].sum(axis=1) + 1e-3)
    return np.asarray((score > LOW_TO_HIGH)[labels])


def sky_rows(ground: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Ground cells (N, 16, 16) -> number of sky rows from the top; two rows of margin are left above the ground.

    The ground begins at the first row of which 15 % is ground and below which nearly half of all cells are. The margin
    keeps treetops and hills out: what is left of them in crops is learned as a dark rim.
    """
    per_row = ground.mean(axis=2)
    below = np.cumsum(per_row[:, ::-1], axis=1)[:, ::-1] / np.arange(GRID, 0, -1)
    begins = (per_row >= 0.15) & (below >= 0.45)
    first = np.where(begins.any(axis=1), begins.argmax(axis=1), GRID)
    return np.where(first < GRID, np.maximum(first - 2, 0), GRID)


def _cell_features(photos: NDArray[np.uint8], batch: int = 32) -> NDArray[np.float32]:
    net = Features(taps=(4, 10))
    parts = []
    with torch.no_grad():
        for start in range(0, len(photos), batch):
            x = torch.from_numpy(photos[start : start + batch]).permute(0, 3, 1, 2).float() / 127.5 - 1
            (fine, coarse), _ = net(x)
            cells = torch.cat([F.avg_pool2d(fine, 2), coarse], dim=1)
            parts.append(cells.permute(0, 2, 3, 1).reshape(-1, cells.shape[1]).numpy())
    return np.concatenate(parts)


def _reduced(cells: NDArray[np.float32], dims: int = 24) -> NDArray[np.float32]:
    cells = np.clip((cells - cells.mean(axis=0)) / (cells.std(axis=0) + 1e-6), -4, 4)
    _, axes = np.linalg.eigh(np.cov(cells[::7].T))
    return (cells @ axes[:, -dims:]).astype(np.float32)


def _nearest(cells: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int64]:
    return np.asarray(((centres**2).sum(axis=1)[None] - 2 * cells @ centres.T).argmin(axis=1))
