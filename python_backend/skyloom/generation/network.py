"""One network file: compared with the hash that its manifest has for it, and opened for the CPU."""

from __future__ import annotations

import hashlib
from pathlib import Path

import onnxruntime as ort

from skyloom.errors import ModelError


def check_network(path: Path, digest: str) -> bytes:
    """The file's bytes, if their SHA-256 (lower-case hex) is ``digest``.

    Raises:
        ModelError: it cannot be read, or is another.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise ModelError(f"{path}: damaged; its SHA-256 is {found}, the manifest says {digest}")
    return data


def open_network(data: bytes, path: Path, threads: int) -> ort.InferenceSession:
    """A session on the CPU; ``threads`` 0 takes every core, ``path`` is only named in errors.

    Raises:
        ModelError: ONNX Runtime cannot open it.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Spinning threads would eat the cores that the picture encoders need next.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(f"{path}: ONNX Runtime cannot open it ({error})") from error
