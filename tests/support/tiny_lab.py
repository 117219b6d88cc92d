"""Lab runs of a few thousand parameters on pictures made up here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from skyloom_training.lab.loop import Lab
from skyloom_training.lab.options import LabOptions
from skyloom_training.lab.pictures import Pictures
from skyloom_training.transfer import METHODS
from skyloom_training.transfer.method import make
from skyloom_training.transfer.source import Source, load_source

PLAIN: dict[str, Any] = {
    "size": 16,
    "z_dim": 16,
    "w_dim": 16,
    "mapping_layers": 2,
    "channel_base": 128,
    "channel_max": 16,
    "batch": 4,
    "kimg": 0.016,
    "evaluate_at": (),
    "checkpoint_kimg": 1e6,
    "log_steps": 1,
}


def tiny_options(**changes: Any) -> LabOptions:
    """Options of a run that takes some ten milliseconds a step."""
    return LabOptions(**{**PLAIN, **changes})


def made_up_pictures(count: int = 24, classes: int = 3, side: int = 24, seed: int = 3) -> Pictures:
    """Smooth random pictures; the class is in the colour."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    coarse = rng.integers(0, 120, (count, 6, 6, 3))
    coarse[np.arange(count), :, :, labels % 3] += 120
    pixels = np.repeat(np.repeat(coarse, side // 6, axis=1), side // 6, axis=2).astype(np.uint8)
    return Pictures(pixels, labels, np.full(count, side), classes)


def tiny_lab(out: Path, method: str = "scratch", source: Source | None = None, **changes: Any) -> Lab:
    """A lab with a method by name; ``method_options`` among the changes."""
    options = tiny_options(method=method, **changes)
    return Lab(options, made_up_pictures(), out, make(METHODS[method], options.method_options, method), source)


def tiny_source(out: Path, **changes: Any) -> Source:
    """What an unconditional run of a few steps leaves."""
    tiny_lab(out, **changes).run()
    return load_source(out / "last.pt")


def inputs(lab: Lab, count: int = 6, seed: int = 5) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Latents, class weights (all classes in turn) and noise for a lab's generator."""
    shape, draw = lab.nets.generator.shape, torch.Generator().manual_seed(seed)
    z = torch.randn(count, shape.z_dim, generator=draw)
    labels = torch.arange(count) % max(shape.classes, 1)
    mix = torch.eye(shape.classes)[labels] if shape.classes else torch.zeros(count, 0)
    return z, mix, torch.randn(count, shape.noise_length, generator=draw)
