"""One network's optimiser: Adam corrected for lazy regularisation, loss scaling, gradients averaged over processes."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from skyloom_training.lab.workers import Workers


class Optimiser:
    """Moves ``parameters``; ``interval`` is how often the network's regulariser has a step of its own (0: never)."""

    def __init__(
        self, parameters: list[nn.Parameter], lr: float, interval: int, workers: Workers, scaler: torch.amp.GradScaler
    ) -> None:
        # One step in ``interval`` is added, so each is made shorter (StyleGAN2, appendix B).
        ratio = interval / (interval + 1) if interval else 1.0
        self.parameters, self.workers, self.scaler = parameters, workers, scaler
        self.adam = torch.optim.Adam(parameters, lr * ratio, (0.0, 0.99**ratio), eps=1e-8)

    def move(self, loss: Tensor) -> None:
        """A step down the gradient of ``loss``; parameters that it does not reach stay as they are, to the bit."""
        self.adam.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()
        # Before the scaler looks for overflow: so all processes skip the same steps.
        self.workers.average_gradients(self.parameters)
        self.scaler.step(self.adam)
        self.scaler.update()
        self.adam.zero_grad(set_to_none=True)

    def state(self) -> dict[str, Any]:
        """For a checkpoint."""
        return {"adam": self.adam.state_dict(), "scaler": self.scaler.state_dict()}

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from :meth:`state`."""
        self.adam.load_state_dict(state["adam"])
        self.scaler.load_state_dict(state["scaler"])
