"""Names the machine and gives median and spread: what every figure must say beside itself."""

from __future__ import annotations

import os
import platform
import statistics
from pathlib import Path

import numpy as np
import onnxruntime


def machine() -> str:
    """Processor, cores and versions in one line."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        name = next((line.split(":")[1].strip() for line in info.open() if line.startswith("model name")), name)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{name}, {cores} cores, {platform.system()}, Python {platform.python_version()}, "
        f"numpy {np.__version__}, ONNX Runtime {onnxruntime.__version__}"
    )


def spread(values: list[float], unit: str = "s", digits: int = 3) -> str:
    """``median [least - most] unit, n=count``."""
    middle = statistics.median(values)
    return f"{middle:.{digits}f} [{min(values):.{digits}f} - {max(values):.{digits}f}] {unit}, n={len(values)}"
