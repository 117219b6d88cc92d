"""Writes tests/data/tiny_detail: a real int8 detail model of a few kilobytes, untrained (needs `onnx`; run by hand)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).resolve().parents[1] / "data" / "tiny_detail"
WIDTH, FACTOR = 6, 4
# Three convolutions of 3 x 3.
REACH = 3


def _quantized(nodes: list, weights: dict, name: str, scale: float, zero: int) -> str:
    """Adds QuantizeLinear and DequantizeLinear (uint8) after ``name``."""
    weights[f"{name}_scale"] = np.array(scale, np.float32)
    weights[f"{name}_zero"] = np.array(zero, np.uint8)
    nodes.append(helper.make_node("QuantizeLinear", [name, f"{name}_scale", f"{name}_zero"], [f"{name}_q"]))
    nodes.append(helper.make_node("DequantizeLinear", [f"{name}_q", f"{name}_scale", f"{name}_zero"], [f"{name}_dq"]))
    return f"{name}_dq"


def _convolution(nodes: list, weights: dict, source: str, name: str, kernel: np.ndarray) -> None:
    """Adds a 3 x 3 convolution with zero padding, its weights int8 per channel."""
    scale = np.abs(kernel).max(axis=(1, 2, 3)) / 127
    weights[f"{name}_w"] = np.rint(kernel / scale[:, None, None, None]).astype(np.int8)
    weights[f"{name}_w_scale"] = scale.astype(np.float32)
    weights[f"{name}_w_zero"] = np.zeros(len(scale), np.int8)
    inputs = [f"{name}_w", f"{name}_w_scale", f"{name}_w_zero"]
    nodes.append(helper.make_node("DequantizeLinear", inputs, [f"{name}_k"], axis=0))
    nodes.append(helper.make_node("Conv", [source, f"{name}_k"], [name], kernel_shape=[3, 3], pads=[1, 1, 1, 1]))


def main() -> None:
    """Bilinear enlargement plus random detail, four times as many pixels each way."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(5)
    nodes: list = []
    weights: dict = {"scales": np.array([1, 1, FACTOR, FACTOR], np.float32)}
    shapes = {"first": (WIDTH, 3), "second": (WIDTH, WIDTH), "last": (3 * FACTOR * FACTOR, WIDTH)}
    source = _quantized(nodes, weights, "picture", 2 / 255, 128)
    for name, (outputs, inputs) in shapes.items():
        kernel = chance.standard_normal((outputs, inputs, 3, 3)).astype(np.float32) * (0.3 / np.sqrt(inputs))
        # Detail without a mean: flat skies stay flat.
        kernel -= kernel.mean(axis=(1, 2, 3), keepdims=True)
        _convolution(nodes, weights, source, name, kernel)
        if name != "last":
            nodes.append(helper.make_node("Relu", [name], [f"{name}_relu"]))
            source = _quantized(nodes, weights, f"{name}_relu", 1.5 / 255, 0)
    nodes += [
        helper.make_node("DepthToSpace", ["last"], ["residual"], blocksize=FACTOR, mode="CRD"),
        helper.make_node("Resize", ["picture", "", "scales"], ["smooth"], mode="linear"),
        helper.make_node("Add", ["smooth", "residual"], ["detailed"]),
    ]
    side = ["batch", 3, "height", "width"]
    graph = helper.make_graph(
        nodes,
        "detail",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, side)],
        [helper.make_tensor_value_info("detailed", TensorProto.FLOAT, ["batch", 3, "tall", "wide"])],
        [numpy_helper.from_array(value, key) for key, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    data = model.SerializeToString()
    (FOLDER / "detail.onnx").write_bytes(data)
    manifest = {
        "format": 1,
        "kind": "detail",
        "name": "tiny-detail",
        "licence": "Apache-2.0",
        "factor": FACTOR,
        "reach": REACH,
        "files": {"detail.onnx": hashlib.sha256(data).hexdigest()},
    }
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    (FOLDER / "card.md").write_text("# tiny-detail\n\nRandom weights, for tests only.\n")


if __name__ == "__main__":
    main()
