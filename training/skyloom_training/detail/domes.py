"""Patches of made domes: what the detail net is for, though nobody knows what they should look like enlarged."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from skyloom_training.detail.network import shrink
from skyloom_training.networks.layers import smooth

# How many domes a run sees; of 512 they take 350 MB.
DOMES = 110
# Of the disc's radius: a patch whose middle is inside shows sky.
INSIDE = 0.8


def dome_patches(domes: Tensor, count: int, size: int, rng: np.random.Generator) -> Tensor:
    """Random parts [count, 3, size, size] of domes [N, 3, S, S], their middles well inside the disc."""
    side, out = domes.shape[-1], []
    for index in rng.integers(0, len(domes), count):
        radius, angle = INSIDE * np.sqrt(rng.random()), rng.uniform(0, 2 * np.pi)
        middle = (np.array([np.sin(angle), np.cos(angle)]) * radius + 1) * side / 2
        top, left = np.clip(np.rint(middle - size / 2).astype(int), 0, side - size)
        out.append(domes[index, :, top : top + size, left : left + size])
    return torch.stack(out)


def kept(made: Tensor, small: Tensor, factor: int) -> Tensor:
    """Mean difference of enlarged patches, made small again, from what they were; low-passed, so speckles may go."""
    return F.l1_loss(smooth(shrink(made, factor)), smooth(small))
