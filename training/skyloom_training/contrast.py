"""Local contrast: how much brightness and blue vary between near places of a view, fine and broad."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

# Sides of the squares in which it is taken, as shares of a view's: fine structure, and cloud against sky.
SQUARES = (0.1, 0.35)
# Numbers of a view: each square, in luminance and in blue over red.
NUMBERS = 2 * len(SQUARES)


def contrasts(views: Tensor) -> Tensor:
    """Logarithm of the deviations of luminance and of blue over red within squares of views [N, 3, V, V]: [N, 4].

    Deviations of whole views, channel by channel, may be those of photos while every edge is soft and every cloud a
    little blue: a discriminator takes that for haze. The logarithm lets skies of little contrast count as others do.
    """
    axes = torch.stack([views.mean(dim=1), views[:, 2] - views[:, 0]], dim=1).float()
    return torch.cat([_within(axes, round(share * views.shape[-1])) for share in SQUARES], dim=1)


def _within(axes: Tensor, side: int) -> Tensor:
    """Half the logarithm of the mean variance in squares of ``side`` pixels, [N, C]; half a level is none."""
    mean, square = (F.avg_pool2d(part, side, max(side // 2, 1)) for part in (axes, axes.square()))
    return torch.log((square - mean.square()).clamp(min=0).mean(dim=(2, 3)) + (0.5 / 127.5) ** 2) / 2
