"""Circles over sides: how much of a sky is the same all around the zenith, over what a wave around it has."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from skyloom_training import losses


def circles_over_sides(domes: NDArray[np.float32]) -> float:
    """Of domes (N, 3, S, S), S a multiple of 32: mean power of what is the same all around, over that of a wave around.

    Rings, caps and holes at the zenith stand far above the 1.8 of isotropic fields of many lengths; a smooth change
    toward the horizon does not count. See :func:`skyloom_training.losses.circles_and_sides`.

    Raises:
        ValueError: another shape, or flat domes.
    """
    if domes.ndim != 4 or domes.shape[1] != 3 or domes.shape[2] != domes.shape[3] or domes.shape[2] % 32:
        raise ValueError(f"domes: shape {domes.shape}; expected (N, 3, S, S) with S a multiple of 32")
    powers = losses.circles_and_sides(losses.around(torch.from_numpy(domes))).mean(dim=0)
    if powers[1] <= 0:
        raise ValueError("domes: nothing changes around the zenith")
    return float(powers[0] / powers[1])
