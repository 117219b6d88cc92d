"""Where a run's pictures come from: cloud photos, procedural skies, panoramas, a folder, or textures made here."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from skyloom_training.data.decode import decode
from skyloom_training.data.labels import labels_of
from skyloom_training.data.source import BadFile, open_source
from skyloom_training.lab.pictures import Pictures

SIDE = 256
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".avif")
CLASSES = 11


def load_pictures(spec: dict[str, Any], folder: Path) -> Pictures:
    """Pictures of ``spec``: a ``kind`` and its own settings; what is dear to make is kept in ``folder``.

    Raises:
        ValueError: an unknown kind or setting, a path that is missing or holds nothing of use.
    """
    settings = dict(spec)
    kind = settings.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(f"data: kind {kind!r} is not allowed; expected one of {', '.join(KINDS)}")
    make, allowed = KINDS[kind]
    if unknown := sorted(set(settings) - set(allowed)):
        raise ValueError(f"data: {kind} has no setting {unknown[0]!r}; expected {', '.join(allowed) or 'none'}")
    path = settings.get("path")
    if "path" in allowed and (not path or not Path(path).exists()):
        raise ValueError(f"data: path {path!r} of {kind} does not exist; name one with --data")
    if kind in ("textures", "ccsn"):
        return make(folder, **settings)
    return kept(folder, spec, lambda: make(**settings))


def textures(folder: Path, count: int = 330, side: int = 96) -> Pictures:
    """Coloured waves and blobs of eleven kinds that are no sky; they stand for a set of textures (the thesis' DTD)."""
    rng = np.random.default_rng(21)
    labels = np.arange(count) % CLASSES
    pixels = np.stack([_texture(int(label), side, rng) for label in labels])
    return Pictures(pixels, labels, np.full(count, side), CLASSES)


def _texture(kind: int, side: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:side, 0:side] / side
    angle = rng.uniform(0, np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    cells = 2 + kind
    # Blobs of a size that the class gives, bent waves over them.
    blobs = cv2.resize(rng.random((cells, cells)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    waves = 0.5 + 0.5 * np.sin(2 * np.pi * (cells * along + blobs * (kind % 3) + rng.random()))
    value = np.clip(blobs * (kind % 2) + waves * (1 - kind % 2 * 0.7), 0, 1)[:, :, None]
    low, high = rng.random((2, 3))
    return np.asarray(255 * (low + (high - low) * value), np.uint8)


def procedural(count: int = 2000, side: int = 80, seed: int = 0) -> Pictures:
    """Views of procedural skies of the eleven genera, so many of each."""
    from skyloom_training.data.procedural import ProceduralSkies

    skies = ProceduralSkies(seed)
    pixels, labels = skies.batch(count, side, np.random.default_rng([23, seed]), np.arange(count) % CLASSES)
    return Pictures(pixels, labels, np.full(count, side), CLASSES, least=0.8)


def ccsn(folder: Path, path: str, packed: str = "", side: int = SIDE) -> Pictures:
    """Cloud photos, their sky only (:mod:`skyloom_training.data.ccsn`); ``packed`` is where they are kept decoded.

    Photos that are held out for judging have no part in it. ``side``: smaller pictures load faster.
    """
    from skyloom_training.data.ccsn import prepare

    def make() -> Pictures:
        photos = prepare(Path(path), Path(packed) if packed else folder / "ccsn.npz").part(held_out=False)
        small = np.stack([cv2.resize(p, (side, side), interpolation=cv2.INTER_AREA) for p in photos.pixels])
        return Pictures(small, photos.labels, photos.sky * side // photos.pixels.shape[1], CLASSES)

    return kept(folder, {"kind": "ccsn", "path": path, "side": side}, make)


def panoramas(path: str, count: int = 2000, side: int = 128) -> Pictures:
    """Perspective views, 55 to 80 degrees wide and from the horizon up, of equirectangular pictures in a folder."""
    files = sorted(p for p in Path(path).iterdir() if p.suffix.lower() in (".hdr", ".jpg", ".jpeg", ".png"))
    if not files:
        raise ValueError(f"data: {path} holds no .hdr, .jpg or .png panorama")
    rng = np.random.default_rng(22)
    each = -(-count // len(files))
    views = [view for file in files for view in _views(_read_panorama(file), each, side, rng)]
    pixels = np.stack(views[:count])
    return Pictures(pixels, np.zeros(len(pixels), np.int64), np.full(len(pixels), side), 1, least=0.8)


def _read_panorama(path: Path) -> NDArray[np.float32]:
    """sRGB in [0, 1], RGB, at most 2048 wide; HDR by an exposure that takes its 90th percentile to 0.8."""
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.ndim != 3:
        raise ValueError(f"data: {path} cannot be decoded as a colour picture")
    if picture.shape[1] > 2048:
        picture = cv2.resize(picture, (2048, 1024), interpolation=cv2.INTER_AREA)
    rgb = picture[:, :, 2::-1].astype(np.float32)
    if picture.dtype != np.float32:
        return np.asarray(rgb / 255, np.float32)
    sky = rgb[: len(rgb) // 2]
    linear = np.clip(rgb * (0.6 / max(float(np.quantile(sky, 0.9)), 1e-6)), 0, 1)
    bright = 1.055 * np.maximum(linear, 1e-6) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, 12.92 * linear, bright).astype(np.float32)


def _views(panorama: NDArray[np.float32], count: int, side: int, rng: np.random.Generator) -> list[NDArray[np.uint8]]:
    from skyloom.sphere import perspective

    h, w = panorama.shape[:2]
    ringed = np.concatenate([panorama, panorama[:, :1]], axis=1)
    out = []
    for _ in range(count):
        fov = math.radians(rng.uniform(55, 80))
        pitch = fov / 2 + (math.pi / 2 - fov / 2) * rng.random() ** 1.4
        directions = perspective.directions(side, side, rng.uniform(0, 2 * math.pi), pitch, 0.0, fov)
        x, y, z = np.moveaxis(directions, -1, 0)
        u = ((0.5 + np.arctan2(x, z) / (2 * np.pi)) * w - 0.5) % w
        v = np.arccos(np.clip(y, -1, 1)) / np.pi * h - 0.5
        view = cv2.remap(
            ringed, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        out.append(np.asarray(np.clip(view, 0, 1) * 255 + 0.5, np.uint8))
    return out


def folder_of(path: str, side: int = SIDE) -> Pictures:
    """Pictures of a folder or zip as `skyloom-train prepare` reads and writes them; each is cut to its middle square.

    Labels are those of its dataset.json, or else its folders; without any there is one class. What is no picture is
    refused, not left out: prepare is there to choose.
    """
    source = open_source(Path(path))
    entries = [entry for entry in source.entries() if entry.name.lower().endswith(PICTURES)]
    if not entries:
        raise ValueError(f"data: {path} holds no {', '.join(PICTURES)}")
    labels = labels_of(source, [entry.name for entry in entries])
    classes = labels.classes or ("",)
    pixels = []
    for entry in entries:
        if entry.problem or (labels.of[entry.name] is None and labels.classes):
            raise ValueError(f"data: {entry.name} in {path}: {entry.problem or 'no label'}; see skyloom-train prepare")
        try:
            pixels.append(_middle(decode(source.read(entry.name)).pixels, side))
        except BadFile as error:
            raise ValueError(f"data: {entry.name} in {path}: {error}; see skyloom-train prepare") from error
    indices = np.array([classes.index(labels.of[entry.name] or classes[0]) for entry in entries])
    return Pictures(np.stack(pixels), indices, np.full(len(entries), side), len(classes), least=0.8)


def _middle(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The middle square, ``side`` pixels a side."""
    height, width = pixels.shape[:2]
    square = min(height, width)
    top, left = (height - square) // 2, (width - square) // 2
    cut = Image.fromarray(pixels[top : top + square, left : left + square])
    return np.asarray(cut.resize((side, side), Image.Resampling.LANCZOS))


def kept(folder: Path, spec: dict[str, Any], make: Callable[[], Pictures]) -> Pictures:
    """``make()``, or what it gave before for the same ``spec``, from ``folder``."""
    name = f"{spec['kind']}-{hashlib.sha256(repr(sorted(spec.items())).encode()).hexdigest()[:12]}.npz"
    path = folder / name
    if not path.exists():
        made = make()
        folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.stem}.{os.getpid()}.npz")
        np.savez(beside, pixels=made.pixels, labels=made.labels, rows=made.rows, rest=[made.classes, made.least])
        os.replace(beside, path)
    with np.load(path) as data:
        classes, least = data["rest"]
        return Pictures(data["pixels"], data["labels"], data["rows"], int(classes), float(least))


KINDS: dict[str, tuple[Callable[..., Pictures], tuple[str, ...]]] = {
    "textures": (textures, ("count", "side")),
    "procedural": (procedural, ("count", "side", "seed")),
    "ccsn": (ccsn, ("path", "packed", "side")),
    "panoramas": (panoramas, ("path", "count", "side")),
    "folder": (folder_of, ("path", "side")),
}
