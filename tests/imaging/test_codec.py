"""Picture files: round trips of every format, and every guard on what comes in."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms
from skyloom.errors import InvalidInput
from skyloom.imaging import png
from skyloom.imaging.codec import ENCODE_FORMATS, MAX_PIXELS, decode, encode, format_for_path, probe

TEXT = {"skyloom": '{"seed":7,"clouds":[{"genus":"CLOUD_GENUS_CIRRUS"}]}'}


def gradient(height: int = 48, width: int = 96, channels: int = 3) -> np.ndarray:
    """A smooth picture with a different ramp in every channel, inside [0.05, 0.95]."""
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    planes = [0.5 + 0.45 * np.sin(2.1 * x + 3.3 * y + k) for k in range(channels)]
    return np.stack(planes, axis=-1).astype(np.float32)


def pillow_bytes(picture: Image.Image, format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, format, **options)
    return stream.getvalue()


# PNG: below one 8-bit step (dither); EXR: half precision; HDR: 8-bit mantissa of the largest channel, truncated.
@pytest.mark.parametrize(("format", "bound"), [("png", 1 / 255), ("jpg", 0.02), ("exr", 2**-11), ("hdr", 1 / 128)])
def test_round_trip_keeps_pixels_and_text(format: str, bound: float) -> None:
    picture = gradient()
    data = encode(picture, format, 95, TEXT)
    back = decode(data)
    assert np.abs(back.pixels - picture).max() < bound
    assert back.pixels.dtype == np.float32
    assert back.alpha is None
    assert back.info.text["skyloom"] == TEXT["skyloom"]
    assert (back.info.width, back.info.height, back.info.format) == (96, 48, format)
    assert back.info.is_hdr == (format in ("exr", "hdr"))
    assert encode(picture, format, 95, TEXT) == data


@pytest.mark.parametrize("format", ["png", "jpg", "exr", "hdr"])
def test_text_outside_ascii_survives(format: str) -> None:
    text = {"skyloom": '{"model":"Wölkchen 雲"}'}
    if format == "exr":
        assert probe(encode(gradient(), format, 95, text)).text["skyloom"] == text["skyloom"]
    else:
        assert dict(decode(encode(gradient(), format, 95, text)).info.text) == text


@pytest.mark.parametrize("format", ["png", "exr"])
def test_alpha_survives(format: str) -> None:
    picture = gradient(channels=4)
    back = decode(encode(picture, format))
    assert back.alpha is not None
    assert np.abs(back.alpha - picture[:, :, 3]).max() <= 0.5 / 255 + 1e-6
    assert np.abs(back.pixels - picture[:, :, :3]).max() < 1 / 255


def test_linear_values_above_one_survive_in_float_formats() -> None:
    picture = gradient() * 5000
    assert np.allclose(decode(encode(picture, "exr")).pixels, picture, rtol=2**-10)
    assert np.abs(decode(encode(picture, "hdr")).pixels - picture).max() < 5000 / 64


def test_eight_bit_pictures_pass_through_unchanged() -> None:
    values = np.random.default_rng(3).integers(0, 256, (70, 130, 3), dtype=np.uint8)
    first = encode(values.astype(np.float32) / 255, "png")
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(first))), values)
    assert encode(decode(first).pixels, "png") == first


def test_png_chunks_are_srgb_and_text_without_gamma() -> None:
    data = encode(gradient(), "png", text=TEXT)
    kinds = [kind for kind, _ in png.walk_chunks(data)]
    assert kinds[:3] == [b"IHDR", b"sRGB", b"iTXt"]
    assert b"gAMA" not in kinds
    assert set(kinds) == {b"IHDR", b"sRGB", b"iTXt", b"IDAT", b"IEND"}
    opened = Image.open(io.BytesIO(data))
    opened.load()
    assert opened.text["skyloom"] == TEXT["skyloom"]


def test_jpeg_recipe_is_a_standard_exif_user_comment() -> None:
    opened = Image.open(io.BytesIO(encode(gradient(), "jpg", text=TEXT)))
    comment = opened.getexif().get_ifd(0x8769)[0x9286]
    assert comment == b"ASCII\0\0\0" + f"skyloom={TEXT['skyloom']}".encode()


def test_jpeg_quality_changes_size() -> None:
    picture = np.random.default_rng(0).random((64, 64, 3), np.float32)
    assert len(encode(picture, "jpg", 30)) < len(encode(picture, "jpg", 80)) < len(encode(picture, "jpg", 100))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("format", ENCODE_FORMATS)
def test_encode_refuses_what_is_not_finite(bad: float, format: str) -> None:
    picture = gradient()
    picture[3, 4, 1] = bad
    with pytest.raises(ValueError, match="finite"):
        encode(picture, format)


def test_encode_clips() -> None:
    picture = np.full((16, 16, 3), -3.0, np.float32)
    picture[8:] = 7.0
    values = np.asarray(Image.open(io.BytesIO(encode(picture, "png"))))
    assert (values[:8] == 0).all()
    assert (values[8:] == 255).all()


def test_reads_every_kind_of_png() -> None:
    values = (gradient() * 255).astype(np.uint8)
    rgb = Image.fromarray(values)
    grey = decode(pillow_bytes(rgb.convert("L"), "PNG"))
    assert np.array_equal(grey.pixels[..., 0], grey.pixels[..., 2])
    assert np.allclose(grey.pixels[..., 0] * 255, np.asarray(rgb.convert("L")), atol=1e-3)
    palette = rgb.quantize(64)
    assert np.allclose(decode(pillow_bytes(palette, "PNG")).pixels * 255, np.asarray(palette.convert("RGB")), atol=1e-3)
    bits = decode(pillow_bytes(rgb.convert("1"), "PNG"))
    assert set(np.unique(bits.pixels)) == {0.0, 1.0}
    keyed = decode(pillow_bytes(rgb, "PNG", transparency=tuple(int(v) for v in values[0, 0])))
    assert keyed.alpha is not None
    assert keyed.alpha[0, 0] == 0
    grey_alpha = Image.merge("LA", (rgb.convert("L"), Image.new("L", rgb.size, 128)))
    decoded = decode(pillow_bytes(grey_alpha, "PNG"))
    assert decoded.alpha is not None
    assert np.allclose(decoded.alpha, 128 / 255)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bit_png_keeps_its_precision(channels: int) -> None:
    values = np.rint(gradient(channels=channels) * 65535).astype(np.uint16)
    order = list(range(channels)) if channels == 1 else [2, 1, 0, 3][:channels]
    data = cv2.imencode(".png", np.ascontiguousarray(values[:, :, order]))[1].tobytes()
    back = decode(data)
    assert back.info.bit_depth == 16
    expected = values[:, :, [0, 0, 0]] if channels == 1 else values[:, :, :3]
    assert np.abs(back.pixels * 65535 - expected).max() < 0.02
    assert (back.alpha is not None) == (channels == 4)


def test_reads_cmyk_and_grey_jpeg_and_webp() -> None:
    rgb = Image.fromarray((gradient() * 255).astype(np.uint8))
    cmyk = decode(pillow_bytes(rgb.convert("CMYK"), "JPEG", quality=98))
    assert np.abs(cmyk.pixels - gradient()).max() < 0.06
    assert decode(pillow_bytes(rgb.convert("L"), "JPEG")).pixels.shape == (48, 96, 3)
    webp = decode(pillow_bytes(rgb, "WEBP", lossless=True))
    assert np.abs(webp.pixels - gradient()).max() <= 1 / 255
    assert webp.info.format == "webp"


@pytest.mark.parametrize("orientation", [1, 2, 3, 6, 8])
def test_exif_orientation_is_applied(orientation: int) -> None:
    upright = np.zeros((32, 64, 3), np.uint8)
    upright[:16, :32] = (255, 0, 0)
    upright[:16, 32:] = (0, 255, 0)
    upright[16:, :32] = (0, 0, 255)
    # What a camera stores so that the transposition named by EXIF gives `upright` again.
    undo = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        6: lambda a: np.rot90(a, 1),
        8: lambda a: np.rot90(a, 3),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(undo[orientation](upright)))
    data = pillow_bytes(stored, "JPEG", quality=100, subsampling=0, exif=exif.tobytes())
    back = decode(data)
    assert (back.info.width, back.info.height) == (64, 32)
    assert np.abs(back.pixels - upright / 255).mean() < 0.02


def test_colour_profile_is_applied() -> None:
    values = (gradient() * 255).astype(np.uint8)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    tagged = decode(pillow_bytes(Image.fromarray(values), "PNG", icc_profile=profile))
    assert np.abs(tagged.pixels * 255 - values).max() <= 1.01
    # The same profile with red and blue primaries exchanged must exchange the channels.
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    swapped = bytearray(profile)
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    exchanged = decode(pillow_bytes(Image.fromarray(values), "PNG", icc_profile=bytes(swapped)))
    assert np.abs(exchanged.pixels[..., ::-1] * 255 - values).max() <= 2.01
    broken = decode(pillow_bytes(Image.fromarray(values), "PNG", icc_profile=b"not a profile"))
    assert np.allclose(broken.pixels * 255, values, atol=1e-3)


def empty_png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    end = b"IEND"
    return b"".join(
        (png.SIGNATURE, struct.pack(">I", 13), chunk, struct.pack(">I", zlib.crc32(chunk)), struct.pack(">I", 0), end)
    ) + struct.pack(">I", zlib.crc32(end))


@pytest.mark.parametrize("size", [(30000, 15000), (16384, 8193), (40000, 20)])
def test_too_large_is_refused_from_the_header_with_the_limit(size: tuple[int, int]) -> None:
    with pytest.raises(InvalidInput, match=str(MAX_PIXELS)) as caught:
        decode(empty_png(*size))
    assert caught.value.field == "input"
    assert f"{size[0]}x{size[1]}" in str(caught.value)


def test_too_large_in_other_formats() -> None:
    hdr_bytes = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 15000 +X 30000\n\2\2"
    with pytest.raises(InvalidInput, match="16384x8192"):
        decode(hdr_bytes)
    jpeg = bytearray(encode(gradient(), "jpg"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 15000, 30000)
    with pytest.raises(InvalidInput, match="30000x15000"):
        decode(bytes(jpeg))
    exr = encode(gradient(), "exr")
    window = struct.pack("<4i", 0, 0, 95, 47)
    assert window in exr
    with pytest.raises(InvalidInput):
        decode(exr.replace(window, struct.pack("<4i", 0, 0, 29999, 14999)))


@pytest.mark.parametrize("format", ENCODE_FORMATS)
def test_one_pixel_is_too_small(format: str) -> None:
    with pytest.raises(InvalidInput, match="at least 16x16"):
        decode(encode(gradient(1, 1), format))


@pytest.mark.parametrize("format", ENCODE_FORMATS)
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.8, 0.995])
def test_truncated_files_are_refused(format: str, kept: float) -> None:
    data = encode(np.random.default_rng(1).random((64, 64, 3), np.float32), format, text=TEXT)
    with pytest.raises(InvalidInput) as caught:
        decode(data[: int(len(data) * kept)])
    assert caught.value.field == "input"


def test_damaged_png_is_refused() -> None:
    data = bytearray(encode(gradient(), "png"))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(InvalidInput, match="checksum"):
        decode(bytes(data))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_not_finite_exr_is_refused(bad: float) -> None:
    import OpenEXR

    picture = gradient()
    picture[5, 6, 0] = bad
    stream = io.BytesIO()
    OpenEXR.File({"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}, {"RGB": picture}).write(
        stream
    )
    with pytest.raises(InvalidInput, match="1 pixels are NaN or infinite"):
        decode(stream.getvalue())


def test_exr_variants() -> None:
    import OpenEXR

    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    plane = np.ascontiguousarray(gradient()[:, :, 0])

    def written(channels: dict[str, np.ndarray]) -> bytes:
        stream = io.BytesIO()
        OpenEXR.File(dict(header), channels).write(stream)
        return stream.getvalue()

    grey = decode(written({"Y": plane}))
    assert np.array_equal(grey.pixels, np.repeat(plane[:, :, None], 3, axis=2))
    with pytest.raises(InvalidInput, match="channels R, G, B or Y"):
        decode(written({"Z": plane}))


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG", b"GIF89a" + bytes(64), b"\xff\xd8\xff", b"#?RADIANCE\n"])
def test_not_a_picture(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        decode(data)


def test_paths(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="can be read"):
        decode(tmp_path / "missing.png")
    with pytest.raises(InvalidInput, match="not a folder"):
        decode(tmp_path)
    wrong_name = tmp_path / "really_a_png.jpg"
    wrong_name.write_bytes(encode(gradient(), "png"))
    assert decode(str(wrong_name)).info.format == "png"
    assert format_for_path(Path("a/B.JPEG")) == "jpg"
    with pytest.raises(InvalidInput, match=r"\.png"):
        format_for_path(Path("sky.tiff"))
    with pytest.raises(InvalidInput, match=r"\.jpg"):
        format_for_path(Path("sky.exr"), ("png", "jpg"))
