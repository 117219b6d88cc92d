"""What latents place whatever the noise: banks and arches that stand in the same place in every sky of a latent."""

from __future__ import annotations

import torch

from skyloom_training import losses
from skyloom_training.export.frozen import class_centres
from skyloom_training.networks.generator import Generator


@torch.no_grad()
def placed_share(generator: Generator, count: int, psi: float = 0.7, seed: int = 97) -> float:
    """Share of the power around the zenith that two skies of a latent have in common, over ``count`` latents.

    The classes in turn. 0 where noise alone says where things are, 1 where it has no say. See
    :func:`skyloom_training.losses.placed`.
    """
    shape = generator.shape
    draw = torch.Generator().manual_seed(seed)
    index = torch.arange(count) % shape.classes
    z = torch.randn(count, shape.z_dim, generator=draw)
    centres = class_centres(generator)[index]
    w = centres + psi * (generator.mapping(z, torch.eye(shape.classes)[index]) - centres)
    pairs = []
    for one in w.split(1):
        noise = torch.randn(2, shape.noise_length, generator=draw)
        # As coarse as the loss looks: whole domes of all latents would take hundreds of megabytes.
        pairs.append(losses.pooled(generator.synthesis(one.expand(2, -1), noise), losses.FINE_SIDE))
    first, second = torch.stack(pairs, dim=1)
    return float(losses.placed(first, second))
