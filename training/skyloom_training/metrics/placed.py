"""What latents place without noise: banks and rings that stand in every sky of a latent, whatever its noise."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from skyloom_training import losses
from skyloom_training.export.frozen import class_centres
from skyloom_training.networks.generator import Generator


@torch.no_grad()
def placed_levels(generator: Generator, count: int, psi: float = 0.7, seed: int = 97) -> NDArray[np.float64]:
    """Root mean square, in 8-bit levels, of what each of ``count`` latents places without noise (count,).

    The classes in turn. A smooth change toward the horizon does not count: see :func:`skyloom_training.losses.placed`.
    """
    shape = generator.shape
    index = torch.arange(count) % shape.classes
    z = torch.randn(count, shape.z_dim, generator=torch.Generator().manual_seed(seed))
    centres = class_centres(generator)[index]
    w = centres + psi * (generator.mapping(z, torch.eye(shape.classes)[index]) - centres)
    squares = [losses.placed(generator.synthesis.noiseless(one)).item() for one in w.split(1)]
    return 127.5 * np.sqrt(np.array(squares))
