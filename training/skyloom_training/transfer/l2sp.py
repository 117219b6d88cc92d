"""L2-SP: fine-tuning that is pulled back to the starting point, on G, on D or on both (Li et al. 2018)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from skyloom_training.lab.nets import Nets
from skyloom_training.transfer.fine_tuning import FineTuning
from skyloom_training.transfer.source import Source


@dataclass
class L2SP(FineTuning):
    """alpha/2 · Σ weight_layer |θ - θ0|², with alpha ``g`` for the generator and ``d`` for the discriminator.

    ``layers``: regular expressions over parameter names -> weight; the first that is found in a name counts, else 1.
    Weights here are equalised, of unit variance: their sum counts each parameter alike.
    """

    g: float = 1e-3
    d: float = 1e-3
    layers: dict[str, float] = field(default_factory=dict)
    starts: dict[str, dict[str, Tensor]] = field(default_factory=dict, init=False, repr=False)

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        super().begin(nets, source, pictures)
        self.starts = {"g": _copy(nets.generator), "d": _copy(nets.discriminator)}

    def generator_loss(self, nets: Nets) -> Tensor | None:
        return self.pull(nets.generator, "g", self.g)

    def discriminator_loss(self, nets: Nets, real: Tensor, mix: Tensor) -> Tensor | None:
        return self.pull(nets.discriminator, "d", self.d)

    def pull(self, net: nn.Module, which: str, alpha: float) -> Tensor | None:
        """The penalty; its gradient is alpha · weight_layer · (θ - θ0)."""
        if not alpha:
            return None
        starts = self.starts[which]
        parts = []
        for name, parameter in net.named_parameters():
            if parameter.requires_grad:
                starts[name] = starts[name].to(parameter.device)
                parts.append(self.weight(name) * (parameter - starts[name]).square().sum())
        return alpha / 2 * torch.stack(parts).sum()

    def weight(self, name: str) -> float:
        """Weight of a parameter by its name."""
        return next((weight for pattern, weight in self.layers.items() if re.search(pattern, name)), 1.0)


def _copy(net: nn.Module) -> dict[str, Tensor]:
    return {name: parameter.detach().clone() for name, parameter in net.named_parameters()}
