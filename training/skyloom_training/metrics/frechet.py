"""Fréchet distance of two feature sets, each taken as a Gaussian (Heusel et al. 2017). Name the network beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skyloom_training.metrics.feature_sets import checked_features

Array = NDArray[np.float64]


def frechet_distance(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Squared distance of the Gaussians with the means and covariances of features [N, D] and [M, D]; 0 is equal.

    |mu_a - mu_b|² + tr(S_a) + tr(S_b) - 2 tr((S_a S_b)^½). With S = RᵀR the last trace is the sum of the singular
    values of R_a R_bᵀ: no matrix root of a nearly singular product, and exact also for fewer rows than columns.
    The figure falls as N grows (biased): compare only at equal sample counts.

    Raises:
        ValueError: not two matrices of finite numbers with the same number of columns and two rows or more each.
    """
    a, b = checked_features(a, b)
    centre_a, centre_b = a.mean(axis=0), b.mean(axis=0)
    root_a, root_b = _root(a - centre_a), _root(b - centre_b)
    shared = np.linalg.svd(root_a @ root_b.T, compute_uv=False).sum()
    apart = np.square(centre_a - centre_b).sum()
    # Rounding may leave a set a hair below 0 from itself.
    return float(max(apart + np.square(root_a).sum() + np.square(root_b).sum() - 2 * shared, 0.0))


def _root(centred: Array) -> Array:
    """R [min(N, D), D] with RᵀR the covariance of centred rows."""
    tall = len(centred) > centred.shape[1]
    root = np.linalg.qr(centred, mode="r") if tall else centred
    return np.asarray(root / np.sqrt(len(centred) - 1))
