"""Pictures in memory for the lab: random crops while training, and a fixed crop of each for the measure."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Pictures:
    """uint8 (N, H, W, 3), class indices (N,), how many rows from the top may be shown (N,), number of classes.

    ``least``: smallest side of a random crop, as a share of what may be shown; 1 for pictures that are shown whole.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    rows: NDArray[np.int64]
    classes: int
    least: float = 0.6

    def __len__(self) -> int:
        return len(self.labels)

    def crops(self, indices: NDArray[np.int64], size: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """A random square crop of each, uint8 (n, size, size, 3)."""
        return np.stack([self._crop(index, size, *rng.random(3)) for index in indices])

    def fixed(self, indices: NDArray[np.int64], size: int) -> NDArray[np.uint8]:
        """The same crop of a picture whenever it is asked for, uint8 (n, size, size, 3)."""
        return np.stack([self._crop(i, size, *np.random.default_rng([7, int(i)]).random(3)) for i in indices])

    def subset(self, count: int) -> Pictures:
        """``count`` pictures of a shuffle that is always the same.

        Raises:
            ValueError: there are not so many.
        """
        if count > len(self):
            raise ValueError(f"subset: {count} is more than the {len(self)} pictures there are")
        kept = np.random.default_rng(50).permutation(len(self))[:count]
        return Pictures(self.pixels[kept], self.labels[kept], self.rows[kept], self.classes, self.least)

    def _crop(self, index: int, size: int, much: float, down: float, across: float) -> NDArray[np.uint8]:
        height, width = int(self.rows[index]), self.pixels.shape[2]
        side = max(1, int(min(height, width) * (self.least + (1 - self.least) * much)))
        top, left = int(down * (height - side + 1)), int(across * (width - side + 1))
        crop = self.pixels[index, top : top + side, left : left + side]
        # Area means are antialiased when a picture shrinks; they do not exist the other way.
        way = cv2.INTER_AREA if side >= size else cv2.INTER_CUBIC
        return np.asarray(cv2.resize(crop, (size, size), interpolation=way), np.uint8)
