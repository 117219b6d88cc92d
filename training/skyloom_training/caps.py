"""Caps: how much of a sky's contrast is the zenith against what surrounds it, which is little in real skies."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F

from skyloom_training import losses
from skyloom_training.plane import zenith_angles

# Zenith angles in degrees: how far a cap reaches, and from where to where the ring is that it is held against.
CAPS = ((15.0, 20.0, 40.0), (25.0, 32.0, 60.0), (40.0, 48.0, 72.0), (50.0, 58.0, 80.0))
# Zenith angle up to which a sky's deviations are taken.
SKY = 80.0
# Side of the domes that are looked at, and of the squares in which detail is taken, pixels.
SIDE, SQUARE = 128, 9
# Contrast that a sky may have, in deviations, and how many times the detail: e to the power of this.
FREE, FREE_DETAIL = 0.7, 0.5


def cap_contrasts(domes: Tensor) -> Tensor:
    """Each of :data:`CAPS` less its ring, in luminance and in blue over red, by the sky's deviations: [N, 2, 4].

    Domes [N, 3, S, S]. No gradient goes to the deviation, or a sky would grow harsher instead of more even.
    """
    inner, outer, sky = (part.to(domes.device) for part in _parts())
    small = losses.pooled(domes, SIDE)
    values = torch.stack([small.mean(dim=1), small[:, 2] - small[:, 0]], dim=1).flatten(2)
    deviation = values[:, :, sky].std(dim=2, keepdim=True).detach() + 0.02
    return (values @ inner - values @ outer) / deviation


def cap_details(domes: Tensor) -> Tensor:
    """Logarithm of how many times the detail of its ring each of :data:`CAPS` has: [N, 4].

    Detail is the deviation of luminance in squares of some 15 degrees: a net that may not have its cloud brighter than
    the sky around it makes that sky pale.
    """
    inner, outer, _ = (part.to(domes.device) for part in _parts())
    luminance = losses.pooled(domes.mean(dim=1, keepdim=True), SIDE)
    mean, square = (F.avg_pool2d(part, SQUARE, 1, SQUARE // 2) for part in (luminance, luminance.square()))
    detail = (square - mean.square()).clamp(min=1e-6).sqrt().flatten(1)
    return torch.log((detail @ inner + 0.01) / (detail @ outer + 0.01))


def caps(domes: Tensor) -> Tensor:
    """Mean squared excess of contrasts over :data:`FREE` and of details over :data:`FREE_DETAIL`, summed over caps.

    A net that knows a place by its distance from the zenith draws a blue hole there, or all of its cloud, in every
    other sky. No view of 60 degrees tells, and a smooth change from zenith to horizon is no circle.
    """
    contrast = F.relu(cap_contrasts(domes).abs() - FREE).square().sum(dim=(1, 2))
    return (contrast + F.relu(cap_details(domes).abs() - FREE_DETAIL).square().sum(dim=1)).mean()


def capped_share(domes: Tensor, most: float = 1.0) -> float:
    """Share of domes [N, 3, S, S] in which any of :func:`cap_contrasts` is beyond ``most``."""
    return float((cap_contrasts(domes).abs() > most).flatten(1).any(dim=1).float().mean())


@lru_cache
def _parts() -> tuple[Tensor, Tensor, Tensor]:
    """Caps and rings [128², 4], each of sum 1, and which places deviations are of [128²]."""
    angle = torch.rad2deg(zenith_angles(SIDE)).flatten()
    inner = torch.stack([angle <= end for end, _, _ in CAPS], dim=1).float()
    outer = torch.stack([(angle >= start) & (angle <= end) for _, start, end in CAPS], dim=1).float()
    return inner / inner.sum(dim=0), outer / outer.sum(dim=0), angle <= SKY
