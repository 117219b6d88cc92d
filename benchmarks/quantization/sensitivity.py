"""What each quantized layer costs in closeness: the shipped quantization with that one layer left in float."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from skyloom_training.export.parity import psnr
from skyloom_training.export.quantize import float_layers, quantize

from benchmarks.quantization.measure import Feeds
from benchmarks.quantization.methods import Calibration
from benchmarks.report import Section
from benchmarks.sessions import session

WORST = 4
# dB that would not pay for a layer in float.
NEGLIGIBLE = 1.5


def section(
    source: Path, feeds: list[Feeds], calibration: Calibration, folder: Path, most: int | None = None
) -> Section:
    """A row a quantized convolution of ``source`` (float32), at most ``most``, judged on the worst of ``feeds``."""
    net = session(source, 1)
    exact = [net.run(None, feed)[0] for feed in feeds]
    target = folder / "sensitivity.onnx"

    def judged(chosen: list[int], leave: tuple[str, ...] = ()) -> NDArray[np.float64]:
        quantize(source, target, calibration.latents, calibration.noise_length, leave)
        other = session(target, 1)
        made = [other.run(None, feeds[index])[0] for index in chosen]
        return np.array(
            [psnr(np.clip(exact[i], -1, 1), np.clip(dome, -1, 1)) for i, dome in zip(chosen, made, strict=True)]
        )

    every = judged(list(range(len(feeds))))
    worst = np.argsort(every)[:WORST].tolist()
    before = every[worst].mean()
    gains = {}
    for layer, what in list(_layers(source).items())[:most]:
        gains[layer] = (what, float(judged(worst, (layer,)).mean() - before))
    best = max(gain for _, gain in gains.values())
    rows = [(what, f"{before + gain:.1f}", f"{gain:+.1f}") for what, gain in gains.values()]
    text = (
        f"PSNR of the {WORST} worst of {len(feeds)} latents, psi 1: {before:.1f} dB as shipped (all: "
        f"{every.mean():.1f} dB, {every.min():.1f} to {every.max():.1f}). Each row leaves one more layer in float."
    )
    after = f"The best single layer gives back {best:.1f} dB."
    if best < NEGLIGIBLE:
        after += " The loss is spread over the whole net, so that no layer is worth leaving at float's speed."
    data = {"psnr_db": every.tolist(), "gain_db": {layer: gain for layer, (_, gain) in gains.items()}}
    return Section("What each layer costs", text, ("layer in float", "PSNR dB", "gain dB"), rows, data, after)


def _layers(source: Path) -> dict[str, str]:
    """The convolutions that the shipped quantization rounds, in order: name, and inputs, outputs and kernel."""
    graph = onnx.load(source).graph
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    left = set(float_layers(graph))
    found = {}
    for node in graph.node:
        if node.op_type == "Conv" and node.name not in left:
            outputs, inputs, side, _ = shapes[node.input[1]]
            found[node.name] = f"{len(found) + 1}: {inputs} to {outputs} channels, {side}x{side}"
    return found
