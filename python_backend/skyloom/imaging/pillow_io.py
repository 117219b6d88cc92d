"""What Pillow does for the codec: JPEG out, and JPEG, WebP and 8-bit PNG in, with orientation and colour profiles."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

_EXIF_IFD = 0x8769
_USER_COMMENT = 0x9286
_ORIENTATION = 0x0112
# The EXIF block of a JPEG must fit one 64 KiB segment.
MAX_TEXT_BYTES = 60_000
# From here on chroma keeps its full resolution.
FULL_CHROMA_QUALITY = 90


class DamagedPicture(ValueError):
    """The bytes are not a whole picture; the message says what is wrong."""


def write_jpeg(values: NDArray[np.uint8], quality: int, text: Mapping[str, str]) -> bytes:
    """Encode uint8 (H, W, 3) as baseline JPEG; ``text`` goes into EXIF UserComment, one ``key=value`` a line."""
    lines = [f"{key}={text[key]}" for key in sorted(text)]
    if any("\n" in line for line in lines):
        raise ValueError("text of a JPEG must be one line")
    comment = "\n".join(lines).encode()
    if len(comment) > MAX_TEXT_BYTES:
        raise ValueError(f"text of a JPEG must have at most {MAX_TEXT_BYTES} bytes")
    exif = Image.Exif()
    if comment:
        # EXIF 2.3, 4.6.5: eight bytes name the character code; all zero means undefined, here UTF-8.
        code = b"ASCII\0\0\0" if comment.isascii() else b"\0" * 8
        exif.get_ifd(_EXIF_IFD)[_USER_COMMENT] = code + comment
    stream = io.BytesIO()
    subsampling = 0 if quality >= FULL_CHROMA_QUALITY else 2
    picture = Image.fromarray(values)
    picture.save(stream, "JPEG", quality=quality, subsampling=subsampling, exif=exif.tobytes() if comment else b"")
    return stream.getvalue()


def read_header(data: bytes, format: str) -> tuple[int, int, dict[str, str]]:
    """(width, height, texts) of a JPEG or WebP; the size is that after orientation.

    Raises:
        DamagedPicture: the header cannot be read.
    """
    picture = _open(data, format)
    width, height = picture.size
    try:
        exif = picture.getexif()
        comment = exif.get_ifd(_EXIF_IFD).get(_USER_COMMENT)
        orientation = exif.get(_ORIENTATION, 1)
    except Exception:  # damaged EXIF does not make the picture unusable
        return width, height, {}
    if orientation in (5, 6, 7, 8):
        width, height = height, width
    return width, height, _parse_comment(comment)


def oriented_size(data: bytes, format: str, width: int, height: int) -> tuple[int, int]:
    """The size after EXIF orientation, for a PNG whose header gave ``width`` and ``height``."""
    if b"eXIf" not in data:
        return width, height
    picture = _open(data, format)
    try:
        return (height, width) if picture.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8) else (width, height)
    except Exception:  # as in read_header
        return width, height


def read_with_pillow(data: bytes, format: str) -> NDArray[np.uint8]:
    """uint8 (H, W, 3), or (H, W, 4) where the file has transparency; sRGB, upright.

    Raises:
        DamagedPicture: truncated or damaged.
    """
    picture: Image.Image = _open(data, format)
    try:
        picture.load()
    except Exception as error:  # Pillow's decoders raise OSError, SyntaxError, ValueError and zlib.error
        raise DamagedPicture("the file is truncated or damaged") from error
    with contextlib.suppress(Exception):  # damaged EXIF: leave the picture as stored
        picture = ImageOps.exif_transpose(picture)
    profile = picture.info.get("icc_profile")
    transparent = "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    if profile and not transparent and picture.mode in ("RGB", "CMYK"):
        picture = _to_srgb(picture, profile)
    return np.asarray(picture.convert("RGBA" if transparent else "RGB"))


def _to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):  # an unusable profile: take the numbers as they are
        return picture
    return picture if converted is None else converted


def _parse_comment(comment: object) -> dict[str, str]:
    if not isinstance(comment, bytes) or comment[:8] not in (b"ASCII\0\0\0", b"\0" * 8):
        return {}
    lines = comment[8:].decode("utf-8", "replace").rstrip("\0").split("\n")
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {key: value for key, _, value in pairs}


def _open(data: bytes, format: str) -> Image.Image:
    """Open lazily through the plug-in itself; ``Image.open`` would apply its own, different size limits."""
    stream = io.BytesIO(data)
    try:
        if format == "jpg":
            return JpegImagePlugin.jpeg_factory(stream)
        return (PngImagePlugin.PngImageFile if format == "png" else WebPImagePlugin.WebPImageFile)(stream)
    except Exception as error:  # SyntaxError, OSError, struct.error ... from the plug-ins' header parsers
        raise DamagedPicture("the header is damaged") from error
