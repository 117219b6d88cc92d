"""Where the time of float32 and of int8 goes, layer by layer, by ONNX Runtime's own profiler."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import onnxruntime as ort

from benchmarks.quantization.measure import Feeds
from benchmarks.report import Section

RUNS = 20
_QUANTIZED = ("QLinearConv", "NhwcQLinearConv", "QuantizeLinear", "DequantizeLinear")


def profile(path: Path, feed: Feeds, folder: Path) -> dict[str, dict[str, Any]]:
    """Per node: its kind, the shape of its output, and least microseconds on one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_profiling = True
    options.profile_file_prefix = str(folder / path.stem)
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    for _ in range(RUNS):
        session.run(None, feed)
    events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    times: dict[str, list[float]] = defaultdict(list)
    kinds: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.get("cat") != "Node" or not event["name"].endswith("_kernel_time"):
            continue
        name = event["name"].removesuffix("_kernel_time")
        arguments = event["args"]
        shapes = arguments.get("output_type_shape") or [{}]
        times[name].append(event["dur"])
        kinds[name] = {"kind": arguments["op_name"], "shape": next(iter(shapes[0].values()), [])}
    return {name: {**kinds[name], "us": min(found)} for name, found in times.items()}


def section(wide: Path, narrow: Path, feed: Feeds, folder: Path) -> Section:
    """Convolutions by size, and everything else by kind, float32 beside int8."""
    tables = [_grouped(profile(path, feed, folder)) for path in (wide, narrow)]
    totals = [sum(table.values()) for table in tables]
    names = sorted({*tables[0], *tables[1]}, key=lambda name: -max(table.get(name, 0) for table in tables))
    rows = []
    for name in names:
        before, after = (table.get(name, 0.0) for table in tables)
        if max(before / totals[0], after / totals[1]) < 0.005:
            continue
        ratio = f"{before / after:.2f}" if before and after else ""
        rows.append((name, f"{before / 1e3:.2f}", f"{after / 1e3:.2f}", ratio, f"{100 * after / totals[1]:.0f}"))
    rows.append(("all", *(f"{t / 1e3:.2f}" for t in totals), f"{totals[0] / totals[1]:.2f}", "100"))
    convolved = [sum(us for name, us in table.items() if name.startswith("convolution")) for table in tables]
    rest = [total - part for total, part in zip(totals, convolved, strict=True)]
    # Amdahl: what is left when convolutions take no time at all.
    limit = totals[0] / rest[1]
    after = (
        f"Convolutions take {100 * convolved[0] / totals[0]:.0f} % of float32's time and become "
        f"{convolved[0] / convolved[1]:.2f} times as fast; everything else (scaling, noise, activation, enlargement, "
        f"and in int8 the rounding between them) goes from {rest[0] / 1e3:.1f} to {rest[1] / 1e3:.1f} ms. Were the "
        f"convolutions free, the whole would be {limit:.1f} times as fast as float32."
    )
    data = {"float32": tables[0], "int8": tables[1], "convolutions_us": convolved, "rest_us": rest}
    text = f"Least of {RUNS} runs, one thread, ms, for the model that is shipped."
    head = ("nodes", "float32 ms", "int8 ms", "times as fast", "% of int8's time")
    return Section("Layer by layer", text, head, rows, data, after)


def _grouped(nodes: dict[str, dict[str, Any]]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for node in nodes.values():
        kind, shape = node["kind"], list(node["shape"])
        if "Conv" in kind and len(shape) == 4:
            # Channels last in some int8 kernels: the equal pair is the picture's side.
            side = shape[2] if shape[2] == shape[3] else shape[1]
            channels = shape[1] if shape[2] == shape[3] else shape[3]
            found[f"convolution to {channels} channels at {side}x{side}"] += node["us"]
        elif kind in _QUANTIZED:
            found["quantize and dequantize"] += node["us"]
        elif kind in ("Resize", "Upsample", "Pad", "DepthToSpace"):
            found[f"{kind}"] += node["us"]
        elif kind in ("Mul", "Add", "LeakyRelu", "QLinearLeakyRelu", "QLinearMul", "QLinearAdd", "Div", "Sqrt"):
            found["scale, noise, activation (elementwise)"] += node["us"]
        else:
            found[f"other ({kind})"] += node["us"]
    return dict(found)
