"""CCSN photos straight from their zip: decoded once, ground found, packed into one .npz, cropped at random."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from skyloom_training.data.doubles import doubled
from skyloom_training.data.ground import GRID, ground_cells, sky_rows

# CCSN folder codes in the order of skyloom.clouds.CLOUD_TYPES (alphabetical by full name): the class index.
CODES = ("Ac", "As", "Cc", "Cs", "Ci", "Ct", "Cb", "Cu", "Ns", "Sc", "St")
# What most photos have; the others, of 256 pixels, are enlarged, and no close view is cut from them.
SIDE = 400
# Every tenth photo of a class is kept back to measure on.
HELD_OUT = 10
# Close views are cut from the sharper photos of each class only.
SOFTEST_SHARE = 0.35
# A photo with fewer rows of sky than this, of 16, is left out.
FEWEST_SKY_ROWS = 6


@dataclass(frozen=True)
class Photos:
    """Photos uint8 (N, 400, 400, 3), class indices (N,), rows of sky in pixels (N,) from the top, sharpness (N,)."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    sky: NDArray[np.int64]
    sharpness: NDArray[np.float64]

    def part(self, held_out: bool) -> Photos:
        """The photos kept back to measure on (every tenth of each class), or all others."""
        mine = np.zeros(len(self.labels), bool)
        for c in range(len(CODES)):
            mine[np.flatnonzero(self.labels == c)[::HELD_OUT]] = True
        return self.chosen(mine == held_out)

    def chosen(self, mine: NDArray[np.bool_]) -> Photos:
        """The photos of which ``mine`` (N,) is true."""
        return Photos(self.pixels[mine], self.labels[mine], self.sky[mine], self.sharpness[mine])

    def crops(self, indices: NDArray[np.int64], size: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Random square crops of the sky part, uint8 (N, size, size, 3); side 60 to 100 % of what is free of ground."""
        out = np.empty((len(indices), size, size, 3), np.uint8)
        for row, index in enumerate(indices):
            height = int(self.sky[index])
            side = int(height * rng.uniform(0.6, 1.0))
            top, left = rng.integers(0, height - side + 1), rng.integers(0, SIDE - side + 1)
            crop = self.pixels[index, top : top + side, left : left + side]
            out[row] = cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA)
        return out

    def close_crops(self, indices: NDArray[np.int64], size: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Random square crops of 30 to 60 % of the sky's height, and never enlarged; uint8 (N, size, size, 3)."""
        out = np.empty((len(indices), size, size, 3), np.uint8)
        for row, index in enumerate(indices):
            height = int(self.sky[index])
            side = min(max(size, int(height * rng.uniform(0.3, 0.6))), height)
            top, left = rng.integers(0, height - side + 1), rng.integers(0, SIDE - side + 1)
            crop = self.pixels[index, top : top + side, left : left + side]
            out[row] = cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA)
        return out

    def balanced(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Indices of ``count`` photos: class uniform first, then a photo of that class (every class has one)."""
        return self.of_classes(rng.integers(0, len(CODES), count), rng)

    def of_classes(
        self, classes: NDArray[np.int64], rng: np.random.Generator, sharp: bool = False
    ) -> NDArray[np.int64]:
        """Index of a random photo of each class in ``classes``; with ``sharp``, of the sharper ones of that class."""
        out = []
        for c in classes:
            mine = np.flatnonzero(self.labels == c)
            if sharp:
                mine = mine[self.sharpness[mine] >= np.quantile(self.sharpness[mine], SOFTEST_SHARE)]
            out.append(rng.choice(mine))
        return np.array(out)


def read_zip(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """All photos of a CCSN zip (folders named by class code), as uint8 (N, 400, 400, 3), and their class indices.

    Raises:
        FileNotFoundError: no such file.
        ValueError: not a zip, no photo in a folder named by a class code, or a photo that cannot be decoded.
    """
    pixels, labels = [], []
    with _open_zip(path) as archive:
        for name in sorted(archive.namelist()):
            parts = name.split("/")
            if len(parts) < 2 or parts[-2] not in CODES or not parts[-1].lower().endswith((".jpg", ".jpeg", ".png")):
                continue
            # macOS puts a hidden companion of the same ending beside every photo.
            if parts[-1].startswith("."):
                continue
            pixels.append(_decode(archive, name, path))
            labels.append(CODES.index(parts[-2]))
    if not pixels:
        raise ValueError(f"data: {path} holds no photo in a folder named {', '.join(CODES)}")
    return np.stack(pixels), np.array(labels)


def prepare(source: Path, packed: Path) -> Photos:
    """Decode, find the ground, pack to ``packed`` (.npz, about 400 MB); an existing pack of this zip is read instead.

    A pack is enough: where ``source`` is gone, it is read as it is.

    Raises:
        FileNotFoundError: neither zip nor pack.
        ValueError: see :func:`read_zip`; the pack is damaged or of another zip; a class has no photo with enough sky.
    """
    if not packed.exists():
        pixels, labels = read_zip(source)
        # The ground finder and the comparison know pictures of this size.
        small = np.stack([cv2.resize(p, (256, 256), interpolation=cv2.INTER_AREA) for p in pixels])
        rows = sky_rows(ground_cells(small))
        keep = (rows >= FEWEST_SKY_ROWS) & ~doubled(small, labels)
        _check_classes(labels[keep], source)
        pixels, labels, rows = pixels[keep], labels[keep], rows[keep]
        packed.parent.mkdir(parents=True, exist_ok=True)
        beside = packed.with_name(packed.name + ".part.npz")
        sky, made_from = rows * (SIDE // GRID), np.array(_fingerprint(source))
        sharp = np.array([sharpness(picture[:height]) for picture, height in zip(pixels, sky, strict=True)])
        try:
            np.savez_compressed(beside, pixels=pixels, labels=labels, sky=sky, sharpness=sharp, source=made_from)
            os.replace(beside, packed)
        finally:
            beside.unlink(missing_ok=True)
    try:
        with np.load(packed) as data:
            photos = Photos(data["pixels"], data["labels"], data["sky"], data["sharpness"])
            known = str(data["source"]) if "source" in data else ""
    except Exception as error:
        raise ValueError(f"packed: {packed} is damaged ({error}); delete it, and it is made anew") from error
    if known and source.exists() and known != _fingerprint(source):
        raise ValueError(f"packed: {packed} was made from another zip than {source}; name another file, or delete it")
    _check_classes(photos.labels, packed)
    return photos


def sharpness(picture: NDArray[np.uint8]) -> float:
    """Energy of the finest octave against that of the next: high in sharp photos, whatever their contrast."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    one, two = cv2.GaussianBlur(grey, (0, 0), 1.0), cv2.GaussianBlur(grey, (0, 0), 2.0)
    return float((grey - one).var() / ((one - two).var() + 1.0))


def _open_zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise ValueError(f"data: {path} is not a zip ({error})") from error


def _decode(archive: zipfile.ZipFile, name: str, path: Path) -> NDArray[np.uint8]:
    try:
        picture = Image.open(io.BytesIO(archive.read(name))).convert("RGB")
    # Decoders fail in many ways; each of them means that this photo is of no use.
    except Exception as error:
        raise ValueError(f"data: {name} in {path} cannot be decoded ({error})") from error
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def _fingerprint(path: Path) -> str:
    """SHA-256 over names, sizes and checksums in a zip's table of contents: the same for the same photos."""
    with _open_zip(path) as archive:
        lines = sorted(f"{file.filename} {file.file_size} {file.CRC}\n" for file in archive.infolist())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _check_classes(labels: NDArray[np.int64], where: Path) -> None:
    if missing := [code for index, code in enumerate(CODES) if index not in labels]:
        raise ValueError(f"data: {where} has no photo with enough sky of {', '.join(missing)}; every class needs some")
