"""PyTorch's own quantization (PT2E, which lives in torchao): what it does to one form, in a process of its own.

`python -m benchmarks.quantization.pt2e WEIGHTS FORM OUT.json` tries torch.export, prepare_pt2e, calibration,
convert_pt2e, a run, ONNX export of the result, and Inductor's kernels, and writes down how far it came.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from skyloom_training.export.parity import psnr
from skyloom_training.weights import load_generator

from benchmarks.clock import Spread, compare
from benchmarks.quantization.exporters import _one_line
from benchmarks.quantization.forms import example, synthesis

LATENTS = 8


def ask(weights: Path, form: str, out: Path, seconds: float) -> dict[str, Any]:
    """Run this module as a program; what it had written when time ran out is what is known."""
    command = [sys.executable, "-m", "benchmarks.quantization.pt2e", str(weights), form, str(out)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        note = "" if done.returncode == 0 else f"the process ended with {done.returncode}: {done.stderr.strip()[-200:]}"
    except subprocess.TimeoutExpired:
        note = f"stopped after {seconds:.0f} s"
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    return {**found, "note": note} if note else found


def as_text(result: Any) -> str:
    """A step's result in a cell."""
    if not isinstance(result, dict):
        return f"`{result}`" if "Error" in str(result) else str(result)
    parts = []
    for key, value in result.items():
        if isinstance(value, dict):
            inner = f"{value['median']:.2f}" if "median" in value else ", ".join(f"{k} {v}" for k, v in value.items())
            parts.append(f"{key} {inner}")
        else:
            parts.append(f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}")
    return "; ".join(parts)


def _main(weights: Path, form: str, out: Path) -> None:
    found: dict[str, Any] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        """Do one step; say how it ended in the file at once, and stop the program at an error."""
        began = time.perf_counter()
        try:
            result = work()
        except Exception as error:
            found[name] = _one_line(error)
            out.write_text(json.dumps(found), encoding="utf-8")
            return None
        found[name] = f"done, {time.perf_counter() - began:.0f} s"
        out.write_text(json.dumps(found), encoding="utf-8")
        return result

    torch.set_num_threads(1)
    generator = load_generator(weights)
    net, inputs = synthesis(generator, form), example(generator)
    exported = step("torch.export", lambda: torch.export.export(net, inputs).module())
    if exported is None:
        return
    converted = _quantized(exported, generator, inputs, step)
    if converted is None:
        return

    def run() -> dict[str, Any]:
        with torch.inference_mode():
            wanted, got = (f(*inputs).clamp(-1, 1).numpy() for f in (net, converted))
            timings = compare({"float": lambda: net(*inputs), "int8": lambda: converted(*inputs)}, 3)
        stored = sum(t.numel() * t.element_size() for t in [*converted.parameters(), *converted.buffers()])
        whole = sum(t.numel() * t.element_size() for t in [*net.parameters(), *net.buffers()])
        return {
            "psnr": psnr(wanted, got),
            "size_ratio": stored / whole,
            "eager_speed_up": timings["float"].over(timings["int8"]).as_dict(),
            "quantized_nodes": _kinds(converted),
        }

    found["result"] = step("run in eager mode", run)
    step("torch.onnx.export", lambda: _to_onnx(converted, inputs, out.with_suffix(".onnx"), found))
    if shutil.which("g++"):
        found["inductor"] = step("torch.compile (Inductor)", lambda: _compiled(net, converted, inputs))
    else:
        found["torch.compile (Inductor)"] = "not tried: no C++ compiler on this machine"
    out.write_text(json.dumps(found), encoding="utf-8")


def _quantized(exported: Any, generator: Any, inputs: tuple[Any, ...], step: Callable[..., Any]) -> Any:
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e
    from torchao.quantization.pt2e.quantizer.x86_inductor_quantizer import (
        X86InductorQuantizer,
        get_default_x86_inductor_quantization_config,
    )

    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    prepared = step("prepare_pt2e", lambda: prepare_pt2e(exported, quantizer))
    if prepared is None:
        return None
    draw = torch.Generator().manual_seed(9)
    shape = generator.shape

    def calibrate() -> bool:
        with torch.no_grad():
            for index in range(LATENTS):
                mix = torch.eye(shape.classes)[index % shape.classes][None]
                w = generator.mapping(torch.randn(1, shape.z_dim, generator=draw), mix)
                prepared(w, torch.randn(1, shape.noise_length, generator=draw))
        return True

    if step("calibration", calibrate) is None:
        return None
    return step("convert_pt2e", lambda: convert_pt2e(prepared))


def _kinds(module: Any) -> dict[str, int]:
    """How many convolutions and matrix products there are, and how many read a dequantized weight."""
    every: dict[str, int] = {}
    for node in module.graph.nodes:
        if node.op == "call_function" and ("conv2d" in str(node.target) or "linear" in str(node.target)):
            name = str(node.target).split(".")[1]
            low = "dequantize" in str(getattr(node.args[1], "target", ""))
            every[name] = every.get(name, 0) + 1
            every[f"{name}, int8 weight"] = every.get(f"{name}, int8 weight", 0) + int(low)
    return every


def _to_onnx(module: Any, inputs: tuple[Any, ...], path: Path, found: dict[str, Any]) -> bool:
    torch.onnx.export(module, inputs, str(path), opset_version=18, dynamo=True, external_data=False, verbose=False)
    kinds = [node.op_type for node in onnx.load(path).graph.node]
    found["onnx_nodes"] = {kind: kinds.count(kind) for kind in ("QuantizeLinear", "DequantizeLinear", "Conv")}
    found["onnx_bytes"] = path.stat().st_size
    return True


def _compiled(net: Any, converted: Any, inputs: tuple[Any, ...]) -> dict[str, Any]:
    import torch._inductor.config as inductor

    inductor.freezing = True
    with torch.inference_mode():
        fast, slow = torch.compile(converted), torch.compile(net)
        got, wanted = (f(*inputs).clamp(-1, 1).numpy() for f in (fast, slow))
        timings = compare({"float": lambda: slow(*inputs), "int8": lambda: fast(*inputs)}, 10)
    return {
        "psnr": psnr(np.asarray(wanted), np.asarray(got)),
        "speed_up": timings["float"].over(timings["int8"]).as_dict(),
        "core_s": Spread.of(timings["int8"].core).as_dict(),
    }


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
