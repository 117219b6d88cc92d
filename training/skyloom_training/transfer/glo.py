"""GLO: no discriminator; each photo has a latent of its own, learnt with the generator (Bojanowski et al. 2018).

The loss is L2 plus a perceptual part, features and their Gram matrices ("style"), in EfficientNet-Lite0, which the
judge does not use. New pictures come from a Gaussian fitted to the latents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from skyloom_training.lab.nets import Nets
from skyloom_training.networks.features import Features
from skyloom_training.networks.stylegan2 import class_mix
from skyloom_training.transfer.method import Transfer
from skyloom_training.transfer.source import Source, load_all

if TYPE_CHECKING:
    from skyloom_training.lab.loop import Lab

SMALLEST = 64


class Codes(nn.Module):
    """One latent a picture [N, z_dim], on the sphere that the mapping normalises to."""

    def __init__(self, pictures: int, z_dim: int) -> None:
        super().__init__()
        draw = torch.Generator().manual_seed(11)
        self.table = nn.Parameter(torch.randn(pictures, z_dim, generator=draw))

    def forward(self, index: Tensor) -> Tensor:
        code = self.table[index]
        return code * torch.rsqrt(code.square().mean(dim=1, keepdim=True) + 1e-8)

    def fit(self) -> tuple[Tensor, Tensor]:
        """Mean [z_dim] and a factor [z_dim, z_dim] of the covariance of all codes."""
        with torch.no_grad():
            codes = self(torch.arange(len(self.table), device=self.table.device))
            mean = codes.mean(dim=0)
            centred = codes - mean
            covariance = centred.t() @ centred / max(len(codes) - 1, 1)
            return mean, torch.linalg.cholesky(covariance + 1e-4 * torch.eye(len(mean), device=mean.device))


@dataclass
class Glo(Transfer):
    """Weights of the features' and the style's part; with a source, its generator is where it starts."""

    features: float = 1.0
    style: float = 1.0
    codes: list[Codes] = field(default_factory=list, init=False, repr=False)
    net: list[Features] = field(default_factory=list, init=False, repr=False)

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        if source is not None:
            load_all(nets.generator, source.generator.state_dict(), "generator")
            nets.renew_average()
        self.codes = [Codes(pictures, nets.generator.shape.z_dim)]
        # Coarser maps than stride 8 have hardly a pixel left at the lab's sizes.
        self.net = [Features(taps=(2, 4))]

    def extra(self) -> nn.Module | None:
        return self.codes[0]

    def latents(self, z: Tensor, mix: Tensor) -> Tensor:
        mean, factor = self.codes[0].fit()
        return mean + z @ factor.t()

    def own_step(self, lab: Lab) -> dict[str, float] | None:
        options, device, rng = lab.options, lab.device, lab.rng()
        draw = torch.Generator().manual_seed(int(rng.integers(2**62)))
        indices = rng.integers(0, len(lab.pictures), options.batch)[lab.rows]
        noise = torch.randn(options.batch, lab.nets.generator.shape.noise_length, generator=draw)[lab.rows]
        # The same crop every time: a code stands for one picture.
        real = lab.tensor(lab.pictures.fixed(indices, options.shown))
        labels = torch.from_numpy(lab.pictures.labels[indices]).to(device)
        with lab.autocast():
            z = self.codes[0](torch.from_numpy(indices).to(device))
            made = lab.nets.generator(z, class_mix(labels, lab.classes), noise.to(device))
            seen = lab.look(made, lab.cameras(draw))
            parts = self.distance(seen.float(), real)
        lab.move_generator(torch.stack(list(parts.values())).sum())
        return {name: part.item() for name, part in parts.items()}

    def distance(self, made: Tensor, real: Tensor) -> dict[str, Tensor]:
        """Pixels, features and style, each a mean square; features in units of the real ones' size."""
        net, pixels = self.net[0].to(real.device), F.mse_loss(made, real)
        # The feature net halves a picture three times before its second tap and needs some pixels to be left.
        if real.shape[-1] < SMALLEST:
            made, real = (F.interpolate(x, (SMALLEST, SMALLEST), mode="bilinear") for x in (made, real))
        with torch.no_grad():
            target = net(real)[0]
        maps = net(made)[0]
        size = [t.float().square().mean() for t in target]
        apart = [F.mse_loss(a.float(), b.float()) / s for a, b, s in zip(maps, target, size, strict=True)]
        style = [F.mse_loss(gram(a), gram(b)) / s.square() for a, b, s in zip(maps, target, size, strict=True)]
        return {
            "pixels": pixels,
            "features": self.features * torch.stack(apart).mean(),
            "style": self.style * torch.stack(style).mean(),
        }


def gram(x: Tensor) -> Tensor:
    """Channel products [N, C, C] of a map [N, C, H, W], mean over places (Gatys et al. 2016)."""
    flat = x.float().flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]
