"""The core: one request -> one Sky. Every edge (CLI, server, tests) calls make_sky and nothing below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skyloom.request import SkyRequest


class Progress(Protocol):
    """Called between stages. It may raise :class:`skyloom.errors.Cancelled` to stop the job there."""

    def __call__(self, stage: str, detail: str, fraction: float) -> None:
        """``stage`` is network, render, encode or decode; ``fraction`` of the whole job, 0 to 1, never falls."""


@dataclass(frozen=True)
class Picture:
    """One encoded file. ``image`` is unique in the sky: panorama, front, ...; ``face`` is empty unless layout is faces."""

    image: str
    layout: str
    face: str
    width: int
    height: int
    format: str
    data: bytes
    sha256: str
    output_index: int


@dataclass(frozen=True)
class SeamReport:
    """How seamless the pictures are; None where no output can show it. Meanings: SeamReport in sky.proto."""

    wrap_ratio: float | None = None
    edge_ratio: float | None = None
    edge_mismatch: float | None = None
    zenith_ratio: float | None = None


@dataclass(frozen=True)
class Sky:
    """A finished sky.

    Attributes:
        request: the checked request.
        model_name, model_sha256: the model that made it.
        dome: float32 (S, S, 3), [0, 1] sRGB, what the network made.
        pictures: the encoded outputs, in the order of the request's outputs.
        seams: measured on the rendered pixels.
        timings: ((stage, seconds), ...).
    """

    request: SkyRequest
    model_name: str
    model_sha256: str
    dome: NDArray[np.float32]
    pictures: tuple[Picture, ...]
    seams: SeamReport
    timings: tuple[tuple[str, float], ...]
