"""Names the machine, and measures the two limits that a stage can run into: arithmetic and memory."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np


def machine() -> str:
    """Processor, cores and versions in one line."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        name = next((line.split(":")[1].strip() for line in info.open() if line.startswith("model name")), name)
    packages = ", ".join(f"{p} {version(p)}" for p in ("numpy", "onnxruntime", "opencv-python-headless", "torch"))
    return f"{name}, {cores()} cores, {platform.system()}, Python {platform.python_version()}, {packages}"


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load() -> str:
    """How busy the machine was when measuring began: figures of a busy machine spread."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


@dataclass(frozen=True)
class Limits:
    """Of one core: float32 operations a second in a large matrix product, bytes a second copied (read plus written)."""

    flops: float
    bandwidth: float


def limits() -> Limits:
    """Measure both, best of a few, on one thread."""
    side = 512
    a = np.random.default_rng(0).random((side, side), dtype=np.float32)
    large = np.zeros(1 << 25, np.float32)
    target = np.empty_like(large)
    flops = 2 * side**3 / _best(lambda: a @ a, 60)
    return Limits(flops, 2 * large.nbytes / _best(lambda: np.copyto(target, large), 8))


def _best(work: Callable[[], object], times: int) -> float:
    """Least core seconds; of all threads together, so that the figure is one core's however many BLAS takes."""
    found = []
    for _ in range(times):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return max(min(found), 1e-9)
