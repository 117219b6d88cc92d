"""Layers of the generator: equalised linear and convolution, and the modulated convolution with a constant weight."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LEAK = 0.2
# Keeps the variance of a leaky ReLU's output at that of its input.
ACTIVATION_GAIN = math.sqrt(2.0 / (1.0 + LEAK**2))


def activate(x: Tensor) -> Tensor:
    """Leaky ReLU that keeps the variance."""
    return F.leaky_relu(x, LEAK) * ACTIVATION_GAIN


def smooth(x: Tensor) -> Tensor:
    """Binomial 3x3 low-pass [1 2 1]/4 of pictures [N, 3, H, W].

    Bilinear enlargement leaves steps inside a pixel pair smaller than those between pairs, by a factor of about 1.4;
    this levels them (to 1.1), so that no lattice shows when the dome is enlarged.
    """
    line = torch.tensor([1.0, 2.0, 1.0], dtype=x.dtype, device=x.device) / 4
    kernel = (line[:, None] * line[None, :]).expand(x.shape[1], 1, 3, 3)
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), kernel, groups=x.shape[1])


def padded(x: Tensor, padding: int, edge: bool) -> tuple[Tensor, int]:
    """``x`` and the zeros that the convolution has yet to add: none, where the edge is repeated instead."""
    return (F.pad(x, (padding,) * 4, mode="replicate"), 0) if edge else (x, padding)


class Linear(nn.Module):
    """Equalised linear layer (Karras et al. 2018): weights ~ N(0, 1), scaled by 1/sqrt(fan-in) at run time.

    ``lr_multiplier`` slows the layer's learning by that factor without changing its output at the start.
    """

    def __init__(self, inputs: int, outputs: int, bias: float = 0.0, lr_multiplier: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / lr_multiplier)
        self.bias = nn.Parameter(torch.full((outputs,), bias / lr_multiplier))
        self.weight_gain = lr_multiplier / math.sqrt(inputs)
        self.bias_gain = lr_multiplier

    def forward(self, x: Tensor) -> Tensor:  # [N, inputs] -> [N, outputs]
        return F.linear(x, self.weight * self.weight_gain, self.bias * self.bias_gain)


class ModulatedConv(nn.Module):
    """x·s -> Conv(W) -> ·d with d = rsqrt(s²·ΣW² + eps): StyleGAN2's weight demodulation with a constant W.

    Scaling activations instead of weights gives the same numbers (Karras et al. 2020, section 2.2, reordered) and
    leaves W an initializer that a quantizer can find. s is divided by its rms first, which d undoes, so that
    activations keep their range.
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int, w_dim: int, noisy: bool = False, edge: bool = False
    ) -> None:
        super().__init__()
        # Clouds are textures of chance: noise gives fine detail something to grow from, channel by channel.
        self.noise_strength = nn.Parameter(0.2 * torch.randn(outputs)) if noisy else None
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.weight_gain = 1.0 / math.sqrt(inputs * kernel * kernel)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.style = Linear(w_dim, inputs, bias=1.0)
        self.padding = kernel // 2
        # Zeros around a small map tell each place where it is; its own edge repeated does not.
        self.edge = edge

    def forward(
        self, x: Tensor, w: Tensor, noise: Tensor | None = None, more: Tensor | None = None, gain: float = 1.0
    ) -> Tensor:
        """[N, I, H, W], [N, w_dim], noise [N, 1, H, W] -> [N, O, H, W], plus ``more`` of that shape, times ``gain``."""
        s, d = self.scales(w)
        x, padding = padded(x * s.to(x.dtype)[:, :, None, None], self.padding, self.edge)
        y = F.conv2d(x, self.weight * self.weight_gain, padding=padding)
        scale, bias = (d * gain).to(y.dtype)[:, :, None, None], (self.bias * gain).to(y.dtype)[None, :, None, None]
        if self.noise_strength is not None and noise is not None:
            bias = torch.addcmul(bias, noise.to(y.dtype), (self.noise_strength * gain).to(y.dtype)[None, :, None, None])
        if more is not None:
            bias = bias + more.to(y.dtype) * gain
        return torch.addcmul(bias, y, scale)

    def activated(self, x: Tensor, w: Tensor, noise: Tensor | None = None, more: Tensor | None = None) -> Tensor:
        """The convolution and :func:`activate`, whose gain costs nothing here: it commutes with a leaky ReLU."""
        return F.leaky_relu(self(x, w, noise, more, ACTIVATION_GAIN), LEAK)

    def scales(self, w: Tensor) -> tuple[Tensor, Tensor]:
        """Input scales s [N, I] and output scales d [N, O], always float32."""
        with torch.autocast(w.device.type, enabled=False):
            s = self.style(w.float())
            s = s * torch.rsqrt(s.square().mean(dim=1, keepdim=True) + 1e-8)
            energy = (self.weight.float() * self.weight_gain).square().sum(dim=(2, 3))  # [O, I]
            return s, torch.rsqrt(s.square() @ energy.t() + 1e-8)
