"""Writes tests/data/tiny_model: a real model folder of a few kilobytes, untrained (needs `onnx`; run by hand)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from skyloom.clouds import CLOUD_NAMES

FOLDER = Path(__file__).resolve().parents[1] / "data" / "tiny_model"
Z, W, COARSE, SIZE = 8, 12, 8, 64
NOISE = COARSE * COARSE


def _save(name: str, nodes: list, inputs: dict, outputs: dict, weights: dict) -> str:
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in inputs.items()],
        [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in outputs.items()],
        [numpy_helper.from_array(value, key) for key, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    data = model.SerializeToString()
    (FOLDER / name).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def main() -> None:
    """w = mix B + psi (z A); dome = tanh(w basis + noise), enlarged."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(1)
    classes = len(CLOUD_NAMES)
    files = {
        "mapping.onnx": _save(
            "mapping.onnx",
            [
                helper.make_node("MatMul", ["z", "A"], ["varied"]),
                helper.make_node("Mul", ["psi", "varied"], ["truncated"]),
                helper.make_node("MatMul", ["mix", "B"], ["typical"]),
                helper.make_node("Add", ["typical", "truncated"], ["w"]),
            ],
            {"z": [1, Z], "mix": [1, classes], "psi": [1, 1]},
            {"w": [1, W]},
            {
                "A": (chance.standard_normal((Z, W)) * 0.3).astype(np.float32),
                "B": chance.standard_normal((classes, W)).astype(np.float32),
            },
        ),
        "synthesis.onnx": _save(
            "synthesis.onnx",
            [
                helper.make_node("MatMul", ["w", "basis"], ["flat"]),
                helper.make_node("Reshape", ["flat", "shape"], ["coarse"]),
                helper.make_node("Reshape", ["noise", "one_channel"], ["speckle"]),
                helper.make_node("Mul", ["speckle", "strength"], ["faint"]),
                helper.make_node("Add", ["coarse", "faint"], ["speckled"]),
                helper.make_node("Resize", ["speckled", "", "scales"], ["fine"], mode="linear"),
                helper.make_node("Tanh", ["fine"], ["dome"]),
            ],
            {"w": [1, W], "noise": [1, NOISE]},
            {"dome": [1, 3, SIZE, SIZE]},
            {
                "basis": (chance.standard_normal((W, 3 * COARSE * COARSE)) * 0.3).astype(np.float32),
                "shape": np.array([1, 3, COARSE, COARSE], np.int64),
                "one_channel": np.array([1, 1, COARSE, COARSE], np.int64),
                "strength": np.array(0.1, np.float32),
                "scales": np.array([1, 1, SIZE / COARSE, SIZE / COARSE], np.float32),
            },
        ),
    }
    manifest = {
        "format": 1,
        "name": "tiny",
        "licence": "Apache-2.0",
        "z_dim": Z,
        "noise_length": NOISE,
        "dome_size": SIZE,
        "theta_max_degrees": 100.0,
        "classes": CLOUD_NAMES,
        "files": files,
    }
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    (FOLDER / "card.md").write_text("# tiny\n\nRandom weights, for tests only.\n")


if __name__ == "__main__":
    main()
