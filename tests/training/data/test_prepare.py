"""skyloom-train prepare from end to end: what is written, odd files, full disks and kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skyloom_training.cli import app
from skyloom_training.data import prepare as module
from typer.testing import CliRunner

# Rules that need models; they have tests of their own.
CHEAP = ("--skip", "text", "--skip", "faces", "--skip", "blur", "--skip", "ground", "--resolution", "48")


def photo(seed: int, side: int = 64) -> Image.Image:
    small = Image.fromarray(np.random.default_rng(seed).integers(0, 256, (7, 7, 3), np.uint8))
    return small.resize((side, side), Image.Resampling.BICUBIC)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two classes with three pictures each, one that is too small, one empty class."""
    folder = tmp_path / "photos"
    for index in range(6):
        path = folder / ("Cu", "Ci")[index % 2] / f"雲 {index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        photo(index).save(path)
    photo(9, 20).save(folder / "Cu" / "tiny.png")
    (folder / "St").mkdir()
    return folder


def run(*arguments: object):
    return CliRunner().invoke(app, ["prepare", *(str(argument) for argument in arguments)])


def test_writes_pictures_labels_manifest_report_and_sheets(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(photos, "--out", out, *CHEAP)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["files"], found["kept"], found["left_out"]["resolution"]) == (7, 6, 1)
    assert found["classes"]["St"] == {"found": 0, "kept": 0}
    assert "no picture is left of: St" in result.stderr
    assert sorted(path.name for path in out.iterdir()) == ["manifest.json", "pictures", "report.md", "sheets"]
    labels = json.loads((out / "pictures" / "dataset.json").read_text())
    assert labels["classes"] == ["Ci", "Cu", "St"]
    assert sorted(labels["labels"])[0] == ["Ci/雲 1.png", 0]
    # Plain files are copied byte for byte, and the source is as it was.
    for name, _ in labels["labels"]:
        assert (out / "pictures" / name).read_bytes() == (photos / name).read_bytes()
    manifest = json.loads((out / "manifest.json").read_text())
    tiny = next(picture for picture in manifest["pictures"] if picture["name"] == "Cu/tiny.png")
    assert not tiny["kept"]
    assert tiny["left_out"] == [{"rule": "resolution", "why": "20 pixels, below 48"}]
    assert manifest["rules"]["resolution"]["threshold"] == 48
    report = (out / "report.md").read_text()
    assert "| resolution | at least 48 pixels | 1 | [sheet](sheets/resolution.jpg) |" in report
    assert "No picture is left of: St" in report
    assert Image.open(out / "sheets" / "resolution.jpg").width == 12 * 112
    assert (photos / "Cu" / "tiny.png").exists()


def test_what_was_prepared_can_be_prepared_again(photos: Path, tmp_path: Path) -> None:
    """Its dataset.json is read as labels."""
    assert run(photos, "--out", tmp_path / "one", *CHEAP).exit_code == 0
    again = run(tmp_path / "one" / "pictures", "--out", tmp_path / "two", *CHEAP)
    assert again.exit_code == 0, again.output
    one, two = ((tmp_path / n / "pictures" / "dataset.json").read_text() for n in ("one", "two"))
    assert json.loads(one) == json.loads(two)


def test_dry_run_prints_the_counts_and_writes_nothing(photos: Path, tmp_path: Path) -> None:
    result = run(photos, "--dry-run", *CHEAP)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["kept"] == 6
    assert os.listdir(tmp_path) == ["photos"]


def test_zip_gives_the_same_as_its_folder(photos: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.mkdir("St")
        for path in photos.rglob("*.png"):
            archive.write(path, path.relative_to(photos))
    assert run(photos, "--out", tmp_path / "a", *CHEAP).exit_code == 0
    assert run(tmp_path / "photos.zip", "--out", tmp_path / "b", *CHEAP).exit_code == 0
    a, b = (json.loads((tmp_path / n / "manifest.json").read_text()) for n in "ab")
    assert (a.pop("source"), b.pop("source")) == (str(photos), str(tmp_path / "photos.zip"))
    assert a == b


def test_square_pictures_of_one_side(photos: Path, tmp_path: Path) -> None:
    photo(20, 100).crop((0, 0, 100, 60)).save(photos / "Cu" / "wide.jpg")
    assert run(photos, "--out", tmp_path / "out", "--side", 32, *CHEAP).exit_code == 0
    sizes = {Image.open(path).size for path in (tmp_path / "out" / "pictures").rglob("*.png")}
    assert sizes == {(32, 32)}
    assert (tmp_path / "out" / "pictures" / "Cu" / "wide.png").exists()


def test_odd_files_of_a_persons_folder(photos: Path, tmp_path: Path) -> None:
    """Each is used rightly or left out with its reason; names that meet are numbered."""
    cu = photos / "Cu"
    photo(30).convert("CMYK").save(cu / "print.jpg")
    ramp = (np.add.outer(np.arange(64), np.arange(64)) * 500).astype(np.uint16)
    Image.fromarray(ramp).save(cu / "deep.png")
    photo(31).save(cu / "moving.webp", save_all=True, append_images=[photo(32)])
    exif = Image.Exif()
    exif[0x0112] = 6
    photo(33, 80).crop((0, 0, 80, 60)).save(cu / "turned.jpg", exif=exif)
    photo(34).save(cu / "same.jpg")
    photo(35).save(cu / "SAME.png")
    (cu / "cut.jpg").write_bytes((cu / "same.jpg").read_bytes()[:500])
    (tmp_path / "secret.png").write_bytes((cu / "SAME.png").read_bytes())
    (cu / "link.png").symlink_to(tmp_path / "secret.png")
    (cu / "notes.txt").write_text("clouds")
    result = run(photos, "--out", tmp_path / "out", "--skip", "grayscale", *CHEAP)
    assert result.exit_code == 0, result.output
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    why = {p["name"]: p["left_out"][0]["why"] for p in manifest["pictures"] if not p["kept"]}
    assert why.pop("Cu/cut.jpg").startswith("cannot be decoded")
    assert why == {
        "Cu/tiny.png": "20 pixels, below 48",
        "Cu/moving.webp": "animation of 2 frames",
        "Cu/link.png": "link out of the folder",
        "Cu/notes.txt": "no image in a known format",
    }
    files = {p["name"]: p["file"] for p in manifest["pictures"] if p["kept"]}
    assert files["Cu/print.jpg"] == "pictures/Cu/print.png"
    assert Image.open(tmp_path / "out" / files["Cu/turned.jpg"]).size == (60, 80)
    deep = np.asarray(Image.open(tmp_path / "out" / files["Cu/deep.png"]).convert("L"), float)
    assert np.abs(deep - ramp / 257).max() <= 1
    assert {files["Cu/SAME.png"], files["Cu/same.jpg"]} == {"pictures/Cu/SAME.png", "pictures/Cu/same.jpg"}


def test_labels_that_are_no_file_names_stay_inside(photos: Path, tmp_path: Path) -> None:
    names = ["Ci/雲 1.png", "Cu/雲 0.png"]
    text = {"labels": [[names[0], 0], [names[1], 1]], "classes": ["../../up", "a/b"]}
    (tmp_path / "labels.json").write_text(json.dumps(text))
    result = run(photos, "--out", tmp_path / "out", "--labels", tmp_path / "labels.json", *CHEAP)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["kept"], found["left_out"]["label"]) == (2, 5)
    written = sorted(p.relative_to(tmp_path / "out" / "pictures").as_posix() for p in (tmp_path / "out").rglob("*雲*"))
    assert written == ["__.._up/雲 1.png", "a_b/雲 0.png"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none", "--out", "new"), "source: 'none' does not exist"),
        (("photos",), "out: is missing"),
        (("photos", "--out", "photos"), "out: 'photos' exists; expected a new folder"),
        (("photos", "--out", "photos/new"), "lies in the source"),
        (("photos", "--out", "new", "--blur", "2"), "blur: 2 is not allowed; expected 0 to 1"),
        (("photos", "--out", "new", "--near", "300"), "near: 300 is not allowed"),
        (("photos", "--out", "new", "--across", "last"), "across: 'last' is not allowed"),
        (("photos", "--out", "new", "--skip", "colour"), "skip: 'colour' is not allowed; expected one of label"),
        (("photos", "--out", "new", "--sky", "2"), "sky: 2 is not allowed"),
        (("photos", "--out", "new", "--labels", "no.json"), "labels: 'no.json' cannot be read"),
        (("photos", "--out", "new", *CHEAP, "--resolution", "5000"), "no picture of 'photos' is kept (resolution 7)"),
        (("photos/St", "--out", "new"), "holds no file"),
    ],
)
def test_bad_input_is_named_with_exit_code_2_and_nothing_is_written(
    photos: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(photos.parent)
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert message in result.output
    assert os.listdir() == ["photos"]


def test_full_disk_leaves_nothing_and_says_so(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, count = module._write, iter(range(100))

    def full(path: Path, data: bytes) -> None:
        if next(count) == 3:
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(module, "_write", full)
    result = run(photos, "--out", tmp_path / "out", *CHEAP)
    assert result.exit_code == 1
    assert "cannot be written (No space left on device); nothing is left of it" in result.output
    assert os.listdir(tmp_path) == ["photos"]


def test_a_real_limit_on_file_size_leaves_nothing(photos: Path, tmp_path: Path) -> None:
    """The system refuses to write past 4096 bytes, in a process of its own."""
    code = f"""
import resource, signal, sys
from skyloom_training.data import examine
from skyloom_training.cli import app
real = examine.examine
def examine_then_limit(*a, **k):
    found = real(*a, **k)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    return found
import skyloom_training.data.prepare as p
p.examine = examine_then_limit
app(["prepare", {str(photos)!r}, "--out", {str(tmp_path / "out")!r}, *{CHEAP!r}])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 1, done.stderr
    assert "cannot be written (File too large)" in done.stderr
    assert os.listdir(tmp_path) == ["photos"]


def test_kill_in_mid_write_leaves_no_set_and_the_next_run_is_whole(photos: Path, tmp_path: Path) -> None:
    """kill -9 after the third file: nothing gets to tidy up."""
    code = f"""
import os, signal
import skyloom_training.data.prepare as p
from skyloom_training.cli import app
write, count = p._write, iter(range(100))
def die(path, data):
    if next(count) == 3:
        path.write_bytes(data[:10])
        os.kill(os.getpid(), signal.SIGKILL)
    write(path, data)
p._write = die
app(["prepare", {str(photos)!r}, "--out", {str(tmp_path / "out")!r}, *{CHEAP!r}])
"""
    done = subprocess.run([sys.executable, "-c", code], timeout=300)
    assert done.returncode == -signal.SIGKILL
    assert sorted(os.listdir(tmp_path)) == ["out.part", "photos"]
    assert run(photos, "--out", tmp_path / "out", *CHEAP).exit_code == 0
    assert sorted(os.listdir(tmp_path)) == ["out", "photos"]
    assert len(list((tmp_path / "out" / "pictures").rglob("*.png"))) == 6


def test_file_that_changes_while_it_is_read_is_noticed(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = module.examine

    def examine_then_delete(*arguments: object, **options: object):
        found = real(*arguments, **options)
        (photos / "Cu" / "雲 0.png").unlink()
        return found

    monkeypatch.setattr(module, "examine", examine_then_delete)
    result = run(photos, "--out", tmp_path / "out", *CHEAP)
    assert result.exit_code == 2
    assert "雲 0.png changed while it was read" in result.output
    assert os.listdir(tmp_path) == ["photos"]
