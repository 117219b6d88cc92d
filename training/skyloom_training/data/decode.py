"""Bytes of an image file -> upright 8-bit sRGB, or the reason why it is no photo: the rule on invalid formats."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from skyloom_training.data.source import BadFile

# MPO is what some phones write: JPEG with a second picture behind it, which is left alone.
FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "TIFF", "BMP", "AVIF")
MAX_PIXELS = 100_000_000
# Below this an alpha value counts as transparent.
OPAQUE = 250


@dataclass(frozen=True)
class Decoded:
    """Pixels uint8 (H, W, 3), sRGB, upright; ``plain`` if the file shows exactly that to every reader."""

    pixels: NDArray[np.uint8]
    plain: bool


def decode(data: bytes, max_pixels: int = MAX_PIXELS) -> Decoded:
    """Decode a photo: turned as EXIF says, colour profiles and CMYK converted to sRGB, 16 bits scaled to 8.

    Raises:
        BadFile: no image of FORMATS, truncated or damaged, animated, partly transparent, floating point, or more than
            ``max_pixels``, which the header tells before anything is unpacked.
    """
    if not data:
        raise BadFile("empty file")
    try:
        with warnings.catch_warnings():
            # Size is checked here, by our own bound; other warnings concern metadata.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                return _decoded(image, max_pixels)
    except BadFile:
        raise
    except Image.DecompressionBombError as error:
        raise BadFile(f"more than {max_pixels} pixels") from error
    except UnidentifiedImageError as error:
        raise BadFile("no image in a known format") from error
    # Decoders fail in many ways; each of them means that this file is of no use.
    except Exception as error:
        raise BadFile(f"cannot be decoded ({error})") from error


def _decoded(image: Image.Image, max_pixels: int) -> Decoded:
    if image.format not in FORMATS:
        raise BadFile(f"{image.format}, not one of {', '.join(FORMATS)}")
    if image.width * image.height > max_pixels:
        raise BadFile(f"{image.width} x {image.height}, more than {max_pixels} pixels")
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format not in ("MPO", "TIFF"):
        raise BadFile(f"animation of {frames} frames")
    turned = image.getexif().get(0x0112, 1) != 1
    profile = image.info.get("icc_profile")
    mode = image.mode
    image.load()
    upright = ImageOps.exif_transpose(image)
    plain = mode in ("RGB", "L") and not turned and not profile and image.format in ("JPEG", "PNG", "WEBP")
    return Decoded(np.ascontiguousarray(_rgb(upright, profile), np.uint8), plain)


def _rgb(image: Image.Image, profile: bytes | None) -> NDArray[np.generic]:
    if image.mode == "F":
        raise BadFile("floating point pixels")
    if image.mode.startswith("I"):
        # Pillow's own conversion clips at 255; 16 bits scale by 65535 / 255.
        grey = np.asarray(image).astype(np.float64) / 257
        return np.repeat(np.clip(grey + 0.5, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    if image.mode == "P" or "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        if np.asarray(image.getchannel("A")).min() < OPAQUE:
            raise BadFile("partly transparent")
        image = image.convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _to_srgb(image, profile)
    return np.asarray(image.convert("RGB"))


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    # A damaged profile, or one of another colour space: the pixels are still good.
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed if changed is not None else image
