"""Kernel distance of two feature sets: unbiased MMD² with a cubic kernel, as in KID (Bińkowski et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyloom_training.metrics.feature_sets import checked_features

Array = NDArray[np.float64]
# Rows of a kernel matrix that are held at a time.
BLOCK = 1024


@dataclass(frozen=True)
class KernelDistance:
    """Mean and standard deviation over ``subsets`` pairs of random subsets of ``subset_size``; float() is the mean."""

    mean: float
    std: float
    subsets: int
    subset_size: int

    def __float__(self) -> float:
        return self.mean


def kernel_distance(
    a: NDArray[np.floating],
    b: NDArray[np.floating],
    *,
    subsets: int = 100,
    subset_size: int | None = None,
    seed: int = 0,
    unbiased: bool = True,
) -> KernelDistance:
    """MMD² of features [N, D] and [M, D] under k(x, y) = (x·y / D + 1)³.

    The unbiased estimate does not depend on the sample count on average, and may be a little below 0; the biased one
    (``unbiased=False``) takes the diagonals in, and is exactly 0 for a set against itself, taken whole.
    ``subset_size``: rows of each set in one estimate; by default 1000, or half of the smaller set, so that the spread
    says something.

    Raises:
        ValueError: see :func:`checked_features`; fewer than one subset, or a subset that is no subset.
    """
    a, b = checked_features(a, b)
    least = min(len(a), len(b))
    size = max(2, min(1000, least // 2)) if subset_size is None else subset_size
    if not 2 <= size <= least:
        raise ValueError(f"subset_size: {size} is not allowed; expected 2 to {least}, the rows of the smaller set")
    if subsets < 1:
        raise ValueError(f"subsets: {subsets} is not allowed; expected 1 or more")
    rng = np.random.default_rng(seed)
    in_a, in_b = _chosen(rng, subsets, size, len(a)), _chosen(rng, subsets, size, len(b))
    own = _sums(a, a, in_a, in_a), _sums(b, b, in_b, in_b)
    pairs = size * size
    if unbiased:
        own = own[0] - in_a @ _diagonal(a), own[1] - in_b @ _diagonal(b)
        pairs = size * (size - 1)
    values = (own[0] + own[1]) / pairs - 2 * _sums(a, b, in_a, in_b) / size**2
    return KernelDistance(float(values.mean()), float(values.std()), subsets, size)


def _chosen(rng: np.random.Generator, subsets: int, size: int, rows: int) -> Array:
    """[subsets, rows], 1 where a subset holds a row: sums over a subset become products with it."""
    chosen = np.zeros((subsets, rows))
    for line in chosen:
        line[rng.choice(rows, size, replace=False)] = 1
    return chosen


def _sums(x: Array, y: Array, in_x: Array, in_y: Array) -> Array:
    """Sum of k over all pairs of each subset [subsets]."""
    total = np.zeros(len(in_x))
    for start in range(0, len(x), BLOCK):
        part = slice(start, start + BLOCK)
        total += ((in_x[:, part] @ _cubic(x[part] @ y.T, x.shape[1])) * in_y).sum(axis=1)
    return total


def _diagonal(x: Array) -> Array:
    return _cubic(np.einsum("nd,nd->n", x, x), x.shape[1])


def _cubic(products: Array, width: int) -> Array:
    base = products / width + 1
    return np.asarray(base * base * base)
