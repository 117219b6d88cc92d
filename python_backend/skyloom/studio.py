"""The core: one request -> one Sky. Every edge (CLI, server, tests) calls make_sky and nothing below it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skyloom.domes import SkyDomes, resolve_detail
from skyloom.generation import DetailModel, SkyModel
from skyloom.imaging.codec import encode_values
from skyloom.imaging.layouts import Names
from skyloom.imaging.raster import Raster, rasterise
from skyloom.imaging.render import DomeRenderer
from skyloom.imaging.seams import SeamMeter, SeamReport, join_reports
from skyloom.recipe import TEXT_KEY, output_recipe_json
from skyloom.request import OutputSpec, SkyRequest, check_request

# Shares of a job's time on two cores, so that the progress bar moves evenly: the network's; of the rest, rendering's.
_NETWORK_DONE, _RENDER_SHARE = 0.3, 0.5
# How much of a job the detail stage is, by the passes of the detail network.
_DETAIL_SHARE = {0: 0.0, 1: 0.6, 2: 0.9}
_THREADS = min(4, os.cpu_count() or 1)


class Progress(Protocol):
    """Called between stages. It may raise :class:`skyloom.errors.Cancelled` to stop the job there."""

    def __call__(self, stage: str, detail: str, fraction: float) -> None:
        """``stage`` is network, detail, render, encode or decode; render and encode alternate, output by output.

        ``fraction`` of the whole job, 0 to 1, never falls.
        """


@dataclass(frozen=True)
class Picture:
    """One encoded file. ``image`` is unique in the job: panorama, front, ...; ``face`` is empty except for faces.

    ``frame`` counts the frames of a transition.
    """

    image: str
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
class Sky:
    """A finished sky.

    Attributes:
        request: the checked request, its level of detail and the name of the detail model resolved.
        model_name, model_sha256: the model that made it.
        dome: float32 (S, S, 3), [0, 1] sRGB, what the network made.
        pictures: the encoded outputs, in the order of the request's outputs.
        seams: measured on the rendered pixels.
        timings: ((stage, seconds), ...).
        detail_sha256: the detail model; empty where detail is off.
    """

    request: SkyRequest
    model_name: str
    model_sha256: str
    dome: NDArray[np.float32]
    pictures: tuple[Picture, ...]
    seams: SeamReport
    timings: tuple[tuple[str, float], ...]
    detail_sha256: str = ""


def make_sky(
    request: SkyRequest, model: SkyModel, progress: Progress | None = None, detail_model: DetailModel | None = None
) -> Sky:
    """Make one sky: seed and mix -> dome -> detail -> every output, encoded, with the recipe inside each file.

    Same request, same models, same versions: the same bytes. Calls ``progress`` between stages, and between the tiles
    of the detail stage, which is skipped where no output needs more pixels than the dome has.

    Raises:
        InvalidInput: a field of the request is out of range, or the model does not know a cloud type.
        ModelError: detail is asked for and there is no ``detail_model``, or it does not work.
        Cancelled: ``progress`` raised it.
    """
    request = resolve_detail(check_request(request), detail_model, model.dome_size, model.theta_max)
    domes = SkyDomes(request, model.dome_size, model.theta_max, detail_model)
    tell = _with_detail(progress or _ignore, _DETAIL_SHARE[domes.most_passes])
    clock: dict[str, float] = {}
    tell("network", model.name, 0.0)
    with _timed(clock, "network"):
        dome = model.synthesise(request.clouds, request.seed, request.variation, request.blend)
        domes.take(dome)
    if domes.most_passes:
        with _timed(clock, "detail"):
            domes.enlarge(lambda tile, share: tell("detail", tile, share))
    fine = detail_model.sha256 if detail_model is not None and request.detail != "off" else ""
    texts = [output_recipe_json(request, i, model.name, model.sha256, fine) for i in range(len(request.outputs))]
    pictures, seams = _draw(domes, request, model.theta_max, texts, tell, clock)
    return Sky(request, model.name, model.sha256, dome, pictures, seams, tuple(clock.items()), fine)


def _draw(
    domes: SkyDomes,
    request: SkyRequest,
    theta_max: float,
    texts: Sequence[str],
    tell: Progress,
    clock: dict[str, float],
) -> tuple[tuple[Picture, ...], SeamReport]:
    """Render and encode output by output, so that only one output's pixels are in memory at a time."""
    names, pictures, reports = Names(), list[Picture](), dict[str, SeamReport]()
    share = (1 - _NETWORK_DONE) / len(request.outputs)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="draw") as pool:
        renderers: dict[int, DomeRenderer] = {}
        for index, spec in enumerate(request.outputs):
            began = _NETWORK_DONE + share * index
            tell("render", spec.layout, began)
            # The first output of a kind is the one that is measured.
            meter = None if spec.layout in reports else _meter(spec)
            with _timed(clock, "render"):
                passes, dome = domes.of(spec)
                if passes not in renderers:
                    renderers[passes] = DomeRenderer(
                        dome,
                        theta_max=theta_max,
                        rotation=request.rotation,
                        ground=request.ground,
                        exposure=request.exposure,
                    )
                rasters = rasterise(renderers[passes], spec, pool, meter)
            with _timed(clock, "seams"):
                if meter is not None:
                    reports[spec.layout] = meter.report()
            with _timed(clock, "encode"):
                encoded = _encode(rasters, spec, texts[index], pool, tell, began + share * _RENDER_SHARE, began + share)
                for raster, data in zip(rasters, encoded, strict=True):
                    height, width = raster.values.shape[:2]
                    digest, name = hashlib.sha256(data).hexdigest(), names.unique(raster.image)
                    pictures.append(
                        Picture(name, spec.layout, raster.face, width, height, spec.format, data, digest, index)
                    )
    order = ("panorama", "faces", "cross")
    return tuple(pictures), join_reports([reports[layout] for layout in order if layout in reports])


def _meter(spec: OutputSpec) -> SeamMeter:
    height = spec.size // 2 if spec.layout == "panorama" else spec.size
    return SeamMeter(spec.layout, spec.size, height)


def _encode(
    rasters: Sequence[Raster], spec: OutputSpec, text: str, pool: Executor, tell: Progress, first: float, last: float
) -> list[bytes]:
    def one(raster: Raster, stripes: Executor | None = None) -> bytes:
        return encode_values(raster.values, spec.format, spec.quality, {TEXT_KEY: text}, stripes)

    if len(rasters) == 1:
        tell("encode", rasters[0].image, first)
        return [one(rasters[0], pool)]
    # Several pictures keep the threads busy by themselves; one that waits in the pool must not wait for the pool.
    waiting = [pool.submit(one, raster) for raster in rasters]
    found = []
    try:
        for index, (raster, future) in enumerate(zip(rasters, waiting, strict=True)):
            tell("encode", raster.image, first + (last - first) * index / len(rasters))
            found.append(future.result())
    finally:
        for future in waiting:
            future.cancel()
    return found


def _with_detail(tell: Progress, share: float) -> Progress:
    """Progress of a job in which the detail stage takes ``share``, and the others what is left."""

    def told(stage: str, detail: str, fraction: float) -> None:
        if stage == "detail":
            fraction = _NETWORK_DONE * (1 - share) + share * fraction
        else:
            fraction = fraction * (1 - share) + (share if stage != "network" else 0.0)
        tell(stage, detail, fraction)

    return told


@contextmanager
def _timed(clock: dict[str, float], stage: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    clock[stage] = clock.get(stage, 0.0) + time.perf_counter() - began


def _ignore(stage: str, detail: str, fraction: float) -> None:
    pass
