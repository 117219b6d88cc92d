"""Losses, one function a formula."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def hinge_discriminator(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """Hinge loss of the discriminator, mean over the logits of a scale, summed over scales (Lim & Ye 2017)."""
    return torch.stack([F.relu(1 - r).mean() + F.relu(1 + f).mean() for r, f in zip(real, fake, strict=True)]).sum()


def hinge_generator(fake: list[Tensor]) -> Tensor:
    """Hinge loss of the generator, summed over scales."""
    return torch.stack([-f.mean() for f in fake]).sum()


def out_of_range(x: Tensor) -> Tensor:
    """Mean squared excess of |x| over 1: keeps the sum of colour layers where a picture can show it."""
    return F.relu(x.abs() - 1).square().mean()


def hue_drift(coarse: Tensor, free: float = 0.1) -> Tensor:
    """Mean squared excess over ``free`` of the difference in chroma between one side of a dome and the others.

    Views are judged one by one, so nothing else keeps a sky from being a sunset in the north and noon in the south.
    Domes pooled to [N, 3, 16, 16], compared with themselves turned by quarter circles, which keeps the zenith angle.
    """
    chroma = coarse - coarse.mean(dim=1, keepdim=True)
    turns = [F.relu((chroma - torch.rot90(chroma, k, (2, 3))).abs() - free).square().mean() for k in (1, 2)]
    return torch.stack(turns).sum()


def lasting_asymmetry(coarse: Tensor, average: Tensor) -> Tensor:
    """Pushes the mean dome [3, 16, 16] (a running average, updated by the caller) toward its own quarter turns.

    ``coarse`` are domes pooled to [N, 3, 16, 16]. The gradient is that of |M - turned mean of M|^2 / 2: it removes what
    stands in the same place in every sky, and leaves alone what differs from sky to sky.
    """
    turned = torch.stack([torch.rot90(average, k, (1, 2)) for k in range(4)]).mean(dim=0)
    return (coarse.mean(dim=0) * (average - turned)).mean()
