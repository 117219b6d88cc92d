"""Processor time of procedural skies: views of 64² and domes of 256², by genus; no wall time, which load bends."""

from __future__ import annotations

import statistics
import time

import cv2
import numpy as np
from machine import machine
from skyloom_training.data.ccsn import CODES
from skyloom_training.data.procedural import ProceduralSkies

REPEATS = 5


def main() -> None:
    """One line a genus."""
    cv2.setNumThreads(1)
    print(machine())
    start = time.process_time()
    skies, rng = ProceduralSkies(1), np.random.default_rng(1)
    print(f"noise bank {time.process_time() - start:.2f} s, once; seed 1; milliseconds of one thread a picture")
    for index, code in enumerate(CODES):
        label = np.array([index])
        views, domes = (
            [_cost(make, size, rng, label) for _ in range(REPEATS)]
            for make, size in ((skies.batch, 64), (skies.domes, 256))
        )
        print(f"{code}: view of 64 {_spread(views)}   dome of 256 {_spread(domes)}")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} [{min(values):.1f} - {max(values):.1f}] ms, n={len(values)}"


def _cost(make, size: int, rng: np.random.Generator, label: np.ndarray) -> float:
    start = time.process_time()
    make(1, size, rng, label)
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
