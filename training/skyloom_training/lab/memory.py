"""How much memory a run took."""

from __future__ import annotations

import sys

import psutil
import torch


def peak_mib(device: torch.device) -> float:
    """Largest memory so far, MiB: of the CUDA device, or of this process; on Windows its present size."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**20
    try:
        import resource
    except ImportError:  # Windows
        return psutil.Process().memory_info().rss / 2**20
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (2**20 if sys.platform == "darwin" else 2**10)
