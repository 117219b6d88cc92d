"""A model folder for the backend: networks, manifest with hashes, and nothing half written."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from skyloom_training.export.parity import ParityReport, parity
from skyloom_training.export.quantize import quantize
from skyloom_training.export.to_onnx import export_float
from skyloom_training.networks.generator import Generator

# Class names in conditioning order, as the backend spells them (skyloom.clouds.CLOUD_TYPES).
CLASS_NAMES = [
    *("altocumulus", "altostratus", "cirrocumulus", "cirrostratus", "cirrus", "contrail", "cumulonimbus", "cumulus"),
    *("nimbostratus", "stratocumulus", "stratus"),
]
CALIBRATION_LATENTS = 264
# A folder that holds anything else is not a model's, and is left alone.
MODEL_FILES = ("mapping.onnx", "synthesis.onnx", "manifest.json", "card.md")


def calibration_latents(
    mapping: Path, shape_z: int, classes: int, count: int = CALIBRATION_LATENTS
) -> np.ndarray[Any, Any]:
    """w of ``count`` seeded latents over all classes, psi alternating between 0.7 and 1, float32 (count, w_dim)."""
    session = ort.InferenceSession(str(mapping), providers=["CPUExecutionProvider"])
    z = np.random.default_rng(77).standard_normal((count, shape_z)).astype(np.float32)
    mix = np.eye(classes, dtype=np.float32)[[i % classes for i in range(count)]]
    psi = np.array([[0.7 if (i // classes) % 2 else 1.0] for i in range(count)], np.float32)
    (w,) = session.run(None, {"z": z, "mix": mix, "psi": psi})
    return np.asarray(w, np.float32)


def build_model(
    generator: Generator, folder: Path, name: str, licence: str, training: dict[str, Any], float_out: Path | None = None
) -> ParityReport:
    """Export, quantize, measure, and write a model folder.

    The folder is built under another name and put in place when it is whole. An older model there is replaced, its
    card.md kept. The float32 synthesis goes to ``float_out`` (for benchmarks) or nowhere: the backend does not use it.

    Raises:
        ValueError: ``folder`` holds anything but a model, or the generator does not know Skyloom's classes.
    """
    folder = folder.resolve()
    foreign = sorted(p.name for p in folder.iterdir() if p.name not in MODEL_FILES) if folder.is_dir() else []
    if foreign or folder.is_file():
        raise ValueError(
            f"out: {folder} holds {', '.join(foreign[:3]) or 'a file'}; expected a new or a model's folder"
        )
    if generator.shape.classes != len(CLASS_NAMES):
        raise ValueError(f"classes: {generator.shape.classes} in the generator; expected {len(CLASS_NAMES)}")
    work = folder.with_name(folder.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    try:
        report = _write_model(generator, work, name, licence, training, float_out)
        if (card := folder / "card.md").exists():
            shutil.copy(card, work / "card.md")
        _put_in_place(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return report


def _write_model(
    generator: Generator, work: Path, name: str, licence: str, training: dict[str, Any], float_out: Path | None
) -> ParityReport:
    mapping, wide = export_float(generator.eval(), work)
    narrow = work / "synthesis.onnx"
    shape = generator.shape
    quantize(wide, narrow, calibration_latents(mapping, shape.z_dim, shape.classes), shape.noise_length)
    report = parity(generator, mapping, wide, narrow)
    manifest = {
        "format": 1,
        "name": name,
        "licence": licence,
        "z_dim": shape.z_dim,
        "noise_length": shape.noise_length,
        "dome_size": shape.dome,
        "theta_max_degrees": 100.0,
        "classes": CLASS_NAMES,
        "files": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (mapping, narrow)},
        "training": training,
        "parity": report.as_dict(),
    }
    (work / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    if float_out is None:
        wide.unlink()
    else:
        float_out.parent.mkdir(parents=True, exist_ok=True)
        # Not a rename: it may lie on another disk.
        shutil.move(wide, float_out)
    return report


def _put_in_place(work: Path, folder: Path) -> None:
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    work.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
