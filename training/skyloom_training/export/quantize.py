"""float32 synthesis -> int8 QDQ: convolutions U8S8 per channel, colour and layout float, matrices stored small."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static


class LatentReader(CalibrationDataReader):
    """Feeds calibration latents w (N, w_dim), each with seeded noise of ``noise_length``, one by one."""

    def __init__(self, latents: NDArray[np.float32], noise_length: int) -> None:
        self._rows: Iterator[NDArray[np.float32]] = iter(np.split(latents, len(latents)))
        self._noise_length = noise_length
        self._draw = np.random.default_rng(78)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next input, or None at the end."""
        row = next(self._rows, None)
        if row is None:
            return None
        return {"w": row, "noise": self._draw.standard_normal((1, self._noise_length)).astype(np.float32)}


def quantize(
    source: Path, target: Path, latents: NDArray[np.float32], noise_length: int, leave: tuple[str, ...] = ()
) -> None:
    """Quantize a float32 synthesis to ``target``.

    Args:
        source: synthesis-fp32.onnx.
        target: where the int8 model goes.
        latents: w of real latents over all classes, float32 (N, w_dim); too few miss a range of the worst case.
        noise_length: numbers in the noise vector of one dome.
        leave: names of convolutions that stay in float, beside :func:`float_layers`.
    """
    graph = onnx.load(source).graph
    quantize_static(
        str(source),
        str(target),
        LatentReader(latents, noise_length),
        quant_format=QuantFormat.QDQ,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["Conv"],
        nodes_to_exclude=[*float_layers(graph), *leave],
    )
    model = onnx.load(target)
    shrink_matrices(model)
    onnx.checker.check_model(model)
    onnx.save(model, target)


def float_layers(graph: onnx.GraphProto) -> list[str]:
    """Names of the convolutions that stay in float: colour (3 channels, and the heads), and the 1x1 of the layout.

    In float the colour layers keep the hue; the layout is 16 maps of 4x4, a thousandth of the work, and rounding it
    moves everything that grows from it.
    """
    shapes = {init.name: tuple(init.dims) for init in graph.initializer}
    found = {node.name: shapes[node.input[1]] for node in graph.node if node.op_type == "Conv"}
    return [name for name, shape in found.items() if shape[0] in (3, 12, 48) or shape[2:] == (1, 1)]


def shrink_matrices(model: onnx.ModelProto) -> None:
    """Store style matrices as int8 with a scale per output, and energies as float16; both are widened when loaded.

    They take no time in a run, but a third of the file: energies are sums of squares, where 11 bits are plenty.
    """
    graph = model.graph
    stored = {init.name: init for init in graph.initializer}
    before: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type not in ("Gemm", "MatMul") or node.input[1] not in stored:
            continue
        name = node.input[1]
        matrix = numpy_helper.to_array(stored[name])
        small = f"{name}_small"
        if node.op_type == "MatMul":
            graph.initializer.append(numpy_helper.from_array(matrix.astype(np.float16), small))
            before.append(helper.make_node("Cast", [small], [f"{name}_wide"], to=TensorProto.FLOAT))
        else:
            axis = 0 if any(a.name == "transB" and a.i == 1 for a in node.attribute) else 1
            scale = np.abs(matrix).max(axis=1 - axis).astype(np.float32) / 127 + 1e-12
            levels = np.rint(matrix / np.expand_dims(scale, 1 - axis)).astype(np.int8)
            graph.initializer.append(numpy_helper.from_array(levels, small))
            graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
            wide = helper.make_node("DequantizeLinear", [small, f"{name}_scale"], [f"{name}_wide"], axis=axis)
            before.append(wide)
        node.input[1] = f"{name}_wide"
        graph.initializer.remove(stored.pop(name))
    nodes = before + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
