"""Is made detail worth it? Held-out photos made small and large again, by the net and by Lanczos."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from skyloom_training.data.ccsn import CODES, Photos
from skyloom_training.detail.network import DetailNet
from skyloom_training.metrics.feature_sets import FeatureNet
from skyloom_training.metrics.frechet import frechet_distance
from skyloom_training.metrics.kernel import kernel_distance

# Neither is used in training the net.
JUDGES = ("efficientnet-lite1", "efficientnet-lite2")
SIDE = 200


@dataclass(frozen=True)
class DetailReport:
    """Per way of enlarging (net, lanczos): PSNR in dB, and Fréchet and kernel distance to the sharp photos by judge.

    ``invented`` is the standard deviation, in levels of 255, of what each way adds to the finest octave of the
    smoothest photos (nimbostratus and stratus), and ``real`` what is there in the photos themselves.
    """

    pictures: int
    psnr: dict[str, float]
    frechet: dict[str, dict[str, float]]
    kernel: dict[str, dict[str, float]]
    invented: dict[str, float]
    real: float


@torch.no_grad()
def evaluate_detail(
    net: DetailNet, photos: Photos, crops: int = 3, seed: int = 0, judges: tuple[str, ...] = JUDGES
) -> DetailReport:
    """Crops of 200 x 200 of held-out photos, averaged to a quarter, enlarged again, compared with what they were."""
    rng = np.random.default_rng(seed)
    sharp, labels = _crops(photos, crops, rng)
    factor = net.shape.factor
    small = np.stack([cv2.resize(p, (SIDE // factor, SIDE // factor), interpolation=cv2.INTER_AREA) for p in sharp])
    x = torch.from_numpy(small.astype(np.float32).transpose(0, 3, 1, 2)) / 127.5 - 1
    made = torch.cat([net(part) for part in x.split(16)]).clamp(-1, 1)
    ways = {
        "net": ((made + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy(),
        "lanczos": np.stack([cv2.resize(p, (SIDE, SIDE), interpolation=cv2.INTER_LANCZOS4) for p in small]),
    }
    smooth = np.isin(labels, [CODES.index(code) for code in ("Ns", "St")])
    report = DetailReport(
        pictures=len(sharp),
        psnr={name: _psnr(way, sharp) for name, way in ways.items()},
        frechet={},
        kernel={},
        invented={name: _finest(way[smooth]) for name, way in ways.items()},
        real=_finest(sharp[smooth]),
    )
    for judge in judges:
        network = FeatureNet(judge)
        real = network.features(sharp)
        of = {name: network.features(way) for name, way in ways.items()}
        report.frechet[judge] = {name: float(frechet_distance(x, real)) for name, x in of.items()}
        report.kernel[judge] = {name: float(kernel_distance(x, real)) for name, x in of.items()}
    return report


def _crops(photos: Photos, count: int, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    usable = np.flatnonzero(photos.sky >= SIDE)
    out = []
    for index in np.repeat(usable, count):
        top = rng.integers(0, photos.sky[index] - SIDE + 1)
        left = rng.integers(0, photos.pixels.shape[2] - SIDE + 1)
        out.append(photos.pixels[index, top : top + SIDE, left : left + SIDE])
    return np.stack(out), np.repeat(photos.labels[usable], count)


def _psnr(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Mean over pictures of the PSNR in dB, peak 255."""
    errors = ((a.astype(np.float32) - b.astype(np.float32)) ** 2).mean(axis=(1, 2, 3))
    return float(np.mean(10 * np.log10(255**2 / np.maximum(errors, 1e-3))))


def _finest(pictures: NDArray[np.uint8]) -> float:
    """Standard deviation of the finest octave of grey, in levels."""
    grey = pictures.astype(np.float32).mean(axis=3)
    fine = np.stack([g - cv2.GaussianBlur(g, (0, 0), 1.5) for g in grey])
    return float(fine.std())
