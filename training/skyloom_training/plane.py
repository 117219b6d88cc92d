"""The dome's stereographic plane: how far its pixels are from the middle, and how far in the sky that is."""

from __future__ import annotations

import math

import torch
from skyloom.sphere.dome import THETA_MAX
from torch import Tensor


def square_radius(side: int) -> Tensor:
    """r² of each pixel of a dome [side, side], 1 at the rim of its disc."""
    place = (2 * torch.arange(side) + 1) / side - 1
    return place[:, None] ** 2 + place[None, :] ** 2


def ring_radius(zenith_angles: Tensor) -> Tensor:
    """Radius on the plane of rings at zenith angles in radians, 1 at the rim."""
    return torch.tan(zenith_angles / 2) / math.tan(THETA_MAX / 2)


def zenith_angles(side: int) -> Tensor:
    """Zenith angle of each pixel of a dome in radians [side, side]; beyond the rim more than :data:`THETA_MAX`."""
    return 2 * torch.atan(square_radius(side).sqrt() * math.tan(THETA_MAX / 2))
