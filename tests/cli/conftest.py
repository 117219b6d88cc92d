"""What the tests of the command line share: a runner, and a client that answers with pictures made on the spot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skyloom import __version__
from skyloom.client.results import (
    CloudTypeInfo,
    DetailModelInfo,
    Image,
    Limits,
    ModelInfo,
    Progress,
    Queued,
    Seams,
    ServerInfo,
    SkyResult,
)
from skyloom.clouds import CLOUD_NAMES, CLOUD_TYPES
from skyloom.imaging.codec import encode
from skyloom.recipe import output_recipe_json
from skyloom.request import SkyRequest
from skyloom.transition import Transition, frame_request, positions_of
from typer.testing import CliRunner

MODEL = ("tiny", "ab" * 32)
FACES = ("front", "back", "left", "right", "up", "down")


class FakeClient:
    """Answers like a server: one flat picture of 16x16 for every output, coloured by the seed, with its recipe."""

    def __init__(self) -> None:
        self.requests: list[SkyRequest] = []
        self.sha256s: list[str] = []
        self.detail_sha256s: list[str] = []
        self.transitions: list[Transition] = []
        self.timeouts: list[float] = []
        self.error: BaseException | None = None
        self.before_answer: Callable[[], None] = lambda: None

    def generate(
        self,
        request: SkyRequest,
        *,
        model_sha256: str = "",
        detail_sha256: str = "",
        on_event: Callable[[object], None] | None = None,
        cancel_on_disconnect: bool = False,
    ) -> SkyResult:
        self.requests.append(request)
        self.sha256s.append(model_sha256)
        self.detail_sha256s.append(detail_sha256)
        if on_event is not None:
            on_event(Queued("j", 0))
            on_event(Progress("j", "render", "panorama", 0.5))
        if self.error is not None:
            raise self.error
        self.before_answer()
        images = []
        for index, spec in enumerate(request.outputs):
            text = {"skyloom": output_recipe_json(request, index, *MODEL)}
            for face in FACES if spec.layout == "faces" else ("",):
                pixels = np.full((16, 16, 3), request.seed % 256 / 255, np.float32)
                data = encode(pixels, spec.format, spec.quality, text)
                sha256 = hashlib.sha256(data).hexdigest()
                name = face or spec.layout
                images.append(Image(name, spec.layout, face, 16, 16, spec.format, data, sha256, index))
        seams = Seams(wrap_ratio=1.0)
        return SkyResult("j", tuple(images), request, *MODEL, __version__, seams, (("network", 0.1),))

    def generate_transition(self, transition: Transition, **options: Any) -> SkyResult:
        self.transitions.append(transition)
        positions = positions_of(transition)
        skies = [self.generate(frame_request(transition, position), **options) for position in positions]
        images = [replace(image, frame=frame) for frame, sky in enumerate(skies) for image in sky.images]
        start = transition.start
        return replace(skies[0], images=tuple(images), request=start, transition=transition, positions=positions)

    def info(self) -> ServerInfo:
        model = ModelInfo(*MODEL, 256, 100.0, CLOUD_NAMES, "Apache-2.0")
        clouds = tuple(CloudTypeInfo(cloud.name, cloud.code, cloud.description, b"") for cloud in CLOUD_TYPES)
        limits = Limits((("panorama", 32, 8192),), 8, 1 << 20, 64, 600, 1 << 28, 1 << 27)
        details = (DetailModelInfo("fine", "cd" * 32, 4, "Apache-2.0"),)
        return ServerInfo(__version__, "skyloom.v1", (model,), clouds, limits, details)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FakeClient:
    """The fake client, in the place of every connection that a verb opens."""
    fake = FakeClient()

    @contextmanager
    def connect(server: str | None, token: str | None, timeout: float, model_dir: object) -> Iterator[FakeClient]:
        fake.timeouts.append(timeout)
        yield fake

    monkeypatch.setattr("skyloom.cli.connect.connect", connect)
    return fake


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Run ``skyloom ARGUMENTS`` in this process, in an empty folder of its own (``tmp_path``)."""
    from skyloom.cli.main import app

    monkeypatch.chdir(tmp_path)
    for name in ("SKYLOOM_SERVER", "SKYLOOM_TOKEN", "SKYLOOM_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])
