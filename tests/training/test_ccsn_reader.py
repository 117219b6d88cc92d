"""The reader of CCSN: which files of a zip are photos, what is damaged, packing, crops and balance."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from skyloom_training.data import ccsn
from skyloom_training.data.ccsn import CODES, SIDE, Photos, prepare, read_zip


def jpeg(colour: tuple[int, int, int] = (10, 120, 240), size: tuple[int, int] = (40, 30)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, "JPEG", quality=95)
    return data.getvalue()


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A zip with one photo of every class."""
    return write_zip(tmp_path / "all.zip", {f"CCSN/{c}/{c}-N001.jpg": jpeg((i, 9, 9)) for i, c in enumerate(CODES)})


@pytest.fixture
def no_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flat colours have nothing to cluster: every photo is all sky."""
    monkeypatch.setattr(ccsn, "ground_cells", lambda pixels: np.zeros((len(pixels), 16, 16), bool))


def test_photos_are_files_in_folders_named_by_code(tmp_path: Path) -> None:
    photo = jpeg()
    png = io.BytesIO()
    Image.new("RGBA", (5, 5), (255, 0, 0, 128)).save(png, "PNG")
    files = {
        "CCSN/St/St-N001.JPG": photo,
        "CCSN/Cu/Cu-N002.jpeg": jpeg((200, 100, 50), (300, 600)),
        "Ac/a.png": png.getvalue(),
        "CCSN/Cu/readme.txt": b"text",
        "CCSN/Xx/Xx-N001.jpg": photo,
        "CCSN/cu/low.jpg": photo,
        "Cu.jpg": photo,
        "CCSN/Cu/deeper/x.jpg": photo,
        "__MACOSX/CCSN/Cu/._Cu-N002.jpeg": b"\x00\x05\x16\x07 no picture",
        "CCSN/Cu/": b"",
    }
    pixels, labels = read_zip(write_zip(tmp_path / "a.zip", files))
    assert pixels.shape == (3, SIDE, SIDE, 3)
    assert pixels.dtype == np.uint8
    assert [CODES[label] for label in labels] == ["Ac", "Cu", "St"]
    np.testing.assert_allclose(pixels[1].mean(axis=(0, 1)), (200, 100, 50), atol=3)
    assert pixels[0, 0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("damage", [lambda data: b"not a jpeg", lambda data: data[: len(data) // 2], lambda data: b""])
def test_unreadable_photo_is_named(tmp_path: Path, damage) -> None:
    noise = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(pixels).save(noise, "JPEG")
    files = {"CCSN/Cu/good.jpg": jpeg(), "CCSN/Cu/bad.jpg": damage(noise.getvalue())}
    path = write_zip(tmp_path / "a.zip", files)
    with pytest.raises(ValueError, match=r"CCSN/Cu/bad\.jpg in .*a\.zip cannot be decoded"):
        read_zip(path)


def test_photo_with_a_wrong_checksum_is_named(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"CCSN/Cu/one.jpg": jpeg(), "CCSN/Cu/two.jpg": jpeg((1, 2, 3))})
    data = bytearray(path.read_bytes())
    data[data.find(b"two.jpg") + 30] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"two\.jpg"):
        read_zip(path)


def test_zip_without_photos_or_no_zip_at_all(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no photo in a folder named Ac, As"):
        read_zip(write_zip(tmp_path / "a.zip", {"holiday/beach.jpg": jpeg()}))
    (tmp_path / "b.zip").write_bytes(b"hello")
    with pytest.raises(ValueError, match=r"b\.zip is not a zip"):
        read_zip(tmp_path / "b.zip")
    with pytest.raises(FileNotFoundError):
        read_zip(tmp_path / "c.zip")


@pytest.mark.usefixtures("no_ground")
def test_pack_is_made_once_and_read_again(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "runs" / "ccsn.npz"
    photos = prepare(whole, packed)
    assert [CODES[label] for label in photos.labels] == sorted(CODES)
    assert photos.pixels[:, 5, 5, 0].tolist() == pytest.approx(photos.labels.tolist(), abs=3)
    assert set(photos.sky.tolist()) == {SIDE}
    assert os.listdir(packed.parent) == ["ccsn.npz"]
    monkeypatch.setattr(ccsn, "read_zip", lambda path: pytest.fail("decoded again"))
    again = prepare(whole, packed)
    whole.rename(tmp_path / "moved.zip")
    for other in (again, prepare(whole, packed)):
        assert np.array_equal(other.pixels, photos.pixels)


@pytest.mark.usefixtures("no_ground")
def test_pack_of_another_zip_is_not_taken_for_this_one(whole: Path, tmp_path: Path) -> None:
    prepare(whole, tmp_path / "p.npz")
    other = write_zip(tmp_path / "other.zip", {f"a/{c}/x.jpg": jpeg((99, 9, 9)) for c in CODES})
    with pytest.raises(ValueError, match=r"p\.npz was made from another zip than .*other\.zip"):
        prepare(other, tmp_path / "p.npz")


@pytest.mark.usefixtures("no_ground")
def test_damaged_pack_is_named(whole: Path, tmp_path: Path) -> None:
    packed = tmp_path / "p.npz"
    prepare(whole, packed)
    data = packed.read_bytes()
    for damaged in (data[: len(data) // 2], b"", data.replace(b"labels", b"labelz")):
        packed.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"p\.npz is damaged"):
            prepare(whole, packed)


@pytest.mark.usefixtures("no_ground")
def test_class_without_photos_is_named_and_nothing_is_packed(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {f"x/{c}/a.jpg": jpeg() for c in CODES if c not in ("Cb", "St")})
    with pytest.raises(ValueError, match="Cb, St"):
        prepare(path, tmp_path / "p.npz")
    assert os.listdir(tmp_path) == ["a.zip"]


def test_photos_with_little_sky_are_left_out(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = np.zeros((12, 16, 16), bool)
    cells[11, 4:] = True
    cells[3, 12:] = True
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("CCSN/zz/St/low.jpg", jpeg((200, 0, 0)))
    monkeypatch.setattr(ccsn, "ground_cells", lambda pixels: cells)
    photos = prepare(whole, tmp_path / "p.npz")
    assert len(photos.labels) == 11
    assert photos.pixels[:, 0, 0, 0].max() < 30  # the red one has gone
    assert photos.sky[3] == 10 * 25
    assert (np.delete(photos.sky, 3) == SIDE).all()


@settings(max_examples=60, deadline=None)
@given(rows=st.integers(6, 16), size=st.integers(8, 96), seed=st.integers(0, 2**32 - 1))
def test_crops_never_reach_below_the_sky(rows: int, size: int, seed: int) -> None:
    pixels = np.zeros((1, SIDE, SIDE, 3), np.uint8)
    pixels[0, rows * 25 :] = 255
    photos = Photos(pixels, np.zeros(1, np.int64), np.array([rows * 25]), np.ones(1))
    for cut in (photos.crops, photos.close_crops):
        crops = cut(np.zeros(5, np.int64), size, np.random.default_rng(seed))
        assert crops.shape == (5, size, size, 3)
        assert crops.max() == 0


def test_crops_cover_the_sky_and_keep_its_proportions() -> None:
    """Pixels that say where they are: red the column, green the row."""
    where = (np.arange(SIDE) // 2).astype(np.uint8)
    pixels = np.zeros((1, SIDE, SIDE, 3), np.uint8)
    pixels[0, :, :, 0], pixels[0, :, :, 1] = where[None, :], where[:, None]
    photos = Photos(pixels, np.zeros(1, np.int64), np.array([160]), np.ones(1))
    crops = 2 * photos.crops(np.zeros(400, np.int64), 32, np.random.default_rng(0)).astype(int)
    wide = crops[:, 0, -1, 0] - crops[:, 0, 0, 0]
    high = crops[:, -1, 0, 1] - crops[:, 0, 0, 1]
    assert np.abs(wide - high).max() <= 4
    sides = wide * 32 / 31
    assert sides.min() > 0.56 * 160
    assert sides.max() <= 1.03 * 160
    assert crops[..., 0].min() < 8
    assert crops[..., 0].max() > 390
    assert crops[..., 1].min() < 4
    assert 152 < crops[..., 1].max() < 160


def test_close_crops_are_small_and_never_enlarged() -> None:
    where = (np.arange(SIDE) // 2).astype(np.uint8)
    pixels = np.repeat(np.repeat(where[None, None, :, None], SIDE, axis=1), 3, axis=3)
    for height in (SIDE, 160, 50):
        photos = Photos(pixels, np.zeros(1, np.int64), np.array([height]), np.ones(1))
        crops = 2 * photos.close_crops(np.zeros(200, np.int64), 64, np.random.default_rng(0)).astype(int)
        sides = (crops[:, 0, -1, 0] - crops[:, 0, 0, 0]) * 64 / 63
        assert sides.max() <= max(0.6 * height, min(64, height)) + 4
        assert sides.min() >= min(64, height) - 4


def test_sharp_photos_of_a_class_are_drawn_for_close_views() -> None:
    labels = np.repeat(np.arange(2), 10)
    photos = Photos(np.zeros((20, 1, 1, 3), np.uint8), labels, np.full(20, SIDE), np.tile(np.arange(10.0), 2))
    drawn = photos.of_classes(np.tile([0, 1], 200), np.random.default_rng(0), sharp=True)
    assert set(drawn[::2].tolist()) == set(range(4, 10))
    assert set(drawn[1::2].tolist()) == set(range(14, 20))


def test_every_tenth_photo_of_a_class_is_held_out() -> None:
    labels = np.repeat(np.arange(11), 25)
    photos = Photos(np.arange(275)[:, None, None, None] * np.ones((1, 1, 1, 3), int), labels, labels, np.ones(275))
    kept, others = photos.part(held_out=True), photos.part(held_out=False)
    assert np.bincount(kept.labels).tolist() == [3] * 11
    together = np.concatenate([kept.pixels, others.pixels])[:, 0, 0, 0]
    assert sorted(together.tolist()) == list(range(275))


def test_balanced_draws_classes_evenly() -> None:
    labels = np.repeat(np.arange(11), [200] + [3] * 10)
    photos = Photos(
        np.zeros((len(labels), 1, 1, 3), np.uint8), labels, np.full(len(labels), SIDE), np.ones(len(labels))
    )
    drawn = photos.balanced(5500, np.random.default_rng(1))
    counts = np.bincount(labels[drawn], minlength=11)
    assert counts.min() > 400
    assert counts.max() < 600
    assert len(np.unique(drawn[labels[drawn] == 0])) > 150  # any photo of a class
    same = photos.balanced(20, np.random.default_rng(2))
    assert np.array_equal(same, photos.balanced(20, np.random.default_rng(2)))
