"""Differentiable augmentation of real and made views alike: flip, translation, mild colour (Zhao et al. 2020)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def augment(x: Tensor, generator: torch.Generator, shift: float = 0.125, colour: float = 0.15) -> Tensor:
    """Pictures [N, 3, H, W] in [-1, 1] -> the same shape; ``shift`` in widths, ``colour`` the largest change.

    Brightness, saturation and contrast change a little only, since hue and tone are what tells one sky from another.
    """
    n = x.shape[0]
    u = torch.rand(n, 6, generator=generator).to(x.device)
    r = (2 * u - 1)[:, :, None, None, None]
    # Whole pixels: a fraction of one would blur away the grain that photos have.
    sides = torch.tensor([x.shape[3], x.shape[2]], device=x.device)
    moved = torch.round(shift * r[:, :2, 0, 0, 0] * sides) / sides
    mirror = torch.where(u[:, 5] < 0.5, -1.0, 1.0)
    zero, one = torch.zeros_like(mirror), torch.ones_like(mirror)
    top = torch.stack([mirror, zero, 2 * moved[:, 0]], dim=1)
    low = torch.stack([zero, one, 2 * moved[:, 1]], dim=1)
    grid = F.affine_grid(torch.stack([top, low], dim=1), list(x.shape), align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    x = x + colour * r[:, 2]
    grey = x.mean(dim=1, keepdim=True)
    x = grey + (x - grey) * (1 + 2 * colour * r[:, 3])
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    return mean + (x - mean) * (1 + colour * r[:, 4])
