"""`python -m benchmarks.quantization`: measures every row and writes docs/quantization.md and .json."""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from skyloom_training.export.frozen import FrozenSynthesis
from skyloom_training.export.package import CALIBRATION_LATENTS, calibration_latents
from skyloom_training.export.to_onnx import export_float
from skyloom_training.networks.generator import Generator
from skyloom_training.weights import load_generator

from benchmarks.machine import load, machine
from benchmarks.quantization import (
    control,
    exporters,
    instructions,
    methods,
    nodes,
    profile,
    pt2e,
    sensitivity,
    thesis_size,
    tuning,
)
from benchmarks.quantization.forms import FORMS, example, export_for_measuring, synthesis
from benchmarks.quantization.measure import Judge
from benchmarks.report import Section, write
from benchmarks.skies import ROOT, weights

HEAD = (
    *("form and method", "MB", "of float32", "core ms", "times as fast", "peak MB", "M instructions"),
    *("PSNR dB, mean (worst)", "feature distance", "nodes touched"),
)
JUDGED = 22  # latents, two of every class: the first are judged, the others say how far apart two seeds are
COUNTED = ("float32", "quantize_dynamic, int8", "static U8S8, MinMax, per channel", methods.SHIPPED)


def main() -> None:
    """Everything, or with --quick fewer rounds, opsets and seconds: to see that it works, nothing is written."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quantization", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rows, printed only")
    quick = parser.parse_args().quick
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    began, busy, path = time.perf_counter(), load(), weights()
    generator = load_generator(path)
    with tempfile.TemporaryDirectory() as name:
        sections = measured(generator, path, Path(name), quick, began)
    facts = {"machine": machine(), "load": busy, "weights": path.name, "seconds": time.perf_counter() - began}
    head = (
        "# Quantization\n\nWritten by `make quantization`; the same figures are in "
        "[quantization.json](quantization.json). One trained generator in two forms of the same function: Skyloom's "
        "scales activations and keeps every convolution's weight a constant; the thesis' (StyleGAN2's) computes "
        "weights from the latent. Figures are medians and, in brackets, the range of the middle 80 % of interleaved "
        f"rounds, one thread.\n\nMachine: {facts['machine']}. Load average when it began: {busy}. Weights: "
        f"{path.name}, {sum(p.numel() for p in generator.parameters()) / 1e6:.1f} M parameters, dome "
        f"{generator.shape.dome}. The run took {facts['seconds']:.0f} s."
    )
    if not quick:
        write(ROOT / "docs" / "quantization.md", head, sections, facts)
    print("\n\n".join([head, *(section.markdown() for section in sections)]))


def measured(generator: Generator, path: Path, folder: Path, quick: bool, began: float) -> list[Section]:
    """All sections, in the order of the document."""

    def tell(what: str) -> None:
        print(f"{time.perf_counter() - began:5.0f} s: {what}", flush=True)

    shape = generator.shape
    mapping, _ = export_float(generator, folder)
    latents = calibration_latents(mapping, shape.z_dim, shape.classes, 12 if quick else CALIBRATION_LATENTS)
    calibration = methods.Calibration(latents, shape.noise_length)
    feeds = _feeds(mapping, generator, 4 if quick else JUDGED)
    data, paths = _rows(generator, folder, calibration, feeds, quick, tell)
    tell("instructions")
    inputs = folder / "one.npz"
    np.savez(inputs, **feeds[0])
    counted = {} if quick else instructions.count(_chosen(paths), inputs, 500.0)
    for name, row in data.items():
        if "bytes" in row:
            row["million_instructions"] = counted.get(name)
    every = Section(
        "Every method, both forms",
        "Peak memory: what opening the model and two runs add to a fresh process. Instructions: millions a run, by "
        "valgrind on AVX2's path, since this kind of machine may hide its counters; a proxy for energy, with core "
        "time beside it. PSNR against the same form's float32, domes clipped to their range. Feature distance: in "
        "EfficientNet-Lite2's pooled features, of a latent's dome to its float32 one, where 1 is the distance of two "
        "seeds of one class. Nodes touched: those with a weight that is now stored in fewer bits, of all of the kind.",
        HEAD,
        [_cells(name, row) for name, row in data.items()],
        data,
    )
    tell("thesis' size")
    sized = thesis_size.section(folder)
    tell("layer by layer")
    layers = profile.section(paths[f"{FORMS[0]}: float32"], paths[f"{FORMS[0]}: {methods.SHIPPED}"], feeds[0], folder)
    tell("what each layer costs")
    costs = sensitivity.section(paths[f"{FORMS[0]}: float32"], feeds, calibration, folder, 2 if quick else None)
    tell("control")
    transformer = control.section(folder)
    tell("PT2E")
    torch_ = _pt2e(path, folder, 60 if quick else 90)
    tell("exporters")
    if quick:
        exporters.LEGACY, exporters.DYNAMO = (10, 17), (18,)
    matrix = exporters.section(generator, folder)
    tell("done")
    return [_agreement(generator), every, sized, transformer, layers, costs, torch_, matrix]


def _agreement(generator: Generator) -> Section:
    """The two forms are one function."""
    found = []
    with torch.inference_mode():
        for batch in (1, 3):
            inputs = example(generator, batch)
            first, second = (synthesis(generator, form)(*inputs) for form in FORMS)
            found.append(float((first - second).abs().max()))
    text = (
        f"Largest difference of their domes, values in [-1, 1]: {found[0]:.1e} on one latent, {found[1]:.1e} on "
        "three at once. What a quantizer does to one and not to the other is the graph's doing, not the function's."
    )
    return Section("The two forms agree", text, data={"largest_difference": max(found)})


def _rows(
    generator: Generator,
    folder: Path,
    calibration: methods.Calibration,
    feeds: list[dict[str, Any]],
    quick: bool,
    tell: Any,
) -> tuple[dict[str, dict[str, Any]], dict[str, Path]]:
    data: dict[str, dict[str, Any]] = {}
    paths: dict[str, Path] = {}
    for number, form in enumerate(FORMS):
        source = folder / f"form-{number}.onnx"
        export_for_measuring(synthesis(generator, form), example(generator), source)
        judge, every = Judge(source, feeds), nodes.census(source)
        paths[f"{form}: float32"] = source
        data[f"{form}: float32"] = {**judge.row(source), "nodes": ", ".join(f"{k} {c.nodes}" for k, c in every.items())}
        tools = dict(methods.METHODS)
        if number == 0:
            tools[methods.SHIPPED] = methods.shipped
        if quick:
            tools = {name: tool for name, tool in tools.items() if "entropy" not in name and "percentile" not in name}
        for index, (name, tool) in enumerate(tools.items()):
            tell(f"{form}, {name}")
            target = folder / f"form-{number}-{index}.onnx"
            data[f"{form}: {name}"] = _one(tool, source, target, calibration, judge, every)
            paths[f"{form}: {name}"] = target
        if number == 0:
            tell("uneven channels")
            plain, target = folder / "plain-float.onnx", folder / "plain.onnx"
            export_for_measuring(FrozenSynthesis(generator.synthesis).eval(), example(generator), plain)
            data[f"{form}: {methods.UNEVEN}"] = _one(methods.shipped, plain, target, calibration, judge, every)
            tell("fine-tuning")
            tuned, losses = tuning.fine_tuned(generator, 2 if quick else tuning.STEPS)
            float_tuned, target = folder / "tuned-float.onnx", folder / "tuned.onnx"
            export_for_measuring(tuned, example(generator), float_tuned)
            row = _one(methods.shipped, float_tuned, target, calibration, judge, every)
            data[f"{form}: {methods.TUNED}"] = {**row, "losses": losses}
    return data, paths


def _one(
    tool: methods.Method,
    source: Path,
    target: Path,
    calibration: methods.Calibration,
    judge: Judge,
    every: dict[str, nodes.Census],
) -> dict[str, Any]:
    try:
        tool(source, target, calibration)
        found = nodes.as_text(nodes.touched(source, target), every)
        return {**judge.row(target), "nodes": found}
    except Exception as error:  # a tool that fails is a row too
        return {"error": f"{type(error).__name__}: {str(error).strip().splitlines()[0][:200]}"}


def _cells(name: str, row: dict[str, Any]) -> tuple[str, ...]:
    if "error" in row:
        return (name, *[""] * 8, f"`{row['error']}`")
    core, fast = row["core_s"], row["speed_up"]
    instructions_ = row.get("million_instructions")
    return (
        name,
        f"{row['bytes'] / 1e6:.2f}",
        f"{row['size_ratio']:.3f}",
        f"{core['median'] * 1e3:.1f} [{core['low'] * 1e3:.1f} - {core['high'] * 1e3:.1f}]",
        f"{fast['median']:.2f} [{fast['low']:.2f} - {fast['high']:.2f}]",
        f"{row['peak_bytes'] / 1e6:.0f}",
        "" if instructions_ is None else f"{instructions_:.0f}",
        "" if not np.isfinite(row["psnr_mean"]) else f"{row['psnr_mean']:.1f} ({row['psnr_worst']:.1f})",
        f"{row['feature_distance']:.3f}",
        row["nodes"],
    )


def _chosen(paths: dict[str, Path]) -> dict[str, Path]:
    """The models whose instructions are counted, smallest first: half a minute for int8, minutes for float32."""
    chosen = [name for name, path in paths.items() if name.split(": ", 1)[1] in COUNTED and path.exists()]
    return {name: paths[name] for name in sorted(chosen, key=lambda name: paths[name].stat().st_size)}


def _feeds(mapping: Path, generator: Generator, count: int) -> list[dict[str, Any]]:
    """Inputs of ``count`` seeded latents that calibration never saw, all classes in turn, psi 1."""
    from benchmarks.sessions import session

    shape, draw = generator.shape, np.random.default_rng(4321)
    net, feeds = session(mapping, 1), []
    for index in range(count):
        z = draw.standard_normal((1, shape.z_dim)).astype(np.float32)
        mix = np.eye(shape.classes, dtype=np.float32)[index % shape.classes][None]
        (w,) = net.run(None, {"z": z, "mix": mix, "psi": np.ones((1, 1), np.float32)})
        feeds.append({"w": w, "noise": draw.standard_normal((1, shape.noise_length)).astype(np.float32)})
    return feeds


def _pt2e(path: Path, folder: Path, seconds: float) -> Section:
    rows, data = [], {}
    for number, form in enumerate(FORMS):
        found = pt2e.ask(path, form, folder / f"pt2e-{number}.json", seconds)
        data[form] = found
        for step, result in found.items():
            if result is not None:
                rows.append((form, step, pt2e.as_text(result)))
    text = (
        "torch.export, then torchao's prepare_pt2e and convert_pt2e with its X86InductorQuantizer. In eager mode the "
        "result runs rounding and float convolutions one after the other; only Inductor has int8 kernels for it."
    )
    return Section("PyTorch's own quantization (PT2E)", text, ("form", "step", "result"), rows, data)


if __name__ == "__main__":
    main()
