"""The detail net as a model folder for the backend: float32 ONNX, int8 QDQ, manifest, and how far the two differ."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from skyloom_training.detail.network import DetailNet
from skyloom_training.export.parity import psnr

OPSET = 18
FILES = ("detail.onnx", "manifest.json", "card.md")
Pictures = NDArray[np.float32]


@dataclass(frozen=True)
class DetailParity:
    """Over ``pictures``: torch to float32 ONNX (largest difference), int8 to float32 (PSNR in dB, peak 2), sizes."""

    pictures: int
    float_max_difference: float
    int8_psnr_mean: float
    int8_psnr_worst: float
    float_bytes: int
    int8_bytes: int


class _PictureReader(CalibrationDataReader):
    def __init__(self, pictures: Pictures) -> None:
        self._rows: Iterator[Pictures] = iter(np.split(pictures, len(pictures)))

    def get_next(self) -> dict[str, Pictures] | None:
        row = next(self._rows, None)
        return None if row is None else {"picture": row}


def build_detail(
    net: DetailNet, folder: Path, name: str, licence: str, training: dict[str, Any], pictures: Pictures
) -> DetailParity:
    """Write a detail model's folder; an older one there is replaced when the new one is whole, its card.md kept.

    Args:
        net: the averaged net, on the CPU.
        pictures: small pictures float32 (N, 3, H, W) in [-1, 1], domes or photos; calibrate and measure on them.

    Raises:
        ValueError: ``folder`` holds anything but a detail model.
    """
    foreign = sorted(p.name for p in folder.iterdir() if p.name not in FILES) if folder.is_dir() else []
    if foreign or folder.is_file():
        held = ", ".join(foreign[:3]) or "a file"
        raise ValueError(f"out: {folder} holds {held}; expected a new or a detail model's folder")
    work = folder.with_name(folder.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        wide, narrow = work / "wide.onnx", work / "detail.onnx"
        _export(net, wide)
        _quantize(wide, narrow, pictures[::2])
        report = _parity(net, wide, narrow, pictures[1::2])
        manifest = {
            "format": 1,
            "kind": "detail",
            "name": name,
            "licence": licence,
            "factor": net.shape.factor,
            "reach": net.shape.reach,
            "files": {"detail.onnx": hashlib.sha256(narrow.read_bytes()).hexdigest()},
            "training": training,
            "parity": asdict(report),
        }
        wide.unlink()
        (work / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        if (card := folder / "card.md").exists():
            shutil.copy(card, work / "card.md")
        if folder.exists():
            shutil.rmtree(folder)
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return report


def _export(net: DetailNet, path: Path) -> None:
    raw = path.with_suffix(".raw.onnx")
    batch, height, width = (torch.export.Dim(name, min=1, max=8192) for name in ("batch", "height", "width"))
    torch.onnx.export(
        net.eval(),
        (torch.zeros(2, 3, 40, 48),),
        str(raw),
        input_names=["picture"],
        output_names=["detailed"],
        opset_version=OPSET,
        dynamo=True,
        dynamic_shapes=({0: batch, 2: height, 3: width},),
        external_data=False,
        verbose=False,
    )
    quant_pre_process(str(raw), str(path), skip_symbolic_shape=True)
    raw.unlink()


def _quantize(source: Path, target: Path, pictures: Pictures) -> None:
    """Convolutions U8S8 per channel; the first, which sees the picture, and the last, for colour, stay float."""
    convolutions = [node.name for node in onnx.load(source).graph.node if node.op_type == "Conv"]
    quantize_static(
        str(source),
        str(target),
        _PictureReader(pictures),
        quant_format=QuantFormat.QDQ,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["Conv"],
        nodes_to_exclude=[convolutions[0], convolutions[-1]],
    )
    onnx.checker.check_model(onnx.load(target))


def _parity(net: DetailNet, wide: Path, narrow: Path, pictures: Pictures) -> DetailParity:
    sessions = [ort.InferenceSession(str(path), providers=["CPUExecutionProvider"]) for path in (wide, narrow)]
    difference, figures = 0.0, []
    for row in pictures:
        a, b = (session.run(None, {"picture": row[None]})[0] for session in sessions)
        with torch.no_grad():
            exact = net(torch.from_numpy(row[None])).numpy()
        difference = max(difference, float(np.abs(exact - a).max()))
        figures.append(psnr(np.clip(a, -1, 1), np.clip(b, -1, 1)))
    sizes = [path.stat().st_size for path in (wide, narrow)]
    return DetailParity(len(pictures), difference, float(np.mean(figures)), min(figures), *sizes)
