"""Which nodes a quantizer touched: told from the graphs before and after."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

# Kinds that carry weights, and the input that is the weight.
CARRIERS = ("Conv", "ConvTranspose", "Gemm", "MatMul", "Gather")
_LOW = {
    onnx.TensorProto.INT8,
    onnx.TensorProto.UINT8,
    onnx.TensorProto.INT4,
    onnx.TensorProto.UINT4,
    onnx.TensorProto.FLOAT16,
}


@dataclass(frozen=True)
class Census:
    """Of one kind of node: how many there are, whose weight is a constant, and the megabytes of those weights."""

    nodes: int
    constant: int
    megabytes: float


def census(path: Path) -> dict[str, Census]:
    """Of a float graph, per kind that carries weights."""
    graph = onnx.load(path).graph
    stored = {tensor.name: tensor for tensor in graph.initializer}
    found: dict[str, list[float]] = {}
    for node in graph.node:
        if node.op_type in CARRIERS:
            weight = stored.get(node.input[0 if node.op_type == "Gather" else 1])
            count = found.setdefault(node.op_type, [0, 0, 0.0])
            count[0] += 1
            if weight is not None:
                count[1] += 1
                count[2] += 4 * float(np.prod(weight.dims)) / 1e6
    return {kind: Census(int(n), int(c), m) for kind, (n, c, m) in found.items()}


def touched(before: Path, after: Path) -> dict[str, int]:
    """Per kind, how many weight-carrying nodes have their weight stored in fewer bits, or became another kind.

    A node is known by its output, which quantizers keep; one that is gone was replaced.
    """
    old, new = (onnx.load(path).graph for path in (before, after))
    stored = {tensor.name: tensor for tensor in new.initializer}
    made_by = {output: node for node in new.node for output in node.output}
    was = {tensor.name: tensor for tensor in old.initializer}
    result: dict[str, int] = {}
    for node in old.node:
        at = 0 if node.op_type == "Gather" else 1
        if node.op_type not in CARRIERS or (node.op_type == "Gather" and node.input[0] not in was):
            continue
        now = made_by.get(node.output[0])
        if now is None or now.op_type != node.op_type:
            result[node.op_type] = result.get(node.op_type, 0) + 1
            continue
        name = now.input[at]
        while name in made_by and made_by[name].op_type in ("DequantizeLinear", "QuantizeLinear", "Cast", "Gather"):
            name = made_by[name].input[0]
        if name in stored and stored[name].data_type in _LOW:
            result[node.op_type] = result.get(node.op_type, 0) + 1
    return result


def as_text(found: dict[str, int], every: dict[str, Census]) -> str:
    """``Conv 19/24, Gemm 0/21``: touched of all that there are."""
    return ", ".join(f"{kind} {found.get(kind, 0)}/{count.nodes}" for kind, count in every.items())
