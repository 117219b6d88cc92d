"""The core: one request -> one Sky. Every edge (CLI, server, tests) calls make_sky and nothing below it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skyloom.generation import SkyModel
from skyloom.imaging.codec import encode
from skyloom.imaging.layouts import Rendered, name_outputs
from skyloom.imaging.render import DomeRenderer
from skyloom.imaging.seams import SeamReport, measure_rendered
from skyloom.recipe import TEXT_KEY, output_recipe_json
from skyloom.request import OutputSpec, SkyRequest, check_request

# Shares of a job's time on two cores, so that the progress bar moves evenly.
_NETWORK_DONE, _RENDER_DONE = 0.1, 0.45
_ENCODERS = min(4, os.cpu_count() or 1)


class Progress(Protocol):
    """Called between stages. It may raise :class:`skyloom.errors.Cancelled` to stop the job there."""

    def __call__(self, stage: str, detail: str, fraction: float) -> None:
        """``stage`` is network, render, encode or decode; ``fraction`` of the whole job, 0 to 1, never falls."""


@dataclass(frozen=True)
class Picture:
    """One encoded file. ``image`` is unique in the sky: panorama, front, ...; ``face`` is empty except for faces."""

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


def make_sky(request: SkyRequest, model: SkyModel, progress: Progress | None = None) -> Sky:
    """Make one sky: seed and mix -> dome -> every output, encoded, with the recipe inside each file.

    Same request, same model, same versions: the same bytes. Calls ``progress`` between stages.

    Raises:
        InvalidInput: a field of the request is out of range, or the model does not know a cloud type.
        Cancelled: ``progress`` raised it.
    """
    request = check_request(request)
    tell = progress or _ignore
    clock: dict[str, float] = {}
    tell("network", model.name, 0.0)
    with _timed(clock, "network"):
        dome = model.synthesise(request.clouds, request.seed, request.variation)
    with _timed(clock, "render"):
        rendered = _render(dome, request, model.theta_max, tell)
    tell("encode", "", _RENDER_DONE)
    with _timed(clock, "seams"):
        seams = measure_rendered(rendered)
    with _timed(clock, "encode"):
        texts = [output_recipe_json(request, i, model.name, model.sha256) for i in range(len(request.outputs))]
        pictures = _encode(rendered, request.outputs, texts, tell)
    return Sky(request, model.name, model.sha256, dome, pictures, seams, tuple(clock.items()))


def _render(dome: NDArray[np.float32], request: SkyRequest, theta_max: float, tell: Progress) -> list[Rendered]:
    renderer = DomeRenderer(
        dome, theta_max=theta_max, rotation=request.rotation, ground=request.ground, exposure=request.exposure
    )
    started = 0

    def render(spec: OutputSpec) -> list[tuple[str, str, NDArray[np.float32]]]:
        nonlocal started
        share = started / len(request.outputs)
        tell("render", spec.layout, _NETWORK_DONE + share * (_RENDER_DONE - _NETWORK_DONE))
        started += 1
        return renderer.render_layout(spec)

    return name_outputs(request.outputs, render)


def _encode(
    rendered: Sequence[Rendered], outputs: Sequence[OutputSpec], texts: Sequence[str], tell: Progress
) -> tuple[Picture, ...]:
    def one(item: Rendered) -> Picture:
        spec = outputs[item.output_index]
        data = encode(item.pixels, spec.format, spec.quality, {TEXT_KEY: texts[item.output_index]})
        height, width = item.pixels.shape[:2]
        digest = hashlib.sha256(data).hexdigest()
        return Picture(item.image, item.layout, item.face, width, height, spec.format, data, digest, item.output_index)

    # The encoders release the interpreter, so two of them keep two cores busy.
    with ThreadPoolExecutor(_ENCODERS, thread_name_prefix="encode") as pool:
        waiting = [pool.submit(one, item) for item in rendered]
        pictures = []
        try:
            for index, future in enumerate(waiting):
                tell("encode", rendered[index].image, _RENDER_DONE + (1 - _RENDER_DONE) * index / len(rendered))
                pictures.append(future.result())
        except BaseException:
            for future in waiting:
                future.cancel()
            raise
    return tuple(pictures)


@contextmanager
def _timed(clock: dict[str, float], stage: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    clock[stage] = time.perf_counter() - began


def _ignore(stage: str, detail: str, fraction: float) -> None:
    pass
