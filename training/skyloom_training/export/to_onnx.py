"""torch -> ONNX: mapping and synthesis as two float32 graphs with free batch axes."""

from __future__ import annotations

from pathlib import Path

import torch
from onnxruntime.quantization.shape_inference import quant_pre_process

from skyloom_training.export.evening import evened_synthesis
from skyloom_training.export.frozen import FrozenMapping, class_centres
from skyloom_training.networks.generator import Generator

OPSET = 18


def export_float(generator: Generator, folder: Path) -> tuple[Path, Path]:
    """Write mapping.onnx and synthesis-fp32.onnx of a generator (on the CPU) to ``folder``; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = generator.shape
    mapping = FrozenMapping(generator.mapping, class_centres(generator)).eval()
    synthesis = evened_synthesis(generator)
    # Two rows, so that no axis is taken for a constant 1.
    example: tuple[torch.Tensor, ...] = (torch.randn(2, shape.z_dim), torch.eye(shape.classes)[:2], torch.ones(2, 1))
    mapping_path, synthesis_path = folder / "mapping.onnx", folder / "synthesis-fp32.onnx"
    _export(mapping, example, ["z", "mix", "psi"], "w", mapping_path)
    example = (torch.randn(2, shape.w_dim), torch.randn(2, shape.noise_length))
    _export(synthesis, example, ["w", "noise"], "dome", synthesis_path)
    return mapping_path, synthesis_path


def _export(
    net: torch.nn.Module, example: tuple[torch.Tensor, ...], inputs: list[str], output: str, path: Path
) -> None:
    batch = torch.export.Dim("batch", min=1, max=64)
    raw = path.with_suffix(".raw.onnx")
    torch.onnx.export(
        net,
        example,
        str(raw),
        input_names=inputs,
        output_names=[output],
        opset_version=OPSET,
        dynamo=True,
        dynamic_shapes=tuple({0: batch} for _ in example),
        external_data=False,
        verbose=False,
    )
    # ORT's symbolic shapes trip over the free batch; its plain inference and folding are all that quantization needs.
    quant_pre_process(str(raw), str(path), skip_symbolic_shape=True)
    raw.unlink()
