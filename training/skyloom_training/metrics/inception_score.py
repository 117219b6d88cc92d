"""Inception-style score (Salimans et al. 2016): how sure and how varied a classifier is. Name the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ClassifierScore:
    """Mean and standard deviation over ``splits`` parts of ``pictures``; from 1 (worst) to the number of classes."""

    mean: float
    std: float
    splits: int
    pictures: int


def classifier_score(probabilities: NDArray[np.floating], splits: int = 10, seed: int = 0) -> ClassifierScore:
    """exp(E KL(p(y|x) || p(y))) of class probabilities [N, K]; each split has its own p(y). Grows with N / splits.

    Raises:
        ValueError: rows that are no probabilities, or fewer rows than splits.
    """
    p = np.asarray(probabilities, np.float64)
    if p.ndim != 2 or not np.isfinite(p).all() or (p < 0).any() or not np.allclose(p.sum(axis=1), 1, atol=1e-3):
        raise ValueError("probabilities: expected [N, K] that are not negative and sum to 1 in each row")
    if not 1 <= splits <= len(p):
        raise ValueError(f"splits: {splits} is not allowed; expected 1 to {len(p)}, the number of pictures")
    order = np.random.default_rng(seed).permutation(len(p))
    scores = [_score(p[part]) for part in np.array_split(order, splits)]
    return ClassifierScore(float(np.mean(scores)), float(np.std(scores)), splits, len(p))


def _score(p: NDArray[np.float64]) -> float:
    # 0 log 0 is 0.
    logs = np.log(np.maximum(p, 1e-300)) - np.log(np.maximum(p.mean(axis=0), 1e-300))
    return float(np.exp((p * logs).sum(axis=1).mean()))
