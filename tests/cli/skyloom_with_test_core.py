"""The skyloom command over its real embedded server, with a core that paints flat pictures; run as a script.

TEST_CORE_STAGES says how many stages of 0.05 s a sky takes, so that a test can interrupt one.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from types import ModuleType

import numpy as np
from skyloom.errors import ModelError
from skyloom.imaging.codec import encode
from skyloom.imaging.seams import SeamReport
from skyloom.recipe import output_recipe_json
from skyloom.request import SkyRequest
from skyloom.server.core import ConvertRequest, DetailSummary, JobResult, ModelSummary
from skyloom.studio import Picture, Progress
from skyloom.transition import Transition

MODEL = ModelSummary("flat", "cd" * 32, 16, 100.0, ("cumulus",), "Apache-2.0")


class FlatCore:
    """See :class:`skyloom.server.core.Core`."""

    def models(self) -> tuple[ModelSummary, ...]:
        return (MODEL,)

    def detail_models(self) -> tuple[DetailSummary, ...]:
        return ()

    def check(self, request: SkyRequest, model_sha256: str, detail_sha256: str = "") -> None:
        if model_sha256 not in ("", MODEL.sha256):
            raise ModelError(f"the model flat is {MODEL.sha256}, not {model_sha256}")

    def generate(self, request: SkyRequest, progress: Progress) -> JobResult:
        stages = int(os.environ.get("TEST_CORE_STAGES", "2"))
        for stage in range(stages):
            progress("render", "panorama", stage / stages)
            time.sleep(0.05)
        pictures = []
        for index, spec in enumerate(request.outputs):
            pixels = np.full((16, 32, 3), request.seed % 256 / 255, np.float32)
            text = {"skyloom": output_recipe_json(request, index, MODEL.name, MODEL.sha256)}
            data = encode(pixels, spec.format, spec.quality, text)
            sha256 = hashlib.sha256(data).hexdigest()
            pictures.append(Picture(spec.layout, spec.layout, "", 32, 16, spec.format, data, sha256, index))
        return JobResult(tuple(pictures), SeamReport(), (("render", 0.1),), request, MODEL.name, MODEL.sha256)

    def transition(self, transition: Transition, progress: Progress) -> JobResult:
        raise NotImplementedError

    def convert(self, request: ConvertRequest, progress: Progress) -> JobResult:
        raise NotImplementedError

    def thumbnail(self, cloud: str) -> bytes:
        return b""


if __name__ == "__main__":
    # A test run started in the background of a script inherits SIGINT ignored; Ctrl-C at a terminal is what is tested.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    replaced = ModuleType("skyloom.server.studio_core")
    replaced.load_core = lambda model_dir: FlatCore()  # type: ignore[attr-defined]
    sys.modules["skyloom.server.studio_core"] = replaced
    from skyloom.cli.main import main

    main()
