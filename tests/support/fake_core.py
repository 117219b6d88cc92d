"""A core without a network: the real server and the real client talk through real sockets about made-up bytes."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import replace

from skyloom.clouds import CLOUD_NAMES
from skyloom.errors import InvalidInput, ModelError
from skyloom.imaging.seams import SeamReport
from skyloom.request import SkyRequest
from skyloom.server.core import ConvertRequest, DetailSummary, JobResult, ModelSummary
from skyloom.studio import Picture, Progress
from skyloom.transition import Transition, positions_of

SHA = "ab" * 32
STAGES = 10


def expected_bytes(seed: int, size: int, byte_count: int) -> bytes:
    """What the fake makes of a seed and a size: differs for each pair, long enough for several chunks."""
    block = hashlib.sha512(f"{seed}/{size}".encode()).digest()
    return (block * (byte_count // len(block) + 1))[:byte_count]


class FakeCore:
    """Ten stages of ``stage_seconds`` each, then ``byte_count`` bytes for every output.

    Seeds with a meaning: 13 raises ValueError (a bug), 14 ModelError, 15 InvalidInput, each at the second stage.

    Attributes:
        started, stopped_early: how many jobs began, and how many were ended by their progress callback.
        gate: while it is cleared, jobs wait in their first stage.
    """

    def __init__(self, stage_seconds: float = 0.0, byte_count: int = 2_500_000) -> None:
        self.stage_seconds = stage_seconds
        self.byte_count = byte_count
        self.gate = threading.Event()
        self.gate.set()
        self.lock = threading.Lock()
        self.started = 0
        self.stopped_early = 0
        self.thumbnails_made = 0

    def models(self) -> tuple[ModelSummary, ...]:
        return (ModelSummary("fake", SHA, 256, 100.0, CLOUD_NAMES, "Apache-2.0"),)

    def detail_models(self) -> tuple[DetailSummary, ...]:
        return (DetailSummary("fake-detail", SHA[::-1], 4, "Apache-2.0"),)

    def check(self, request: SkyRequest, model_sha256: str, detail_sha256: str = "") -> None:
        if request.model not in ("", "fake"):
            raise InvalidInput("model", request.model, "one of fake")
        if model_sha256 not in ("", SHA):
            raise ModelError(f"the model is {SHA}, not {model_sha256}")
        if detail_sha256 not in ("", SHA[::-1]):
            raise ModelError(f"the detail model is {SHA[::-1]}, not {detail_sha256}")

    def generate(self, request: SkyRequest, progress: Progress) -> JobResult:
        self._work(request.seed, progress)
        pictures = tuple(
            self._picture(index, output.layout, output.size, output.format, request.seed)
            for index, output in enumerate(request.outputs)
        )
        return JobResult(pictures, SeamReport(wrap_ratio=1.0), (("network", 0.5),), request, "fake", SHA)

    def transition(self, transition: Transition, progress: Progress) -> JobResult:
        start = transition.start
        self._work(start.seed, progress)
        pictures = tuple(
            replace(
                self._picture(0, "panorama", start.outputs[0].size, start.outputs[0].format, start.seed + frame),
                image=f"panorama_{frame:04d}",
                frame=frame,
            )
            for frame in range(transition.frames)
        )
        timings, positions = (("network", 0.5),), positions_of(transition)
        return JobResult(
            pictures, SeamReport(), timings, start, "fake", SHA, transition=transition, positions=positions
        )

    def convert(self, request: ConvertRequest, progress: Progress) -> JobResult:
        self._work(0, progress)
        if request.images[0] == b"broken":
            raise InvalidInput("images", "6 bytes", "a whole picture file")
        data = b"".join(request.images)
        digest = hashlib.sha256(data).hexdigest()
        size = request.outputs[0].size
        picture = Picture("panorama", "panorama", "", size, size // 2, "png", data, digest, 0)
        return JobResult((picture,), SeamReport(), (("decode", 0.1),))

    def thumbnail(self, cloud: str) -> bytes:
        with self.lock:
            self.thumbnails_made += 1
        return cloud.encode()

    def _work(self, seed: int, progress: Progress) -> None:
        with self.lock:
            self.started += 1
        try:
            for stage in range(STAGES):
                progress("render", f"step {stage}", stage / STAGES)
                self.gate.wait(30)
                time.sleep(self.stage_seconds)
                if stage == 1 and seed in (13, 14, 15):
                    raise {
                        13: ValueError("secret path /home/somebody"),
                        14: ModelError("synthesis.onnx is damaged"),
                        15: InvalidInput("outputs", "x", "something else"),
                    }[seed]
            progress("encode", "", 1.0)
        except BaseException:
            with self.lock:
                self.stopped_early += 1
            raise

    def _picture(self, index: int, layout: str, size: int, format: str, seed: int) -> Picture:
        data = expected_bytes(seed, size, self.byte_count)
        name = layout if index == 0 else f"{layout}_{index}"
        return Picture(name, layout, "", size, size // 2, format, data, hashlib.sha256(data).hexdigest(), index)
