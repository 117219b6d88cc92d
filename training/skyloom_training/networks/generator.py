"""The generator: latent and class mix -> w (mapping), w -> dome (synthesis), both small enough to export to ONNX."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from skyloom_training.networks.arcs import NUMBERS, Arcs, drawn
from skyloom_training.networks.layers import Linear, ModulatedConv, activate, smooth

# Largest maps, in pixels a side, on which a stationary net repeats the edge: beyond, zeros reach no place in the sky.
LARGEST_EDGE = 32


@dataclass(frozen=True)
class GeneratorShape:
    """Sizes of a generator: latent, class embedding and w lengths, and channels at each resolution of the body.

    ``dome`` is ``head_factor`` times the last resolution: the head makes head_factor² sub-pixels at each body pixel
    (DepthToSpace), which costs a fraction of a full layer at the dome's own resolution. With ``tail`` channels there is
    one octave more after the head, with a head of its own; it doubles the dome, and at first adds nothing to it.
    ``layout`` is the number of 4x4 noise maps that decide where on the dome the weather is; with any, the learned
    constant is made equal to its quarter turns and mirror images, so that no sky has its clouds where every sky has.
    A ``stationary`` net knows of a place only how far it is from the zenith, by one smooth map: its constant is linear
    in r², and its small convolutions repeat their edge, as zeros there would tell each place where it is.
    ``arcs`` great circles of chance cross the dome (:mod:`skyloom_training.networks.arcs`) for trails to grow from, as
    a net that makes long lines of its own makes them along its pixels or across the zenith.
    """

    z_dim: int = 128
    embed_dim: int = 64
    w_dim: int = 256
    classes: int = 11
    channels: tuple[int, ...] = (256, 256, 256, 128, 96, 64)  # at 4, 8, 16, ... pixels
    head_factor: int = 2
    tail: int = 0
    layout: int = 0
    stationary: bool = False
    arcs: int = 0

    @property
    def dome(self) -> int:
        """Side of the dome in pixels."""
        return 4 * 2 ** (len(self.channels) - 1) * self.head_factor * (2 if self.tail else 1)

    @property
    def noise_sides(self) -> tuple[int, ...]:
        """Sides of the noise maps: the layout's, one for the first layer and one an octave: 4, 8, 16, ... pixels."""
        octaves = len(self.channels) + (1 if self.tail else 0)
        return (4,) * self.layout + tuple(4 * 2**i for i in range(octaves))

    @property
    def noise_length(self) -> int:
        """Numbers in all noise maps and arcs of one dome; they travel as one vector, coarse maps first, arcs last."""
        return sum(side * side for side in self.noise_sides) + NUMBERS * self.arcs


class Mapping(nn.Module):
    """Latent z [N, z_dim] and class weights [N, classes] -> w [N, w_dim].

    The class embedding is linear in the weights, so a mix of types is a point between their embeddings.
    """

    def __init__(self, shape: GeneratorShape, layers: int = 3) -> None:
        super().__init__()
        self.embed = Linear(shape.classes, shape.embed_dim)
        widths = [shape.z_dim + shape.embed_dim] + [shape.w_dim] * layers
        self.layers = nn.ModuleList(Linear(a, b, lr_multiplier=0.1) for a, b in pairwise(widths))

    def forward(self, z: Tensor, mix: Tensor) -> Tensor:
        z = z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + 1e-8)
        c = self.embed(mix)
        c = c * torch.rsqrt(c.square().mean(dim=1, keepdim=True) + 1e-8)
        x = torch.cat([z, c], dim=1)
        for layer in self.layers:
            x = activate(layer(x))
        return x


class Block(nn.Module):
    """One octave: convolution, bilinear upsampling, convolution, and this octave's share of the colour."""

    def __init__(self, inputs: int, outputs: int, w_dim: int, edges: tuple[bool, bool] = (False, False)) -> None:
        super().__init__()
        self.before = ModulatedConv(inputs, outputs, 3, w_dim, edge=edges[0])
        self.after = ModulatedConv(outputs, outputs, 3, w_dim, noisy=True, edge=edges[1])
        self.rgb = RgbLayer(outputs, 3, w_dim)

    def forward(
        self, x: Tensor, rgb: Tensor, w: Tensor, noise: Tensor, arcs: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        x = self.before.activated(x, w)
        x = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
        x = self.after.activated(x, w, noise, arcs)
        rgb = F.interpolate(rgb, scale_factor=2.0, mode="bilinear", align_corners=False)
        return x, rgb + self.rgb(x, w)


class RgbLayer(nn.Module):
    """1x1 modulated colour layer without demodulation; its gain of 1/4 keeps the sum of all octaves in range."""

    def __init__(self, inputs: int, outputs: int, w_dim: int, kernel: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)
        self.style = Linear(w_dim, inputs, bias=1.0)
        nn.init.normal_(self.conv.weight, std=(inputs * kernel * kernel) ** -0.5)
        nn.init.zeros_(self.conv.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        return self.conv(x * (0.25 * self.style(w)).to(x.dtype)[:, :, None, None])


class Synthesis(nn.Module):
    """w [N, w_dim] and noise [N, noise_length] -> dome [N, 3, S, S] in about [-1, 1] (sRGB).

    The dome is a stereographic disc; corners outside it are unused.
    """

    def __init__(self, shape: GeneratorShape) -> None:
        super().__init__()
        first = shape.channels[0]
        self.constant = nn.Parameter(torch.randn(1, first, 4, 4))
        # Noise on the coarsest map too: it decides where on the dome the weather is.
        self.stationary = shape.stationary
        self.first = ModulatedConv(first, first, 3, shape.w_dim, noisy=True, edge=shape.stationary)
        self.first_rgb = RgbLayer(first, 3, shape.w_dim)
        edges = [shape.stationary and 4 * 2**i <= LARGEST_EDGE for i in range(len(shape.channels))]
        blocks = zip(pairwise(shape.channels), pairwise(edges), strict=True)
        self.blocks = nn.ModuleList(Block(a, b, shape.w_dim, sides) for (a, b), sides in blocks)
        self.noise_sides = shape.noise_sides
        self.head_factor = shape.head_factor
        self.head = RgbLayer(shape.channels[-1], 3 * shape.head_factor**2, shape.w_dim, kernel=3)
        self.layout = nn.Parameter(torch.randn(first, shape.layout, 1, 1) * 0.5) if shape.layout else None
        self.tail = Tail(shape.channels[-1], shape.tail, shape.w_dim, shape.head_factor) if shape.tail else None
        # On the body's finest maps, and on the tail's.
        self.arcs = Arcs(shape.w_dim, shape.channels[-1]) if shape.arcs else None
        self.tail_arcs = Arcs(shape.w_dim, shape.tail) if shape.arcs and shape.tail else None
        self.maps_length = shape.noise_length - NUMBERS * shape.arcs

    def forward(self, w: Tensor, noise: Tensor) -> Tensor:
        return smooth(self.colours(w, noise).float())

    def colours(self, w: Tensor, noise: Tensor) -> Tensor:
        """The dome before its last low-pass."""
        # The latent's batch enters by a product, so that the exported graph keeps a free batch axis.
        x = self.start() * torch.ones_like(w[:, :1])[:, :, None, None]
        maps = noise_maps(noise, self.noise_sides)
        if self.layout is not None:
            count = self.layout.shape[1]
            x = x + F.conv2d(torch.cat(maps[:count], dim=1), self.layout)
            maps = maps[count:]
        x = self.first.activated(x, w, maps[0])
        rgb = self.first_rgb(x, w)
        numbers = noise[:, self.maps_length :]
        finest = [None] * (len(self.blocks) - 1) + [self.arcs]
        for block, part, layer in zip(self.blocks, maps[1:], finest, strict=False):
            x, rgb = block(x, rgb, w, part, drawn(layer, w, numbers, part.shape[-1]))
        fine = F.pixel_shuffle(self.head(x, w), self.head_factor)
        rgb = F.interpolate(rgb, scale_factor=float(self.head_factor), mode="bilinear", align_corners=False)
        rgb = rgb + fine
        if self.tail is None:
            return rgb
        return self.tail(x, smooth(rgb), w, maps[-1], drawn(self.tail_arcs, w, numbers, maps[-1].shape[-1]))

    def arc_gains(self, w: Tensor) -> Tensor:
        """How much w [N, w_dim] asks for arcs, channel by channel of both layers that take them: [N, C]."""
        layers = [layer for layer in (self.arcs, self.tail_arcs) if layer is not None]
        return torch.cat([w[:, :0]] + [layer.gain(w) for layer in layers], dim=1)

    def start(self) -> Tensor:
        """The 4x4 maps that every dome grows from; with a layout, the same from all eight sides."""
        if self.layout is None:
            return self.constant
        if self.stationary:
            mean, slope = self._mean_and_slope()
            return mean + slope
        turned = [torch.rot90(self.constant, k, (2, 3)) for k in range(4)]
        return torch.stack(turned + [t.transpose(2, 3) for t in turned]).mean(dim=0)

    @torch.no_grad()
    def keep_slope(self, share: float) -> None:
        """Make what a stationary net's start knows of the zenith angle ``share`` of what it is."""
        mean, slope = self._mean_and_slope()
        self.constant.copy_(mean + share * slope)

    def _mean_and_slope(self) -> tuple[Tensor, Tensor]:
        """The constant's mean [1, C, 1, 1] and its part that is linear in r² [1, C, 4, 4]."""
        side = self.constant.shape[-1]
        place = torch.arange(side, device=self.constant.device) - (side - 1) / 2
        slope = place[:, None] ** 2 + place[None, :] ** 2
        slope = (slope - slope.mean()) / slope.var(correction=0).sqrt()
        much = (self.constant * slope).mean(dim=(2, 3), keepdim=True)
        return self.constant.mean(dim=(2, 3), keepdim=True), much * slope


class Tail(nn.Module):
    """One octave beyond a trained head: x at the body's last size, colour at ``factor`` times it -> twice the colour.

    Its own head starts at almost nothing, so that a net that has grown a tail still makes the domes that it made.
    """

    def __init__(self, inputs: int, channels: int, w_dim: int, factor: int) -> None:
        super().__init__()
        self.factor = factor
        self.before = ModulatedConv(inputs, channels, 3, w_dim)
        self.after = ModulatedConv(channels, channels, 3, w_dim, noisy=True)
        self.head = RgbLayer(channels, 3 * 4, w_dim, kernel=3)
        nn.init.normal_(self.head.conv.weight, std=0.01 * (channels * 9) ** -0.5)

    def forward(self, x: Tensor, rgb: Tensor, w: Tensor, noise: Tensor, arcs: Tensor | None = None) -> Tensor:
        x = self.before.activated(x, w)
        x = F.interpolate(x, scale_factor=float(self.factor), mode="bilinear", align_corners=False)
        x = self.after.activated(x, w, noise, arcs)
        rgb = F.interpolate(rgb, scale_factor=2.0, mode="bilinear", align_corners=False)
        return rgb + F.pixel_shuffle(self.head(x, w), 2)


class Generator(nn.Module):
    """Mapping and synthesis together."""

    def __init__(self, shape: GeneratorShape) -> None:
        super().__init__()
        self.shape = shape
        self.mapping = Mapping(shape)
        self.synthesis = Synthesis(shape)

    def forward(self, z: Tensor, mix: Tensor, noise: Tensor) -> Tensor:
        """[N, z_dim], [N, classes], [N, noise_length] -> [N, 3, S, S]."""
        return self.synthesis(self.mapping(z, mix), noise)


def noise_maps(noise: Tensor, sides: tuple[int, ...]) -> list[Tensor]:
    """Cut a noise vector [N, L] into maps [N, 1, s, s], coarse first."""
    maps, start = [], 0
    for side in sides:
        maps.append(noise[:, start : start + side * side].reshape(-1, 1, side, side))
        start += side * side
    return maps
