"""Pixels to files: time and size of each format, PNG against what users have."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from PIL import Image
from skyloom.imaging.codec import encode, encode_values
from skyloom.imaging.quantize import to_uint8

from benchmarks.clock import Spread, compare
from benchmarks.machine import cores
from benchmarks.report import Section
from benchmarks.skies import panorama

WIDTH = 4096
ROUNDS = 7


def sections() -> list[Section]:
    """Lossless and lossy files of one 4096x2048 sky."""
    pixels = panorama(WIDTH)
    values = to_uint8(pixels)
    bgr = cv2.cvtColor(values, cv2.COLOR_RGB2BGR)
    fast = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
    sub = [*fast, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_SUB]
    with ThreadPoolExecutor(2) as pool:
        cases = {
            "Skyloom, 1 thread": lambda: encode_values(values, "png"),
            "Skyloom, 2 threads": lambda: encode_values(values, "png", pool=pool),
            "Pillow, default": lambda: _pillow(values, "PNG"),
            "Pillow, level 1": lambda: _pillow(values, "PNG", compress_level=1),
            "OpenCV, default": lambda: cv2.imencode(".png", bgr)[1],
            "OpenCV, level 1, Sub, RLE": lambda: cv2.imencode(".png", bgr, sub)[1],
        }
        found = compare(cases, ROUNDS)
        sizes = {name: len(case()) for name, case in cases.items()}
    for name in ("Skyloom, 1 thread", "OpenCV, default"):
        read = np.asarray(Image.open(io.BytesIO(bytes(cases[name]()))))
        if not np.array_equal(read, values):
            raise AssertionError(f"{name}: Pillow reads other pixels than were written")
    base = found["Pillow, default"]
    rows = [
        (
            name,
            Spread.of(timing.wall).text(0, scale=1e3),
            Spread.of(timing.core).text(0, scale=1e3),
            base.over(timing, "wall").text(1),
            f"{sizes[name] / 1e6:.2f}",
            f"{sizes[name] / sizes['Pillow, default']:.2f}",
        )
        for name, timing in found.items()
    ]
    png = Section(
        f"PNG, {WIDTH}x{WIDTH // 2}, lossless",
        f"The same dithered 8-bit sky; Pillow reads every file back to the same pixels. {cores()} cores.",
        ("encoder", "wall ms", "core ms", "times as fast as Pillow's default", "MB", "size over Pillow's default"),
        rows,
        {name: {**timing.as_dict(), "bytes": sizes[name]} for name, timing in found.items()}
        | {"pillow_over_skyloom_1": base.over(found["Skyloom, 1 thread"], "wall").as_dict()},
    )
    formats = {
        "png": lambda: encode(pixels, "png"),
        "jpg, quality 95": lambda: encode(pixels, "jpg"),
        "exr, half, ZIP": lambda: encode(pixels, "exr"),
        "hdr, RGBE": lambda: encode(pixels, "hdr"),
        "(of png and jpg: to 8 bits)": lambda: to_uint8(pixels),
    }
    timings = compare(formats, 5)
    lengths = {name: len(work()) if not name.startswith("(") else 0 for name, work in formats.items()}
    each = Section(
        f"Files of each format, {WIDTH}x{WIDTH // 2}",
        "From float pixels to the bytes of the file, core ms, one thread.",
        ("format", "core ms", "MB"),
        [
            (name, Spread.of(timing.core).text(0, scale=1e3), f"{lengths[name] / 1e6:.2f}" if lengths[name] else "")
            for name, timing in timings.items()
        ],
        {name: {**timing.as_dict(), "bytes": lengths[name]} for name, timing in timings.items()},
    )
    return [png, each]


def _pillow(values: np.ndarray, format: str, **options: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, format, **options)
    return stream.getvalue()
