"""A generator of a few thousand parameters with every part of the real one, its model folder, and made-up photos."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from skyloom_training.config import TrainOptions
from skyloom_training.data.ccsn import CODES, SIDE, Photos
from skyloom_training.export.package import build_model
from skyloom_training.export.parity import ParityReport
from skyloom_training.networks.generator import Generator, GeneratorShape

TINY = GeneratorShape(z_dim=16, embed_dim=8, w_dim=16, channels=(16, 16, 8))


def tiny_generator(seed: int = 0, shape: GeneratorShape = TINY) -> Generator:
    """An untrained generator with a 32x32 dome; biases are drawn too, so that a lost one shows."""
    torch.manual_seed(seed)
    generator = Generator(shape).eval().requires_grad_(False)
    for name, parameter in generator.named_parameters():
        if name.endswith("bias"):
            parameter.add_(0.3 * torch.randn_like(parameter))
    return generator


def inputs(count: int, seed: int = 5, shape: GeneratorShape = TINY) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Latents, one-hot and mixed class weights, and noise for ``count`` domes."""
    draw = torch.Generator().manual_seed(seed)
    z = torch.randn(count, shape.z_dim, generator=draw)
    mix = torch.rand(count, shape.classes, generator=draw)
    mix[0] = torch.eye(shape.classes)[3]
    mix = mix / mix.sum(dim=1, keepdim=True)
    return z, mix, torch.randn(count, shape.noise_length, generator=draw)


@dataclass(frozen=True)
class TinyModel:
    """A model folder as the backend reads it, the generator it was made from, and the float32 synthesis."""

    folder: Path
    generator: Generator
    float_synthesis: Path
    report: ParityReport


@functools.cache
def tiny_model() -> TinyModel:
    """Exported and quantized once in a test run (seconds); nobody may change the folder: copy it first."""
    root = Path(tempfile.mkdtemp(prefix="skyloom-tiny-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    generator = tiny_generator()
    wide = root / "synthesis-fp32.onnx"
    report = build_model(generator, root / "tiny", "tiny", "Apache-2.0", {"kimg": 0.0}, wide)
    return TinyModel(root / "tiny", generator, wide, report)


def made_up_photos(per_class: int = 2, seed: int = 3) -> Photos:
    """Smooth random pictures, of every class some, with sky down to various rows."""
    rng = np.random.default_rng(seed)
    count = per_class * len(CODES)
    coarse = rng.integers(0, 256, (count, 8, 8, 3), np.uint8)
    pixels = np.repeat(np.repeat(coarse, SIDE // 8, axis=1), SIDE // 8, axis=2)
    return Photos(pixels, np.arange(count) % len(CODES), rng.integers(7, 17, count) * 25, rng.random(count))


def tiny_options(out: Path, **changes: object) -> TrainOptions:
    """Options of a run that takes a fraction of a second a step."""
    plain = {
        "out": str(out),
        "batch": 2,
        "views_per_dome": 1,
        "close_views": 1,
        "view_size": 64,
        "shape": TINY,
        "head_width": 8,
        "wide_size": 64,
        "procedural_skies": 1,
    }
    return TrainOptions(**{**plain, "kimg": 0.004, "threads": 1, **changes})
