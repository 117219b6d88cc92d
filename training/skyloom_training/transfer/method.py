"""What a transfer method may do to a run; the defaults do nothing, which is training from scratch."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from skyloom_training.lab.nets import Nets
from skyloom_training.transfer.source import Source

if TYPE_CHECKING:
    from skyloom_training.lab.loop import Lab


@dataclass
class Transfer:
    """Hooks of the lab's loop, in the order in which a run calls them. The fields of a method are its options."""

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        """Before optimisers are made: load the source, freeze, replace or add modules. Called on resuming, too.

        ``pictures`` is how many the run learns from.
        """

    def prepare(self, lab: Lab) -> None:
        """Once, after the optimisers are made, before the first step of a new run."""

    def progress(self, nets: Nets, images: int, total: int) -> None:
        """Before every step: what depends on how far the run is (``images`` of ``total``)."""

    def extra(self) -> nn.Module | None:
        """A module of the method's own, trained with the generator and kept in checkpoints."""
        return None

    def latents(self, z: Tensor, mix: Tensor) -> Tensor:
        """z [N, z_dim] ~ N(0, 1) and class weights -> what the generator is given, in training and measure."""
        return z

    def generator_loss(self, nets: Nets) -> Tensor | None:
        """Added to the generator's loss."""
        return None

    def discriminator_loss(self, nets: Nets, real: Tensor, mix: Tensor) -> Tensor | None:
        """Added to the discriminator's loss; ``real`` as the discriminator saw it."""
        return None

    def own_step(self, lab: Lab) -> dict[str, float] | None:
        """In place of the adversarial step, with its figures for the log; None: take that step."""
        return None


def make(kind: type[Transfer], options: dict[str, Any], name: str) -> Transfer:
    """The method with its options.

    Raises:
        ValueError: an option that it has not, or of another kind.
    """
    known = [f.name for f in fields(kind) if f.init]
    if unknown := sorted(set(options) - set(known)):
        allowed = ", ".join(known) or "none"
        raise ValueError(f"method_options: {unknown[0]!r} is no option of {name}; it has {allowed}")
    method = kind(**options)
    for field in known:
        value, plain = getattr(method, field), getattr(kind(), field)
        number = isinstance(plain, float) and isinstance(value, int) and not isinstance(value, bool)
        if type(value) is not type(plain) and not number:
            raise ValueError(f"method_options: {field} of {name} is {value!r}; expected a {type(plain).__name__}")
    return method


def need_source(source: Source | None, name: str) -> Source:
    """The source, or ValueError where there is none."""
    if source is None:
        raise ValueError(f"source: {name} needs a trained net to start from; none is named")
    return source
