"""PNG: fast writing with a text and an sRGB chunk, and a checked walk over the chunks of a file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Text of other programs can be compressed; more than this is not read.
MAX_TEXT_BYTES = 1 << 20
# zlib level 1, filter Sub, run-length matching: on skies half of Pillow's time at level 1, and smaller files.
_WRITE_OPTIONS = (
    cv2.IMWRITE_PNG_COMPRESSION,
    1,
    cv2.IMWRITE_PNG_STRATEGY,
    cv2.IMWRITE_PNG_STRATEGY_RLE,
    cv2.IMWRITE_PNG_FILTER,
    cv2.IMWRITE_PNG_FILTER_SUB,
)


class DamagedPng(ValueError):
    """The bytes are not a whole PNG file; the message says what is wrong."""


def write_png(values: NDArray[np.uint8], text: Mapping[str, str]) -> bytes:
    """Encode uint8 (H, W, 3) RGB or (H, W, 4) RGBA; ``text`` becomes iTXt chunks in the order of its keys.

    An sRGB chunk says what the numbers mean; there is no gAMA chunk, which some importers would apply on top.
    """
    order = cv2.COLOR_RGBA2BGRA if values.shape[2] == 4 else cv2.COLOR_RGB2BGR
    done, encoded = cv2.imencode(".png", cv2.cvtColor(values, order), _WRITE_OPTIONS)
    if not done:
        raise RuntimeError("the PNG encoder failed")
    data = encoded.tobytes()
    header_end = len(SIGNATURE) + 12 + 13
    extra = [_chunk(b"sRGB", b"\x00")] + [_text_chunk(key, text[key]) for key in sorted(text)]
    return b"".join((data[:header_end], *extra, data[header_end:]))


def walk_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (type, body) of each chunk up to IEND, checking lengths and CRCs.

    Raises:
        DamagedPng: truncated, or a CRC that does not match.
    """
    if not data.startswith(SIGNATURE):
        raise DamagedPng("no PNG signature")
    view = memoryview(data)
    at = len(SIGNATURE)
    kind = b""
    while kind != b"IEND":
        if at + 12 > len(data):
            raise DamagedPng("the file is truncated")
        (length,) = struct.unpack_from(">I", data, at)
        if at + 12 + length > len(data):
            raise DamagedPng("the file is truncated")
        kind = bytes(view[at + 4 : at + 8])
        (crc,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(view[at + 4 : at + 8 + length]) != crc:
            raise DamagedPng(f"wrong checksum in chunk {kind.decode('latin-1')!r}")
        yield kind, bytes(view[at + 8 : at + 8 + length])
        at += 12 + length


def read_header(data: bytes) -> tuple[int, int, int, int]:
    """(width, height, bit depth, colour type) from the IHDR chunk alone.

    Raises:
        DamagedPng: the file does not begin with a whole IHDR chunk.
    """
    if len(data) < 33 or data[12:16] != b"IHDR" or not data.startswith(SIGNATURE):
        raise DamagedPng("the header is missing")
    width, height, depth, colour = struct.unpack_from(">IIBB", data, 16)
    return int(width), int(height), int(depth), int(colour)


def read_text(data: bytes) -> dict[str, str]:
    """All readable text chunks, keyword to text; also checks that the file is whole.

    Raises:
        DamagedPng: see :func:`walk_chunks`.
    """
    found: dict[str, str] = {}
    for kind, body in walk_chunks(data):
        if kind not in (b"iTXt", b"tEXt", b"zTXt"):
            continue
        keyword, _, rest = body.partition(b"\0")
        value = _text_value(kind, rest)
        if value is not None:
            found[keyword.decode("latin-1")] = value
    return found


def _text_value(kind: bytes, rest: bytes) -> str | None:
    try:
        if kind == b"tEXt":
            return rest.decode("latin-1")
        if kind == b"zTXt":
            return _inflate(rest[1:]).decode("latin-1")
        compressed = rest[:1] == b"\x01"
        _language, _, rest = rest[2:].partition(b"\0")
        _translated, _, rest = rest.partition(b"\0")
        return (_inflate(rest) if compressed else rest).decode("utf-8")
    except (UnicodeDecodeError, zlib.error):
        return None


def _inflate(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, MAX_TEXT_BYTES)


def _text_chunk(keyword: str, text: str) -> bytes:
    name = keyword.encode("latin-1")
    if not 1 <= len(name) <= 79 or b"\0" in name or "\0" in text:
        raise ValueError(f"{keyword!r} cannot be a PNG keyword")
    return _chunk(b"iTXt", name + b"\0\0\0\0\0" + text.encode("utf-8"))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
