"""Picture files in and out: PNG, JPEG, EXR and HDR to float32 arrays and back, with every guard on what comes in."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from skyloom.errors import InvalidInput
from skyloom.imaging import hdr, pillow_io, png
from skyloom.imaging.quantize import to_float, to_uint8

ENCODE_FORMATS = ("png", "jpg", "exr", "hdr")
HDR_FORMATS = ("exr", "hdr")
EXTENSIONS = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg", ".exr": "exr", ".hdr": "hdr"}
MIN_SIDE = 16
# The geometry's resampler addresses pixels with 16 bits.
MAX_SIDE = 32000
MAX_PIXELS = 16384 * 8192
MAX_FILE_BYTES = 1 << 31
_LIMIT = f"a picture of at most {MAX_PIXELS} pixels (16384x8192) and {MAX_SIDE} on a side"


@dataclass(frozen=True)
class FileInfo:
    """What a picture file's header says.

    Attributes:
        format: png, jpg, webp, exr or hdr, found from the bytes and not from the name.
        width, height: pixels, after the EXIF orientation is applied.
        bit_depth: bits of one channel: 8 or 16 (less counts as 8); 16 for EXR, 32 for HDR, both floating point.
        is_hdr: pixels are linear radiance that may exceed 1; otherwise they are sRGB in [0, 1].
        text: the texts that the file carries, e.g. ``skyloom`` -> the recipe.
    """

    format: str
    width: int
    height: int
    bit_depth: int
    is_hdr: bool
    text: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DecodedImage:
    """A decoded picture: ``pixels`` float32 (H, W, 3); ``alpha`` float32 (H, W) in [0, 1], None where all is opaque."""

    pixels: NDArray[np.float32]
    alpha: NDArray[np.float32] | None
    info: FileInfo


def format_for_path(path: Path, allowed: tuple[str, ...] = ENCODE_FORMATS, field: str = "output") -> str:
    """The format that a file name's extension stands for.

    Raises:
        InvalidInput: unknown extension, or one of a format that is not in ``allowed``.
    """
    found = EXTENSIONS.get(path.suffix.lower())
    if found not in allowed:
        names = ", ".join(extension for extension, name in EXTENSIONS.items() if name in allowed)
        raise InvalidInput(field, path.name, f"a file name that ends in {names}")
    return found


def encode(pixels: NDArray[np.float32], format: str, quality: int = 95, text: Mapping[str, str] | None = None) -> bytes:
    """Encode a picture; the same arguments always give the same bytes.

    Args:
        pixels: float32 (H, W, 3) or (H, W, 4) with alpha. png and jpg: sRGB, clipped to [0, 1]; exr and hdr: linear.
            jpg and hdr have no alpha and leave it out.
        format: png, jpg, exr or hdr.
        quality: JPEG quality, 1 to 100; the others do not read it.
        text: carried in the file: iTXt chunks (png), EXIF UserComment (jpg), string attributes (exr), comments (hdr).

    Raises:
        ValueError: wrong shape, NaN or infinity, or a text that the format cannot carry.
        InvalidInput: unknown format.
    """
    if format not in ENCODE_FORMATS:
        raise InvalidInput("format", format, f"one of {', '.join(ENCODE_FORMATS)}")
    if pixels.ndim != 3 or pixels.shape[2] not in (3, 4):
        raise ValueError(f"pixels must be (H, W, 3) or (H, W, 4), not {pixels.shape}")
    if not np.isfinite(pixels).all():
        raise ValueError("pixels must be finite")
    text = text or {}
    if format == "exr":
        return hdr.write_exr(pixels, text)
    colour = pixels[:, :, :3]
    if format == "hdr":
        return hdr.write_hdr(colour, text)
    if format == "jpg":
        # No dither: the transform quantises it away at most qualities and pays for it in size at the rest.
        return encode_values(to_uint8(colour, dither=False), format, quality, text)
    values = to_uint8(colour)
    if pixels.shape[2] == 4:
        alpha = np.rint(np.clip(pixels[:, :, 3:], 0.0, 1.0) * 255.0).astype(np.uint8)
        values = np.concatenate([values, alpha], axis=2)
    return encode_values(values, format, quality, text)


def encode_values(
    values: NDArray[np.uint8],
    format: str,
    quality: int = 95,
    text: Mapping[str, str] | None = None,
    pool: Executor | None = None,
) -> bytes:
    """Encode uint8 (H, W, 3), or for png also (H, W, 4), as png or jpg; see :func:`encode`.

    ``pool`` shares the work of one PNG among threads and never changes its bytes.

    Raises:
        InvalidInput: another format.
    """
    if format == "jpg":
        return pillow_io.write_jpeg(values, quality, text or {})
    if format != "png":
        raise InvalidInput("format", format, "png or jpg")
    return png.write_png(values, text or {}, pool)


def probe(source: bytes | Path | str, field: str = "input") -> FileInfo:
    """What the header says, pixels left undecoded; a size outside the limits is refused here.

    Raises:
        InvalidInput: cannot be read, not a picture, damaged, or smaller or larger than the limits.
    """
    data, shown = _read(source, field)
    return _probe(data, shown, field)


def decode(source: bytes | Path | str, field: str = "input") -> DecodedImage:
    """Decode a whole picture: palette, grey, 16 bit, CMYK and colour profiles become RGB; EXIF orientation is applied.

    Raises:
        InvalidInput: as :func:`probe`; also truncated or damaged pixels, and NaN or infinity in a float picture.
    """
    data, shown = _read(source, field)
    info = _probe(data, shown, field)
    try:
        if info.is_hdr:
            values = hdr.read_exr(data) if info.format == "exr" else hdr.read_hdr(data)
        elif info.format == "png" and info.bit_depth == 16:
            values = _read_png16(data)
        else:
            values = to_float(pillow_io.read_with_pillow(data, info.format))
    except (hdr.DamagedFloatFile, pillow_io.DamagedPicture) as error:
        raise InvalidInput(field, shown, f"a whole picture file ({error})") from error
    pixels = np.ascontiguousarray(values[:, :, :3])
    if info.is_hdr and not np.isfinite(pixels).all():
        bad = int(np.count_nonzero(~np.isfinite(pixels).all(axis=2)))
        raise InvalidInput(field, shown, f"finite pixels ({bad} pixels are NaN or infinite)")
    alpha = np.ascontiguousarray(values[:, :, 3]) if values.shape[2] == 4 else None
    if alpha is not None and bool((alpha >= 1.0).all()):
        alpha = None
    return DecodedImage(pixels, alpha, info)


def _read(source: bytes | Path | str, field: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, f"{len(source)} bytes"
    path = Path(source)
    try:
        if path.is_dir():
            raise InvalidInput(field, str(path), "a picture file, not a folder")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InvalidInput(field, str(path), f"a file of at most {MAX_FILE_BYTES} bytes")
        return path.read_bytes(), str(path)
    except OSError as error:
        raise InvalidInput(field, str(path), f"a file that can be read ({error.strerror})") from error


def _probe(data: bytes, shown: str, field: str) -> FileInfo:
    try:
        info = _sniff(data, shown, field)
    except (png.DamagedPng, hdr.DamagedFloatFile, pillow_io.DamagedPicture) as error:
        raise InvalidInput(field, shown, f"a whole picture file ({error})") from error
    size = f"{shown} ({info.width}x{info.height})"
    if min(info.width, info.height) < MIN_SIDE:
        raise InvalidInput(field, size, f"a picture of at least {MIN_SIDE}x{MIN_SIDE} pixels")
    _check_not_too_large(info.width, info.height, shown, field)
    return info


def _check_not_too_large(width: int, height: int, shown: str, field: str) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise InvalidInput(field, f"{shown} ({width}x{height})", _LIMIT)


def _sniff(data: bytes, shown: str, field: str) -> FileInfo:
    if data.startswith(png.SIGNATURE):
        width, height, depth, _ = png.read_header(data)
        # A picture past the limit is refused for its size even when the rest of it is missing.
        _check_not_too_large(width, height, shown, field)
        text = png.read_text(data)
        if depth < 16:
            width, height = pillow_io.oriented_size(data, "png", width, height)
        return FileInfo("png", width, height, 16 if depth == 16 else 8, False, text)
    if data.startswith(hdr.EXR_SIGNATURE):
        width, height, text, _ = hdr.read_exr_header(data)
        return FileInfo("exr", width, height, 16, True, text)
    if data.startswith(hdr.HDR_SIGNATURES):
        width, height, text = hdr.read_hdr_header(data)
        return FileInfo("hdr", width, height, 32, True, text)
    for format, matches in (
        ("jpg", data.startswith(b"\xff\xd8\xff")),
        ("webp", data[:4] == b"RIFF" and data[8:12] == b"WEBP"),
    ):
        if matches:
            width, height, text = pillow_io.read_header(data, format)
            return FileInfo(format, width, height, 8, False, text)
    raise InvalidInput(field, shown, "a PNG, JPEG, WebP, EXR or HDR picture")


def _read_png16(data: bytes) -> NDArray[np.float32]:
    """Pixels of a 16-bit PNG, float32 (H, W, 3) or (H, W, 4); Pillow would cut them to 8 bits."""
    values = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if values is None or values.dtype != np.uint16:
        raise pillow_io.DamagedPicture("the pixels are damaged")
    if values.ndim == 2:
        return to_float(cv2.cvtColor(values, cv2.COLOR_GRAY2RGB).astype(np.uint16, copy=False))
    order = cv2.COLOR_BGRA2RGBA if values.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return to_float(cv2.cvtColor(values, order).astype(np.uint16, copy=False))
