"""Caps: how much of a sky's contrast is the zenith against what surrounds it, which is little in real skies."""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from skyloom.sphere.dome import THETA_MAX
from torch import Tensor
from torch.nn import functional as F

from skyloom_training import losses

# Zenith angles in degrees: how far a cap reaches, and from where to where the ring is that it is held against.
CAPS = ((15.0, 20.0, 40.0), (25.0, 32.0, 60.0), (40.0, 48.0, 72.0))
# Zenith angle up to which a sky's deviation is taken.
SKY = 75.0
# Side of the domes that are looked at, pixels.
SIDE = 64
# Contrast that a sky may have: of 264 procedural skies, 24 of each type, 3 % have more than 1 in any cap.
FREE = 0.7


def cap_contrasts(domes: Tensor) -> Tensor:
    """Luminance of each of :data:`CAPS` less that of its ring, in units of the sky's deviation: [N, 3].

    Domes [N, 3, S, S]. No gradient goes to the deviation, or a sky would grow harsher instead of more even.
    """
    caps, rings, sky = (part.to(domes.device) for part in _parts())
    values = losses.pooled(domes.mean(dim=1, keepdim=True), SIDE).flatten(1)
    deviation = values[:, sky].std(dim=1, keepdim=True).detach() + 0.02
    return (values @ caps - values @ rings) / deviation


def caps(domes: Tensor) -> Tensor:
    """Mean squared excess of :func:`cap_contrasts` over :data:`FREE`, summed over caps.

    A net that knows a place by its distance from the zenith draws a blue hole there, or all of its cloud, in every
    other sky. No view of 60 degrees tells, and a smooth change from zenith to horizon is no circle.
    """
    return F.relu(cap_contrasts(domes).abs() - FREE).square().mean(dim=0).sum()


def capped_share(domes: Tensor, most: float = 1.0) -> float:
    """Share of domes [N, 3, S, S] in which any of :func:`cap_contrasts` is beyond ``most``."""
    return float((cap_contrasts(domes).abs() > most).any(dim=1).float().mean())


@lru_cache
def _parts() -> tuple[Tensor, Tensor, Tensor]:
    """Caps and rings [64², 3], each of sum 1, and which places the deviation is of [64²]."""
    place = (2 * torch.arange(SIDE) + 1) / SIDE - 1
    radius = torch.hypot(place[None, :], place[:, None]).flatten()
    angle = torch.rad2deg(2 * torch.atan(radius * math.tan(THETA_MAX / 2)))
    inner = torch.stack([angle <= end for end, _, _ in CAPS], dim=1).float()
    outer = torch.stack([(angle >= start) & (angle <= end) for _, start, end in CAPS], dim=1).float()
    return inner / inner.sum(dim=0), outer / outer.sum(dim=0), angle <= SKY
