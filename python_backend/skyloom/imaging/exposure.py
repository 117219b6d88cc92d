"""Exposure in stops: scale linear light, and bend the highlights softly so that they do not clip hard."""

from __future__ import annotations

import numpy as np

from skyloom.imaging.resample import Picture32

# Linear light above which the shoulder begins; below it, one stop is exactly a factor of 2.
KNEE = 0.5


def decode_srgb(encoded: Picture32) -> Picture32:
    """Linear light from sRGB values in [0, 1] (IEC 61966-2-1)."""
    low = encoded / 12.92
    high = ((np.maximum(encoded, 0.04045) + 0.055) / 1.055) ** 2.4
    return np.asarray(np.where(encoded <= 0.04045, low, high), dtype=np.float32)


def encode_srgb(linear: Picture32) -> Picture32:
    """SRGB values from linear light in [0, 1] (IEC 61966-2-1)."""
    low = linear * 12.92
    high = 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055
    return np.asarray(np.where(linear <= 0.0031308, low, high), dtype=np.float32)


def expose(image: Picture32, stops: float) -> Picture32:
    """An sRGB image in [0, 1], ``stops`` brighter or darker; 0 returns the image itself, untouched.

    Brighter: linear light above ``KNEE`` follows the extended Reinhard curve t (1 + t / w^2) / (1 + t) with w set so
    that white stays white; it starts with slope 1, so the curve is smooth, and it is the identity at 0 stops.
    """
    if stops == 0:
        return image
    gain = 2.0**stops
    linear = decode_srgb(np.clip(image, 0, 1)) * np.float32(gain)
    if gain > 1:
        white = (gain - KNEE) / (1 - KNEE)
        t = np.maximum(linear - KNEE, 0) / (1 - KNEE)
        bent = KNEE + (1 - KNEE) * t * (1 + t / white**2) / (1 + t)
        linear = np.where(linear > KNEE, bent, linear).astype(np.float32)
    return encode_srgb(np.clip(linear, 0, 1))


def expose_radiance(image: Picture32, stops: float) -> Picture32:
    """Linear radiance (any value from 0 up), ``stops`` brighter or darker, never bent or clipped."""
    return image if stops == 0 else np.asarray(image * np.float32(2.0**stops), dtype=np.float32)
