"""The quantizers: each takes a float32 ONNX file to another file, or says exactly why it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer, RTNWeightOnlyQuantConfig
from onnxruntime.transformers.float16 import convert_float_to_float16
from skyloom_training.export.quantize import LatentReader
from skyloom_training.export.quantize import quantize as quantize_as_shipped

# Clusters of k-means: one byte an index.
CLUSTERS, LLOYD_STEPS = 256, 12
SMALLEST = 4096
# Latents for calibration by range, and by histogram, which keeps every activation of every latent.
MANY, FEW = 33, 6


@dataclass(frozen=True)
class Calibration:
    """Real latents w (N, w_dim) over all classes, and the length of a noise vector."""

    latents: NDArray[np.float32]
    noise_length: int

    def reader(self, count: int | None = None) -> LatentReader:
        """For ONNX Runtime's calibrators."""
        return LatentReader(self.latents[:count], self.noise_length)


Method = Callable[[Path, Path, Calibration], None]


def rtn(source: Path, target: Path, _calibration: Calibration) -> None:
    """The thesis' call, word for word: round to nearest, 4 bits, blocks of 32, symmetric."""
    quantizer = MatMulNBitsQuantizer(
        onnx.load(source), bits=4, block_size=32, is_symmetric=True, algo_config=RTNWeightOnlyQuantConfig()
    )
    quantizer.process()
    onnx.save(quantizer.model.model, target)


def dynamic(source: Path, target: Path, _calibration: Calibration) -> None:
    """Weights int8 where they are constants, activations as they come."""
    quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8)


def static(
    source: Path,
    target: Path,
    calibration: Calibration,
    activation: QuantType = QuantType.QUInt8,
    method: CalibrationMethod = CalibrationMethod.MinMax,
    per_channel: bool = True,
    operators: tuple[str, ...] | None = ("Conv",),
) -> None:
    """QDQ with calibrated activations; ``operators`` None quantizes every kind that it can."""
    few = MANY if method == CalibrationMethod.MinMax else FEW
    options: dict[str, Any] = {} if operators is None else {"op_types_to_quantize": list(operators)}
    quantize_static(
        str(source),
        str(target),
        calibration.reader(few),
        quant_format=QuantFormat.QDQ,
        activation_type=activation,
        weight_type=QuantType.QInt8,
        calibrate_method=method,
        per_channel=per_channel,
        **options,
    )


def shipped(source: Path, target: Path, calibration: Calibration) -> None:
    """What `skyloom-train quantize` does: convolutions U8S8 per channel, colour in float, matrices stored small."""
    quantize_as_shipped(source, target, calibration.latents, calibration.noise_length)


def float16(source: Path, target: Path, _calibration: Calibration) -> None:
    """Everything in float16 but inputs and output."""
    onnx.save(convert_float_to_float16(onnx.load(source), keep_io_types=True), target)


def k_means(source: Path, target: Path, _calibration: Calibration) -> None:
    """Each large tensor as 256 values and an index of one byte; widened when the model is loaded."""
    model = onnx.load(source)
    graph = model.graph
    before = []
    for tensor in [t for t in graph.initializer if t.data_type == onnx.TensorProto.FLOAT]:
        values = numpy_helper.to_array(tensor)
        if values.size < SMALLEST:
            continue
        book, index = _clusters(values)
        graph.initializer.append(numpy_helper.from_array(book, f"{tensor.name}_book"))
        graph.initializer.append(numpy_helper.from_array(index, f"{tensor.name}_index"))
        # Gather wants wide indices; the cast is folded away with it.
        wide = f"{tensor.name}_wide"
        before.append(helper.make_node("Cast", [f"{tensor.name}_index"], [wide], to=onnx.TensorProto.INT32))
        before.append(helper.make_node("Gather", [f"{tensor.name}_book", wide], [tensor.name]))
        graph.initializer.remove(tensor)
    nodes = before + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, target)


def _clusters(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Lloyd's algorithm on numbers: centres (256,) from quantiles on, and the index of each value."""
    ordered = np.sort(values.ravel().astype(np.float64))
    total = np.concatenate([[0.0], np.cumsum(ordered)])
    centres = np.quantile(ordered, (np.arange(CLUSTERS) + 0.5) / CLUSTERS)
    for _ in range(LLOYD_STEPS):
        cuts = np.concatenate([[0], np.searchsorted(ordered, (centres[1:] + centres[:-1]) / 2), [ordered.size]])
        counts = np.diff(cuts)
        sums = np.diff(total[cuts])
        centres = np.sort(np.where(counts > 0, sums / np.maximum(counts, 1), centres))
    index = np.searchsorted((centres[1:] + centres[:-1]) / 2, values).astype(np.uint8)
    return centres.astype(np.float32), index


METHODS: dict[str, Method] = {
    "RTN weight-only, 4 bits": rtn,
    "quantize_dynamic, int8": dynamic,
    "static U8S8, MinMax, per tensor": partial(static, per_channel=False),
    "static U8S8, MinMax, per channel": static,
    "static U8S8, entropy, per channel": partial(static, method=CalibrationMethod.Entropy),
    "static U8S8, percentile, per channel": partial(static, method=CalibrationMethod.Percentile),
    "static S8S8, MinMax, per channel": partial(static, activation=QuantType.QInt8),
    "static U8S8, every operator": partial(static, operators=None),
    "float16": float16,
    "k-means, 256 values a tensor": k_means,
}
SHIPPED = "Skyloom's: U8S8, colour float, matrices small"
UNEVEN = "the same without evened channels"
TUNED = "the same after quantization-aware fine-tuning"
