"""Scale and shift: of the generator only what scales and shifts its channels is trained (Noguchi & Harada 2019).

StyleGAN2 has no batch norm: a channel's scale is the bias of its style layer, its shift the bias of its convolution.
"""

from __future__ import annotations

from dataclasses import dataclass

from skyloom_training.lab.nets import Nets
from skyloom_training.transfer.fine_tuning import FineTuning
from skyloom_training.transfer.source import Source


@dataclass
class ScaleShift(FineTuning):
    """The discriminator is trained whole."""

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        super().begin(nets, source, pictures)
        nets.generator.requires_grad_(False)
        for name, parameter in nets.generator.synthesis.named_parameters():
            parameter.requires_grad_(name.endswith("bias"))
