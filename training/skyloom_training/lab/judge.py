"""The lab's measure: Fréchet and kernel distance of made to real pictures, in EfficientNet-Lite2's pooled features.

Lite2 trains nothing in the lab (projected heads and GLO use Lite0). It is not Inception: the figures are no FID or KID.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from skyloom_training.lab.loop import Lab
from skyloom_training.lab.nets import Nets
from skyloom_training.lab.pictures import Pictures
from skyloom_training.metrics.feature_sets import FeatureNet
from skyloom_training.metrics.frechet import frechet_distance
from skyloom_training.metrics.kernel import kernel_distance
from skyloom_training.networks.stylegan2 import class_mix
from skyloom_training.transfer.method import Transfer
from skyloom_training.views import CameraRange, random_cameras, render_views


class Judge:
    """Compares with ``samples`` real pictures of ``side``, or all where there are fewer, enlarged to ``seen``.

    The real ones' features are kept in ``cache``.
    """

    def __init__(
        self, pictures: Pictures, side: int, samples: int, seen: int, cache: Path | None = None, device: str = "cpu"
    ) -> None:
        self.pictures, self.side = pictures, side
        self.net = FeatureNet("efficientnet-lite2", seen, device)
        self.real = min(samples, len(pictures))
        self.samples = samples
        self.indices = np.random.default_rng(13).permutation(len(pictures))[: self.real]
        self.features = self._cached(cache)

    def __call__(self, lab: Lab) -> dict[str, float]:
        """Distances of the averaged generator's pictures: ``frechet`` and ``kernel``."""
        return self.distances(self.net.features(pixels(sample(lab, self.samples))))

    def distances(self, made: NDArray[np.float64]) -> dict[str, float]:
        """Of features [N, D] to the real ones."""
        return {
            "frechet": float(frechet_distance(made, self.features)),
            "kernel": float(kernel_distance(made, self.features)),
        }

    def floor(self) -> dict[str, float]:
        """Distances of other crops of the same photos: what a perfect generator would come near."""
        crops = self.pictures.crops(self.indices, self.side, np.random.default_rng(14))
        return self.distances(self.net.features(crops))

    def _cached(self, cache: Path | None) -> NDArray[np.float64]:
        if cache is not None and cache.exists():
            return np.asarray(np.load(cache), np.float64)
        features = self.net.features(self.pictures.fixed(self.indices, self.side))
        if cache is not None:
            cache.parent.mkdir(parents=True, exist_ok=True)
            # Several runs may do this at once: each writes its own file, the last rename wins, and all are equal.
            beside = cache.with_name(f"{cache.stem}.{os.getpid()}.npy")
            np.save(beside, features)
            os.replace(beside, cache)
        return features


def sample(lab: Lab, count: int, psi: float = 1.0, seed: int = 17) -> Tensor:
    """Pictures [N, 3, S, S] of the averaged generator as the discriminator would see them, classes as in the photos."""
    rng = np.random.default_rng(seed)
    labels = lab.pictures.labels[rng.integers(0, len(lab.pictures), count)]
    return draw_pictures(lab.nets, lab.method, lab.mix(labels), lab.device, view=lab_view(lab), psi=psi, seed=seed)


def lab_view(lab: Lab) -> int:
    """Side of the dome camera's views, 0 for the flat camera."""
    return lab.options.view_size if lab.options.camera == "dome" else 0


@torch.no_grad()
def draw_pictures(
    nets: Nets, method: Transfer, mix: Tensor, device: torch.device, view: int = 0, psi: float = 1.0, seed: int = 17
) -> Tensor:
    """One picture for each row of class weights [N, classes]; the same for the same seed."""
    shape, draw, parts = nets.average.shape, torch.Generator().manual_seed(seed), []
    for some in mix.split(64):
        z = torch.randn(len(some), shape.z_dim, generator=draw).to(device)
        noise = torch.randn(len(some), shape.noise_length, generator=draw).to(device)
        made = nets.average(method.latents(z, some), some, noise, psi)
        if view:
            made = render_views(made, random_cameras(len(some), CameraRange(), draw, device), view)
        parts.append(made.clamp(-1, 1).cpu())
    return torch.cat(parts)


def sheet(lab: Lab, columns: int = 12, psi: float = 1.0) -> NDArray[np.uint8]:
    """Sample pictures, RGB: a row a class, or four rows where there are none."""
    rows = lab.classes or 4
    labels = torch.arange(rows).repeat_interleave(columns).to(lab.device)
    mix = class_mix(labels, lab.classes)
    made = draw_pictures(lab.nets, lab.method, mix, lab.device, lab_view(lab), psi)
    side = made.shape[-1]
    grid = pixels(made).reshape(rows, columns, side, side, 3).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(grid.reshape(rows * side, columns * side, 3))


def pixels(pictures: Tensor) -> NDArray[np.uint8]:
    """[N, 3, H, W] in [-1, 1] -> uint8 (N, H, W, 3)."""
    return np.asarray(((pictures + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).numpy())
