"""Sample a picture at continuous coordinates: Lanczos when it is enlarged, prefiltered when it is made smaller.

A :class:`Ladder` holds versions of one picture that are band-limited to texels 2^(j/2) times as large (Lanczos), each
stored oversampled by a Lanczos upscale that keeps the original texels, so that a bilinear look-up is enough.
That also beats the fixed-point coordinates of cv2.remap (1/32 texel in OpenCV 4): they shrink with the oversampling.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from skyloom.sphere.directions import Array

Picture32 = NDArray[np.float32]
Edges = Callable[[Picture32, int], Picture32]

# Half-width of the enlarging Lanczos kernel. Catmull-Rom makes steps halfway between two texels a third larger than
# those beside a texel, which shows as a lattice when a dome is enlarged; four lobes level them.
LOBES = 4
MARGIN = LOBES  # texels that the kernel needs beyond the last one
RUNGS_PER_OCTAVE = 2
SMALLEST_SIDE = 8
# Largest oversampled picture, texels (12 bytes each); beyond it OpenCV's own bicubic reads the picture as it is.
OVERSAMPLED_BUDGET = 8_600_000
_REMAP_LIMIT = 32_000  # cv2.remap holds positions in int16
# A ratio this close to 1 is no minification: keeps a picture's own texels exact.
_SAME_SIZE = 1.01


def clamp_edges(image: Picture32, margin: int) -> Picture32:
    """Grow an image (H, W, C) by ``margin`` texels on every side, repeating its border."""
    return np.pad(image, ((margin, margin), (margin, margin), (0, 0)), mode="edge")


class Ladder:
    """A picture float32 (H, W, C) ready to be sampled anywhere, at any scale. Safe to share between threads.

    Args:
        image: the picture.
        edges: grows a picture by a margin with what lies beyond its border.
        finish: applied to every version after it was made smaller, and to the picture itself.
        clip: (low, high) that no sample may leave; Lanczos overshoots otherwise.
    """

    def __init__(
        self,
        image: Picture32,
        edges: Edges = clamp_edges,
        finish: Callable[[Picture32], Picture32] | None = None,
        clip: tuple[float, float] | None = (0.0, 1.0),
    ) -> None:
        self.height, self.width = image.shape[:2]
        self._finish = finish
        self._image = finish(image) if finish else image
        self._edges = edges
        self._clip = clip
        self._rungs: dict[int, tuple[Picture32, int, float, float]] = {}
        self._lock = threading.Lock()
        self._last_rung = max(0, int(RUNGS_PER_OCTAVE * np.log2(max(1.0, min(image.shape[:2]) / SMALLEST_SIDE))))

    def sample(self, positions: Picture32, minification: Picture32 | None = None) -> Picture32:
        """Colours (h, w, C) at index coordinates ``positions`` (2, h, w): columns, rows.

        Args:
            minification: (h, w), how many of the picture's texels one output texel spans; None or <= 1 everywhere
                means the picture is enlarged.
        """
        if minification is None or float(minification.max(initial=0.0)) <= _SAME_SIZE:
            return self._read(0, positions)
        rung = RUNGS_PER_OCTAVE * np.log2(np.where(minification > _SAME_SIZE, minification, 1)).astype(np.float32)
        rung = np.minimum(rung, np.float32(self._last_rung))
        total: Picture32 | None = None
        for index in range(int(rung.min()), int(np.ceil(rung.max())) + 1):
            weight = np.maximum(0, 1 - np.abs(rung - np.float32(index)))[..., None]
            if weight.any():
                part = weight * self._read(index, positions)
                total = part if total is None else total + part
        assert total is not None
        return total

    def _read(self, index: int, positions: Picture32) -> Picture32:
        image, factor, across, down = self._rung(index)
        # Texel centres of a smaller rung: (i + 0.5) * scale - 0.5, then the margin, then the oversampling.
        column, row = (
            positions[axis] * np.float32(scale * factor) + np.float32((0.5 * scale - 0.5 + MARGIN) * factor)
            for axis, scale in ((0, across), (1, down))
        )
        flag = cv2.INTER_LINEAR if factor > 1 else cv2.INTER_CUBIC
        colours = cv2.remap(image, column, row, flag, borderMode=cv2.BORDER_REPLICATE)
        if colours.ndim == 2:
            colours = colours[..., None]
        if self._clip is not None and factor == 1:
            np.clip(colours, *self._clip, out=colours)
        return np.asarray(colours, dtype=np.float32)

    def _rung(self, index: int) -> tuple[Picture32, int, float, float]:
        with self._lock:
            if index not in self._rungs:
                self._rungs[index] = self._build(index)
            return self._rungs[index]

    def _build(self, index: int) -> tuple[Picture32, int, float, float]:
        image = self._image
        if index:
            ratio = 2.0 ** (index / RUNGS_PER_OCTAVE)
            size = tuple(max(SMALLEST_SIDE // 2, round(side / ratio)) for side in (self.width, self.height))
            image = reduce(image, (size[0], size[1]), self._edges)
            image = self._finish(image) if self._finish else image
        across, down = image.shape[1] / self.width, image.shape[0] / self.height
        grown = self._edges(image, MARGIN)
        factor = _oversampling(grown.shape[1], grown.shape[0])
        grown = oversample(grown, factor)
        if self._clip is not None:
            np.clip(grown, *self._clip, out=grown)
        return grown, factor, across, down


def reduce(image: Picture32, size: tuple[int, int], edges: Edges = clamp_edges) -> Picture32:
    """Make an image float32 (H, W, C) smaller, to ``size`` = (width, height): Lanczos over the new texel's support."""
    height, width = image.shape[:2]
    margin = int(np.ceil(3 * max(width / size[0], height / size[1]))) + 1
    margin = min(margin, height, width)
    grown = edges(image, margin)
    box = (margin, margin, margin + width, margin + height)
    channels = [
        np.asarray(Image.fromarray(np.ascontiguousarray(grown[..., c])).resize(size, Image.Resampling.LANCZOS, box=box))
        for c in range(image.shape[2])
    ]
    return np.ascontiguousarray(np.stack(channels, axis=-1), dtype=np.float32)


def oversample(image: Picture32, factor: int) -> Picture32:
    """Enlarge (H, W, C) to (factor (H - 1) + 1, factor (W - 1) + 1, C): texel i goes to factor * i, Lanczos between.

    The outermost intervals on each side repeat the border texel; callers grow the picture first and stay inside.
    """
    if factor == 1:
        return np.array(image, dtype=np.float32)
    height, width, depth = image.shape
    tall = np.empty((factor * (height - 1) + 1, width, depth), dtype=np.float32)
    tall[::factor] = image
    for phase in range(1, factor):
        tall[phase::factor] = _filtered(image, phase / factor, 0)[:-1]
    wide = np.empty((tall.shape[0], factor * (width - 1) + 1, depth), dtype=np.float32)
    wide[:, ::factor] = tall
    for phase in range(1, factor):
        wide[:, phase::factor] = _filtered(tall, phase / factor, 1)[:, :-1]
    return wide


def _filtered(image: Picture32, t: float, axis: int) -> Array:
    """Lanczos values at i + t along one axis, ``2 * LOBES`` taps that sum to 1. Source: Duchon 1979."""
    distance = t - np.arange(1 - LOBES, LOBES + 1)
    taps = (np.sinc(distance) * np.sinc(distance / LOBES)).astype(np.float32)
    taps /= taps.sum()
    one = np.ones(1, dtype=np.float32)
    across, down = (one, taps) if axis == 0 else (taps, one)
    anchor = (0, LOBES - 1) if axis == 0 else (LOBES - 1, 0)
    out = cv2.sepFilter2D(image, -1, across, down, anchor=anchor, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(out).reshape(image.shape)


def _oversampling(width: int, height: int) -> int:
    for factor in (4, 2):
        fits = width * height * factor * factor <= OVERSAMPLED_BUDGET
        if fits and max(width, height) * factor < _REMAP_LIMIT:
            return factor
    return 1
