"""Servers with skies that are known in every direction, and manifests that ask for them."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
from fake_core import SHA, FakeCore
from numpy.typing import NDArray
from skyloom.generation import ModelRegistry
from skyloom.imaging.codec import encode
from skyloom.imaging.layouts import gather_cross, views_of
from skyloom.imaging.seams import SeamReport
from skyloom.request import SkyRequest
from skyloom.server.core import JobResult
from skyloom.server.studio_core import StudioCore
from skyloom.studio import Picture, Progress

Array = NDArray[np.float64]
TINY = Path(__file__).parents[2] / "data" / "tiny_model"
FACES = ("front", "back", "left", "right", "up", "down")


def analytic(d: Array) -> Array:
    """A sky that no rotation and no mirror leaves as it is, smooth over the whole sphere: colours (..., 3)."""
    x, y, z = d[..., 0], d[..., 1], d[..., 2]
    return np.stack(
        [
            0.5 + 0.3 * x + 0.1 * y * z,
            0.5 + 0.3 * y + 0.1 * x * z + 0.05 * x,
            0.5 + 0.3 * z + 0.1 * x * y,
        ],
        axis=-1,
    )


class AnalyticCore(FakeCore):
    """Paints :func:`analytic` into the pictures of the backend's own layouts; other seeds than 7 are darker."""

    def generate(self, request: SkyRequest, progress: Progress) -> JobResult:
        self._work(request.seed, progress)
        light = 1 - (request.seed - 7) % 8 / 16
        pictures: list[Picture] = []
        for index, spec in enumerate(request.outputs):
            named = [
                (view.image, view.face, (light * analytic(view.directions(0, view.height))).astype(np.float32))
                for view in views_of(spec)
            ]
            for image, face, pixels in gather_cross(spec, named):
                data = encode(pixels, spec.format)
                digest = hashlib.sha256(data).hexdigest()
                height, width = pixels.shape[:2]
                pictures.append(Picture(image, spec.layout, face, width, height, spec.format, data, digest, index))
        return JobResult(tuple(pictures), SeamReport(), (("network", 0.1),), request, "fake", SHA)


class TinyCore(StudioCore):
    """The real core with a model of a few thousand parameters; the gate is what the test's server asks for."""

    def __init__(self) -> None:
        super().__init__(ModelRegistry(TINY))
        self.gate = threading.Event()


def sky(name: str = "noon", kind: str = "panoramic", size: int = 256, seed: int = 7, **more: Any) -> dict[str, Any]:
    """One entry of a manifest."""
    recipe = {"clouds": [{"genus": "cumulus", "weight": 1}], "seed": seed, **more.pop("recipe", {})}
    return {"name": name, "kind": kind, "size": size, "recipe": recipe, **more}


def manifest(*skies: Any) -> str:
    """The text of a manifest."""
    return json.dumps({"version": 1, "skies": list(skies)})
