"""The exponential moving average of a network's weights, which is what a run ships."""

from __future__ import annotations

import torch
from torch import nn


@torch.no_grad()
def follow(average: nn.Module, net: nn.Module, kept: float) -> None:
    """Move ``average`` toward ``net``: of each parameter it keeps a share of ``kept``, and buffers are copied."""
    for slow, fast in zip(average.parameters(), net.parameters(), strict=True):
        slow.lerp_(fast, 1 - kept)
    for old, new in zip(average.buffers(), net.buffers(), strict=True):
        old.copy_(new)


def kept_by_half_life(half_life: float, pictures: int) -> float:
    """Share that an average of ``half_life`` pictures keeps after ``pictures`` more."""
    return float(0.5 ** (pictures / max(half_life, 1e-8)))
