"""A core for the window's tests: skies that differ by seed and are known in every direction, and thumbnails."""

from __future__ import annotations

import hashlib
import io

import numpy as np
from fake_core import SHA, FakeCore
from numpy.typing import NDArray
from PIL import Image
from skyloom.imaging.codec import encode
from skyloom.imaging.layouts import gather_cross, views_of
from skyloom.imaging.seams import SeamReport
from skyloom.request import SkyRequest
from skyloom.server.core import JobResult
from skyloom.studio import Picture, Progress


def colours(directions: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Smooth sRGB colours (..., 3), 0 to 1, of unit directions (..., 3); differs for each seed."""
    axes = np.random.default_rng(seed).normal(size=(3, 3))
    return 0.5 + 0.45 * np.sin(directions @ axes.T)


class SeededCore(FakeCore):
    """Paints another sky for each seed; ``stage_seconds`` and ``gate`` as in FakeCore.

    Attributes:
        asked: the requests whose pictures were painted.
        reported: what each stage worked on, the one that a cancelled job was stopped at included.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[SkyRequest] = []
        self.reported: list[str] = []

    def generate(self, request: SkyRequest, progress: Progress) -> JobResult:
        """Ten stages, then real PNG files of the backend's own layouts."""

        def report(stage: str, detail: str, fraction: float) -> None:
            self.reported.append(detail)
            progress(stage, detail, fraction)

        self._work(request.seed, report)
        self.asked.append(request)
        pictures: list[Picture] = []
        for index, spec in enumerate(request.outputs):
            views = [
                (view.image, view.face, colours(view.directions(0, view.height), request.seed).astype(np.float32))
                for view in views_of(spec)
            ]
            for image, face, pixels in gather_cross(spec, views):
                data = encode(pixels, spec.format)
                digest = hashlib.sha256(data).hexdigest()
                height, width = pixels.shape[:2]
                pictures.append(Picture(image, spec.layout, face, width, height, spec.format, data, digest, index))
        return JobResult(tuple(pictures), SeamReport(wrap_ratio=1.0), (("network", 0.1),), request, "fake", SHA)

    def thumbnail(self, cloud: str) -> bytes:
        """A PNG of one colour."""
        super().thumbnail(cloud)
        buffer = io.BytesIO()
        Image.new("RGB", (16, 9), (len(cloud), 99, 200)).save(buffer, "PNG")
        return buffer.getvalue()
