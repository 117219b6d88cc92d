"""StyleGAN2's residual discriminator: minibatch deviation, and classes by projection (Miyato & Koyama 2018)."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from skyloom_training.networks.layers import Linear, activate
from skyloom_training.networks.stylegan2 import StyleShape

# Pictures whose spread is looked at together; a batch holds whole groups, or is one smaller group.
GROUP = 4


class EqualConv(nn.Module):
    """Equalised convolution: weights ~ N(0, 1), scaled by 1/sqrt(fan-in) at run time; no change of size."""

    def __init__(self, inputs: int, outputs: int, kernel: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.gain = 1.0 / math.sqrt(inputs * kernel * kernel)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight * self.gain, self.bias, padding=self.weight.shape[-1] // 2)


class ResidualBlock(nn.Module):
    """[N, I, H, W] -> [N, O, H/2, W/2]: two convolutions beside a short cut, both halved by [1 3 3 1]."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = EqualConv(inputs, inputs, 3)
        self.second = EqualConv(inputs, outputs, 3)
        self.short = EqualConv(inputs, outputs, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = activate(self.second(halve(activate(self.first(x)))))
        # Two independent terms of equal size: this keeps the variance.
        return (y + self.short(halve(x))) * math.sqrt(0.5)


class ResidualDiscriminator(nn.Module):
    """Pictures [N, 3, S, S] in [-1, 1] and class weights [N, classes] -> logits [N, 1].

    logit = out(x) + transition * <project(x), mapping(class)> / sqrt(length). ``transition`` in [0, 1] lets an
    unconditional net become a conditional one by degrees (Shahbazi et al. 2022); 1 unless a transfer says otherwise.
    """

    transition: Tensor

    def __init__(self, shape: StyleShape) -> None:
        super().__init__()
        self.shape = shape
        channels, top = shape.channels[::-1], shape.channels[0]
        self.from_rgb = EqualConv(3, channels[0], 1)
        self.blocks = nn.ModuleList(ResidualBlock(a, b) for a, b in pairwise(channels))
        self.last = EqualConv(top + 1, top, 3)
        self.dense = Linear(top * 16, top)
        self.out = Linear(top, 1)
        self.register_buffer("transition", torch.ones(()))
        if shape.classes:
            self.mapping = Linear(shape.classes, shape.w_dim)
            self.project = Linear(top, shape.w_dim)

    def forward(self, x: Tensor, mix: Tensor) -> list[Tensor]:
        """A list of one logit, in the form of the discriminators that judge at several scales."""
        maps = self.features(x)
        x = activate(self.last(minibatch_deviation(maps[-1])))
        x = activate(self.dense(x.flatten(1)))
        logit = self.out(x).float()
        if self.shape.classes:
            by_class = (self.project(x) * self.mapping(mix)).float().sum(dim=1, keepdim=True)
            logit = logit + self.transition * by_class * self.shape.w_dim**-0.5
        return [logit]

    def features(self, x: Tensor) -> list[Tensor]:
        """Maps after the colour layer and after each block, fine first."""
        maps = [activate(self.from_rgb(x))]
        for block in self.blocks:
            maps.append(block(maps[-1]))
        return maps

    def trunk(self) -> list[nn.Module]:
        """Layers from the picture inward: what 'up to layer n' counts in transfer."""
        return [self.from_rgb, *self.blocks, nn.ModuleList([self.last, self.dense])]


def halve(x: Tensor) -> Tensor:
    """Half the side by the filter [1 3 3 1] in both directions, edges repeated."""
    line = torch.tensor([1.0, 3.0, 3.0, 1.0], dtype=x.dtype, device=x.device) / 8
    kernel = (line[:, None] * line[None, :]).expand(x.shape[1], 1, 4, 4)
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), kernel, stride=2, groups=x.shape[1])


def minibatch_deviation(x: Tensor, group: int = GROUP) -> Tensor:
    """x [N, C, H, W] -> [N, C + 1, H, W]: one more map with the mean deviation within each group (Karras et al. 2018).

    Neighbours in the batch form a group, so that a batch split over several processes has the same groups.

    Raises:
        ValueError: the batch is larger than a group and no multiple of it.
    """
    n, _, h, w = x.shape
    size = min(group, n)
    if n % size:
        raise ValueError(f"batch: {n} pictures do not form groups of {size}; expected a multiple of {size}")
    y = x.float().unflatten(0, (n // size, size))
    deviation = (y.var(dim=1, unbiased=False) + 1e-8).sqrt().mean(dim=(1, 2, 3))
    extra = deviation.repeat_interleave(size)[:, None, None, None].expand(-1, 1, h, w)
    return torch.cat([x, extra.to(x.dtype)], dim=1)
