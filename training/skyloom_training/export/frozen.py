"""The generator as it is exported: gains, energies and truncation baked into constants; same numbers as in training."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from skyloom_training.networks.arcs import Arcs, drawn
from skyloom_training.networks.generator import Block, Generator, Mapping, RgbLayer, Synthesis, Tail, noise_maps
from skyloom_training.networks.layers import ACTIVATION_GAIN, LEAK, Linear, ModulatedConv, padded, smooth


class FrozenLinear(nn.Module):
    """A Linear with its gains multiplied in."""

    def __init__(self, layer: Linear, scale: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter((layer.weight * layer.weight_gain * scale).detach().clone())
        self.bias = nn.Parameter((layer.bias * layer.bias_gain * scale).detach().clone())

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)


class FrozenConv(nn.Module):
    """A ModulatedConv and its activation: constant W and energies ΣW², leaky ReLU's gain inside d and bias."""

    def __init__(self, layer: ModulatedConv) -> None:
        super().__init__()
        weight = (layer.weight * layer.weight_gain).detach()
        self.padding, self.edge = layer.padding, layer.edge
        zeros = 0 if layer.edge else layer.padding
        self.conv = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2], padding=zeros, bias=False)
        self.conv.weight = nn.Parameter(weight.clone())
        self.style = FrozenLinear(layer.style)
        self.energy = nn.Parameter(weight.square().sum(dim=(2, 3)).t().contiguous() / ACTIVATION_GAIN**2)
        # What a quantizer wants the input channels divided by, and W multiplied; see export/evening.py.
        self.even = nn.Parameter(torch.ones(1, weight.shape[1]))
        self.bias = nn.Parameter((layer.bias * ACTIVATION_GAIN).detach()[None, :, None, None].clone())
        strength = layer.noise_strength
        self.strength = (
            None
            if strength is None
            else nn.Parameter((strength * ACTIVATION_GAIN).detach()[None, :, None, None].clone())
        )

    def forward(self, x: Tensor, w: Tensor, noise: Tensor | None = None, more: Tensor | None = None) -> Tensor:
        s = self.style(w)
        s = s * torch.rsqrt((s * s).mean(dim=1, keepdim=True) + 1e-8)
        d = torch.rsqrt((s * s) @ self.energy + 1e-8)
        x = padded(x * (s * self.even)[:, :, None, None], self.padding, self.edge)[0]
        y = self.conv(x) * d[:, :, None, None]
        # Noise and bias meet in one small constant-times-map before the one large addition.
        y = y + (self.bias if self.strength is None or noise is None else noise * self.strength + self.bias)
        if more is not None:
            y = y + more
        return F.leaky_relu(y, LEAK)


class FrozenRgb(nn.Module):
    """An RgbLayer with its gain inside the style."""

    def __init__(self, layer: RgbLayer) -> None:
        super().__init__()
        self.conv = layer.conv
        self.style = FrozenLinear(layer.style, 0.25)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        return self.conv(x * self.style(w)[:, :, None, None])


class FrozenArcs(nn.Module):
    """Arcs with their gains multiplied in, and the leaky ReLU's."""

    def __init__(self, arcs: Arcs) -> None:
        super().__init__()
        self.gain = FrozenLinear(arcs.gain, ACTIVATION_GAIN)

    def forward(self, w: Tensor, arcs: Tensor) -> Tensor:
        return self.gain(w)[:, :, None, None] * arcs


class FrozenBlock(nn.Module):
    """One octave."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.before, self.after, self.rgb = FrozenConv(block.before), FrozenConv(block.after), FrozenRgb(block.rgb)

    def forward(
        self, x: Tensor, rgb: Tensor, w: Tensor, noise: Tensor, arcs: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        x = F.interpolate(self.before(x, w), scale_factor=2.0, mode="bilinear", align_corners=False)
        x = self.after(x, w, noise, arcs)
        rgb = F.interpolate(rgb, scale_factor=2.0, mode="bilinear", align_corners=False)
        return x, rgb + self.rgb(x, w)


class FrozenTail(nn.Module):
    """The octave beyond the head."""

    def __init__(self, tail: Tail) -> None:
        super().__init__()
        self.before, self.after, self.head = FrozenConv(tail.before), FrozenConv(tail.after), FrozenRgb(tail.head)
        self.factor = tail.factor

    def forward(self, x: Tensor, rgb: Tensor, w: Tensor, noise: Tensor, arcs: Tensor | None = None) -> Tensor:
        x = F.interpolate(self.before(x, w), scale_factor=float(self.factor), mode="bilinear", align_corners=False)
        x = self.after(x, w, noise, arcs)
        rgb = F.interpolate(rgb, scale_factor=2.0, mode="bilinear", align_corners=False)
        return rgb + F.pixel_shuffle(self.head(x, w), 2)


class FrozenSynthesis(nn.Module):
    """w [N, w_dim] and noise [N, noise_length] -> dome [N, 3, S, S]."""

    def __init__(self, synthesis: Synthesis) -> None:
        super().__init__()
        self.constant = nn.Parameter(synthesis.start().detach().clone())
        self.layout = None if synthesis.layout is None else nn.Parameter(synthesis.layout.detach().clone())
        self.first, self.first_rgb = FrozenConv(synthesis.first), FrozenRgb(synthesis.first_rgb)
        self.blocks = nn.ModuleList(FrozenBlock(b) for b in cast("list[Block]", synthesis.blocks))
        self.noise_sides = synthesis.noise_sides
        self.head, self.head_factor = FrozenRgb(synthesis.head), synthesis.head_factor
        self.tail = None if synthesis.tail is None else FrozenTail(synthesis.tail)
        self.arcs = None if synthesis.arcs is None else FrozenArcs(synthesis.arcs)
        self.tail_arcs = None if synthesis.tail_arcs is None else FrozenArcs(synthesis.tail_arcs)
        self.maps_length = synthesis.maps_length

    def forward(self, w: Tensor, noise: Tensor) -> Tensor:
        maps = noise_maps(noise, self.noise_sides)
        x = self.constant * torch.ones_like(w[:, :1])[:, :, None, None]
        if self.layout is not None:
            count = self.layout.shape[1]
            x = x + F.conv2d(torch.cat(maps[:count], dim=1), self.layout)
            maps = maps[count:]
        x = self.first(x, w, maps[0])
        rgb = self.first_rgb(x, w)
        numbers = noise[:, self.maps_length :]
        finest = [None] * (len(self.blocks) - 1) + [self.arcs]
        for block, part, layer in zip(self.blocks, maps[1:], finest, strict=False):
            x, rgb = block(x, rgb, w, part, drawn(layer, w, numbers, part.shape[-1]))
        fine = F.pixel_shuffle(self.head(x, w), self.head_factor)
        rgb = F.interpolate(rgb, scale_factor=float(self.head_factor), mode="bilinear", align_corners=False)
        rgb = rgb + fine
        if self.tail is None:
            return smooth(rgb)
        arcs = drawn(self.tail_arcs, w, numbers, maps[-1].shape[-1])
        return smooth(self.tail(x, smooth(rgb), w, maps[-1], arcs))


class FrozenMapping(nn.Module):
    """z [N, z_dim], class mix [N, classes], psi [N, 1] -> w, truncated toward the mix of the classes' own centres."""

    def __init__(self, mapping: Mapping, centres: Tensor) -> None:
        super().__init__()
        self.embed = FrozenLinear(mapping.embed)
        self.layers = nn.ModuleList(
            FrozenLinear(layer, ACTIVATION_GAIN) for layer in cast("list[Linear]", mapping.layers)
        )
        self.centres = nn.Parameter(centres.detach().clone())

    def forward(self, z: Tensor, mix: Tensor, psi: Tensor) -> Tensor:
        z = z * torch.rsqrt((z * z).mean(dim=1, keepdim=True) + 1e-8)
        c = self.embed(mix)
        c = c * torch.rsqrt((c * c).mean(dim=1, keepdim=True) + 1e-8)
        w = torch.cat([z, c], dim=1)
        for layer in self.layers:
            w = F.leaky_relu(layer(w), LEAK)
        centre = mix @ self.centres
        return centre + psi * (w - centre)


@torch.no_grad()
def class_centres(generator: Generator, samples: int = 4096, seed: int = 0) -> Tensor:
    """Mean w of each class [classes, w_dim] over ``samples`` latents."""
    z = torch.randn(samples, generator.shape.z_dim, generator=torch.Generator().manual_seed(seed))
    eye = torch.eye(generator.shape.classes)
    return torch.stack([generator.mapping(z, one.expand(samples, -1)).mean(dim=0) for one in eye])
