"""A generator of the thesis' size and form: StyleGAN2 at 512x512, weights modulated at run time. Untrained: for time.

Written from the paper (Karras et al. 2020, sections 2 and 4.1, configuration F with channel base 32768): the styled
weights of every convolution are computed anew for each latent, which is what quantizers cannot see through.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

W_DIM, Z_DIM, CLASSES, BASE, WIDEST = 512, 512, 11, 32768, 512


class StyledConv(nn.Module):
    """w -> style; (W * style), demodulated, convolves x; twice the size with a [1 3 3 1] filter where ``up``."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, up: bool = False, demodulate: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel) / (inputs * kernel * kernel) ** 0.5)
        self.style = nn.Linear(W_DIM, inputs)
        nn.init.ones_(self.style.bias)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.up, self.demodulate, self.pad = up, demodulate, kernel // 2
        line = torch.tensor([1.0, 3.0, 3.0, 1.0])
        self.register_buffer("filter", (line[:, None] * line / 16).expand(outputs, 1, 4, 4).contiguous())

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        weight = self.weight * self.style(w).reshape(1, -1, 1, 1)
        if self.demodulate:
            weight = weight * torch.rsqrt(weight.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8)
        if self.up:
            x = F.conv_transpose2d(x, weight.transpose(0, 1), stride=2)
            x = F.conv2d(F.pad(x, (1, 1, 1, 1)), self.filter, groups=x.shape[1])
        else:
            x = F.conv2d(x, weight, padding=self.pad)
        return x + self.bias.reshape(1, -1, 1, 1)


class ThesisGenerator(nn.Module):
    """z [1, 512] and class [1, 11] -> picture [1, 3, 512, 512]; 30 million parameters, batch 1 as in the thesis."""

    def __init__(self, size: int = 512) -> None:
        super().__init__()
        sides = [4 * 2**i for i in range(size.bit_length() - 2)]
        channels = [min(WIDEST, BASE // side) for side in sides]
        self.embed = nn.Linear(CLASSES, Z_DIM)
        # Two layers: StyleGAN2-ADA's `auto` configuration at 512x512.
        self.mapping = nn.ModuleList(nn.Linear(a, W_DIM) for a in (2 * Z_DIM, W_DIM))
        self.constant = nn.Parameter(torch.randn(1, channels[0], 4, 4))
        self.first = StyledConv(channels[0], channels[0])
        self.grow = nn.ModuleList(StyledConv(a, b, up=True) for a, b in pairwise(channels))
        self.refine = nn.ModuleList(StyledConv(b, b) for b in channels[1:])
        self.colour = nn.ModuleList(StyledConv(c, 3, kernel=1, demodulate=False) for c in channels)

    def forward(self, z: Tensor, label: Tensor) -> Tensor:
        w = torch.cat([z, self.embed(label)], dim=1)
        for layer in self.mapping:
            # As StyleGAN2-ADA's activated layers multiply: a MatMul, where a linear layer's is a Gemm.
            w = F.leaky_relu(w @ layer.weight.t() + layer.bias, 0.2)
        x = F.leaky_relu(self.first(self.constant, w), 0.2)
        rgb = self.colour[0](x, w)
        for grow, refine, colour in zip(self.grow, self.refine, list(self.colour)[1:], strict=True):
            x = F.leaky_relu(refine(F.leaky_relu(grow(x, w), 0.2), w), 0.2)
            rgb = F.interpolate(rgb, scale_factor=2.0, mode="bilinear", align_corners=False) + colour(x, w)
        return torch.tanh(rgb)
