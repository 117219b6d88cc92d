"""Partial fine-tuning: both networks split at a layer, only what lies behind the split is trained (Park et al. 2023).

Park et al. name the splits (G4/D4, G5/D7) and not the rest; read here as freezing both networks at once, with the
mapping left free, so that the style of the frozen layers can still change.
"""

from __future__ import annotations

from dataclasses import dataclass

from skyloom_training.lab.nets import Nets
from skyloom_training.transfer.fine_tuning import FineTuning
from skyloom_training.transfer.freezing import freeze_discriminator, freeze_generator
from skyloom_training.transfer.source import Source


@dataclass
class PartialFineTuning(FineTuning):
    """Layers before the split, counted as in freezing: ``g`` from the constant, ``d`` from the picture."""

    g: int = 2
    d: int = 2

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        super().begin(nets, source, pictures)
        freeze_generator(nets.generator, self.g)
        nets.generator.mapping.requires_grad_(True)
        freeze_discriminator(nets.discriminator, self.d)
