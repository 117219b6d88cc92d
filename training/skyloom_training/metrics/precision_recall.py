"""Improved precision and recall (Kynkäänniemi et al. 2019): how much of one set lies in the other's manifold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyloom_training.metrics.feature_sets import checked_features
from skyloom_training.metrics.neighbours import Array, distance_blocks, radii


@dataclass(frozen=True)
class PrecisionRecall:
    """Shares in [0, 1], from ``real`` and ``made`` features, with the k-th neighbour."""

    precision: float
    recall: float
    k: int
    real: int
    made: int


def precision_recall(made: NDArray[np.floating], real: NDArray[np.floating], k: int = 3) -> PrecisionRecall:
    """Precision: share of made [N, D] within a ball around a real one; recall: of real [M, D] within one of a made one.

    A ball reaches to the k-th neighbour in its own set. Figures depend on N, M and k: compare at equal ones.

    Raises:
        ValueError: see :func:`checked_features`; k that is not below both counts.
    """
    made, real = checked_features(made, real)
    return PrecisionRecall(_covered(made, real, k), _covered(real, made, k), k, len(real), len(made))


def _covered(points: Array, centres: Array, k: int) -> float:
    """Share of points that lie in the ball of one of the centres."""
    reach = radii(centres, k)
    inside = np.zeros(len(points), bool)
    for rows, distances in distance_blocks(centres, points):
        inside |= (distances <= reach[rows, None]).any(axis=0)
    return float(inside.mean())
