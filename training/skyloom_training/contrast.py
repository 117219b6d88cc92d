"""Contrast: how much brightness and blue vary between near places of a view, fine and broad, and from top to bottom."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

# Sides of the squares in which it is taken, as shares of a view's: fine structure, and cloud against sky.
SQUARES = (0.1, 0.35)
# Numbers of a view, in order: each square, then the slope, in luminance and in blue over red.
NAMES = ("luminance_fine", "blue_fine", "luminance_broad", "blue_broad", "luminance_slope", "blue_slope")


def contrasts(views: Tensor) -> Tensor:
    """Of luminance and of blue over red of views [N, 3, V, V]: logarithms of deviations in squares, and slopes: [N, 6].

    Deviations of whole views, channel by channel, may be those of photos while every edge is soft and every cloud a
    little blue: a discriminator takes that for haze. The logarithm lets skies of little contrast count as others do.
    Slopes are how much more there is at the bottom than at the top, by least squares: toward the horizon skies pale.
    """
    axes = torch.stack([views.mean(dim=1), views[:, 2] - views[:, 0]], dim=1).float()
    squares = [_within(axes, round(share * views.shape[-1])) for share in SQUARES]
    return torch.cat([*squares, _slopes(axes)], dim=1)


def _slopes(axes: Tensor) -> Tensor:
    """Least-squares change from the first row to the last [N, C]."""
    down = torch.linspace(-0.5, 0.5, axes.shape[-2], device=axes.device)
    return axes.mean(dim=3) @ down / down.square().sum()


def _within(axes: Tensor, side: int) -> Tensor:
    """Half the logarithm of the mean variance in squares of ``side`` pixels, [N, C]; half a level is none."""
    mean, square = (F.avg_pool2d(part, side, max(side // 2, 1)) for part in (axes, axes.square()))
    return torch.log((square - mean.square()).clamp(min=0).mean(dim=(2, 3)) + (0.5 / 127.5) ** 2) / 2
