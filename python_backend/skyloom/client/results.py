"""What a sky server answers, as plain values: events, images, results, server information."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from skyloom.request import SkyRequest
from skyloom.transition import Transition


@dataclass(frozen=True)
class Queued:
    """The job waits; ``position`` 0 is next."""

    job_id: str
    position: int


@dataclass(frozen=True)
class Progress:
    """The job is at work: ``stage`` is network, detail, render, encode or decode; ``fraction`` of the job, 0 to 1."""

    job_id: str
    stage: str
    detail: str
    fraction: float


@dataclass(frozen=True)
class Received:
    """A piece of an image arrived: ``bytes_received`` of it so far; ``complete`` with its last piece."""

    job_id: str
    image: str
    bytes_received: int
    complete: bool


Event: TypeAlias = Queued | Progress | Received


@dataclass(frozen=True)
class Image:
    """One finished picture file.

    Attributes:
        name: unique in the result and safe as a file name: ``panorama``, ``front``, ...
        layout, face: what it shows; ``face`` is empty unless the layout is faces.
        width, height: pixels.
        format: ``png`` or ``jpg``.
        data: the file's bytes; their SHA-256 was compared with ``sha256`` (lower-case hex).
        output_index: index into the request's outputs.
        frame: index into the frames of a transition, else 0.
    """

    name: str
    layout: str
    face: str
    width: int
    height: int
    format: str
    data: bytes
    sha256: str
    output_index: int
    frame: int = 0


@dataclass(frozen=True)
class Seams:
    """How seamless the pictures are; None where no output can show it. Meanings: SeamReport in sky.proto."""

    wrap_ratio: float | None = None
    edge_ratio: float | None = None
    edge_mismatch: float | None = None
    zenith_ratio: float | None = None


@dataclass(frozen=True)
class SkyResult:
    """A finished job. ``result["panorama"]`` is the image of that name.

    Attributes:
        job_id: under which the server keeps it for a while.
        images: in the order of the request's outputs.
        request: what was made, defaults filled in, model name resolved; None for a conversion.
        model_name, model_sha256: the model that made it; empty for a conversion.
        skyloom_version: of the server.
        seams: measured on the rendered pixels.
        timings: ((stage, seconds), ...).
        detail_sha256: the detail model; empty where detail is off.
        transition: what was made of a transition, its end filled in; None for anything else. ``request`` is its start.
        positions: of a transition's frames, 0 (start) to 1 (end).
    """

    job_id: str
    images: tuple[Image, ...]
    request: SkyRequest | None
    model_name: str
    model_sha256: str
    skyloom_version: str
    seams: Seams
    timings: tuple[tuple[str, float], ...]
    detail_sha256: str = ""
    transition: Transition | None = None
    positions: tuple[float, ...] = ()

    def __getitem__(self, name: str) -> Image:
        """The image called ``name``; KeyError names those that there are."""
        for image in self.images:
            if image.name == name:
                return image
        raise KeyError(f"{name!r}; this result has {', '.join(image.name for image in self.images)}")


@dataclass(frozen=True)
class ModelInfo:
    """One model of a server; ``dome_size`` in pixels, ``theta_max`` in degrees from the zenith."""

    name: str
    sha256: str
    dome_size: int
    theta_max: float
    clouds: tuple[str, ...]
    licence: str


@dataclass(frozen=True)
class DetailModelInfo:
    """One detail model of a server; it makes ``factor`` pixels of one, each way."""

    name: str
    sha256: str
    factor: int
    licence: str


@dataclass(frozen=True)
class CloudTypeInfo:
    """One cloud type as a picker shows it; ``thumbnail_png`` is empty unless thumbnails were asked for."""

    name: str
    code: str
    description: str
    thumbnail_png: bytes


@dataclass(frozen=True)
class Limits:
    """What a server accepts: ``sizes`` is ((layout, min, max), ...) in pixels."""

    sizes: tuple[tuple[str, int, int], ...]
    max_outputs: int
    max_chunk_bytes: int
    queue_capacity: int
    job_retention_seconds: int
    max_upload_bytes: int
    max_input_pixels: int
    max_frames: int = 0
    max_transition_pixels: int = 0


@dataclass(frozen=True)
class ServerInfo:
    """Who serves: the first model is the default, and so is the first detail model, where there is one."""

    skyloom_version: str
    api_version: str
    models: tuple[ModelInfo, ...]
    cloud_types: tuple[CloudTypeInfo, ...]
    limits: Limits
    detail_models: tuple[DetailModelInfo, ...] = ()
