"""What is measured: the default model, its weights, a rendered sky, and an analytic one whose colours are known."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from skyloom.generation import DetailModel, ModelRegistry, SkyModel
from skyloom.imaging.render import DomeRenderer
from skyloom.request import OutputSpec
from skyloom.sphere import dome
from skyloom.sphere.directions import Array

ROOT = Path(__file__).resolve().parent.parent
CLOUDS = (("cumulus", 1.0),)
SEED = 7


@lru_cache(maxsize=4)
def model(threads: int = 0) -> SkyModel:
    """The default model, opened with so many threads; 0 takes every core."""
    return ModelRegistry(threads=threads).get()


def detail_model() -> DetailModel | None:
    """The default detail model, None where there is none."""
    return ModelRegistry().detail()


def weights() -> Path:
    """The default model's trained weights, or the newest there are."""
    folder = ROOT / "training" / "weights"
    mine = folder / f"{model().name}.pt"
    return mine if mine.exists() else max(folder.glob("skyloom-dome*.pt"), key=lambda path: path.stat().st_mtime)


@lru_cache(maxsize=2)
def sky_dome(seed: int = SEED) -> NDArray[np.float32]:
    """A dome of the default model."""
    return model().synthesise(CLOUDS, seed, 0.7)


@lru_cache(maxsize=2)
def panorama(width: int) -> NDArray[np.float32]:
    """A rendered panorama float32 (W / 2, W, 3) of that dome."""
    return DomeRenderer(sky_dome()).render_layout(OutputSpec("panorama", width))[0][2]


def analytic(directions: Array) -> NDArray[np.float32]:
    """A smooth sky with structure of some degrees: float32 (..., 3) in [0.05, 0.95] at unit directions (..., 3)."""
    x, y, z = (np.asarray(directions[..., i], np.float64) for i in range(3))
    waves = [np.sin(9 * x + 4 * y), np.cos(11 * z - 3 * y), np.sin(7 * x - 8 * z + 5 * y)]
    mixed = [waves[0] * waves[1], waves[1] * waves[2], waves[2] * waves[0]]
    return (0.5 + 0.45 * np.stack(mixed, axis=-1)).astype(np.float32)


def analytic_dome(size: int) -> NDArray[np.float32]:
    """The analytic sky as a dome (S, S, 3)."""
    return analytic(dome.directions(size)[0])
