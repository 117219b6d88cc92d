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


def latent_between(
    seed: int, other: int, position: float, latent: int, noise: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
    """Latent, noise and pose as :func:`latent_from_seed` gives them, on the way from ``seed`` (0) to ``other`` (1).

    Both vectors turn from one to the other on a great circle, so that their variance stays that of the ends and no
    frame is duller than another. The pose is that of ``seed`` all the way: there is nothing between quarter turns.
    """
    z, n, pose = latent_from_seed(seed, latent, noise)
    if seed == other or position == 0:
        return z, n, pose
    other_z, other_n, _ = latent_from_seed(other, latent, noise)
    return slerp(z, other_z, position), slerp(n, other_n, position), pose


def slerp(a: NDArray[np.float32], b: NDArray[np.float32], t: float) -> NDArray[np.float32]:
    """The vector at ``t`` (0 to 1) on the arc from ``a`` to ``b``, its length between theirs. Source: Shoemake 1985."""
    lengths = [float(np.linalg.norm(v.astype(np.float64))) for v in (a, b)]
    if min(lengths) == 0:
        return np.asarray((1 - t) * a + t * b, dtype=np.float32)
    unit_a, unit_b = a.astype(np.float64) / lengths[0], b.astype(np.float64) / lengths[1]
    angle = float(np.arccos(np.clip(np.sum(unit_a * unit_b), -1, 1)))
    if np.sin(angle) < 1e-6:
        # Parallel: every arc is a straight line. Opposite: none is the shortest, and no seeds draw that.
        return np.asarray((1 - t) * a + t * b, dtype=np.float32)
    turned = (np.sin((1 - t) * angle) * unit_a + np.sin(t * angle) * unit_b) / np.sin(angle)
    return np.asarray(turned * ((1 - t) * lengths[0] + t * lengths[1]), dtype=np.float32)


def posed(dome: NDArray[np.float32], pose: int) -> NDArray[np.float32]:
    """A dome (S, S, 3) turned by ``pose % 4`` quarter circles, and mirrored for poses 4 to 7; exact, no resampling.

    Training looks at domes from every side and mirrors them at random, so each of the eight is as likely as the net's
    own; without this, what the net always puts in the north would be in the north of every sky.
    """
    turned = np.rot90(dome, pose % 4)
    return np.ascontiguousarray(turned[:, ::-1] if pose >= 4 else turned)
