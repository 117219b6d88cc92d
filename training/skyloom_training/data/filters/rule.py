"""What a rule on single pictures is: one number, one threshold, one verdict."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Rule(ABC):
    """Measures a picture uint8 (H, W, 3) and leaves it out where the value is on the wrong side of ``threshold``.

    Attributes:
        name: in options, manifest and report.
        keeps: "above" or "below": on which side of the threshold, itself included, a picture stays.
        default: the threshold that is meant for photos of skies; ``unit`` says of what.
        allowed: least and greatest threshold that makes sense.

    Raises:
        ValueError: a threshold outside ``allowed``.
    """

    name: ClassVar[str]
    keeps: ClassVar[str]
    default: ClassVar[float]
    unit: ClassVar[str]
    allowed: ClassVar[tuple[float, float]]

    def __init__(self, threshold: float | None = None) -> None:
        self.threshold = self.default if threshold is None else float(threshold)
        low, high = self.allowed
        if not low <= self.threshold <= high:
            raise ValueError(
                f"{self.name}: {self.threshold:g} is not allowed; expected {low:g} to {high:g} {self.unit}"
            )

    @abstractmethod
    def measure(self, pixels: Pixels) -> float:
        """The number that is compared."""

    def rejects(self, value: float) -> bool:
        """Whether a picture of this value is left out."""
        return value < self.threshold if self.keeps == "above" else value > self.threshold


def at_training_size(pixels: Pixels, side: int = 256) -> Pixels:
    """Shrunk so that the shorter side is ``side``, never enlarged: what training will see of a large photo."""
    least = min(pixels.shape[:2])
    if least <= side:
        return pixels
    height, width = (max(side, round(n * side / least)) for n in pixels.shape[:2])
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
