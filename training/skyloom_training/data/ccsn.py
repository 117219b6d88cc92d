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

from skyloom_training.data.ground import GRID, ground_cells, sky_rows

# CCSN folder codes in the order of skyloom.clouds.CLOUD_TYPES (alphabetical by full name): the class index.
CODES = ("Ac", "As", "Cc", "Cs", "Ci", "Ct", "Cb", "Cu", "Ns", "Sc", "St")
SIDE = 256
# A photo with fewer rows of sky than this, of 16, is left out.
FEWEST_SKY_ROWS = 6


@dataclass(frozen=True)
class Photos:
    """Photos uint8 (N, 256, 256, 3), class indices (N,), rows of sky in pixels (N,) from the top."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    sky: NDArray[np.int64]

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

    def balanced(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Indices of ``count`` photos: class uniform first, then a photo of that class (every class has one)."""
        classes = rng.integers(0, len(CODES), count)
        return np.array([rng.choice(np.flatnonzero(self.labels == c)) for c in classes])


def read_zip(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """All photos of a CCSN zip (folders named by class code), as uint8 (N, 256, 256, 3), and their class indices.

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
    """Decode, find the ground, pack to ``packed`` (.npz, about 150 MB); an existing pack of this zip is read instead.

    A pack is enough: where ``source`` is gone, it is read as it is.

    Raises:
        FileNotFoundError: neither zip nor pack.
        ValueError: see :func:`read_zip`; the pack is damaged or of another zip; a class has no photo with enough sky.
    """
    if not packed.exists():
        pixels, labels = read_zip(source)
        rows = sky_rows(ground_cells(pixels))
        keep = rows >= FEWEST_SKY_ROWS
        _check_classes(labels[keep], source)
        packed.parent.mkdir(parents=True, exist_ok=True)
        beside = packed.with_name(packed.name + ".part.npz")
        sky, made_from = rows[keep] * (SIDE // GRID), np.array(_fingerprint(source))
        try:
            np.savez_compressed(beside, pixels=pixels[keep], labels=labels[keep], sky=sky, source=made_from)
            os.replace(beside, packed)
        finally:
            beside.unlink(missing_ok=True)
    try:
        with np.load(packed) as data:
            photos = Photos(data["pixels"], data["labels"], data["sky"])
            known = str(data["source"]) if "source" in data else ""
    except Exception as error:
        raise ValueError(f"packed: {packed} is damaged ({error}); delete it, and it is made anew") from error
    if known and source.exists() and known != _fingerprint(source):
        raise ValueError(f"packed: {packed} was made from another zip than {source}; name another file, or delete it")
    _check_classes(photos.labels, packed)
    return photos


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
