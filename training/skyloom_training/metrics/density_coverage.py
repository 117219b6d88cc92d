"""Density and coverage (Naeem et al. 2020): precision and recall that an outlier cannot lift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyloom_training.metrics.feature_sets import checked_features
from skyloom_training.metrics.neighbours import distance_blocks, radii


@dataclass(frozen=True)
class DensityCoverage:
    """Density from 0, about 1 for equal sets; coverage in [0, 1]; of ``real`` and ``made`` features."""

    density: float
    coverage: float
    k: int
    real: int
    made: int


def density_coverage(made: NDArray[np.floating], real: NDArray[np.floating], k: int = 5) -> DensityCoverage:
    """Density: real balls that a made feature [N, D] lies in, over k; coverage: share of real balls [M] that hold one.

    Raises:
        ValueError: see :func:`checked_features`; k that is not below the count of real ones.
    """
    made, real = checked_features(made, real)
    reach = radii(real, k)
    hits, covered = 0, 0
    for rows, distances in distance_blocks(real, made):
        inside = distances <= reach[rows, None]
        hits += int(inside.sum())
        covered += int(inside.any(axis=1).sum())
    return DensityCoverage(hits / (k * len(made)), covered / len(real), k, len(real), len(made))
