"""Hyper-modulation: a frozen generator whose every convolution weight is modulated by a class (Laria et al. 2022).

W_c = W ⊙ (1 + γ(c)) + β(c), with γ and β one number a pair of channels, linear in a learnt vector of the class. The
vector travels behind w: [N, layers, w_dim + task_dim].
"""

from __future__ import annotations

import copy
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from skyloom_training.networks.generator import RgbLayer
from skyloom_training.networks.layers import ACTIVATION_GAIN, LEAK, Linear, ModulatedConv
from skyloom_training.networks.stylegan2 import StyleGenerator, StyleMapping


class HyperMapping(nn.Module):
    """The source's mapping, frozen, and behind its w the class's vector: [N, w_dim + task_dim]."""

    def __init__(self, base: StyleMapping, classes: int, task_dim: int) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.task = Linear(classes, task_dim)
        # Classes enter one at a time, so that the usual division by the root of their number would dwarf the vector.
        self.task.weight_gain = 1.0

    def forward(self, z: Tensor, mix: Tensor) -> Tensor:
        return torch.cat([self.base(z, mix[:, :0]), self.task(mix)], dim=1)

    def truncate(self, w: Tensor, psi: float) -> Tensor:
        """Truncates w and leaves the class."""
        length = len(self.base.w_avg)
        return torch.cat([self.base.truncate(w[:, :length], psi), w[:, length:]], dim=1)

    def track(self, w: Tensor, decay: float = 0.998) -> None:
        """Nothing: the mapping is frozen, and so is its mean."""


class Modulation(nn.Module):
    """Class vectors [N, task_dim] and a weight [O, I, k, k] -> weights [N, O, I, k, k]."""

    def __init__(self, outputs: int, inputs: int, task_dim: int, scale: float) -> None:
        super().__init__()
        self.size = (outputs, inputs, 1, 1)
        self.gamma = Linear(task_dim, outputs * inputs)
        self.beta = Linear(task_dim, outputs * inputs)
        for layer in (self.gamma, self.beta):
            layer.weight.data.mul_(scale)

    def forward(self, weight: Tensor, task: Tensor) -> Tensor:
        gamma, beta = (layer(task).unflatten(1, self.size) for layer in (self.gamma, self.beta))
        return weight * (1 + gamma) + beta


def apart(net: StyleGenerator) -> Tensor:
    """Mean square of all classes' γ and β: how far modulated weights are from the source's, layers counted alike."""
    assert isinstance(net.mapping, HyperMapping)
    tasks = net.mapping.task(torch.eye(net.shape.classes, device=net.mapping.task.weight.device))
    parts = [
        layer(tasks).square().mean()
        for module in net.synthesis.modules()
        if isinstance(module, Modulation)
        for layer in (module.gamma, module.beta)
    ]
    return torch.stack(parts).mean()


class HyperConv(nn.Module):
    """A modulated convolution whose weight depends on the class; for the calls of ModulatedConv."""

    def __init__(self, base: ModulatedConv, task_dim: int, scale: float) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        outputs, inputs = base.weight.shape[:2]
        self.modulation = Modulation(outputs, inputs, task_dim, scale)

    def activated(self, x: Tensor, w: Tensor, noise: Tensor | None = None) -> Tensor:
        """Convolution and leaky ReLU."""
        base, length = self.base, self.base.style.weight.shape[1]
        with torch.autocast(w.device.type, enabled=False):
            s = base.style(w[:, :length].float())
            s = s * torch.rsqrt(s.square().mean(dim=1, keepdim=True) + 1e-8)
            weight = self.modulation(base.weight.float(), w[:, length:].float()) * base.weight_gain
            # Demodulation as in ModulatedConv.scales, by the weights of each picture's class.
            energy = torch.einsum("ni,noi->no", s.square(), weight.square().sum(dim=(3, 4)))
            d = torch.rsqrt(energy + 1e-8)
        y = each_its_own(x * s.to(x.dtype)[:, :, None, None], weight, base.padding)
        y = y * d.to(y.dtype)[:, :, None, None] + base.bias.to(y.dtype)[None, :, None, None]
        if base.noise_strength is not None and noise is not None:
            y = y + noise.to(y.dtype) * base.noise_strength.to(y.dtype)[None, :, None, None]
        return F.leaky_relu(y, LEAK) * ACTIVATION_GAIN


class HyperRgb(nn.Module):
    """A colour layer whose weight depends on the class; for the calls of RgbLayer."""

    def __init__(self, base: RgbLayer, task_dim: int, scale: float) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        outputs, inputs = base.conv.weight.shape[:2]
        self.modulation = Modulation(outputs, inputs, task_dim, scale)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        base, length = self.base, self.base.style.weight.shape[1]
        # β is in units of the weights' own size, which colour layers are not normalised to.
        size = base.conv.weight.detach().square().mean().sqrt()
        weight = self.modulation(base.conv.weight / size, w[:, length:].float()) * size
        x = x * (0.25 * base.style(w[:, :length])).to(x.dtype)[:, :, None, None]
        assert base.conv.bias is not None
        return each_its_own(x, weight, base.conv.weight.shape[2] // 2) + base.conv.bias[None, :, None, None].to(x.dtype)


def each_its_own(x: Tensor, weight: Tensor, padding: int) -> Tensor:
    """Convolve each picture of x [N, I, H, W] with its own weight [N, O, I, k, k], as groups of one convolution."""
    n, outputs = weight.shape[:2]
    flat = x.reshape(1, -1, *x.shape[2:])
    y = F.conv2d(flat, weight.flatten(0, 1).to(x.dtype), padding=padding, groups=n)
    return y.reshape(n, outputs, *y.shape[2:])


def hypermodulate(source: StyleGenerator, classes: int, task_dim: int, scale: float) -> StyleGenerator:
    """A conditional copy of an unconditional generator, of which only the hypernetworks are trained.

    ``scale`` is the size of the hypernetworks' first weights; 0 makes the source's pictures at once.
    """
    net = copy.deepcopy(source).requires_grad_(False)
    net.shape = replace(source.shape, classes=classes)
    net.mapping = HyperMapping(net.mapping, classes, task_dim)  # type: ignore[assignment]
    for module in list(net.synthesis.modules()):
        for name, child in list(module.named_children()):
            if isinstance(module, (HyperConv, HyperRgb)):
                continue
            if isinstance(child, ModulatedConv):
                setattr(module, name, HyperConv(child, task_dim, scale))
            elif isinstance(child, RgbLayer):
                setattr(module, name, HyperRgb(child, task_dim, scale))
    return net
