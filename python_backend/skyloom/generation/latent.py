"""Seed -> latent, noise and pose: the one place where chance enters a sky."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def latent_from_seed(seed: int, latent: int, noise: int) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
    """Standard normal latent float32 (1, latent), noise float32 (1, noise) and pose 0..7 of an unsigned 32-bit seed.

    All come from one stream of ``numpy.random.Generator(PCG64(seed)).standard_normal``; numpy keeps the bit stream
    stable (NEP 19), and a golden test pins the numbers.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    z = draw.standard_normal((1, latent)).astype(np.float32)
    return z, draw.standard_normal((1, noise)).astype(np.float32), int(draw.integers(8))


def posed(dome: NDArray[np.float32], pose: int) -> NDArray[np.float32]:
    """A dome (S, S, 3) turned by ``pose % 4`` quarter circles, and mirrored for poses 4 to 7; exact, no resampling.

    Training looks at domes from every side and mirrors them at random, so each of the eight is as likely as the net's
    own; without this, what the net always puts in the north would be in the north of every sky.
    """
    turned = np.rot90(dome, pose % 4)
    return np.ascontiguousarray(turned[:, ::-1] if pose >= 4 else turned)
