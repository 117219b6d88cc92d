"""Seed -> latent and noise: the one place where chance enters a sky."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def latent_from_seed(seed: int, latent: int, noise: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Standard normal latent float32 (1, latent) and noise float32 (1, noise) of an unsigned 32-bit seed.

    Both come from one stream of ``numpy.random.Generator(PCG64(seed)).standard_normal``; numpy keeps the bit stream
    stable (NEP 19), and a golden test pins the numbers.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    z = draw.standard_normal((1, latent)).astype(np.float32)
    return z, draw.standard_normal((1, noise)).astype(np.float32)
