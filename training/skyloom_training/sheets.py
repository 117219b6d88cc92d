"""Sample sheets: classes down, seeds across; the domes and a level view of each."""

from __future__ import annotations

import math
import os
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from skyloom_training.networks.generator import Generator
from skyloom_training.views import render_views


@torch.no_grad()
def sample_sheet(generator: Generator, seeds: int = 6, size: int = 128) -> NDArray[np.uint8]:
    """uint8 (classes * size, seeds * 2 * size, 3): per seed the dome and a view to the north, 75 degrees wide."""
    shape = generator.shape
    device = next(generator.parameters()).device
    draw = torch.Generator().manual_seed(0)
    z = torch.randn(seeds, shape.z_dim, generator=draw).to(device)
    noise = torch.randn(seeds, shape.noise_length, generator=draw).to(device)
    camera = torch.tensor([[0.0, math.radians(32.0), 0.0, math.radians(75.0)]], device=device).repeat(seeds, 1)
    rows = []
    for index in range(shape.classes):
        mix = torch.nn.functional.one_hot(torch.full((seeds,), index), shape.classes).float().to(device)
        domes = generator(z, mix, noise).float()
        views = render_views(domes, camera, size)
        small = torch.nn.functional.interpolate(domes, (size, size), mode="area")
        rows.append(np.concatenate([_picture(p) for pair in zip(small, views, strict=True) for p in pair], axis=1))
    return np.concatenate(rows, axis=0)


def write_sheet(path: Path, sheet: NDArray[np.uint8]) -> None:
    """Write a sheet (RGB) as PNG, whole or not at all.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _, data = cv2.imencode(".png", sheet[:, :, ::-1])
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(data.tobytes())
        os.replace(beside, path)
    except OSError as error:
        raise OSError(f"sheet: {path} cannot be written ({error.strerror})") from error
    finally:
        beside.unlink(missing_ok=True)


def _picture(x: Tensor) -> NDArray[np.uint8]:
    values = ((x.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return np.asarray(values.permute(1, 2, 0).cpu().numpy())
