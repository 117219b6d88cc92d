"""Perceptual path length in W (Karras et al. 2019): how far a small step moves a picture in a network's features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from skyloom_training.networks.features import Features

# Share of the shortest and of the longest steps that are left out, as in the paper.
TRIM = 0.01


@dataclass(frozen=True)
class PathLength:
    """Mean, standard error, pairs that went in after trimming, and the step."""

    mean: float
    error: float
    pairs: int
    step: float


class PerceptualFeatures:
    """Float pictures [N, 3, H, W] in [-1, 1] -> [N, D] whose squared distance is perceptual.

    That of LPIPS (Zhang et al. 2018) without learned weights: at four scales, features of unit length in each place;
    the squared difference is averaged over places and summed over scales. Networks: EfficientNet-Lite0, 1 and 2.
    """

    def __init__(self, name: str = "efficientnet-lite2", side: int = 128) -> None:
        taps = (2, 4, 10, 15) if name == "efficientnet-lite0" else (3, 6, 14, 20)
        self.name, self.side = name, side
        self._net = Features(name, taps)

    def __call__(self, pictures: Tensor) -> Tensor:
        """Differentiable; pictures are resized first, bicubic and antialiased."""
        x = F.interpolate(pictures, (self.side, self.side), mode="bicubic", antialias=True, align_corners=False)
        parts = []
        for level in self._net(x)[0]:
            places = level.shape[2] * level.shape[3]
            parts.append((F.normalize(level, dim=1) / places**0.5).flatten(1))
        return torch.cat(parts, dim=1)


@torch.no_grad()
def path_length(
    draw: Callable[[Tensor], Tensor],
    w: Tensor,
    features: Callable[[Tensor], Tensor],
    step: float = 1e-4,
    seed: int = 0,
    batch: int = 8,
) -> PathLength:
    """E[d(G(lerp(a, b, t)), G(lerp(a, b, t + step))) / step²], t in [0, 1], over pairs of latents ``w`` [2 N, ...].

    ``draw``: latents -> pictures [n, 3, H, W] in [-1, 1], floating point, the same for the same latents (noise fixed).
    ``features``: pictures -> [n, D]; d is their squared distance.

    Raises:
        ValueError: fewer than two latents, a step that is not in (0, 1), or pictures or features that are not finite.
    """
    if len(w) < 2 or not 0 < step < 1:
        raise ValueError(f"w and step: {len(w)} latents and {step:g}; expected two or more, and a step between 0 and 1")
    pairs = len(w) // 2
    t = torch.rand(pairs, generator=torch.Generator().manual_seed(seed)).to(w)
    t = t.reshape(-1, *[1] * (w.ndim - 1))
    starts, ends = w[0 : 2 * pairs : 2], w[1 : 2 * pairs : 2]
    parts = []
    for first in range(0, pairs, batch):
        part = slice(first, first + batch)
        here = torch.lerp(starts[part], ends[part], t[part])
        there = torch.lerp(starts[part], ends[part], t[part] + step)
        # One batch for both, so that nothing but the step tells them apart.
        a, b = features(draw(torch.cat([here, there]))).double().chunk(2)
        parts.append((a - b).square().sum(dim=1) / step**2)
    lengths = torch.cat(parts)
    if not bool(torch.isfinite(lengths).all()):
        raise ValueError("path length: pictures or features are not finite")
    low, high = torch.quantile(lengths, torch.tensor([TRIM, 1 - TRIM], dtype=lengths.dtype))
    kept = lengths[(lengths >= low) & (lengths <= high)]
    error = float(kept.std() / len(kept) ** 0.5) if len(kept) > 1 else 0.0
    return PathLength(float(kept.mean()), error, len(kept), step)
