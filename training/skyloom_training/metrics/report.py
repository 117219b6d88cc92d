"""All distances of two feature sets at once, with the counts and settings that they depend on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skyloom_training.metrics.density_coverage import density_coverage
from skyloom_training.metrics.feature_sets import FeatureNet
from skyloom_training.metrics.frechet import frechet_distance
from skyloom_training.metrics.inception_score import classifier_score
from skyloom_training.metrics.kernel import kernel_distance
from skyloom_training.metrics.precision_recall import precision_recall

SPLITS = 10


def feature_report(
    made: NDArray[np.floating],
    real: NDArray[np.floating],
    network: str,
    made_chances: NDArray[np.floating] | None = None,
) -> dict[str, Any]:
    """Fréchet and kernel distance, precision, recall, density, coverage of features [N, D] and [M, D] of ``network``.

    ``made_chances``: class probabilities [N, K] of the made pictures; then the inception-style score too. Only features
    of Inception-v3 make these FID and KID: hence the network's name.

    Raises:
        ValueError: see the metrics; sets of fewer than 6 features.
    """
    report: dict[str, Any] = {
        "network": network,
        "made": len(made),
        "real": len(real),
        "frechet": frechet_distance(made, real),
        "kernel": asdict(kernel_distance(made, real)),
    }
    for found in (asdict(precision_recall(made, real)), asdict(density_coverage(made, real))):
        shares = {name: value for name, value in found.items() if name not in ("real", "made", "k")}
        report |= shares | {f"k_{'_'.join(shares)}": found["k"]}
    if made_chances is not None:
        report["classifier_score"] = asdict(classifier_score(made_chances, min(SPLITS, len(made_chances))))
    return report


def picture_report(
    made: NDArray[np.uint8], real: NDArray[np.uint8], network: str = "efficientnet-lite2", side: int | None = None
) -> dict[str, Any]:
    """The same of pictures uint8 (N, H, W, 3) and (M, H, W, 3): :class:`FeatureNet` says what can go wrong."""
    net = FeatureNet(network, side)
    features, chances = net.both(made)
    return feature_report(features, net.features(real), network, chances) | {"side": net.side}
