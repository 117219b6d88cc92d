"""Sample a picture at continuous coordinates: Lanczos when it is enlarged, prefiltered when it is made smaller.

A :class:`Ladder` holds versions of one picture that are band-limited to texels 2^(j/2) times as large (Lanczos), each
stored oversampled by a Lanczos upscale that keeps the original texels, so that a bilinear look-up is enough.
That also beats the fixed-point coordinates of cv2.remap (1/32 texel in OpenCV 4): they shrink with the oversampling.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from skyloom.imaging.product import product
from skyloom.sphere.directions import Array

Picture32 = NDArray[np.float32]
Edges = Callable[[Picture32, int], Picture32]

# Half-width of the enlarging Lanczos kernel. Catmull-Rom makes steps halfway between two texels a third larger than
# those beside a texel, which shows as a lattice when a dome is enlarged; four lobes level them.
LOBES = 4
MARGIN = LOBES  # texels that the kernel needs beyond the last one
REDUCING_LOBES = 3  # half-width of the filter that makes pictures smaller, in texels of the smaller one
RUNGS_PER_OCTAVE = 2
SMALLEST_SIDE = 8
# Largest oversampled picture, texels (12 bytes each); beyond it OpenCV's own bicubic reads the picture as it is.
OVERSAMPLED_BUDGET = 8_600_000
# The same for what is read to be made smaller: a fraction of a level is lost, and a dome of 2048 needs five of them.
REDUCED_BUDGET = 1_200_000
_REMAP_LIMIT = 32_000  # cv2.remap holds positions in int16
# A ratio this close to 1 is no minification: keeps a picture's own texels exact.
SAME_SIZE = 1.01
_ROWS = 8  # rows of a picture that are enlarged in one product


def clamp_edges(image: Picture32, margin: int) -> Picture32:
    """Grow an image (H, W, C) by ``margin`` texels on every side, repeating its border."""
    return np.pad(image, ((margin, margin), (margin, margin), (0, 0)), mode="edge")


@dataclass(frozen=True)
class Rung:
    """One stored version of a picture.

    Attributes:
        image: float32; ``swapped`` says that its rows are the picture's columns.
        flag: how OpenCV interpolates it.
        column, row: (gain, offset) that take index coordinates of the picture to those of the version.
        clip: (low, high) that samples are cut to, where the interpolation itself may leave them.
    """

    image: Picture32
    flag: int
    column: tuple[float, float]
    row: tuple[float, float]
    swapped: bool
    clip: tuple[float, float] | None

    def read(self, column: Picture32, row: Picture32, out: Picture32 | None = None) -> Picture32:
        """Colours (h, w, C) at coordinates (h, w) of the version itself; into ``out``, if it is contiguous, or new."""
        across, down = (row, column) if self.swapped else (column, row)
        colours = cv2.remap(self.image, across, down, self.flag, out, cv2.BORDER_REPLICATE)
        if colours.ndim == 2:
            colours = colours[..., None]
        if self.clip is not None:
            np.clip(colours, *self.clip, out=colours)
        return np.asarray(colours, dtype=np.float32)


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
        self._rungs: dict[int, Rung] = {}
        self._lock = threading.Lock()
        self._last_rung = max(0, int(RUNGS_PER_OCTAVE * np.log2(max(1.0, min(image.shape[:2]) / SMALLEST_SIDE))))

    def sample(self, positions: Picture32, minification: Picture32 | None = None) -> Picture32:
        """Colours (h, w, C) at index coordinates ``positions`` (2, h, w): columns, rows.

        Args:
            minification: (h, w), how many of the picture's texels one output texel spans; None or <= 1 everywhere
                means the picture is enlarged.
        """
        if minification is None or float(minification.max(initial=0.0)) <= SAME_SIZE:
            return self._read(0, positions)
        rung = RUNGS_PER_OCTAVE * np.log2(np.where(minification > SAME_SIZE, minification, 1)).astype(np.float32)
        rung = np.minimum(rung, np.float32(self._last_rung))
        total = np.zeros((*rung.shape, self._image.shape[2]), dtype=np.float32)
        for index in range(int(rung.min()), int(np.ceil(rung.max())) + 1):
            weight = np.maximum(0, 1 - np.abs(rung - np.float32(index)))
            rows = np.flatnonzero(weight.any(axis=1))
            if rows.size:
                # Each rung is read only where it counts: from the horizon up, ratios fall row by row.
                band = slice(int(rows[0]), int(rows[-1]) + 1)
                total[band] += weight[band][..., None] * self._read(index, positions[:, band])
        return total

    def rung(self, index: int = 0) -> Rung:
        """The version 2^(index / RUNGS_PER_OCTAVE) times as coarse as the picture, built when first asked for."""
        with self._lock:
            if index not in self._rungs:
                self._rungs[index] = self._build(index)
            return self._rungs[index]

    def _read(self, index: int, positions: Picture32) -> Picture32:
        rung = self.rung(index)
        column, row = (
            positions[axis] * np.float32(gain) + np.float32(offset)
            for axis, (gain, offset) in enumerate((rung.column, rung.row))
        )
        return rung.read(column, row)

    def _build(self, index: int) -> Rung:
        image = self._image
        if index:
            ratio = 2.0 ** (index / RUNGS_PER_OCTAVE)
            size = tuple(max(SMALLEST_SIDE // 2, round(side / ratio)) for side in (self.width, self.height))
            image = reduce(image, (size[0], size[1]), self._edges)
            image = self._finish(image) if self._finish else image
        scales = image.shape[1] / self.width, image.shape[0] / self.height
        grown = self._edges(image, MARGIN)
        budget = min(OVERSAMPLED_BUDGET, REDUCED_BUDGET) if index else OVERSAMPLED_BUDGET
        factor = _oversampling(grown.shape[1], grown.shape[0], budget)
        # Texel centres of a smaller rung: (i + 0.5) * scale - 0.5, then the margin, then the oversampling.
        column, row = ((scale * factor, (0.5 * scale - 0.5 + MARGIN) * factor) for scale in scales)
        if factor == 1:
            return Rung(np.ascontiguousarray(grown), cv2.INTER_CUBIC, column, row, False, self._clip)
        # Kept as it comes out of the second pass: turning it back would take as long as making it.
        grown = _enlarged_rows(_channels(cv2.transpose(_enlarged_rows(grown, factor)), grown), factor, self._clip)
        return Rung(grown, cv2.INTER_LINEAR, column, row, True, None)


def reduce(image: Picture32, size: tuple[int, int], edges: Edges = clamp_edges) -> Picture32:
    """Make an image float32 (H, W, C) smaller, to ``size`` = (width, height): Lanczos over the new texel's support."""
    height, width = image.shape[:2]
    margin = int(np.ceil(REDUCING_LOBES * max(width / size[0], height / size[1]))) + 1
    margin = min(margin, height, width)
    lower = _reduced_rows(edges(image, margin), margin, height, size[1])
    narrow = _reduced_rows(_channels(cv2.transpose(lower), image), margin, width, size[0])
    return np.ascontiguousarray(_channels(cv2.transpose(narrow), image))


def _reduced_rows(grown: Picture32, margin: int, inputs: int, outputs: int) -> Picture32:
    """(inputs + 2 margin, W, C) -> (outputs, W, C), a few rows at once as a product with their part of the filter."""
    _, width, depth = grown.shape
    lines = grown.reshape(len(grown), width * depth)
    low = np.empty((outputs, width * depth), dtype=np.float32)
    for row, (first, weights) in zip(range(0, outputs, _ROWS), _reducing(inputs, outputs, margin), strict=True):
        product(weights, lines[first : first + weights.shape[1]], low[row : row + len(weights)])
    return low.reshape(outputs, width, depth)


@lru_cache(maxsize=16)
def _reducing(inputs: int, outputs: int, margin: int) -> list[tuple[int, Picture32]]:
    """Per ``_ROWS`` outputs: the first row of the grown picture that they read, and their weights, whose sums are 1."""
    ratio = inputs / outputs
    reach = REDUCING_LOBES * ratio
    found = []
    for row in range(0, outputs, _ROWS):
        centres = (np.arange(row, min(row + _ROWS, outputs)) + 0.5) * ratio - 0.5
        first = max(-margin, int(np.ceil(centres[0] - reach)))
        last = min(inputs + margin - 1, int(np.floor(centres[-1] + reach)))
        distance = (np.arange(first, last + 1)[None, :] - centres[:, None]) / ratio
        weights = np.where(np.abs(distance) < REDUCING_LOBES, np.sinc(distance) * np.sinc(distance / REDUCING_LOBES), 0)
        found.append((first + margin, (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)))
    return found


def oversample(image: Picture32, factor: int) -> Picture32:
    """Enlarge (H, W, C) to (factor (H - 1) + 1, factor (W - 1) + 1, C): texel i goes to factor * i, Lanczos between.

    The outermost intervals on each side repeat the border texel; callers grow the picture first and stay inside.
    """
    if factor == 1:
        return np.array(image, dtype=np.float32)
    wide = _enlarged_rows(_channels(cv2.transpose(_enlarged_rows(image, factor)), image), factor)
    return np.ascontiguousarray(_channels(cv2.transpose(wide), image))


def _channels(turned: Array, image: Picture32) -> Picture32:
    """OpenCV drops the last axis of a picture of one channel; put it back."""
    return np.asarray(turned, dtype=np.float32).reshape(*turned.shape[:2], image.shape[2])


def _enlarged_rows(image: Picture32, factor: int, clip: tuple[float, float] | None = None) -> Picture32:
    """(H, W, C) -> (factor (H - 1) + 1, W, C): row i goes to factor * i, Lanczos between. Source: Duchon 1979.

    As products with a small banded matrix, ``_ROWS`` rows at once: BLAS does that several times faster than a filter.
    """
    height, width, depth = image.shape
    lines = np.pad(image.reshape(height, width * depth), ((LOBES - 1, LOBES), (0, 0)), mode="edge")
    band = _bands(factor)
    tall = np.empty((factor * height, width * depth), dtype=np.float32)
    for first in range(0, height, _ROWS):
        count = min(_ROWS, height - first)
        reach = count + 2 * LOBES - 1
        part = tall[factor * first : factor * (first + count)]
        product(band[: factor * count, :reach], lines[first : first + reach], part)
        if clip is not None:
            # Here, while the rows are in the cache: a dome of 2080 is 50 MB.
            np.clip(part, *clip, out=part)
    return tall[: factor * (height - 1) + 1].reshape(-1, width, depth)


@lru_cache(maxsize=4)
def _bands(factor: int) -> Picture32:
    """Matrix (factor * _ROWS, _ROWS + 2 LOBES - 1) that takes rows to enlarged rows; the taps of each sum to 1."""
    matrix = np.zeros((factor * _ROWS, _ROWS + 2 * LOBES - 1), dtype=np.float32)
    for row in range(_ROWS):
        matrix[factor * row, row + LOBES - 1] = 1
        for phase in range(1, factor):
            distance = phase / factor - np.arange(1 - LOBES, LOBES + 1)
            taps = (np.sinc(distance) * np.sinc(distance / LOBES)).astype(np.float32)
            matrix[factor * row + phase, row : row + 2 * LOBES] = taps / taps.sum()
    return matrix


def _oversampling(width: int, height: int, budget: int) -> int:
    for factor in (4, 2):
        fits = width * height * factor * factor <= budget
        if fits and max(width, height) * factor < _REMAP_LIMIT:
            return factor
    return 1
