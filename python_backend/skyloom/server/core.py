"""What the server asks of the core: a protocol, so that every transport, limit and failure is tested with a fake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from skyloom.imaging.seams import SeamReport
from skyloom.request import Ground, OutputSpec, SkyRequest
from skyloom.studio import Picture, Progress
from skyloom.transition import Transition


@dataclass(frozen=True)
class ModelSummary:
    """A model as clients see it; ``dome_size`` in pixels, ``theta_max`` in degrees, ``clouds`` by full name."""

    name: str
    sha256: str
    dome_size: int
    theta_max: float
    clouds: tuple[str, ...]
    licence: str


@dataclass(frozen=True)
class DetailSummary:
    """A detail model as clients see it: ``factor`` pixels of one, each way."""

    name: str
    sha256: str
    factor: int
    licence: str


@dataclass(frozen=True)
class ConvertRequest:
    """A conversion: ``images`` are encoded files, six of them for ``faces``; ``ground`` None keeps what is there."""

    images: tuple[bytes, ...]
    source: str
    outputs: tuple[OutputSpec, ...]
    rotation: float = 0.0
    exposure: float = 0.0
    ground: Ground | None = None


@dataclass(frozen=True)
class JobResult:
    """What a job made. ``request`` and the models are absent for a conversion.

    ``transition`` and the positions of its frames are there for a transition alone; ``request`` is then its start.
    """

    pictures: tuple[Picture, ...]
    seams: SeamReport
    timings: tuple[tuple[str, float], ...]
    request: SkyRequest | None = None
    model_name: str = ""
    model_sha256: str = ""
    detail_sha256: str = ""
    transition: Transition | None = None
    positions: tuple[float, ...] = ()

    @property
    def byte_size(self) -> int:
        """Bytes of all pictures in memory; the frames of a loop share theirs."""
        return sum({id(picture.data): len(picture.data) for picture in self.pictures}.values())


class Core(Protocol):
    """Called from worker threads, several at a time where there are several workers; ``models``, ``detail_models`` and
    ``check`` also from the event loop, so these must answer at once."""

    def models(self) -> tuple[ModelSummary, ...]:
        """The usable models, the default first."""

    def detail_models(self) -> tuple[DetailSummary, ...]:
        """The detail models, the default first; possibly none."""

    def check(self, request: SkyRequest, model_sha256: str, detail_sha256: str = "") -> None:
        """Refuse early what :meth:`generate` would refuse: InvalidInput or ModelError."""

    def generate(self, request: SkyRequest, progress: Progress) -> JobResult:
        """Make a sky; ``progress`` may raise Cancelled."""

    def transition(self, transition: Transition, progress: Progress) -> JobResult:
        """Make the frames of a checked transition; ``progress`` may raise Cancelled."""

    def convert(self, request: ConvertRequest, progress: Progress) -> JobResult:
        """Convert pictures; ``progress`` may raise Cancelled."""

    def thumbnail(self, cloud: str) -> bytes:
        """A small PNG of one cloud type."""
