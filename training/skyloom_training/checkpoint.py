"""Checkpoints that a killed run resumes from: written beside, then renamed; the last whole one wins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch


def save(path: Path, state: dict[str, Any]) -> None:
    """Write ``state`` (tensors, plain values) so that a crash leaves the old file or the new one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    try:
        torch.save(state, beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: Path, device: str = "cpu") -> dict[str, Any]:
    """Read a checkpoint.

    Raises:
        FileNotFoundError: no such file.
        ValueError: the file is damaged.
    """
    try:
        state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(f"checkpoint: {path} is damaged ({error})") from error
    return state
