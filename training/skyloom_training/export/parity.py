"""Parity report: how far the ONNX graphs are from torch, and int8 from float32, on real latents; sizes too."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from numpy.typing import NDArray

from skyloom_training.networks.generator import Generator


@dataclass(frozen=True)
class ParityReport:
    """Differences over ``latents`` domes: torch to ONNX float32 (largest), int8 to float32 (PSNR in dB, peak 2)."""

    latents: int
    float_max_difference: float
    int8_psnr_mean: float
    int8_psnr_worst: float
    float_bytes: int
    int8_bytes: int

    def as_dict(self) -> dict[str, float]:
        """All figures and the ratio of sizes."""
        return {**asdict(self), "size_ratio": self.int8_bytes / self.float_bytes}


def parity(generator: Generator, mapping: Path, float_path: Path, int8_path: Path, count: int = 33) -> ParityReport:
    """Compare the three on ``count`` seeded latents spread evenly over the classes, psi 1."""
    shape = generator.shape
    classes = [i % shape.classes for i in range(count)]
    mixes = np.eye(shape.classes, dtype=np.float32)[classes]
    draw = np.random.default_rng(1234)
    z = draw.standard_normal((count, shape.z_dim)).astype(np.float32)
    noise = draw.standard_normal((count, shape.noise_length)).astype(np.float32)
    sessions = [
        ort.InferenceSession(str(p), providers=["CPUExecutionProvider"]) for p in (mapping, float_path, int8_path)
    ]
    worst_difference, psnrs = 0.0, []
    for row in range(count):
        one = slice(row, row + 1)
        (w,) = sessions[0].run(None, {"z": z[one], "mix": mixes[one], "psi": np.ones((1, 1), np.float32)})
        (wide,), (narrow,) = (session.run(None, {"w": w, "noise": noise[one]}) for session in sessions[1:])
        with torch.no_grad():
            exact = generator(*(torch.from_numpy(a[one]) for a in (z, mixes, noise))).numpy()
        worst_difference = max(worst_difference, float(np.abs(exact - wide).max()))
        psnrs.append(psnr(np.clip(wide, -1, 1), np.clip(narrow, -1, 1)))
    sizes = [path.stat().st_size for path in (float_path, int8_path)]
    return ParityReport(count, worst_difference, float(np.mean(psnrs)), min(psnrs), *sizes)


def psnr(a: NDArray[np.float32], b: NDArray[np.float32], peak: float = 2.0) -> float:
    """Peak signal-to-noise ratio in dB; infinite for equal pictures."""
    error = float(np.mean((a - b) ** 2))
    return float("inf") if error == 0 else 10 * float(np.log10(peak**2 / error))
