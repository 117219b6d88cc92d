"""Hyper-modulation with self-alignment on StyleGAN2: a frozen generator, modulated by class (Laria et al. 2022)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from skyloom_training.lab.nets import Nets
from skyloom_training.networks.hyper import apart, hypermodulate
from skyloom_training.networks.residual import ResidualDiscriminator
from skyloom_training.networks.stylegan2 import StyleGenerator, class_mix
from skyloom_training.transfer.method import Transfer, need_source
from skyloom_training.transfer.source import Source
from skyloom_training.transfer.splice import ramp, splice_discriminator

if TYPE_CHECKING:
    from skyloom_training.lab.loop import Lab

# Share of the weights in self-alignment, beside that of the pictures: the larger, the fewer steps it takes.
WEIGHTS = 100.0


@dataclass
class HyperModulation(Transfer):
    """``task_dim``: length of a class's vector. ``scale``: of the hypernetworks' first weights.

    ``align_steps`` at ``align_lr``: self-alignment before the first adversarial step, which the budget does not count;
    the hypernetworks learn to give the source's pictures for every class. The discriminator is spliced, preserving.
    """

    task_dim: int = 16
    scale: float = 0.1
    align_steps: int = 100
    align_lr: float = 0.01
    transition: float = 0.25
    # Mean absolute difference from the source's pictures, before and after self-alignment; pictures span 2.
    aligned: tuple[float, float] = field(default=(0.0, 0.0), init=False)

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        source = need_source(source, "hyper-modulation")
        classes = nets.generator.shape.classes
        if source.classes or not classes:
            raise ValueError("source: hyper-modulation goes from an unconditional net to a conditional run")
        nets.generator = hypermodulate(source.generator, classes, self.task_dim, self.scale)
        if isinstance(nets.discriminator, ResidualDiscriminator):
            splice_discriminator(nets.discriminator, source.discriminator, "preserving")
        nets.renew_average()
        self._source = source.generator

    def prepare(self, lab: Lab) -> None:
        draw = torch.Generator().manual_seed(lab.options.seed)
        target, source = lab.nets.generator, self._source.to(lab.device)
        before = difference(target, source, draw, lab.device)
        align(target, source, self.align_steps, self.align_lr, lab.options.batch, draw, lab.device)
        self.aligned = (before, difference(target, source, draw, lab.device))
        lab.nets.renew_average()

    def progress(self, nets: Nets, images: int, total: int) -> None:
        if isinstance(nets.discriminator, ResidualDiscriminator):
            ramp(nets.discriminator, images, self.transition * total)


def align(
    target: StyleGenerator,
    source: StyleGenerator,
    steps: int,
    lr: float,
    batch: int,
    draw: torch.Generator,
    device: torch.device,
) -> None:
    """Self-alignment: least squares between both nets' pictures for the same latents, any class, and between weights.

    Pictures alone find the way slowly, as many weights make nearly the same; lr falls to 0.
    """
    adam = torch.optim.Adam([p for p in target.parameters() if p.requires_grad], lr, (0.9, 0.99))
    for step in range(steps):
        adam.param_groups[0]["lr"] = lr * (1 - step / steps)
        given, aim = _both(target, source, batch, draw, device)
        loss = F.mse_loss(given, aim) + WEIGHTS * apart(target)
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()


@torch.no_grad()
def difference(target: StyleGenerator, source: StyleGenerator, draw: torch.Generator, device: torch.device) -> float:
    """Mean absolute difference of 32 pictures."""
    given, aim = _both(target, source, 32, draw, device)
    return (given - aim).abs().mean().item()


def _both(
    target: StyleGenerator, source: StyleGenerator, count: int, draw: torch.Generator, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    shape = target.shape
    z = torch.randn(count, shape.z_dim, generator=draw).to(device)
    noise = torch.randn(count, shape.noise_length, generator=draw).to(device)
    mix = class_mix(torch.randint(shape.classes, (count,), generator=draw).to(device), shape.classes)
    with torch.no_grad():
        aim = source(z, mix[:, :0], noise)
    return target(z, mix, noise), aim
