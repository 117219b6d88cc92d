"""Float picture files: OpenEXR (half floats, ZIP) and Radiance HDR (RGBE)."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

EXR_SIGNATURE = b"\x76\x2f\x31\x01"
HDR_SIGNATURES = (b"#?RADIANCE", b"#?RGBE")
HALF_MAX = 65504.0
_RESOLUTION = re.compile(rb"\n-Y (\d+) \+X (\d+)\n")
_COMMENT = re.compile(rb"^# ([!-<>-~]+)=(.*)$", re.MULTILINE)


class DamagedFloatFile(ValueError):
    """The bytes are not a whole EXR or HDR file of a supported kind; the message says what is wrong."""


def write_exr(pixels: NDArray[np.float32], text: Mapping[str, str]) -> bytes:
    """Encode float32 (H, W, 3) or (H, W, 4), linear, as half floats with ZIP; ``text`` becomes string attributes."""
    import OpenEXR  # type: ignore[import-not-found]

    header: dict[str, Any] = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    header.update({key: text[key] for key in sorted(text)})
    half = np.ascontiguousarray(np.clip(pixels, -HALF_MAX, HALF_MAX).astype(np.float16))
    stream = io.BytesIO()
    OpenEXR.File(header, {"RGBA" if half.shape[2] == 4 else "RGB": half}).write(stream)
    return stream.getvalue()


def read_exr_header(data: bytes) -> tuple[int, int, dict[str, str], frozenset[str]]:
    """(width, height, string attributes, channel names), without decoding pixels.

    Raises:
        DamagedFloatFile: not a readable EXR header.
    """
    header = _open_exr(data, header_only=True).header()
    try:
        low, high = header["dataWindow"]
        width, height = (int(high[axis]) - int(low[axis]) + 1 for axis in (0, 1))
        channels = frozenset(str(channel.name) for channel in header["channels"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise DamagedFloatFile("the header is damaged") from error
    return width, height, {key: value for key, value in header.items() if isinstance(value, str)}, channels


def read_exr(data: bytes) -> NDArray[np.float32]:
    """Pixels of the first part: float32 (H, W, 3), or (H, W, 4) with an A channel. Y alone becomes grey.

    Raises:
        DamagedFloatFile: truncated or damaged, or without R, G, B (or Y) channels of full size.
    """
    try:
        file = _open_exr(data, header_only=False, separate_channels=True)
        channels = {name: np.asarray(channel.pixels) for name, channel in file.channels().items()}
    except (ValueError, RuntimeError, TypeError) as error:
        raise DamagedFloatFile("the file is truncated or damaged") from error
    names = ["R", "G", "B"] if {"R", "G", "B"} <= channels.keys() else ["Y", "Y", "Y"]
    names += ["A"] if "A" in channels else []
    try:
        planes = [channels[name].astype(np.float32) for name in names]
        return np.stack(planes, axis=-1)
    except (KeyError, ValueError) as error:
        raise DamagedFloatFile(f"channels R, G, B or Y expected; the file has {', '.join(sorted(channels))}") from error


def write_hdr(pixels: NDArray[np.float32], text: Mapping[str, str]) -> bytes:
    """Encode float32 (H, W, 3), linear, not negative, as RGBE; ``text`` becomes ``# key=value`` comment lines."""
    values = np.ascontiguousarray(np.maximum(pixels, 0.0)[:, :, ::-1], np.float32)
    done, encoded = cv2.imencode(".hdr", values)
    if not done:
        raise RuntimeError("the HDR encoder failed")
    first, _, rest = encoded.tobytes().partition(b"\n")
    lines = [f"# {key}={text[key]}".encode() for key in sorted(text)]
    if any(b"\n" in line for line in lines):
        raise ValueError("text of a Radiance file must be one line")
    return b"\n".join([first, *lines, rest])


def read_hdr_header(data: bytes) -> tuple[int, int, dict[str, str]]:
    """(width, height, comment texts), without decoding pixels.

    Raises:
        DamagedFloatFile: no header with a ``-Y H +X W`` line.
    """
    match = _RESOLUTION.search(data, 0, 1 << 20)
    if match is None:
        raise DamagedFloatFile("no '-Y height +X width' line in the header")
    comments = _COMMENT.findall(data[: match.start()])
    text = {key.decode("ascii"): value.decode("utf-8", "replace") for key, value in comments}
    return int(match.group(2)), int(match.group(1)), text


def read_hdr(data: bytes) -> NDArray[np.float32]:
    """Pixels of a Radiance file: float32 (H, W, 3), linear.

    Raises:
        DamagedFloatFile: truncated or damaged.
    """
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # its own lines about a damaged file
    try:
        values = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        values = None
    finally:
        cv2.utils.logging.setLogLevel(level)
    if values is None or values.ndim != 3 or values.shape[2] != 3:
        raise DamagedFloatFile("the file is truncated or damaged")
    return np.ascontiguousarray(values[:, :, ::-1], np.float32)


def _open_exr(data: bytes, header_only: bool, separate_channels: bool = False) -> Any:
    import OpenEXR

    try:
        return OpenEXR.File(io.BytesIO(data), separate_channels=separate_channels, header_only=header_only)
    except Exception as error:  # the binding raises plain RuntimeError and several others
        raise DamagedFloatFile("the file is truncated or damaged") from error
