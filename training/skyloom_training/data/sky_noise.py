"""Tiling noise pictures that procedural clouds are cut from; made once, then only sampled."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
SIDE = 512
VARIANTS = 2
KINDS = ("fractal", "soft", "puffs", "cells", "fibres", "rolls")


class NoiseBank:
    """Textures (SIDE, SIDE) of every kind, each value as often as any other in [0, 1]: a threshold is a coverage."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng([2026, seed])
        self._textures = {kind: [_even(_MAKERS[kind](rng)) for _ in range(VARIANTS)] for kind in KINDS}

    def sample(self, kind: str, variant: int, u: Array, v: Array) -> Array:
        """Values at positions in periods of the texture, bilinear, tiled without end."""
        texture = self._textures[kind][variant % VARIANTS]
        across, down = ((p - np.floor(p)) * np.float32(SIDE) for p in (u, v))
        return np.asarray(cv2.remap(texture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32)


def _even(values: NDArray[np.float64]) -> Array:
    """Ranks in [0, 1] in place of the values."""
    ranks = np.empty(values.size, np.float32)
    ranks[np.argsort(values, axis=None, kind="stable")] = np.linspace(0, 1, values.size, dtype=np.float32)
    return ranks.reshape(values.shape)


def _spectral(rng: np.random.Generator, slope: float, least: float, stretch: float = 1.0) -> NDArray[np.float64]:
    """Gaussian noise with amplitude f^-slope from ``least`` cycles a side on; ``stretch`` times longer along x."""
    fy, fx = np.fft.fftfreq(SIDE)[:, None] * SIDE, np.fft.rfftfreq(SIDE)[None, :] * SIDE
    f = np.hypot(fx * stretch, fy)
    amplitude = np.where(f >= least, np.maximum(f, 1e-9) ** -slope, 0.0)
    white = np.fft.rfft2(rng.standard_normal((SIDE, SIDE)))
    made = np.fft.irfft2(white * amplitude, (SIDE, SIDE))
    return np.asarray(made / made.std())


def _cellular(rng: np.random.Generator, cells: int, jitter: float) -> NDArray[np.float64]:
    """1 - distance to the nearest of cells² jittered points, in cells: round lumps."""
    points = 0.5 + jitter * (rng.random((cells, cells, 2)) - 0.5)
    position = (np.arange(SIDE) + 0.5) * cells / SIDE
    cell, inside = np.floor(position).astype(int), position % 1
    best = np.full((SIDE, SIDE), 9.0)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            at = points[np.ix_((cell + dy) % cells, (cell + dx) % cells)]
            down, across = inside[:, None] - dy - at[..., 0], inside[None, :] - dx - at[..., 1]
            best = np.minimum(best, np.hypot(down, across))
    return 1 - best


def _puffs(rng: np.random.Generator) -> NDArray[np.float64]:
    """Heaps of heaps: lumps of several sizes, each octave upon the last, over a slow unevenness."""
    lumps = sum(_cellular(rng, cells, 1.0) * share for cells, share in ((7, 1.0), (15, 0.55), (31, 0.3), (63, 0.16)))
    return np.asarray(lumps + 0.28 * _spectral(rng, 2.2, 1) + 0.06 * _spectral(rng, 1.0, 24))


def _cells(rng: np.random.Generator) -> NDArray[np.float64]:
    """Ranks of small lumps with gaps, bent a little, rough at the edges."""
    lumps = _cellular(rng, 24, 0.7)
    bend = 6 * np.stack([_spectral(rng, 2.0, 2), _spectral(rng, 2.0, 2)]).astype(np.float32)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    at = ((columns + bend[0]) % SIDE, (rows + bend[1]) % SIDE)
    bent = cv2.remap(lumps.astype(np.float32), *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return np.asarray(bent + 0.07 * _spectral(rng, 1.2, 16), np.float64)


_MAKERS = {
    "fractal": lambda rng: _spectral(rng, 1.75, 2),
    "soft": lambda rng: _spectral(rng, 2.6, 1),
    "puffs": _puffs,
    "cells": _cells,
    "fibres": lambda rng: _spectral(rng, 1.45, 3, 7.0),
    "rolls": lambda rng: _spectral(rng, 1.9, 4, 2.2) + 0.35 * _cellular(rng, 12, 1.0) / 0.2,
}
