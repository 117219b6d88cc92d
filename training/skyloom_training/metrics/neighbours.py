"""Distances between feature sets and to the k-th neighbour: what the manifold metrics stand on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

Array = NDArray[np.float64]
# Rows of a distance matrix that are held at a time.
BLOCK = 1024


def distance_blocks(a: Array, b: Array) -> Iterator[tuple[slice, Array]]:
    """Euclidean distances of features [N, D] and [M, D], some rows at a time: (rows, [n, M])."""
    for start in range(0, len(a), BLOCK):
        rows = slice(start, min(start + BLOCK, len(a)))
        yield rows, cdist(a[rows], b)


def radii(features: Array, k: int) -> Array:
    """Distance of each of [N, D] to its k-th nearest neighbour, itself not counted [N].

    Raises:
        ValueError: k below 1, or not below N.
    """
    if not 1 <= k < len(features):
        raise ValueError(f"k: {k} is not allowed; expected 1 to {len(features) - 1}, one less than there are features")
    out = np.empty(len(features))
    for rows, distances in distance_blocks(features, features):
        # The nearest is the feature itself.
        out[rows] = np.partition(distances, k, axis=1)[:, k]
    return out
