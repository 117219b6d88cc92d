"""A whole request against the thesis' pipeline rebuilt: flat 512x512 float32 generator, mirrored half, six faces."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch

from benchmarks.apart import apart
from benchmarks.clock import Spread, compare
from benchmarks.machine import cores
from benchmarks.report import Section
from benchmarks.thesis_net import CLASSES, Z_DIM, ThesisGenerator

ROUNDS = 15
OURS, THEIRS, EAGER = (
    "Skyloom, whole request",
    "thesis' pipeline, ONNX Runtime",
    "its generator alone, PyTorch eager",
)


def export_thesis(path: Path) -> None:
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


def sections() -> list[Section]:
    """Seed to files on all cores, each way in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        onnx = Path(folder) / "thesis.onnx"
        export_thesis(onnx)
        megabytes = onnx.stat().st_size / 1e6
        with (
            apart("benchmarks.whole:skyloom") as ours,
            apart("benchmarks.whole:thesis_pipeline", str(onnx)) as pipeline,
            apart("benchmarks.whole:thesis_eager") as eager,
        ):
            found = compare({OURS: ours, THEIRS: pipeline, EAGER: eager}, ROUNDS)
    rows, data = [], {}
    for name, timing in found.items():
        wall, core = (Spread.of(clock).text(3) for clock in (timing.wall, timing.core))
        rows.append((name, wall, core, timing.over(found[OURS], "wall").text(1), timing.over(found[OURS]).text(1)))
        data[name] = timing.as_dict()
    data["thesis_over_skyloom"] = {
        clock: found[THEIRS].over(found[OURS], clock).as_dict() for clock in ("wall", "core")
    }
    return [
        Section(
            "A whole request, warm",
            f"2048x1024 panorama and six 512 faces as PNG, {cores()} cores, detail off, each way in a process of its "
            f"own. The thesis' generator has its form and size ({megabytes:.0f} MB in ONNX) but untrained weights, "
            "which take the same time.",
            ("who", "wall s", "core s", "over Skyloom, wall", "core"),
            rows,
            data,
        )
    ]
