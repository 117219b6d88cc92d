"""Direct splicing: an unconditional net's weights into a conditional one, for G, for D, or for both.

Two ways. The thesis': everything under ``mapping`` is dropped, and the discriminator's last layer, whose shape depends
on the classes there; those parts start anew. Function-preserving: whatever fits is kept and what is new starts without
effect, so that the conditional net makes the source's very pictures at step 0, whatever the class.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from skyloom_training.lab.nets import Nets
from skyloom_training.networks.layers import Linear
from skyloom_training.networks.residual import ResidualDiscriminator
from skyloom_training.networks.stylegan2 import StyleGenerator, StyleMapping
from skyloom_training.transfer.method import Transfer, need_source
from skyloom_training.transfer.source import Source


@dataclass
class Splice(Transfer):
    """``side``: g, d or both. ``way``: thesis or preserving.

    ``transition``: share of the budget over which a preserved discriminator's class term comes in.
    """

    side: str = "both"
    way: str = "thesis"
    transition: float = 0.25

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        for name, allowed in (("side", ("g", "d", "both")), ("way", ("thesis", "preserving"))):
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"method_options: {name} of splice is {getattr(self, name)!r}; expected {' or '.join(allowed)}"
                )
        source = need_source(source, "a splice")
        if source.classes or not nets.generator.shape.classes:
            raise ValueError("source: a splice goes from an unconditional net to a conditional run")
        if self.side != "d":
            splice_generator(nets.generator, source.generator, self.way)
        if self.side != "g":
            splice_discriminator(nets.discriminator, source.discriminator, self.way)
        nets.renew_average()

    def progress(self, nets: Nets, images: int, total: int) -> None:
        if self.way == "preserving" and self.side != "g":
            ramp(nets.discriminator, images, self.transition * total)


def splice_generator(target: StyleGenerator, source: StyleGenerator, way: str) -> None:
    """Put the source's weights into ``target``; ValueError where the bodies differ."""
    _load_some(target, {k: v for k, v in source.state_dict().items() if not k.startswith("mapping.")}, "generator")
    if way == "preserving":
        splice_mapping(target.mapping, source.mapping)


@torch.no_grad()
def splice_mapping(target: StyleMapping, source: StyleMapping) -> None:
    """w is the same for the same z: the first layer gets zero columns for the class, the others are copied.

    A layer divides by the root of its fan-in, which has grown from z to z + embedding: the old columns are larger by
    the root of that ratio.
    """
    state = source.state_dict()
    _load_some(target, {k: v for k, v in state.items() if k != "layers.0.weight"}, "mapping")
    old, new = source.layers[0], target.layers[0]
    assert isinstance(old, Linear)
    assert isinstance(new, Linear)
    if old.weight.shape[0] != new.weight.shape[0] or old.weight.shape[1] >= new.weight.shape[1]:
        raise ValueError("source: the mapping's first layer differs from the run's in more than the class embedding")
    width = old.weight.shape[1]
    new.weight.zero_()
    new.weight[:, :width] = old.weight * (old.weight_gain / new.weight_gain)


def splice_discriminator(target: nn.Module, source: dict[str, Tensor], way: str) -> None:
    """Put the source's weights into ``target``; preserving: its class term has no weight yet."""
    if not isinstance(target, ResidualDiscriminator):
        raise ValueError("discriminator: a splice needs the residual one; expected residual")
    dropped = ("mapping.", "project.", "out.", "transition") if way == "thesis" else ("transition",)
    _load_some(target, {k: v for k, v in source.items() if not k.startswith(dropped)}, "discriminator")
    if way == "preserving":
        target.transition.zero_()


def ramp(discriminator: nn.Module, images: int, over: float) -> None:
    """Weight of the class term: 0 at the start, 1 after ``over`` images (Shahbazi et al. 2022)."""
    assert isinstance(discriminator, ResidualDiscriminator)
    discriminator.transition.fill_(min(images / over, 1.0) if over > 0 else 1.0)


def _load_some(target: nn.Module, state: dict[str, Tensor], what: str) -> None:
    try:
        result = target.load_state_dict(state, strict=False)
    except RuntimeError as error:
        raise ValueError(f"source: the {what} differs from the run's in more than its classes ({error})") from error
    if result.unexpected_keys:
        raise ValueError(f"source: the {what} has {result.unexpected_keys}, which the run's has not")
