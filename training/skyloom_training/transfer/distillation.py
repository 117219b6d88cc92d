"""Feature distillation: the discriminator's maps of the new photos stay near those of the source's (Mo et al. 2020).

The adversarial loss is the hard target, the frozen teacher's maps are the soft one, the photos are the transfer set.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional as F

from skyloom_training.lab.nets import Nets
from skyloom_training.networks.residual import ResidualDiscriminator
from skyloom_training.transfer.fine_tuning import FineTuning
from skyloom_training.transfer.source import Source


@dataclass
class Distillation(FineTuning):
    """``weight`` of the mean squared difference of maps, mean over the discriminator's blocks."""

    weight: float = 1.0
    teacher: list[ResidualDiscriminator] = field(default_factory=list, init=False, repr=False)

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        if not isinstance(nets.discriminator, ResidualDiscriminator):
            raise ValueError("discriminator: feature distillation compares maps of the residual one; expected residual")
        super().begin(nets, source, pictures)
        self.teacher = [copy.deepcopy(nets.discriminator).requires_grad_(False)]

    def discriminator_loss(self, nets: Nets, real: Tensor, mix: Tensor) -> Tensor | None:
        student, teacher = nets.discriminator, self.teacher[0].to(real.device)
        assert isinstance(student, ResidualDiscriminator)
        with torch.no_grad():
            soft = teacher.features(real)
        parts = [F.mse_loss(a.float(), b.float()) for a, b in zip(student.features(real), soft, strict=True)]
        return self.weight * torch.stack(parts).mean()
