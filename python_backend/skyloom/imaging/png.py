"""PNG: fast writing with a text and an sRGB chunk, and a checked walk over the chunks of a file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Text of other programs can be compressed; more than this is not read.
MAX_TEXT_BYTES = 1 << 20
# ISA-L's level 1 over rows filtered with Sub: on skies 40 times as fast as Pillow's default, and 1.15 times its size.
_LEVEL = 1
_FILTER_SUB = 1
# Filtered bytes that one thread compresses at a time. Not a setting: it decides the bytes of the file.
STRIPE_BYTES = 1 << 20
_ZLIB_HEADER = b"\x78\x01"
_ADLER = 65521


class DamagedPng(ValueError):
    """The bytes are not a whole PNG file; the message says what is wrong."""


def write_png(values: NDArray[np.uint8], text: Mapping[str, str], pool: Executor | None = None) -> bytes:
    """Encode uint8 (H, W, 3) RGB or (H, W, 4) RGBA; ``text`` becomes iTXt chunks in the order of its keys.

    An sRGB chunk says what the numbers mean; there is no gAMA chunk, which some importers would apply on top.
    Stripes of rows are compressed by themselves, on ``pool`` if there is one, each into an IDAT chunk of its own; the
    bytes are the same with any number of threads.
    """
    height, width, depth = values.shape
    step = max(1, STRIPE_BYTES // (width * depth + 1))
    stripes = [(first, min(first + step, height)) for first in range(0, height, step)]

    def work(rows: tuple[int, int]) -> tuple[bytes, int, int]:
        return _compressed(values[rows[0] : rows[1]], rows[1] == height)

    adler, body = 1, []
    for index, (data, checksum, length) in enumerate((pool.map if pool else map)(work, stripes)):
        adler = _joined_adler(adler, checksum, length)
        front = _ZLIB_HEADER if index == 0 else b""
        back = struct.pack(">I", adler) if index == len(stripes) - 1 else b""
        body.append(_chunk(b"IDAT", front + data + back))
    header = struct.pack(">IIBBBBB", width, height, 8, 6 if depth == 4 else 2, 0, 0, 0)
    extra = [_chunk(b"sRGB", b"\x00")] + [_text_chunk(key, text[key]) for key in sorted(text)]
    return b"".join((SIGNATURE, _chunk(b"IHDR", header), *extra, *body, _chunk(b"IEND", b"")))


def _compressed(rows: NDArray[np.uint8], last: bool) -> tuple[bytes, int, int]:
    """Deflated bytes of some rows (h, W, C), ending on a whole byte; the Adler-32 of what went in, and its length."""
    height, width, depth = rows.shape
    flat = rows.reshape(height, width * depth)
    filtered = np.empty((height, width * depth + 1), np.uint8)
    filtered[:, 0] = _FILTER_SUB
    filtered[:, 1 : depth + 1] = flat[:, :depth]
    np.subtract(flat[:, depth:], flat[:, :-depth], out=filtered[:, depth + 1 :])
    deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -15)
    data = deflate.compress(filtered) + deflate.flush(isal_zlib.Z_FINISH if last else isal_zlib.Z_SYNC_FLUSH)
    return data, isal_zlib.adler32(filtered), filtered.size


def _joined_adler(first: int, second: int, length: int) -> int:
    """Adler-32 of two texts one after the other, from theirs; ``length`` of the second. Source: RFC 1950, section 8.2.

    With A the sum of bytes plus 1 and B the sum of the As: A = A1 + A2 - 1, B = B1 + B2 + length (A1 - 1).
    """
    low = ((first & 0xFFFF) + (second & 0xFFFF) - 1) % _ADLER
    high = ((first >> 16) + (second >> 16) + length * ((first & 0xFFFF) - 1)) % _ADLER
    return high << 16 | low


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
    crc = isal_zlib.crc32(body, isal_zlib.crc32(kind))
    return b"".join((struct.pack(">I", len(body)), kind, body, struct.pack(">I", crc)))
