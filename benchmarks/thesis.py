"""A whole request against the thesis' pipeline rebuilt: flat 512x512 float32 generator, mirrored half, six faces."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import numpy as np
import py360convert
import torch
from PIL import Image
from skyloom.request import OutputSpec, SkyRequest
from skyloom.studio import make_sky

from benchmarks.clock import Spread, compare
from benchmarks.machine import cores
from benchmarks.network import session
from benchmarks.report import Section
from benchmarks.skies import CLOUDS, model
from benchmarks.thesis_net import CLASSES, Z_DIM, ThesisGenerator

ROUNDS = 7
OUTPUTS = (OutputSpec("panorama", 2048), OutputSpec("faces", 512))


class ThesisPipeline:
    """What the thesis did, for the same files: a photo, its mirror image beside it, enlarged; faces cut from that."""

    def __init__(self, onnx: Path, threads: int) -> None:
        self._session = session(onnx, threads)

    def make(self, seed: int) -> list[bytes]:
        """A 2048x1024 panorama and six 512 faces as Pillow's default PNG."""
        z = np.random.default_rng(seed).standard_normal((1, Z_DIM)).astype(np.float32)
        label = np.eye(CLASSES, dtype=np.float32)[7:8]
        (flat,) = self._session.run(None, {"z": z, "label": label})
        half = np.rint((flat[0].transpose(1, 2, 0) + 1) * 127.5).clip(0, 255).astype(np.uint8)
        both = np.concatenate([half, half[:, ::-1]], axis=1)
        wide = np.asarray(Image.fromarray(both).resize((2048, 1024), Image.Resampling.BICUBIC))
        pictures = [wide, *py360convert.e2c(wide, 512, cube_format="list")]
        return [_png(picture) for picture in pictures]


def export_thesis(path: Path) -> ThesisGenerator:
    """Write the rebuilt generator as ONNX; its batch is fixed, without which its convolutions cannot be exported."""
    torch.manual_seed(0)
    net = ThesisGenerator().eval()
    example = (torch.randn(1, Z_DIM), torch.eye(CLASSES)[7:8])
    torch.onnx.export(
        net,
        example,
        str(path),
        input_names=["z", "label"],
        output_names=["picture"],
        opset_version=18,
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    return net


def sections() -> list[Section]:
    """Seed to files, both on all cores and both on one."""
    rows, data = [], {}
    with tempfile.TemporaryDirectory() as folder:
        onnx = Path(folder) / "thesis.onnx"
        net = export_thesis(onnx)
        megabytes = onnx.stat().st_size / 1e6
        eager_input = (torch.randn(1, Z_DIM), torch.eye(CLASSES)[7:8])
        torch.set_num_threads(cores())
        pipeline, seeds = ThesisPipeline(onnx, cores()), iter(range(10_000))
        ours = model()

        def whole() -> object:
            return make_sky(SkyRequest(CLOUDS, seed=next(seeds), outputs=OUTPUTS, detail="off"), ours)

        def eager() -> object:
            with torch.inference_mode():
                return net(*eager_input)

        found = compare(
            {
                "Skyloom, whole request": whole,
                "thesis' pipeline, ONNX Runtime": lambda: pipeline.make(next(seeds)),
                "its generator alone, PyTorch eager": eager,
            },
            ROUNDS,
        )
    base = found["Skyloom, whole request"]
    for name, timing in found.items():
        wall, core = (Spread.of(clock).text(3) for clock in (timing.wall, timing.core))
        rows.append((name, wall, core, timing.over(base, "wall").text(1), timing.over(base).text(1)))
        data[name] = timing.as_dict()
    data["thesis_over_skyloom"] = {
        clock: found["thesis' pipeline, ONNX Runtime"].over(base, clock).as_dict() for clock in ("wall", "core")
    }
    return [
        Section(
            "A whole request, warm",
            f"2048x1024 panorama and six 512 faces as PNG, {cores()} cores, detail off. The thesis' generator has its "
            f"form and size ({megabytes:.0f} MB in ONNX) but untrained weights, which take the same time. "
            "In one process with torch and that net, Skyloom's own time has two modes; the server, below, has the "
            "lower one.",
            ("who", "wall s", "core s", "over Skyloom, wall", "core"),
            rows,
            data,
        )
    ]


def _png(values: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(values)).save(stream, "PNG")
    return stream.getvalue()
