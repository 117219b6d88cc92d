"""ConvertImage's work: decode the pictures, convert them, encode what comes out."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from skyloom.errors import InvalidInput
from skyloom.imaging.codec import decode, encode
from skyloom.imaging.convert import convert
from skyloom.imaging.exposure import encode_srgb
from skyloom.imaging.kind import check_shape
from skyloom.imaging.seams import SeamReport
from skyloom.server.core import ConvertRequest, JobResult
from skyloom.studio import Picture, Progress

# Shares of the whole job, as measured on panoramas: a fraction has to rise evenly, not to be exact.
_DECODED, _RENDERED = 0.3, 0.6


def convert_pictures(request: ConvertRequest, progress: Progress) -> JobResult:
    """Run one conversion; ``progress`` is called before every stage.

    Raises:
        InvalidInput: a picture that is damaged, too small or too large, or whose shape does not fit the source.
        Cancelled: raised by ``progress``.
    """
    seconds: dict[str, float] = defaultdict(float)
    count = len(request.images)
    decoded = []
    for index, data in enumerate(request.images):
        progress("decode", f"picture {index + 1} of {count}", _DECODED * index / count)
        began = time.perf_counter()
        decoded.append(decode(data, "images" if count == 1 else f"images[{index}]"))
        seconds["decode"] += time.perf_counter() - began
    is_hdr = decoded[0].info.is_hdr
    if any(picture.info.is_hdr != is_hdr for picture in decoded):
        raise InvalidInput("images", "a mix of float and 8-bit pictures", "six faces of one kind")
    check_shape(request.source, decoded, "source")

    progress("render", ", ".join(output.layout for output in request.outputs), _DECODED)
    began = time.perf_counter()
    made = convert(
        request.source,
        [picture.pixels for picture in decoded],
        request.outputs,
        request.rotation,
        request.exposure,
        request.ground,
        clip=not is_hdr,
    )
    seconds["render"] = time.perf_counter() - began

    pictures = []
    for index, item in enumerate(made):
        progress("encode", item.image, _RENDERED + (1.0 - _RENDERED) * index / len(made))
        began = time.perf_counter()
        output = request.outputs[item.output_index]
        data = encode(_to_srgb(item.pixels, is_hdr), output.format, output.quality)
        seconds["encode"] += time.perf_counter() - began
        pictures.append(
            Picture(
                image=item.image,
                layout=item.layout,
                face=item.face,
                width=item.pixels.shape[1],
                height=item.pixels.shape[0],
                format=output.format,
                data=data,
                sha256=hashlib.sha256(data).hexdigest(),
                output_index=item.output_index,
            )
        )
    return JobResult(tuple(pictures), SeamReport(), tuple(seconds.items()))


def _to_srgb(pixels: NDArray[np.float32], is_hdr: bool) -> NDArray[np.float32]:
    """A float picture holds linear radiance; PNG and JPEG end at 1 and hold sRGB."""
    return encode_srgb(np.clip(pixels, 0.0, 1.0)) if is_hdr else pixels
