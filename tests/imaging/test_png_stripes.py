"""PNG in stripes: any reader reads them, any number of threads writes the same bytes, the size stays near zlib's."""

from __future__ import annotations

import io
import zlib
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from skyloom.imaging import png
from skyloom.imaging.png import STRIPE_BYTES, walk_chunks, write_png


def smooth(height: int, width: int, channels: int = 3) -> np.ndarray:
    """Gradients under half a level of noise, as dithered skies are."""
    rows, columns = np.mgrid[:height, :width]
    value = (
        120
        + 60 * np.sin(rows / 90)[..., None]
        + 30 * np.cos(columns / 70 + np.arange(channels)[:, None, None]).T.swapaxes(0, 1)
    )
    return np.rint(value + np.random.default_rng(1).uniform(-0.5, 0.5, value.shape)).astype(np.uint8)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 70), st.integers(1, 90), st.sampled_from([3, 4]), st.integers(1, 400))
def test_pillow_and_opencv_read_what_was_written(height: int, width: int, channels: int, stripe: int) -> None:
    values = np.random.default_rng(height * 91 + width).integers(0, 256, (height, width, channels), dtype=np.uint8)
    kept, png.STRIPE_BYTES = png.STRIPE_BYTES, stripe
    try:
        data = write_png(values, {"skyloom": "{}"})
    finally:
        png.STRIPE_BYTES = kept
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), values)
    order = cv2.COLOR_BGR2RGB if channels == 3 else cv2.COLOR_BGRA2RGBA
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(cv2.cvtColor(read, order), values)
    # zlib checks the Adler-32 that was put together from those of the stripes.
    stream = b"".join(body for kind, body in walk_chunks(data) if kind == b"IDAT")
    assert len(zlib.decompress(stream)) == height * (1 + width * channels)


def test_threads_do_not_change_the_bytes() -> None:
    values = smooth(1024, 2048)
    alone = write_png(values, {})
    kinds = [kind for kind, _ in walk_chunks(alone)]
    assert kinds.count(b"IDAT") == -(-1024 // (STRIPE_BYTES // (2048 * 3 + 1))) > 4
    with ThreadPoolExecutor(3) as pool:
        assert write_png(values, {}, pool) == alone


def test_the_size_stays_near_that_of_the_reference() -> None:
    values = smooth(512, 1024)
    reference = io.BytesIO()
    Image.fromarray(values).save(reference, "PNG")
    assert len(write_png(values, {})) < 1.3 * len(reference.getvalue())


@pytest.mark.parametrize("chunk", [b"IHDR", b"IDAT", b"IEND"])
def test_every_chunk_has_its_checksum(chunk: bytes) -> None:
    data = bytearray(write_png(smooth(32, 32), {}))
    data[data.index(chunk)] ^= 1
    with pytest.raises(png.DamagedPng, match="checksum"):
        list(walk_chunks(bytes(data)))
