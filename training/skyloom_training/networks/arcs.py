"""Noise in the shape of trails: great circles across the dome, from a few normal numbers for each."""

from __future__ import annotations

import math

import torch
from skyloom.sphere.dome import THETA_MAX
from torch import Tensor, nn

from skyloom_training.networks.layers import Linear

# Normal numbers of one arc: normal of its great circle (3), direction along it (3), width, strength and where it ends.
NUMBERS = 9
# Median half width on the dome's plane, whose radius at the horizon is 1: 0.01 is 0.6 degrees at the horizon, and
# twice that at the zenith.
WIDTH = 0.012
# A ridge is at least so many pixels wide, or it falls between them.
LEAST_PIXELS = 1.1


def arc_map(numbers: Tensor, side: int) -> Tensor:
    """Arcs of ``numbers`` [N, 9 K] on a dome of ``side`` pixels: [N, 1, side, side], 0 or more, a sum of K ridges.

    A straight trail at any height lies in a plane through the viewer, so it is an arc of a great circle; equally likely
    planes are a unit vector n of three normal numbers. On the stereographic plane, with the horizon at radius 1, a
    direction d is at (X, Z) with (1 + r²) d = (2X, 1 - r², 2Z), so (1 + r²) (n·d) is a sum of a row and a column, and
    half of it is about the distance from the arc on the plane: trails grow thin toward the horizon, as in perspective.
    Without noise (all numbers 0) the map is the same everywhere.
    """
    v = numbers.float().reshape(numbers.shape[0], -1, NUMBERS)
    normal, along = _unit(v[..., :3]), v[..., 3:6]
    along = _unit(along - (along * normal).sum(dim=-1, keepdim=True) * normal)
    least = LEAST_PIXELS * 2 / side * math.tan(THETA_MAX / 2)
    width = (WIDTH * torch.exp(0.6 * v[..., 6])).clamp(min=least)
    strength, end = torch.sigmoid(3 * (v[..., 7] - 0.3)), v[..., 8] - 0.8
    away = _times_direction(normal, torch.zeros_like(end), side) / 2
    shown = torch.sigmoid(8 * _times_direction(along, end, side))
    ridges = torch.exp(-(away / width[..., None, None]).square()) * shown * strength[..., None, None]
    return ridges.sum(dim=1, keepdim=True)


def _times_direction(vector: Tensor, level: Tensor, side: int) -> Tensor:
    """(1 + r²) (vector·d - level) at every pixel, for vectors [N, K, 3] and levels [N, K]: [N, K, side, side]."""
    line = (((2 * torch.arange(side, device=vector.device) + 1) / side - 1) * math.tan(THETA_MAX / 2)).to(vector)
    x, y, z = (vector[..., i, None] for i in range(3))
    level = level[..., None]
    row = 2 * x * line - (y + level) * line.square()
    column = 2 * z * line - (y + level) * line.square() + y - level
    return row[..., None, :] + column[..., :, None]


def _unit(vector: Tensor) -> Tensor:
    return vector * torch.rsqrt(vector.square().sum(dim=-1, keepdim=True) + 1e-8)


class Arcs(nn.Module):
    """What each channel takes of the arcs, which w decides: a contrail's w asks for them, a stratus' does not."""

    def __init__(self, w_dim: int, channels: int) -> None:
        super().__init__()
        self.gain = Linear(w_dim, channels)
        nn.init.zeros_(self.gain.weight)

    def forward(self, w: Tensor, arcs: Tensor) -> Tensor:
        """w [N, w_dim], arcs [N, 1, S, S] -> [N, channels, S, S], to be added before an activation."""
        return self.gain(w)[:, :, None, None] * arcs.to(w.dtype)


def drawn(layer: nn.Module | None, w: Tensor, numbers: Tensor, side: int) -> Tensor | None:
    """What ``layer`` takes of the arcs of ``numbers`` at ``side`` pixels; nothing without a layer."""
    return None if layer is None else layer(w, arc_map(numbers, side))
