"""Freeze G and Freeze D: fine-tuning with the layers up to n held as they are (Mo et al. 2020; Park et al. 2023)."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from skyloom_training.lab.nets import Nets
from skyloom_training.networks.residual import ResidualDiscriminator
from skyloom_training.networks.stylegan2 import StyleGenerator
from skyloom_training.transfer.fine_tuning import FineTuning
from skyloom_training.transfer.source import Source


@dataclass
class Freezing(FineTuning):
    """``g``: so many layers of the generator from the 4x4 constant up (1 is the 4x4 layer), with the mapping.

    ``d``: so many of the discriminator from the picture inward (1 is its colour layer). 0 freezes none.
    """

    g: int = 0
    d: int = 0

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        super().begin(nets, source, pictures)
        freeze_generator(nets.generator, self.g)
        freeze_discriminator(nets.discriminator, self.d)


def freeze_generator(generator: StyleGenerator, layers: int) -> None:
    """Hold mapping, constant and the first ``layers`` of the body; ValueError where there are not so many."""
    if not layers:
        return
    trunk = _first(generator.trunk(), layers, "g")
    # What the frozen layers were taught by stays as it was, too.
    for module in (generator.mapping, *trunk):
        module.requires_grad_(False)
    generator.synthesis.constant.requires_grad_(False)


def freeze_discriminator(discriminator: nn.Module, layers: int) -> None:
    """Hold the first ``layers`` from the picture; ValueError where there are not so many."""
    if not layers:
        return
    if not isinstance(discriminator, ResidualDiscriminator):
        raise ValueError("discriminator: freezing counts layers of the residual one; expected residual")
    for module in _first(discriminator.trunk(), layers, "d"):
        module.requires_grad_(False)


def _first(trunk: list[nn.Module], layers: int, name: str) -> list[nn.Module]:
    # The last layer stays free: with nothing to train there is no run.
    if not 0 <= layers < len(trunk):
        raise ValueError(f"method_options: {name} is {layers}; expected 0 to {len(trunk) - 1}")
    return trunk[:layers]
