"""ONNX Runtime sessions as the backend opens them, for networks that it does not know."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import onnxruntime as ort


def session(
    path: Path, threads: int, change: Callable[[ort.SessionOptions], object] = lambda options: None
) -> ort.InferenceSession:
    """As the backend opens a network, with so many threads, and what ``change`` does to its options."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    change(options)
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
