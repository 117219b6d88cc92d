"""The networks of a lab run: generator, its average, and the discriminator of choice behind one interface."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from skyloom_training.lab.options import LabOptions
from skyloom_training.networks.projected import ProjectedDiscriminator
from skyloom_training.networks.residual import ResidualDiscriminator
from skyloom_training.networks.stylegan2 import StyleGenerator


class Projected(nn.Module):
    """The first sky's projected discriminator with the lab's interface; an unconditional run is one class for all."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.net = ProjectedDiscriminator(max(classes, 1))
        # The lab compares adversarial losses alone: the class term of the first sky has no part in it.
        self.net.classifier.requires_grad_(False)

    def forward(self, x: Tensor, mix: Tensor) -> list[Tensor]:
        logits, _ = self.net(x, mix if self.classes else mix.new_ones(len(x), 1))
        return logits


@dataclass
class Nets:
    """What a run trains. ``average`` follows ``generator``; a transfer may replace any of them before training."""

    generator: StyleGenerator
    average: StyleGenerator
    discriminator: nn.Module

    def renew_average(self) -> None:
        """Let the average be what the generator is now."""
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)

    def to(self, device: torch.device) -> None:
        """Move all; channels last where that is the faster layout."""
        for net in (self.generator, self.average, self.discriminator):
            net.to(device)
            net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def build_nets(options: LabOptions, classes: int) -> Nets:
    """Networks as they are drawn from ``options.seed``; ``classes`` 0 for an unconditional run."""
    torch.manual_seed(options.seed)
    generator = StyleGenerator(options.shape(classes))
    average = copy.deepcopy(generator).eval().requires_grad_(False)
    return Nets(generator, average, build_discriminator(options, classes))


def build_discriminator(options: LabOptions, classes: int) -> nn.Module:
    """The discriminator of choice; it sees pictures of side ``options.shown``."""
    if options.discriminator == "projected":
        return Projected(classes)
    return ResidualDiscriminator(replace(options.shape(classes), size=options.shown))


def trained(net: nn.Module) -> list[nn.Parameter]:
    """Parameters that an optimiser may move."""
    return [p for p in net.parameters() if p.requires_grad]


def kept_state(net: nn.Module) -> dict[str, Tensor]:
    """State for a checkpoint: all but the frozen ImageNet features, which come from their package."""
    return {k: v for k, v in net.state_dict().items() if not k.startswith("net.features.")}


def load_kept(net: nn.Module, state: dict[str, Tensor], whose: str) -> None:
    """Load :func:`kept_state`.

    Raises:
        ValueError: another network's.
    """
    try:
        result = net.load_state_dict(state, strict=False)
    except RuntimeError as error:
        raise ValueError(f"checkpoint: the {whose} is another network's ({error})") from error
    missing = [name for name in result.missing_keys if not name.startswith("net.features.")]
    if missing or result.unexpected_keys:
        raise ValueError(f"checkpoint: the {whose} lacks {missing} and has {result.unexpected_keys} too many")


@contextmanager
def still(net: nn.Module) -> Iterator[None]:
    """No gradients for the parameters of ``net`` meanwhile; afterwards as before."""
    moving = trained(net)
    for parameter in moving:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in moving:
            parameter.requires_grad_(True)
