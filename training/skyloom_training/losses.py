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
