"""int8 against float32 of the same network: file size, time (interleaved in one run), and closeness of the domes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
from machine import machine, spread
from skyloom.generation.registry import BUNDLED
from skyloom_training.export.parity import psnr
from skyloom_training.export.to_onnx import export_float
from skyloom_training.weights import load_generator

WEIGHTS = Path(__file__).resolve().parent.parent / "training" / "weights" / "skyloom-dome-256.pt"
RUNS = 40


def main() -> None:
    """Export float32 from the trained weights, and run both, one after the other, with the same inputs."""
    print(machine())
    model = next(iter(sorted(BUNDLED.glob("*/synthesis.onnx"))))
    with tempfile.TemporaryDirectory() as folder:
        generator = load_generator(WEIGHTS)
        _, wide = export_float(generator, Path(folder))
        sizes = [wide.stat().st_size, model.stat().st_size]
        print(f"file: float32 {sizes[0] / 1e6:.1f} MB, int8 {sizes[1] / 1e6:.1f} MB, ratio {sizes[1] / sizes[0]:.3f}")
        for threads in (1, 2):
            _time(wide, model, threads, generator.shape.w_dim, generator.shape.noise_length)


def _time(wide: Path, narrow: Path, threads: int, w_dim: int, noise_length: int) -> None:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    sessions = [ort.InferenceSession(str(p), options, providers=["CPUExecutionProvider"]) for p in (wide, narrow)]
    draw = np.random.default_rng(5)
    times: list[list[float]] = [[], []]
    ratios, close = [], []
    for run in range(RUNS + 3):
        inputs = {
            "w": draw.standard_normal((1, w_dim)).astype(np.float32) * 0.5,
            "noise": draw.standard_normal((1, noise_length)).astype(np.float32),
        }
        domes, taken = [], []
        for session in sessions:
            began = time.perf_counter()
            (dome,) = session.run(None, inputs)
            taken.append(time.perf_counter() - began)
            domes.append(np.clip(dome, -1, 1))
        if run < 3:
            continue
        close.append(psnr(*domes))
        ratios.append(taken[0] / taken[1])
        for all_times, one in zip(times, taken, strict=True):
            all_times.append(one * 1000)
    print(f"{threads} thread(s): float32 {spread(times[0], 'ms', 1)}; int8 {spread(times[1], 'ms', 1)}")
    print(f"  speed-up {spread(ratios, 'x', 2)}")
    print(f"  int8 to float32, random w: {spread(close, 'dB', 1)}")


if __name__ == "__main__":
    main()
