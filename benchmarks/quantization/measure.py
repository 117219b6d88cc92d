"""One quantized model against its own float32: size, time, memory, closeness in pixels and in features."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from skyloom_training.export.parity import psnr
from skyloom_training.networks.features import Features

from benchmarks.clock import Spread, Timing, compare
from benchmarks.sessions import session

# Seconds that the interleaved rounds of one model may take, and how many rounds there are at least and at most.
SECONDS, LEAST, MOST = 2.5, 5, 20
FEATURE_SIDE = 260  # what EfficientNet-Lite2 was trained on
_MEMORY = """
import json, sys
import numpy as np
import onnxruntime as ort
def peak():
    return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
path, inputs = sys.argv[1:3]
feeds = dict(np.load(inputs))
before = peak()
options = ort.SessionOptions()
options.intra_op_num_threads = 1
session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
for _ in range(2):
    session.run(None, {port.name: feeds[port.name] for port in session.get_inputs()})
print(json.dumps(peak() - before))
"""

Feeds = dict[str, NDArray[Any]]


class Judge:
    """Knows the float32 domes of some latents, and how far others are from them.

    Args:
        source: the float32 model. feeds: one set of inputs a latent, two latents of every class in turn.
    """

    def __init__(self, source: Path, feeds: list[Feeds]) -> None:
        self.source, self.feeds = source, feeds
        self._net = Features("efficientnet-lite2")
        self._float = session(source, 1)
        self.domes = [self._run(self._float, feed) for feed in feeds]
        self._features = [self._embed(dome) for dome in self.domes]
        half = len(feeds) // 2
        # Two seeds of one class: what a feature distance of 1 means.
        self._apart = float(
            np.mean([np.linalg.norm(a - b) for a, b in zip(self._features[:half], self._features[half:], strict=False)])
        )

    def row(self, path: Path) -> dict[str, Any]:
        """All columns for one model, judged on the first half of the latents: one of every class."""
        other = session(path, 1)
        domes = [self._run(other, feed) for feed in self.feeds[: len(self.feeds) // 2]]
        values = [psnr(a, b) for a, b in zip(self.domes, domes, strict=False)]
        gaps = [np.linalg.norm(a - self._embed(b)) for a, b in zip(self._features, domes, strict=False)]
        found = self.time(path)
        base, timing = found["float32"], found["other"]
        return {
            "bytes": path.stat().st_size,
            "size_ratio": path.stat().st_size / self.source.stat().st_size,
            "wall_s": Spread.of(timing.wall).as_dict(),
            "core_s": Spread.of(timing.core).as_dict(),
            "speed_up": base.over(timing).as_dict(),
            "peak_bytes": peak_memory(path, self.feeds[0]),
            "psnr_mean": float(np.mean(values)),
            "psnr_worst": float(np.min(values)),
            "feature_distance": float(np.mean(gaps)) / self._apart,
        }

    def time(self, path: Path) -> dict[str, Timing]:
        """Interleaved with float32, one thread each."""
        other, feed = session(path, 1), self.feeds[0]
        cases = {"float32": lambda: self._float.run(None, feed), "other": lambda: other.run(None, feed)}
        once = compare(cases, 1)
        each = sum(timing.core[0] for timing in once.values())
        return compare(cases, int(np.clip(SECONDS / each, LEAST, MOST)))

    @staticmethod
    def _run(net: Any, feed: Feeds) -> NDArray[np.float32]:
        return np.clip(np.asarray(net.run(None, feed)[0], np.float32), -1, 1)

    def _embed(self, dome: NDArray[np.float32]) -> NDArray[np.float32]:
        """Pooled features (1280,) of a dome [1, 3, S, S]."""
        small = cv2.resize(dome[0].transpose(1, 2, 0), (FEATURE_SIDE, FEATURE_SIDE), interpolation=cv2.INTER_AREA)
        with torch.inference_mode():
            _, pooled = self._net(torch.from_numpy(np.ascontiguousarray(small.transpose(2, 0, 1))[None]))
        return np.asarray(pooled[0].numpy(), np.float32)


def peak_memory(path: Path, feed: Feeds) -> float:
    """Bytes by which opening a model and running it twice raises a fresh process' largest resident set (Linux)."""
    if not Path("/proc/self/status").exists():
        return float("nan")
    inputs = path.with_suffix(".npz")
    np.savez(inputs, **feed)  # type: ignore[arg-type]
    run = [sys.executable, "-c", _MEMORY, str(path), str(inputs)]
    return float(json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout))
