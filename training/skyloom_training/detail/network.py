"""The detail network: a dome or a part of it -> the same at four times the resolution, of any size."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from skyloom_training.networks.layers import smooth


@dataclass(frozen=True)
class DetailShape:
    """Sizes of a detail net: all work is done at the small picture's resolution, so that it stays cheap."""

    width: int = 48
    blocks: int = 8
    factor: int = 4

    @property
    def reach(self) -> int:
        """Pixels of the small picture, on each side, on which a pixel's result depends: what tiles must overlap."""
        return 2 + 2 * self.blocks + 2


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with ReLU between, added to the input (EDSR, Lim et al. 2017: no normalisation)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        # Starts near the identity, so that depth does not hinder the first steps.
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(x)))


class DetailNet(nn.Module):
    """Pictures [N, 3, H, W] in [-1, 1] -> [N, 3, factor H, factor W]; at first exactly bilinear enlarging.

    The result is the enlarged picture plus a learned residual (sub-pixel convolution, Shi et al. 2016), whose steps
    between sub-pixels of two pixels are levelled by a binomial low-pass. Trained on
    views of photos and used on the dome's plane: the stereographic projection is conformal, so texture keeps its shape.
    """

    def __init__(self, shape: DetailShape | None = None) -> None:
        super().__init__()
        self.shape = shape or DetailShape()
        width, factor = self.shape.width, self.shape.factor
        self.first = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.Sequential(*(ResidualBlock(width) for _ in range(self.shape.blocks)))
        self.last = nn.Conv2d(width, 3 * factor * factor, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        features = F.relu(self.first(x))
        residual = F.pixel_shuffle(self.last(features + self.blocks(features)), self.shape.factor)
        return self.enlarged(x) + smooth(residual)

    @torch.no_grad()
    def weaken(self, strength: float) -> DetailNet:
        """Make what the net adds ``strength`` times (0 to 1) as strong, in place: less is nearer to the pixels."""
        self.last.weight.mul_(strength)
        self.last.bias.mul_(strength)  # type: ignore[union-attr]
        return self

    def enlarged(self, x: Tensor) -> Tensor:
        """The picture without what the net adds."""
        return F.interpolate(x, scale_factor=float(self.shape.factor), mode="bilinear", align_corners=False)


def shrink(x: Tensor, factor: int = 4) -> Tensor:
    """What an enlarged picture must give back when it is made small again: means over factor x factor pixels."""
    return F.avg_pool2d(x, factor)
