"""The detail stage: a small super-resolution network that enlarges a dome in tiles, which leave no trace.

A detail model is a folder with ``detail.onnx`` and ``manifest.json`` (kind ``detail``). The network maps ``picture``
float32 [N, 3, H, W] in [-1, 1], sizes free, to ``detailed`` [N, 3, factor H, factor W]; it is fully convolutional with
zero padding, and an output pixel depends on at most ``reach`` pixels of the input on each side.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from skyloom.errors import ModelError
from skyloom.generation.model import MANIFEST, MANIFEST_FORMAT, models_digest
from skyloom.generation.network import check_network, open_network

KIND = "detail"
NETWORK = "detail.onnx"
# The levels of detail are defined by it: standard is one pass, high a second one, halved.
FACTOR = 4
LARGEST_REACH = 256
# Pixels of the small picture: larger tiles waste less on their overlap, smaller ones stop sooner and need less memory.
TILE = 256
# Pixels beyond what is to be seen: what the sampling kernels read around it.
MARGIN = 8

Picture32 = NDArray[np.float32]
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class DetailManifest:
    """What manifest.json says of a detail model."""

    name: str
    licence: str
    factor: int
    reach: int
    files: dict[str, str]


def read_detail_manifest(folder: Path) -> DetailManifest:
    """Read and check a detail model's manifest.

    Raises:
        ModelError: missing, not JSON, not of a detail model, or a field is missing or out of range.
    """
    path = folder / MANIFEST
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != MANIFEST_FORMAT:
            raise ModelError(f"{path}: format {raw['format']!r} is not {MANIFEST_FORMAT}, which this Skyloom reads")
        if raw["kind"] != KIND:
            raise ModelError(f"{path}: a model of kind {raw['kind']!r}, not {KIND!r}")
        manifest = DetailManifest(
            name=str(raw["name"]),
            licence=str(raw["licence"]),
            factor=int(raw["factor"]),
            reach=int(raw["reach"]),
            files={NETWORK: str(raw["files"][NETWORK]).lower()},
        )
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: not a detail model's manifest ({type(error).__name__}: {error})") from error
    if manifest.factor != FACTOR or not 0 <= manifest.reach <= LARGEST_REACH:
        raise ModelError(
            f"{path}: factor {manifest.factor} is not {FACTOR}, or reach {manifest.reach} not 0 to {LARGEST_REACH}"
        )
    return manifest


class DetailModel:
    """An opened detail model. ``enlarge`` may be called from several threads at once.

    Args:
        folder: the model's folder; the network is compared with the manifest's hash here and opened when first used.
        threads: of ONNX Runtime; 0 takes every core.

    Attributes:
        name, sha256, licence: identity; ``sha256`` is :func:`skyloom.generation.models_digest`.
        factor: pixels made of one, each way. reach: see the module.

    Raises:
        ModelError: a file is missing or its hash is not the manifest's.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        manifest = read_detail_manifest(folder)
        self.name, self.licence = manifest.name, manifest.licence
        self.factor, self.reach = manifest.factor, manifest.reach
        self.sha256 = models_digest(manifest.files)
        self._path = folder / NETWORK
        self._threads = threads
        self._data = check_network(self._path, manifest.files[NETWORK])
        self._session: ort.InferenceSession | None = None
        self._lock = threading.Lock()

    def enlarge(
        self, dome: Picture32, seen: float = 2.0, *, halved: bool = False, step: Step | None = None, tile: int = TILE
    ) -> Picture32:
        """A dome float32 (S, S, 3) in [0, 1] at ``factor`` times its size; beyond its border it is taken to repeat it.

        Tiles overlap by ``reach``, so that the result is that of the network on the whole dome.

        Args:
            seen: radius, in half sides, of the disc around the zenith that is to be seen. Tiles wholly beyond it are
                not made: there every pixel is only repeated.
            halved: average 2 x 2 pixels of what the network makes, so that the dome grows ``factor / 2`` times only.
            step: called with (tiles done, tiles in all) before each tile; what it raises ends the work.
            tile: side of a tile, pixels of the dome.

        Raises:
            ModelError: ONNX Runtime cannot open the network, or it does not answer as its manifest says.
        """
        size = dome.shape[0]
        grows = self.factor // 2 if halved else self.factor
        reach = self.reach
        bordered = np.pad(np.asarray(dome, np.float32) * 2 - 1, ((reach, reach), (reach, reach), (0, 0)), mode="edge")
        made = np.empty((size * grows, size * grows, 3), np.float32)
        # A second pass reads ``reach`` pixels beyond what is seen of the first.
        wanted = list(tiles(size, tile, seen * size / 2 + MARGIN + reach))
        done, total = 0, sum(is_seen for *_, is_seen in wanted)
        for top, bottom, left, right, is_seen in wanted:
            place = made[top * grows : bottom * grows, left * grows : right * grows]
            if not is_seen:
                place[:] = dome[top:bottom, left:right].repeat(grows, axis=0).repeat(grows, axis=1)
                continue
            if step is not None:
                step(done, total)
            part = self._run(bordered[top : bottom + 2 * reach, left : right + 2 * reach])
            place[:] = _halved(part) if halved else part
            done += 1
        return np.clip(made, 0.0, 1.0, out=made)

    def _run(self, bordered: Picture32) -> Picture32:
        """What the network makes of a tile with its border, in [0, 1], the border cut off."""
        blob = np.ascontiguousarray(bordered.transpose(2, 0, 1)[None])
        (made,) = self._network().run(["detailed"], {"picture": blob})
        height, width = (side * self.factor for side in bordered.shape[:2])
        if made.shape != (1, 3, height, width):
            raise ModelError(f"{self._path}: made {made.shape} of {blob.shape}, not factor {self.factor} as it says")
        cut = self.reach * self.factor
        return np.asarray(made[0, :, cut : height - cut, cut : width - cut].transpose(1, 2, 0) * 0.5 + 0.5, np.float32)

    def _network(self) -> ort.InferenceSession:
        # Only when needed: most requests of a short-lived process ask for pictures that need no detail.
        with self._lock:
            if self._session is None:
                self._session = open_network(self._data, self._path, self._threads)
                names = [
                    port.name for ports in (self._session.get_inputs(), self._session.get_outputs()) for port in ports
                ]
                if names != ["picture", "detailed"]:
                    raise ModelError(f"{self._path}: a network from and to {names}, not picture and detailed")
            return self._session


def tiles(size: int, tile: int, radius: float) -> Iterator[tuple[int, int, int, int, bool]]:
    """Tiles of a square picture: (top, bottom, left, right, any of it within ``radius`` pixels of the middle).

    All are nearly ``tile`` wide, and the same whatever the radius: a pixel is always made by the same arithmetic.
    """
    count = -(-size // tile)
    edges = [round(index * size / count) for index in range(count + 1)]
    for top, bottom in pairwise(edges):
        for left, right in pairwise(edges):
            down, across = (max(first - size / 2, size / 2 - last, 0) for first, last in ((top, bottom), (left, right)))
            yield top, bottom, left, right, bool(np.hypot(down, across) < radius)


def _halved(picture: Picture32) -> Picture32:
    """Means of 2 x 2 pixels of a picture (2 H, 2 W, 3)."""
    rows = picture[0::2] + picture[1::2]
    return np.asarray((rows[:, 0::2] + rows[:, 1::2]) * np.float32(0.25))
