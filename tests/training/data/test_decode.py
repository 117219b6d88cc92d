"""The rule on invalid formats: odd files are read right or refused with a reason, and never unpacked beyond bounds."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms
from skyloom_training.data.decode import decode
from skyloom_training.data.source import BadFile


def picture(mode: str = "RGB", size: tuple[int, int] = (20, 12)) -> Image.Image:
    rng = np.random.default_rng(0)
    return Image.fromarray(rng.integers(0, 256, (*size[::-1], 3), np.uint8)).convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_usual_formats(kind: str) -> None:
    found = decode(encoded(picture(), kind))
    assert found.pixels.shape == (12, 20, 3)
    assert found.pixels.dtype == np.uint8
    assert found.plain == (kind in ("JPEG", "PNG", "WEBP"))
    if kind not in ("JPEG", "WEBP"):
        assert np.array_equal(found.pixels, np.asarray(picture()))


def test_cmyk_jpeg_becomes_rgb_and_must_be_encoded_anew() -> None:
    even = Image.new("RGB", (32, 32), (200, 120, 40))
    found = decode(encoded(even.convert("CMYK"), "JPEG", quality=95))
    assert np.abs(found.pixels.astype(int) - [200, 120, 40]).max() <= 6
    assert not found.plain


def test_16_bit_gray_is_scaled_not_clipped() -> None:
    ramp = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    found = decode(encoded(Image.fromarray(ramp), "PNG"))
    assert np.abs(found.pixels[..., 0] - ramp / 257).max() <= 0.51
    assert found.pixels.max() == 255
    assert not found.plain


def test_exif_rotation_is_carried_out() -> None:
    image = picture(size=(40, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    found = decode(encoded(image, "PNG", exif=exif))
    assert found.pixels.shape == (40, 20, 3)
    assert np.array_equal(found.pixels, np.rot90(np.asarray(image), -1))
    assert not found.plain


def test_colour_profile_is_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of LittleCMS, which knows; an sRGB profile changes nothing, and the file is not plain any more."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = decode(encoded(picture(), "PNG", icc_profile=profile))
    assert np.abs(found.pixels.astype(int) - np.asarray(picture())).max() <= 1
    assert not found.plain
    negative = picture().point(lambda value: 255 - value)
    monkeypatch.setattr(ImageCms, "profileToProfile", lambda *args, **options: negative)
    assert np.array_equal(decode(encoded(picture(), "PNG", icc_profile=profile)).pixels, np.asarray(negative))


def test_damaged_colour_profile_does_not_cost_the_picture() -> None:
    assert np.array_equal(decode(encoded(picture(), "PNG", icc_profile=b"rubbish" * 30)).pixels, np.asarray(picture()))


def test_opaque_alpha_and_palette_are_fine() -> None:
    opaque = picture("RGBA")
    assert np.array_equal(decode(encoded(opaque, "PNG")).pixels, np.asarray(picture()))
    assert decode(encoded(picture("P"), "PNG")).pixels.shape == (12, 20, 3)
    assert decode(encoded(picture("L"), "JPEG")).plain


def refused() -> list[tuple[str, bytes, str]]:
    seen = picture("RGBA")
    seen.putalpha(100)
    turned = picture().transpose(Image.Transpose.ROTATE_180)
    jpeg, png = encoded(picture(size=(200, 200)), "JPEG"), encoded(picture(size=(200, 200)), "PNG")
    return [
        ("empty", b"", "empty file"),
        ("text", b"no picture at all", "no image in a known format"),
        ("svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no image in a known format"),
        ("gif", encoded(picture(), "GIF"), "GIF, not one of JPEG"),
        ("animated webp", encoded(picture(), "WEBP", save_all=True, append_images=[turned]), "animation of 2 frames"),
        ("animated png", encoded(picture(), "PNG", save_all=True, append_images=[turned]), "animation of 2 frames"),
        ("transparent", encoded(seen, "PNG"), "partly transparent"),
        ("truncated jpeg", jpeg[: len(jpeg) // 2], "cannot be decoded"),
        ("truncated png", png[: len(png) // 2], "cannot be decoded"),
        ("float", encoded(Image.fromarray(np.ones((4, 4), np.float32)), "TIFF"), "floating point"),
        ("bomb", encoded(Image.new("1", (12_000, 12_000)), "PNG"), "12000 x 12000, more than 100000000 pixels"),
    ]


@pytest.mark.parametrize(("data", "why"), [case[1:] for case in refused()], ids=[case[0] for case in refused()])
def test_what_is_no_photo_is_refused_with_a_reason(data: bytes, why: str) -> None:
    with pytest.raises(BadFile, match=why):
        decode(data)


def test_bound_on_pixels_can_be_chosen() -> None:
    assert decode(encoded(picture(), "PNG"), max_pixels=240).pixels.shape == (12, 20, 3)
    with pytest.raises(BadFile, match="20 x 12, more than 239 pixels"):
        decode(encoded(picture(), "PNG"), max_pixels=239)
