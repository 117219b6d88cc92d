"""Patches of the sharpest sky pictures at their own resolution, and the small pictures that the net sees of them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from skyloom.sphere import perspective

from skyloom_training.data.ccsn import SIDE, Photos

# Degrees across a view of a 4096 panorama: at 400 pixels it is then as sharp as the panorama.
PANORAMA_FOV = 35.0
VIEWS_PER_PANORAMA = 60
# Standard deviation of the grain on small pictures, of a range of 2: up to two levels of 255.
LARGEST_GRAIN = 0.016


def patches(
    photos: Photos, count: int, size: int, rng: np.random.Generator, smooth_share: float = 0.3
) -> NDArray[np.uint8]:
    """Random patches (count, size, size, 3): from the sharper half, and a share from all, stratus included."""
    usable = np.flatnonzero(photos.sky >= size)
    sharp = usable[photos.sharpness[usable] >= np.median(photos.sharpness[usable])]
    out = np.empty((count, size, size, 3), np.uint8)
    for row in range(count):
        index = rng.choice(usable if rng.random() < smooth_share else sharp)
        top, left = rng.integers(0, photos.sky[index] - size + 1), rng.integers(0, SIDE - size + 1)
        patch = photos.pixels[index, top : top + size, left : left + size]
        out[row] = patch[:, ::-1] if rng.random() < 0.5 else patch
    return out


def with_panoramas(photos: Photos, folder: Path, seed: int = 5) -> Photos:
    """``photos`` and views of the sky in equirectangular JPEGs of 4096 x 2048 in ``folder``, which count as sharp.

    Raises:
        ValueError: no such JPEG there, or one that cannot be read.
    """
    rng = np.random.default_rng(seed)
    views = []
    for path in sorted(folder.glob("*.jpg")):
        picture = cv2.imread(str(path))
        if picture is None:
            raise ValueError(f"panoramas: {path} cannot be read as a picture")
        if picture.shape[:2] == (2048, 4096):
            views += [_view(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), rng) for _ in range(VIEWS_PER_PANORAMA)]
    if not views:
        raise ValueError(f"panoramas: {folder} holds no JPEG of 4096 x 2048")
    count = len(views)
    # No class is asked for here, but the arrays are parallel.
    return Photos(
        np.concatenate([photos.pixels, np.stack(views)]),
        np.concatenate([photos.labels, np.zeros(count, np.int64)]),
        np.concatenate([photos.sky, np.full(count, SIDE)]),
        np.concatenate([photos.sharpness, np.full(count, photos.sharpness.max())]),
    )


def degrade(pictures: NDArray[np.uint8], factor: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Small pictures, float32 in [-1, 1]: a slight random blur as a generator's softness, area means, a faint grain.

    Without the blur the net expects more contrast between neighbours than a made dome has, and adds too little; without
    the grain it takes the weave of a made dome's pixels for structure, and sharpens it.
    """
    out = []
    for patch in pictures:
        picture = patch.astype(np.float32) / 127.5 - 1
        picture = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.2, 0.6)) * factor)
        size = (picture.shape[1] // factor, picture.shape[0] // factor)
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        out.append(small + rng.normal(0, rng.uniform(0, LARGEST_GRAIN), small.shape))
    return np.stack(out).astype(np.float32)


def _view(panorama: Any, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A view 400 pixels wide to a random side, wholly above the horizon and below the pinched zenith."""
    pitch = rng.uniform(PANORAMA_FOV / 2 + 2, 50.0)
    yaw, fov = rng.uniform(0, 2 * math.pi), math.radians(PANORAMA_FOV)
    ways = perspective.directions(SIDE, SIDE, yaw, math.radians(pitch), 0.0, fov)
    height, width = panorama.shape[:2]
    u = 0.5 + np.arctan2(ways[..., 0], ways[..., 2]) / (2 * math.pi)
    v = np.arccos(np.clip(ways[..., 1], -1, 1)) / math.pi
    x, y = (u * width - 0.5).astype(np.float32), (v * height - 0.5).astype(np.float32)
    # A view across the wrap would need more care than it is worth: the column beyond it is a neighbour's copy.
    wide = cv2.copyMakeBorder(panorama, 0, 0, 2, 2, cv2.BORDER_WRAP)
    return np.asarray(cv2.remap(wide, x + 2, y, cv2.INTER_CUBIC))
