"""The verb convert: there and back again, float light kept, and every input refused that cannot be used."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skyloom.cli.convert import for_format, sharp_sizes
from skyloom.imaging.codec import decode, encode
from skyloom.imaging.png import SIGNATURE

FACES = ("front", "back", "left", "right", "up", "down")


def panorama(width: int) -> np.ndarray:
    """A smooth function of the direction, float32 (width / 2, width, 3) in [0.1, 0.9]."""
    u, v = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(width // 2) + 0.5) / (width // 2))
    azimuth, polar = 2 * np.pi * (u - 0.5), np.pi * v
    x, y, z = np.sin(polar) * np.sin(azimuth), np.cos(polar), np.sin(polar) * np.cos(azimuth)
    planes = [0.5 + 0.4 * x, 0.5 + 0.4 * y * z, 0.5 + 0.3 * z + 0.1 * np.sin(5 * y)]
    return np.stack(planes, axis=-1).astype(np.float32)


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_panorama_to_faces_and_back(run: Callable[..., Any], tmp_path: Path) -> None:
    picture = panorama(512)
    (tmp_path / "sky.png").write_bytes(encode(picture, "png"))
    made = run("convert", "sky.png", "-o", "out/", "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert told["from_kind"] == "panorama"
    assert files_in(tmp_path / "out") == sorted(f"sky_{face}.png" for face in FACES)
    assert {(entry["width"], entry["height"]) for entry in told["files"]} == {(128, 128)}
    # The folder, and its files in a wrong order, are the same six faces.
    assert run("convert", "out", "-o", "back.png").exit_code == 0
    shuffled = [f"out/sky_{face}.png" for face in sorted(FACES)]
    assert run("convert", *shuffled, "-o", "shuffled.png").exit_code == 0
    back = decode(tmp_path / "back.png").pixels
    assert back.shape == picture.shape
    assert np.abs(back - picture).mean() < 1.5 / 255
    assert np.abs(back - picture).max() < 6 / 255
    assert (tmp_path / "back.png").read_bytes() == (tmp_path / "shuffled.png").read_bytes()


def test_float_light_stays_linear_and_above_one(run: Callable[..., Any], tmp_path: Path) -> None:
    picture = panorama(256) * 40
    (tmp_path / "sky.exr").write_bytes(encode(picture, "exr"))
    assert run("convert", "sky.exr", "-o", "faces/").exit_code == 0
    assert files_in(tmp_path / "faces") == sorted(f"sky_{face}.exr" for face in FACES)
    assert run("convert", "faces", "-o", "back.hdr").exit_code == 0
    back = decode(tmp_path / "back.hdr").pixels
    assert back.max() > 30
    assert np.abs(back - picture).mean() < 0.3


def test_linear_light_becomes_srgb_and_the_other_way(run: Callable[..., Any], tmp_path: Path) -> None:
    # IEC 61966-2-1: linear 0.214041 is sRGB 0.5.
    (tmp_path / "grey.exr").write_bytes(encode(np.full((32, 64, 3), 0.214041, np.float32), "exr"))
    assert run("convert", "grey.exr", "--layout", "panorama", "-o", "grey.png").exit_code == 0
    assert np.abs(decode(tmp_path / "grey.png").pixels - 0.5).max() <= 1 / 255
    assert run("convert", "grey.png", "--layout", "panorama", "-o", "again.exr").exit_code == 0
    assert np.abs(decode(tmp_path / "again.exr").pixels - 0.214041).max() < 0.005
    bright = np.full((4, 4, 3), 7.0, np.float32)
    assert np.allclose(for_format(bright, True, "png"), 1.0, atol=1e-6)
    assert for_format(bright, True, "exr") is bright


def test_every_kind_to_every_layout(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "sky.png").write_bytes(encode(panorama(256), "png"))
    layouts = [f"--layout={layout}" for layout in ("panorama:128", "faces:32", "cross:32", "dome:64", "perspective:64")]
    first = run("convert", "sky.png", *layouts, "-o", "a/")
    assert first.exit_code == 0, first.output
    (tmp_path / "faces").mkdir()
    for face in FACES:
        (tmp_path / "a" / f"sky_{face}.png").rename(tmp_path / "faces" / f"{face}.png")
    (tmp_path / "photo.jpg").write_bytes(encode(panorama(256)[:90, :150], "jpg"))
    sources = {"panorama": "a/sky_panorama.png", "cross": "a/sky_cross.png", "dome": "a/sky_dome.png"}
    for kind, source in {**sources, "faces": "faces", "photo": "photo.jpg"}.items():
        result = run("convert", source, *layouts, "-o", f"{kind}/", "--json")
        assert result.exit_code == 0, result.output
        told = json.loads(result.stdout)
        assert told["from_kind"] == kind
        assert len(told["files"]) == 10
        for entry in told["files"]:
            found = decode(tmp_path / entry["path"])
            assert (found.info.width, found.info.height) == (entry["width"], entry["height"])
            assert found.pixels.std() > 0.01


def test_rotation_turns_the_panorama(run: Callable[..., Any], tmp_path: Path) -> None:
    picture = panorama(256)
    (tmp_path / "sky.png").write_bytes(encode(picture, "png"))
    assert run("convert", "sky.png", "--layout", "panorama", "--rotate", "90", "-o", "turned.png").exit_code == 0
    # Content moves from +Z toward +X, a quarter of the width to the right.
    assert np.abs(decode(tmp_path / "turned.png").pixels - np.roll(picture, 64, axis=1)).max() < 4 / 255


def test_sizes_follow_the_input() -> None:
    assert sharp_sizes("panorama", 4096)["faces"] == 1024
    assert sharp_sizes("faces", 512)["panorama"] == 2048
    assert sharp_sizes("cross", 2048)["faces"] == 512
    assert sharp_sizes("panorama", 16384)["panorama"] == 8192
    assert all(size % 2 == 0 for width in range(16, 999) for size in sharp_sizes("photo", width).values())


def huge_png() -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", 30000, 15000, 8, 2, 0, 0, 0)
    return SIGNATURE + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def not_finite_exr() -> bytes:
    import OpenEXR

    pixels = np.ones((32, 64, 3), np.float32)
    pixels[3, 4] = np.nan
    stream = io.BytesIO()
    OpenEXR.File({"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}, {"RGB": pixels}).write(stream)
    return stream.getvalue()


BAD = [
    (("missing.png", "-o", "x.png"), "can be read"),
    (("notes.txt", "-o", "x.png"), "a PNG, JPEG, WebP, EXR or HDR picture"),
    (("cut.png", "-o", "x.png"), "truncated"),
    (("dot.png", "-o", "x.png"), "at least 16x16"),
    (("huge.png", "-o", "x.png"), "at most 134217728 pixels (16384x8192)"),
    (("nan.exr", "-o", "x.exr"), "NaN"),
    (("good.png", "-o", "x.tiff"), ".png, .jpg, .jpeg, .exr, .hdr"),
    (("good.png", "-o", "x"), "a folder with a slash"),
    (("good.png", "-o", "good.png", "--layout", "panorama"), "--force"),
    (("good.png", "-o", "notes.txt/x.png"), "is a file"),
    (("good.png", "-o", "x.png", "--from-kind", "globe"), "panorama, dome, faces, cross, photo"),
    (("good.png", "-o", "x.png", "--from-kind", "cross"), "4:3"),
    (("square.png", "-o", "x.png"), "--from-kind dome or photo"),
    (("good.png", "good.png", "-o", "x.png"), "six faces"),
    (("good.png", "-o", "x.png", "--size", "3"), "size: 3"),
    (("good.png", "-o", "x.png", "--rotate", "400"), "-360 to 360"),
    (("good.png", "-o", "x.png", "--exposure", "nan"), "-5 to 5"),
    (("good.png", "-o", "x.png", "--ground", "moon"), "fade, mirror"),
    (("good.png", "-o", "x.png", "--format", "jpg"), "png, as the file name"),
    (("empty", "-o", "x.png"), "one picture each of front"),
    (("good.png",), "--output"),
]


@pytest.mark.parametrize(("arguments", "part"), BAD)
def test_bad_input(run: Callable[..., Any], tmp_path: Path, arguments: tuple[str, ...], part: str) -> None:
    good = encode(panorama(64), "png")
    files = {
        "good.png": good,
        "cut.png": good[:-60],
        "dot.png": encode(np.zeros((1, 1, 3), np.float32), "png"),
        "square.png": encode(panorama(64)[:, :32], "png"),
        "huge.png": huge_png(),
        "nan.exr": not_finite_exr(),
        "notes.txt": b"words",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "empty").mkdir()
    result = run("convert", *arguments)
    assert result.exit_code == 2, result.output
    assert part in " ".join(result.stderr.replace("│", " ").split())
    assert files_in(tmp_path) == sorted(files)
    assert (tmp_path / "good.png").read_bytes() == good
