"""Procedural skies without end or licence: clear-sky light, sun, and noise clouds on shells over a curved earth.

For pre-training and as a source that needs no photo. Everything follows from seeds: the same seed, the same pictures.
"""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from skyloom.sphere import dome, perspective

from skyloom_training.data.sky_layers import Scene, draw
from skyloom_training.data.sky_noise import NoiseBank
from skyloom_training.data.sky_presets import PRESETS

Pixels = NDArray[np.uint8]
Array = NDArray[np.float32]
CLASSES = len(PRESETS)
# Rendered this many times finer, then averaged: clouds shrink without end toward the horizon.
FINER = 2
# The cameras of training (skyloom_training.views.CameraRange), degrees: field of view, roll, lowest elevation, bias.
FOV, ROLL, LOWEST, HORIZON_BIAS = (55.0, 80.0), 8.0, -2.0, 1.4


class ProceduralSkies:
    """Skies of the eleven genera; ``seed`` makes the noise that all of them are cut from (about a second, 19 MB)."""

    def __init__(self, seed: int = 0) -> None:
        self._bank = NoiseBank(seed)

    def batch(
        self, n: int, size: int, rng: np.random.Generator, labels: NDArray[np.integer] | None = None
    ) -> tuple[Pixels, NDArray[np.int64]]:
        """Perspective views uint8 (n, size, size, 3), each of a sky of its own, and class indices (n,).

        ``labels`` chooses the classes, else they are drawn evenly. Cameras are those of training.

        Raises:
            ValueError: a size below 8, or labels that are not n class indices.
        """
        classes = _classes(n, size, rng, labels)
        views = [self.view(self.scene(int(c), rng), size, *_camera(rng)) for c in classes]
        return np.stack(views) if n else np.empty((0, size, size, 3), np.uint8), classes

    def domes(
        self, n: int, size: int, rng: np.random.Generator, labels: NDArray[np.integer] | None = None
    ) -> tuple[Pixels, NDArray[np.int64]]:
        """Whole domes uint8 (n, 3, size, size), stereographic as in skyloom.sphere.dome, and class indices (n,).

        Texels outside the disc go on below the horizon. Raises as :meth:`batch`.
        """
        classes = _classes(n, size, rng, labels)
        made = [self.dome(self.scene(int(c), rng), size).transpose(2, 0, 1) for c in classes]
        return np.stack(made) if n else np.empty((0, 3, size, size), np.uint8), classes

    def scene(self, label: int, rng: np.random.Generator) -> Scene:
        """A sky of class index ``label``: what :meth:`view` and :meth:`dome` look at."""
        recipe = list(PRESETS.values())[label](rng)
        return Scene(recipe, azimuth=rng.uniform(0, 2 * math.pi), seed=int(rng.integers(2**32)))

    def view(self, scene: Scene, size: int, yaw: float, pitch: float, roll: float, fov: float) -> Pixels:
        """uint8 (size, size, 3) through a camera of skyloom.sphere.perspective, radians."""
        return self._shrunk(scene, perspective.directions(size * FINER, size * FINER, yaw, pitch, roll, fov), size)

    def dome(self, scene: Scene, size: int) -> Pixels:
        """uint8 (size, size, 3)."""
        return self._shrunk(scene, _dome_directions(size * FINER), size)

    def _shrunk(self, scene: Scene, directions: NDArray[np.floating], size: int) -> Pixels:
        made = draw(scene, self._bank, np.asarray(directions, np.float32))
        small = cv2.resize(made, (size, size), interpolation=cv2.INTER_AREA)
        return np.asarray(np.clip(small * 255 + 0.5, 0, 255), np.uint8)


@lru_cache(maxsize=4)
def _dome_directions(size: int) -> Array:
    return np.asarray(dome.directions(size)[0], np.float32)


def _camera(rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Yaw, pitch, roll, field of view, radians."""
    fov = rng.uniform(*FOV)
    lowest = LOWEST + fov / 2
    pitch = lowest + (90.0 - lowest) * rng.random() ** HORIZON_BIAS
    angles = (rng.uniform(0, 360), pitch, rng.uniform(-ROLL, ROLL), fov)
    yaw, pitch, roll, fov = (math.radians(angle) for angle in angles)
    return yaw, pitch, roll, fov


def _classes(n: int, size: int, rng: np.random.Generator, labels: NDArray[np.integer] | None) -> NDArray[np.int64]:
    if n < 0:
        raise ValueError(f"n: {n} is not allowed; expected 0 or more")
    if size < 8:
        raise ValueError(f"size: {size} is not allowed; expected 8 pixels or more")
    if labels is None:
        return rng.integers(0, CLASSES, n)
    classes = np.asarray(labels, np.int64)
    if classes.shape != (n,) or (n and not 0 <= classes.min() <= classes.max() < CLASSES):
        raise ValueError(f"labels: {labels!r} is not allowed; expected {n} class indices from 0 to {CLASSES - 1}")
    return classes
