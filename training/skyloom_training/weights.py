"""Trained weights as they travel: the averaged generator in float16 and the discriminator's heads, to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from skyloom_training import checkpoint
from skyloom_training.config import TrainOptions, options_from
from skyloom_training.data.ccsn import CODES
from skyloom_training.networks.generator import Generator

# Larger than float16 can hold, or finer than it can tell, is nothing in a net trained in bfloat16.
_STORED = ("average", "discriminator")


def save_weights(state: dict[str, Any], path: Path) -> None:
    """Write the parts of a run's checkpoint that another run can start from, in float16.

    Raises:
        ValueError: not the state of a run.
    """
    if missing := {*_STORED, "images", "options", "codes"} - set(state):
        raise ValueError(f"checkpoint: not the state of a run; {', '.join(sorted(missing))} missing")
    small = {part: {k: _half(v) for k, v in state[part].items()} for part in _STORED}
    checkpoint.save(path, {"images": state["images"], "options": state["options"], "codes": state["codes"], **small})


def load_weights(path: Path) -> tuple[dict[str, Any], TrainOptions]:
    """Read weights (or a run's checkpoint); returns the state in float32 and its options.

    Raises:
        FileNotFoundError: no such file.
        ValueError: damaged, not of Skyloom, or of other classes.
    """
    state = checkpoint.load(path)
    try:
        if state["codes"] != list(CODES):
            raise ValueError(f"checkpoint: {path} has classes {state['codes']}; expected {list(CODES)}")
        for part in _STORED:
            state[part] = {k: v.float() if v.is_floating_point() else v for k, v in state[part].items()}
        return state, options_from(state["options"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"checkpoint: {path} is not one of Skyloom's ({error!r})") from error


def load_generator(path: Path) -> Generator:
    """The averaged generator of a weights file or checkpoint, ready to run; raises what load_weights does."""
    state, options = load_weights(path)
    generator = Generator(options.shape)
    try:
        generator.load_state_dict(state["average"])
    except RuntimeError as error:
        raise ValueError(f"checkpoint: {path} is not one of Skyloom's ({error})") from error
    return generator.eval().requires_grad_(False)


def grown(generator: Generator, state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """``state`` of a smaller net, with what it lacks of ``generator`` (a tail, a layout, arcs) taken from there.

    Raises:
        ValueError: it lacks something else, or has what ``generator`` has not.
    """
    mine = generator.state_dict()
    missing = [name for name in mine if name not in state]
    new = ("synthesis.tail.", "synthesis.layout", "synthesis.arcs.", "synthesis.tail_arcs.")
    if odd := [name for name in missing if not name.startswith(new)] + [*(set(state) - set(mine))]:
        raise ValueError(f"checkpoint: the generator does not fit, look at {', '.join(odd[:4])}")
    return {**mine, **state}


def widened(discriminator: torch.nn.Module, state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Heads of an earlier run for ``discriminator``: new conditions get zero weight, what it lacks begins anew."""
    mine, out = discriminator.state_dict(), dict(state)
    for name, value in mine.items():
        if (".spread." in name or name.startswith("texture.")) and name not in out:
            out[name] = value
        elif name in out and name.endswith("embed.weight") and out[name].shape != value.shape:
            extra = value.shape[1] - out[name].shape[1]
            out[name] = torch.nn.functional.pad(out[name], (0, extra))
    return out


def _half(value: torch.Tensor) -> torch.Tensor:
    return value.half() if value.is_floating_point() else value
