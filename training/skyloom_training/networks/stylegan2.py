"""StyleGAN2's generator, unconditional and conditional from one code (Karras et al. 2020), sized by a channel base."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from skyloom_training.networks.generator import RgbLayer, noise_maps
from skyloom_training.networks.layers import Linear, ModulatedConv, activate


@dataclass(frozen=True)
class StyleShape:
    """Sizes of a StyleGAN2: side of the picture, classes (0: unconditional), vector lengths, and channels.

    A resolution r has min(channel_max, channel_base / r) channels. Raises ValueError for a side that is no power of
    two from 8 to 1024.
    """

    size: int = 64
    classes: int = 0
    z_dim: int = 64
    w_dim: int = 128
    embed_dim: int = 32
    mapping_layers: int = 4
    channel_base: int = 1024
    channel_max: int = 128

    def __post_init__(self) -> None:
        if self.size not in [2**i for i in range(3, 11)]:
            raise ValueError(f"size: {self.size} is not allowed; expected a power of two from 8 to 1024")
        if self.channel_base < self.size or self.channel_max < 1:
            raise ValueError(f"channel_base: {self.channel_base} gives no channel at size {self.size}")

    @property
    def sides(self) -> tuple[int, ...]:
        """Resolutions of the body, coarse first: 4, 8, ... size."""
        return tuple(2**i for i in range(2, self.size.bit_length()))

    @property
    def channels(self) -> tuple[int, ...]:
        """Channels at each of ``sides``."""
        return tuple(min(self.channel_max, self.channel_base // side) for side in self.sides)

    @property
    def layers(self) -> int:
        """Number of w vectors: two a resolution, of which the last of a block also makes its colour."""
        return 2 * len(self.sides)

    @property
    def noise_length(self) -> int:
        """Numbers in all noise maps of one picture, one map a resolution."""
        return sum(side * side for side in self.sides)


class StyleMapping(nn.Module):
    """z [N, z_dim] and class weights [N, classes] -> w [N, w_dim]; keeps the running mean of w for truncation.

    z and the class embedding are normalised separately, so that a net can gain classes without losing what z means.
    """

    w_avg: Tensor

    def __init__(self, shape: StyleShape) -> None:
        super().__init__()
        self.embed = Linear(shape.classes, shape.embed_dim) if shape.classes else None
        first = shape.z_dim + (shape.embed_dim if shape.classes else 0)
        widths = [first] + [shape.w_dim] * shape.mapping_layers
        # 0.1 where the paper has 0.01: runs here are a hundredth of the paper's, and w should move within them.
        self.layers = nn.ModuleList(Linear(a, b, lr_multiplier=0.1) for a, b in pairwise(widths))
        self.register_buffer("w_avg", torch.zeros(shape.w_dim))

    def forward(self, z: Tensor, mix: Tensor) -> Tensor:
        with torch.autocast(z.device.type, enabled=False):
            x = _unit(z.float())
            if self.embed is not None:
                x = torch.cat([x, _unit(self.embed(mix.float()))], dim=1)
            for layer in self.layers:
                x = activate(layer(x))
            return x

    def truncate(self, w: Tensor, psi: float) -> Tensor:
        """w moved toward the running mean: psi 1 leaves it, 0 gives the mean (Karras et al. 2019, section 3)."""
        return w if psi == 1.0 else self.w_avg.lerp(w, psi)

    @torch.no_grad()
    def track(self, w: Tensor, decay: float = 0.998) -> None:
        """Let the running mean follow a batch of w [N, w_dim]."""
        self.w_avg.lerp_(w.detach().float().mean(dim=0), 1 - decay)


class StyleBlock(nn.Module):
    """One octave: convolution, enlargement by [1 3 3 1], convolution with noise, and this octave's share of colour.

    The first convolution works before the enlargement, where the paper's works on the enlarged map: the same reach at
    a quarter of the cost.
    """

    def __init__(self, inputs: int, outputs: int, w_dim: int) -> None:
        super().__init__()
        self.before = ModulatedConv(inputs, outputs, 3, w_dim)
        self.after = ModulatedConv(outputs, outputs, 3, w_dim, noisy=True)
        self.rgb = RgbLayer(outputs, 3, w_dim)

    def forward(self, x: Tensor, rgb: Tensor, w1: Tensor, w2: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        x = enlarge(self.before.activated(x, w1))
        x = self.after.activated(x, w2, noise)
        return x, enlarge(rgb) + self.rgb(x, w2)


class StyleSynthesis(nn.Module):
    """w of every layer [N, layers, w_dim] and noise [N, noise_length] -> picture [N, 3, S, S] in about [-1, 1]."""

    def __init__(self, shape: StyleShape) -> None:
        super().__init__()
        first = shape.channels[0]
        self.sides = shape.sides
        self.constant = nn.Parameter(torch.randn(1, first, 4, 4))
        self.first = ModulatedConv(first, first, 3, shape.w_dim, noisy=True)
        self.first_rgb = RgbLayer(first, 3, shape.w_dim)
        self.blocks = nn.ModuleList(StyleBlock(a, b, shape.w_dim) for a, b in pairwise(shape.channels))

    def forward(self, ws: Tensor, noise: Tensor) -> Tensor:
        x = self.constant.expand(ws.shape[0], -1, -1, -1)
        coarsest, *maps = noise_maps(noise, self.sides)
        x = self.first.activated(x, ws[:, 0], coarsest)
        rgb = self.first_rgb(x, ws[:, 1])
        for i, (block, part) in enumerate(zip(self.blocks, maps, strict=True)):
            x, rgb = block(x, rgb, ws[:, 2 * i + 2], ws[:, 2 * i + 3], part)
        return rgb.float()


class StyleGenerator(nn.Module):
    """Mapping and synthesis together."""

    def __init__(self, shape: StyleShape) -> None:
        super().__init__()
        self.shape = shape
        self.mapping = StyleMapping(shape)
        self.synthesis = StyleSynthesis(shape)

    def forward(self, z: Tensor, mix: Tensor, noise: Tensor, psi: float = 1.0) -> Tensor:
        """[N, z_dim], [N, classes] (width 0 where unconditional), [N, noise_length] -> [N, 3, S, S]."""
        return self.synthesis(self.broadcast(self.mapping.truncate(self.mapping(z, mix), psi)), noise)

    def broadcast(self, w: Tensor) -> Tensor:
        """One w a picture [N, W] -> the same for every layer [N, layers, W]."""
        return w[:, None].expand(-1, self.shape.layers, -1)

    def mixed(self, w1: Tensor, w2: Tensor, cut: Tensor) -> Tensor:
        """Style mixing: layers before ``cut`` [N] from w1, the others from w2 (Karras et al. 2019, section 3.1)."""
        early = torch.arange(self.shape.layers, device=w1.device)[None, :] < cut[:, None]
        return torch.where(early[:, :, None], w1[:, None], w2[:, None])

    def trunk(self) -> list[nn.Module]:
        """The body's layers from the constant to the finest octave: what 'up to layer n' counts in transfer."""
        return [nn.ModuleList([self.synthesis.first, self.synthesis.first_rgb]), *self.synthesis.blocks]


def enlarge(x: Tensor) -> Tensor:
    """Twice the side; bilinear weights 1/4 and 3/4 are StyleGAN2's filter [1 3 3 1]."""
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def class_mix(labels: Tensor, classes: int) -> Tensor:
    """Class indices [N] -> one-hot weights [N, classes]; width 0 for an unconditional net."""
    return F.one_hot(labels, classes).float() if classes else torch.zeros(len(labels), 0, device=labels.device)


def _unit(x: Tensor) -> Tensor:
    return x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + 1e-8)
