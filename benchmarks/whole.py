"""Whole requests, seed to files, each for a process of its own: Skyloom's, the thesis' pipeline, its net alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np
from PIL import Image
from skyloom.request import OutputSpec, SkyRequest

from benchmarks.machine import cores
from benchmarks.sessions import session
from benchmarks.skies import CLOUDS

OUTPUTS = (OutputSpec("panorama", 2048), OutputSpec("faces", 512))
CUMULUS = 7
Case = Callable[[], object]


def skyloom() -> Case:
    """A request as the server makes it, a new seed each time."""
    from skyloom.memory import keep_freed_memory
    from skyloom.studio import make_sky

    from benchmarks.skies import model

    keep_freed_memory()

    ours, seeds = model(), count()
    return lambda: make_sky(SkyRequest(CLOUDS, seed=next(seeds), outputs=OUTPUTS, detail="off"), ours)


def thesis_pipeline(onnx: str) -> Case:
    """What the thesis did, for the same files: a photo, its mirror image beside it, enlarged; faces cut from that."""
    import py360convert

    net, seeds = session(Path(onnx), cores()), count()
    z_dim, classes = (port.shape[1] for port in net.get_inputs())
    label = np.eye(classes, dtype=np.float32)[CUMULUS : CUMULUS + 1]

    def make() -> list[bytes]:
        z = np.random.default_rng(next(seeds)).standard_normal((1, z_dim)).astype(np.float32)
        (flat,) = net.run(None, {"z": z, "label": label})
        half = np.rint((flat[0].transpose(1, 2, 0) + 1) * 127.5).clip(0, 255).astype(np.uint8)
        both = np.concatenate([half, half[:, ::-1]], axis=1)
        wide = np.asarray(Image.fromarray(both).resize((2048, 1024), Image.Resampling.BICUBIC))
        return [_png(picture) for picture in (wide, *py360convert.e2c(wide, 512, cube_format="list"))]

    return make


def thesis_eager() -> Case:
    """The thesis' generator alone, in PyTorch."""
    import torch

    from benchmarks.thesis_net import CLASSES, Z_DIM, ThesisGenerator

    torch.set_num_threads(cores())
    net, inputs = ThesisGenerator().eval(), (torch.randn(1, Z_DIM), torch.eye(CLASSES)[CUMULUS : CUMULUS + 1])

    def run() -> object:
        with torch.inference_mode():
            return net(*inputs)

    return run


def _png(values: np.ndarray) -> bytes:
    """Pillow's default PNG."""
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(values)).save(stream, "PNG")
    return stream.getvalue()
