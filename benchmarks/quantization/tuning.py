"""Quantization-aware fine-tuning, a short one: the net learns to make its own float domes with rounded numbers.

Weights and the inputs of every convolution but the colour layers are rounded on the way forward, as ONNX Runtime will
round them, and passed through on the way back (straight-through: Bengio et al. 2013; Jacob et al. 2018, section 3).
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from skyloom_training.export.evening import evened_synthesis
from skyloom_training.export.frozen import FrozenConv, FrozenSynthesis
from skyloom_training.networks.generator import Generator
from torch import Tensor, nn
from torch.nn import functional as F

# A rounding step of a weight is some 1e-3: the rate lets a weight move by about one in all.
STEPS, RATE = 30, 2e-5


class RoundedConv(nn.Module):
    """A convolution with int8 weights, a scale an output channel, and uint8 inputs over a range seen before."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        self.conv = conv
        self.watching = True
        self.register_buffer("low", torch.zeros(()))
        self.register_buffer("high", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        if self.watching:
            self.low, self.high = torch.minimum(self.low, x.min()), torch.maximum(self.high, x.max())
            return self.conv(x)
        scale = ((self.high - self.low) / 255).clamp_min(1e-12)
        zero = torch.round(-self.low / scale).clamp(0, 255)
        x = torch.fake_quantize_per_tensor_affine(x, scale, zero.int(), 0, 255)
        weight = self.conv.weight
        scales = (weight.detach().abs().amax(dim=(1, 2, 3)) / 127).clamp_min(1e-12)
        zeros = torch.zeros_like(scales, dtype=torch.int32)
        weight = torch.fake_quantize_per_channel_affine(weight, scales, zeros, 0, -127, 127)
        return F.conv2d(x, weight, self.conv.bias, padding=self.conv.padding)


def fine_tuned(generator: Generator, steps: int = STEPS) -> tuple[FrozenSynthesis, list[float]]:
    """A synthesis whose weights bear rounding better, and the loss of every step (mean squared error of the domes)."""
    teacher = evened_synthesis(generator)
    student = copy.deepcopy(teacher)
    rounded = _round(student)
    draw = torch.Generator().manual_seed(21)
    with torch.no_grad():
        for _ in range(8):
            student(*_latents(generator, draw, 2))
    for layer in rounded:
        layer.watching = False
    # Only weights; the energies of the demodulation stay constants, as the steps see them.
    weights = [layer.conv.weight.requires_grad_(True) for layer in rounded]
    optimizer = torch.optim.Adam(weights, lr=RATE)
    losses = []
    for _ in range(steps):
        inputs = _latents(generator, draw, 2)
        with torch.no_grad():
            wanted = teacher(*inputs)
        loss = F.mse_loss(student(*inputs), wanted)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    for module in student.modules():
        if isinstance(module, FrozenConv) and isinstance(module.conv, RoundedConv):
            module.conv = module.conv.conv
    return student.eval().requires_grad_(False), losses


def _round(student: nn.Module) -> list[RoundedConv]:
    layers = []
    for module in student.modules():
        if isinstance(module, FrozenConv):
            layer = RoundedConv(module.conv)
            module.conv = layer  # type: ignore[assignment]
            layers.append(layer)
    return layers


def _latents(generator: Generator, draw: torch.Generator, count: int) -> tuple[Any, Any]:
    shape = generator.shape
    mix = torch.eye(shape.classes)[torch.randint(shape.classes, (count,), generator=draw)]
    with torch.no_grad():
        w = generator.mapping(torch.randn(count, shape.z_dim, generator=draw), mix)
    return w, torch.randn(count, shape.noise_length, generator=draw)
