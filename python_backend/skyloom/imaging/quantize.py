"""Float pixels to 8 bits: round half to even, with a fixed blue-noise dither that hides banding in smooth skies."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

# Side of the dither tile; divides the usual widths (512, 1024, 2048 ...), so the pattern meets itself at the wrap.
TILE = 128
# Peak of the dither in units of one 8-bit step. Below 0.5, so that a value that is exactly n/255 always stays n.
AMPLITUDE = 0.49


@lru_cache(maxsize=1)
def blue_noise_tile() -> NDArray[np.float32]:
    """The dither pattern: float32 (TILE, TILE, 3), uniform in (-AMPLITUDE, AMPLITUDE), tileable, always the same.

    White noise is high-passed on the torus and ranked back to a uniform histogram, a few times over. The three channels
    use shifted copies, so that the noise does not add up to brightness noise.
    """
    values = np.random.Generator(np.random.PCG64(0)).random((TILE, TILE))
    frequency = np.fft.fftfreq(TILE)
    squared = frequency[:, None] ** 2 + frequency[None, :] ** 2
    high_pass = 1.0 - np.exp(-squared / (2.0 * 0.18**2))
    for _ in range(8):
        filtered = np.fft.ifft2(np.fft.fft2(values) * high_pass).real
        ranks = np.empty(TILE * TILE)
        ranks[np.argsort(filtered, axis=None, kind="stable")] = np.arange(TILE * TILE)
        values = ((ranks + 0.5) / (TILE * TILE)).reshape(TILE, TILE)
    noise = (values * 2.0 - 1.0) * AMPLITUDE
    shifted = [noise, np.roll(noise, (43, 85), (0, 1)), np.roll(noise, (85, 43), (0, 1))]
    return np.stack(shifted, axis=-1).astype(np.float32)


@lru_cache(maxsize=16)
def _noise_strip(width: int) -> NDArray[np.float32]:
    """The tile repeated to ``width`` columns: float32 (TILE, width, 3)."""
    return np.ascontiguousarray(np.tile(blue_noise_tile(), (1, -(-width // TILE), 1))[:, :width])


def to_uint8(pixels: NDArray[np.float32], dither: bool = True) -> NDArray[np.uint8]:
    """8-bit values of ``pixels``, float32 (H, W, 3) in [0, 1]; what lies outside is clipped.

    With ``dither`` the error is below one step (without: half a step); pixels that came from 8 bits are unchanged.
    """
    result = np.empty((*pixels.shape[:2], 3), np.uint8)
    for top in range(0, len(pixels), TILE):
        rows_to_uint8(pixels[top : top + TILE], top, result[top : top + TILE], dither)
    return result


def rows_to_uint8(
    pixels: NDArray[np.float32], top: int, out: NDArray[np.uint8], dither: bool = True, clipped: bool = False
) -> None:
    """Rows of a picture, float32 (h, W, 3) of which the first is row ``top``, as :func:`to_uint8` has them.

    ``clipped`` says that nothing lies outside [0, 1], which saves a pass.
    """
    width = pixels.shape[1]
    strip = _noise_strip(width) if dither else None
    at = 0
    while at < len(pixels):
        start = (top + at) % TILE
        block = pixels[at : at + TILE - start]
        if not clipped:
            block = np.clip(block, 0.0, 1.0).astype(np.float32, copy=False)
        scaled = block * np.float32(255.0) if strip is None else cv2.scaleAdd(block, 255.0, strip[start:][: len(block)])
        # convertScaleAbs rounds half to even and saturates; values just below zero round to zero.
        out[at : at + len(block)] = cv2.convertScaleAbs(scaled).reshape(block.shape)
        at += len(block)


def to_float(values: NDArray[np.uint8] | NDArray[np.uint16]) -> NDArray[np.float32]:
    """Integer pixels of 8 or 16 bits as float32 in [0, 1], same shape."""
    return np.divide(values, np.iinfo(values.dtype).max, dtype=np.float32)
