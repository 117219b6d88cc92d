"""The trained net that a transfer starts from: a lab run's checkpoint, its averaged generator and its discriminator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from skyloom_training import checkpoint
from skyloom_training.lab.options import LabOptions, options_from
from skyloom_training.networks.stylegan2 import StyleGenerator


@dataclass
class Source:
    """Averaged generator, state of the discriminator, options and classes of the run that made them."""

    generator: StyleGenerator
    discriminator: dict[str, Tensor]
    options: LabOptions
    classes: int


def load_source(path: Path) -> Source:
    """Read a lab run's checkpoint.

    Raises:
        FileNotFoundError: no such file.
        ValueError: damaged, or not of a lab run with plain networks.
    """
    state = checkpoint.load(path)
    try:
        options, classes = options_from(state["options"]), int(state["classes"])
        generator = StyleGenerator(options.shape(classes))
        generator.load_state_dict(state["average"])
        return Source(generator.eval().requires_grad_(False), state["discriminator"], options, classes)
    except (KeyError, TypeError, RuntimeError) as error:
        raise ValueError(f"source: {path} is no net that a transfer can start from ({error!r})") from error


def load_all(net: nn.Module, state: dict[str, Tensor], what: str) -> None:
    """Load the source's weights into a net of the same shape.

    Raises:
        ValueError: the shapes differ, as between an unconditional and a conditional net.
    """
    from skyloom_training.lab.nets import load_kept

    try:
        load_kept(net, state, what)
    except ValueError as error:
        raise ValueError(
            f"source: the {what} differs from the run's; unconditional to conditional needs a splice ({error})"
        ) from error
