"""Checkpoints that a killed run resumes from: written beside, then renamed; the last whole one wins."""

from __future__ import annotations

import contextlib
import os
import zipfile
from pathlib import Path
from typing import Any

import torch


def save(path: Path, state: dict[str, Any]) -> None:
    """Write ``state`` (tensors, plain values) so that a crash leaves the old file or the new one whole.

    Raises:
        FloatingPointError: a tensor holds NaN or infinity; nothing is written.
        OSError: the disk is full or the folder cannot be written; an older file at ``path`` is as it was.
    """
    if where := not_finite(state):
        raise FloatingPointError(f"checkpoint: {where} is not finite; {path} is not written")
    beside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            torch.save(state, file)
            file.flush()
            # Without this a power cut could leave the new name on bytes that never reached the disk.
            os.fsync(file.fileno())
        os.replace(beside, path)
    # torch turns some failures to write into RuntimeError.
    except (OSError, RuntimeError) as error:
        kept = "; the one before it is kept" if path.is_file() else ""
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise OSError(f"checkpoint: {path} cannot be written ({reason}){kept}") from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def load(path: Path, device: str = "cpu") -> dict[str, Any]:
    """Read a checkpoint.

    Raises:
        FileNotFoundError: no such file.
        ValueError: the file is damaged, or holds something else.
    """
    try:
        # torch.load does not look at the checksums that torch.save writes.
        with zipfile.ZipFile(path) as archive:
            bad = archive.testzip()
        if bad is not None:
            raise ValueError(f"wrong checksum of {bad}")
        state = torch.load(path, map_location=device, weights_only=True)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(f"checkpoint: {path} is damaged ({error})") from error
    if not isinstance(state, dict):
        raise ValueError(f"checkpoint: {path} holds a {type(state).__name__}, not the state of a run")
    return state


def not_finite(value: Any, name: str = "") -> str:
    """Name of the first tensor with NaN or infinity in nested dictionaries and lists, or an empty text."""
    if isinstance(value, torch.Tensor):
        return "" if bool(torch.isfinite(value).all()) else name
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return next((found for key, part in pairs if (found := not_finite(part, f"{name}.{key}".lstrip(".")))), "")
