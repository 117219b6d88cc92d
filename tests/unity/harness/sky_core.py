"""A core for the window's tests: skies that differ by seed and are known in every direction, and thumbnails."""

from __future__ import annotations

import io

import numpy as np
from editor_skies import AnalyticCore
from numpy.typing import NDArray
from PIL import Image
from skyloom.request import SkyRequest
from skyloom.server.core import JobResult
from skyloom.studio import Progress


def colours(directions: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Smooth sRGB colours (..., 3), 0 to 1, of unit directions (..., 3); differs for each seed."""
    axes = np.random.default_rng(seed).normal(size=(3, 3))
    return 0.5 + 0.45 * np.sin(directions @ axes.T)


class SeededCore(AnalyticCore):
    """Paints another sky for each seed; ``stage_seconds`` and ``gate`` as in FakeCore.

    Attributes:
        reported: what each stage worked on, the one that a cancelled job was stopped at included.
    """

    def __init__(self, stage_seconds: float = 0.0) -> None:
        super().__init__()
        self.stage_seconds = stage_seconds
        self.reported: list[str] = []

    def generate(self, request: SkyRequest, progress: Progress) -> JobResult:
        """One job at a time: the server has one worker."""
        self._sky = lambda directions: colours(directions, request.seed)

        def report(stage: str, detail: str, fraction: float) -> None:
            self.reported.append(detail)
            progress(stage, detail, fraction)

        return super().generate(request, report)

    def thumbnail(self, cloud: str) -> bytes:
        """A PNG of one colour."""
        super().thumbnail(cloud)
        buffer = io.BytesIO()
        Image.new("RGB", (16, 9), (len(cloud), 99, 200)).save(buffer, "PNG")
        return buffer.getvalue()
