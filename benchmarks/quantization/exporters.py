"""Which exporter takes which form at which opset, with the exact error where it does not."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from skyloom_training.networks.generator import Generator

from benchmarks.quantization.forms import FORMS, example, export, synthesis
from benchmarks.report import Section

LEGACY = (10, 11, 13, 16, 17, 18, 20)
DYNAMO = (10, 17, 18, 21)
SHOWN = 150


def section(generator: Generator, folder: Path) -> Section:
    """Every combination, exported, opened by ONNX Runtime and compared with torch."""
    opsets = {False: LEGACY, True: (*DYNAMO, onnx.defs.onnx_opset_version())}
    data, rows, errors = {}, [], dict[str, str]()
    for form in FORMS:
        net = synthesis(generator, form)
        for dynamo in (False, True):
            for free in (False, True):
                cells = []
                # A fixed batch is the easy case: once is enough where an export takes many seconds.
                for opset in dict.fromkeys(opsets[dynamo] if free or not dynamo else (18,)):
                    found = _try(net, generator, folder / "matrix.onnx", opset, dynamo, free)
                    exporter = "dynamo" if dynamo else "TorchScript"
                    data[f"{form}, {exporter}, {'free' if free else 'fixed'} batch, {opset}"] = found
                    if found["ok"]:
                        cells.append(f"{opset}: {found['difference']:.0e}")
                    else:
                        mark = errors.setdefault(found["error"], f"E{len(errors) + 1}")
                        cells.append(f"{opset}: {mark}")
                rows.append((form, "dynamo" if dynamo else "TorchScript", "free" if free else "1", "; ".join(cells)))
    text = (
        f"torch {torch.__version__}, onnx {onnx.__version__}, ONNX Runtime {ort.__version__}. Per opset: the largest "
        "difference from torch after a run in ONNX Runtime, or an error, listed below. With a free batch the graph is "
        "run with three latents. A large difference is an export that succeeds and computes something else: opset 10 "
        "has no bilinear enlargement by pixel centres."
    )
    listed = "\n".join(f"- **{mark}** `{error}`" for error, mark in errors.items())
    return Section("Exporters and opsets", text, ("form", "exporter", "batch", "opset: result"), rows, data, listed)


def _try(
    net: torch.nn.Module, generator: Generator, path: Path, opset: int, dynamo: bool, free: bool
) -> dict[str, Any]:
    # Traced with two rows where the batch is free, so that no axis is taken for a constant 1.
    inputs = example(generator, 2 if free else 1)
    options: dict[str, Any] = {}
    if free and dynamo:
        batch = torch.export.Dim("batch", min=1, max=64)
        options["dynamic_shapes"] = ({0: batch}, {0: batch})
    elif free:
        options["dynamic_axes"] = {"w": {0: "batch"}, "noise": {0: "batch"}, "dome": {0: "batch"}}
    try:
        with _silence():
            export(net, inputs, path, opset, dynamo, **options)
            # A free batch is one that another number than the traced one goes through.
            runs = example(generator, 3 if free else 1)
            got = next(iter(onnx.load(path, load_external_data=False).opset_import)).version
            session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
            (dome,) = session.run(None, {name: t.numpy() for name, t in zip(("w", "noise"), runs, strict=True)})
        with torch.inference_mode():
            wanted = net(*runs).numpy()
        if got != opset:
            return {"ok": False, "error": f"asked for opset {opset}, got {got}: the version converter gave up"}
        return {"ok": True, "difference": float(np.abs(dome - wanted).max())}
    except Exception as error:  # what fails, and how, is what is measured
        return {"ok": False, "error": _one_line(error)}


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Nothing on either stream, C++ included: TorchScript prints whole graphs when it fails."""
    sys.stdout.flush()
    kept = [os.dup(number) for number in (1, 2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in (1, 2):
            os.dup2(nowhere, number)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        for number, old in zip((1, 2), kept, strict=True):
            os.dup2(old, number)
            os.close(old)
        os.close(nowhere)


def _one_line(error: BaseException) -> str:
    """The first line that says something, without paths, numbers of lines and colours."""
    while error.__cause__ is not None:
        error = error.__cause__
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    line = next((line.strip() for line in text.splitlines() if len(line.strip()) > 12), text.strip())
    line = re.sub(r"(/[\w.\-]+){3,}/", "", line).replace("`", "'")
    # What follows names values by numbers that differ from graph to graph.
    line = line.split("  [Caused by")[0]
    return f"{type(error).__name__}: {line[:SHOWN]}"
