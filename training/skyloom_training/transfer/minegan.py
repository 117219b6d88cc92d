"""MineGAN: a small net learns which latents of the source look like the new photos, then all is tuned (Wang 2020)."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from skyloom_training.lab.nets import Nets
from skyloom_training.networks.layers import Linear, activate
from skyloom_training.transfer.fine_tuning import FineTuning
from skyloom_training.transfer.source import Source


class Miner(nn.Module):
    """z [N, z_dim] -> z [N, z_dim]; at first it changes nothing."""

    def __init__(self, z_dim: int) -> None:
        super().__init__()
        self.first, self.second = Linear(z_dim, z_dim), Linear(z_dim, z_dim)
        nn.init.zeros_(self.second.weight)

    def forward(self, z: Tensor) -> Tensor:
        return z + self.second(activate(self.first(z)))


@dataclass
class MineGan(FineTuning):
    """``share`` of the budget mines with the generator held; then everything is trained."""

    share: float = 0.3
    miner: list[Miner] = field(default_factory=list, init=False, repr=False)

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"method_options: share of minegan is {self.share}; expected 0 to 1")
        super().begin(nets, source, pictures)
        # Drawn apart from the networks, so that they are the same as without it.
        state = torch.get_rng_state()
        torch.manual_seed(12)
        self.miner = [Miner(nets.generator.shape.z_dim)]
        torch.set_rng_state(state)

    def extra(self) -> nn.Module | None:
        return self.miner[0]

    def latents(self, z: Tensor, mix: Tensor) -> Tensor:
        return self.miner[0](z)

    def progress(self, nets: Nets, images: int, total: int) -> None:
        mining = images < self.share * total
        nets.generator.requires_grad_(not mining)
