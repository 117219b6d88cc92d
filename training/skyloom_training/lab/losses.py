"""Losses of StyleGAN2, one function a formula; logits come as a list, one entry a scale of the discriminator."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from skyloom_training.losses import hinge_discriminator, hinge_generator


def logistic_discriminator(real: list[Tensor], made: list[Tensor]) -> Tensor:
    """softplus(-D(real)) + softplus(D(made)), mean over a scale's logits, summed over scales (Goodfellow 2014)."""
    return torch.stack([F.softplus(-r).mean() + F.softplus(m).mean() for r, m in zip(real, made, strict=True)]).sum()


def logistic_generator(made: list[Tensor]) -> Tensor:
    """Non-saturating: softplus(-D(made)), mean over a scale's logits, summed over scales."""
    return torch.stack([F.softplus(-m).mean() for m in made]).sum()


def r1(logits: list[Tensor], pictures: Tensor) -> Tensor:
    """|dD/dx|²/2, mean over pictures [N, 3, H, W] that require gradients (Mescheder et al. 2018, gamma outside)."""
    total = torch.stack([logit.sum() for logit in logits]).sum()
    (gradient,) = torch.autograd.grad(total, pictures, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean() / 2


def path_lengths(pictures: Tensor, ws: Tensor, noise: Tensor) -> Tensor:
    """|J^T y| for random pictures y ~ ``noise`` N(0, 1): [N] (Karras et al. 2020, section 3.2).

    ``ws`` [N, layers, W]; squares are summed over W and averaged over layers.
    """
    h, w = pictures.shape[2:]
    y = noise / (h * w) ** 0.5
    (gradient,) = torch.autograd.grad((pictures * y).sum(), ws, create_graph=True)
    return gradient.square().sum(dim=2).mean(dim=1).sqrt()


# The discriminator's and the generator's loss by the name of the option.
ADVERSARIAL = {
    "logistic": (logistic_discriminator, logistic_generator),
    "hinge": (hinge_discriminator, hinge_generator),
}
