"""Sources that are not to be trusted, and labels from folders and from dataset.json."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from pathlib import Path

import pytest
from skyloom_training.data import source as source_module
from skyloom_training.data.labels import dataset_json, labels_of
from skyloom_training.data.source import BadFile, FolderSource, ZipSource, open_source


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, name.encode())
    return path


NAMES = ("Ci/ä øre 雲.jpg", "Cu/a.jpg", "Cu/b.png", "readme.txt")


def test_folder_and_zip_show_the_same_files(tmp_path: Path) -> None:
    folder = fill(tmp_path / "set", *NAMES, ".hidden", "Cu/.DS_Store", "dataset.json")
    archive = zipped(tmp_path / "set.zip", *NAMES, "__MACOSX/Cu/._a.jpg", "Cu/.DS_Store", "dataset.json")
    for source in (open_source(folder), open_source(archive)):
        assert sorted(entry.name for entry in source.entries()) == sorted(NAMES)
        assert not any(entry.problem for entry in source.entries())
        assert source.read("Cu/a.jpg") == b"Cu/a.jpg"


@pytest.mark.parametrize("missing", ["none", "none.zip"])
def test_missing_source_is_named(tmp_path: Path, missing: str) -> None:
    with pytest.raises(ValueError, match=f"{missing}' does not exist; expected a folder or a zip"):
        open_source(tmp_path / missing)


def test_file_that_is_no_zip_is_named(tmp_path: Path) -> None:
    (tmp_path / "photos.zip").write_bytes(b"no zip")
    with pytest.raises(ValueError, match=r"photos\.zip is not a zip"):
        open_source(tmp_path / "photos.zip")


def test_links_out_of_the_tree_are_not_read(tmp_path: Path) -> None:
    fill(tmp_path, "secret.jpg", "outside/a.jpg")
    folder = fill(tmp_path / "set", "Cu/a.jpg")
    (folder / "Cu" / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "Cu" / "in.jpg").symlink_to(folder / "Cu" / "a.jpg")
    (folder / "Cu" / "gone.jpg").symlink_to(folder / "nothing.jpg")
    (folder / "Ci").symlink_to(tmp_path / "outside")
    (folder / "loop").symlink_to(folder)
    found = {entry.name: entry.problem for entry in FolderSource(folder).entries()}
    assert found.pop("Cu/gone.jpg").startswith("cannot be read")
    assert found == {
        "Cu/a.jpg": "",
        "Cu/in.jpg": "",
        "Cu/out.jpg": "link out of the folder",
        "Ci": "link to a folder, not followed",
        "loop": "link to a folder, not followed",
    }


def test_pipe_is_not_opened(tmp_path: Path) -> None:
    """Reading a named pipe would wait for ever."""
    os.mkfifo(tmp_path / "pipe.jpg")
    assert [entry.problem for entry in FolderSource(tmp_path).entries()] == ["no regular file"]


def test_names_that_lead_out_of_a_zip_and_links_in_it_are_not_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "set.zip", "Cu/a.jpg", "../up.jpg", "/root.jpg", "Cu/../../up.jpg", "C:/windows.jpg")
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("Cu/link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    found = {entry.name: entry.problem for entry in ZipSource(path).entries()}
    assert found.pop("Cu/a.jpg") == ""
    assert found.pop("Cu/link.jpg") == "link"
    assert set(found.values()) == {"name that leads out of the zip"}
    assert len(found) == 4


def test_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A megabyte of zeros packed to a kilobyte, against a bound of 1000 bytes; also with a table that lies."""
    monkeypatch.setattr(source_module, "MAX_BYTES", 1000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Cu/bomb.png", bytes(1_000_000))
    source = ZipSource(path)
    assert [entry.problem for entry in source.entries()] == ["1000000 bytes when unpacked, more than 1000"]
    with pytest.raises(BadFile, match="more than 1000 bytes"):
        source.read("Cu/bomb.png")
    source._zip.infolist()[0].file_size = 10
    with pytest.raises(BadFile):
        source.read("Cu/bomb.png")


def test_damaged_zip_member_is_a_bad_file(tmp_path: Path) -> None:
    path = zipped(tmp_path / "set.zip", "Cu/a.jpg")
    data = bytearray(path.read_bytes())
    data[data.find(b"Cu/a.jpg", 40)] ^= 1
    path.write_bytes(data)
    with pytest.raises(BadFile, match="cannot be unpacked"):
        ZipSource(path).read("Cu/a.jpg")


def test_folders_are_labels_and_empty_ones_are_classes(tmp_path: Path) -> None:
    folder = fill(tmp_path / "set", "ccsn/Cu/a.jpg", "ccsn/Ci/b.jpg", "top.jpg")
    (folder / "ccsn" / "St").mkdir()
    names = ["ccsn/Ci/b.jpg", "ccsn/Cu/a.jpg", "top.jpg"]
    found = labels_of(open_source(folder), names)
    assert found.classes == ("Ci", "Cu", "St")
    assert found.of == {"ccsn/Ci/b.jpg": "Ci", "ccsn/Cu/a.jpg": "Cu", "top.jpg": None}
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.mkdir("ccsn/St")
        for name in names:
            made.writestr(name, b"")
    assert labels_of(open_source(archive), names) == found


def test_flat_folder_and_no_labels_have_no_classes(tmp_path: Path) -> None:
    source = open_source(fill(tmp_path, "a.jpg", "Cu/b.jpg"))
    assert labels_of(source, ["a.jpg"]).classes == ()
    assert labels_of(source, ["Cu/b.jpg"], none=True).classes == ()


def test_dataset_json_is_read_from_source_or_file_and_written(tmp_path: Path) -> None:
    """What is written is read again; StyleGAN's own form has no names of classes."""
    folder = fill(tmp_path / "set", "x/a.png", "x/b.png", "c.png")
    text = {"labels": [["x/a.png", 1], ["c.png", 0]]}
    (folder / "dataset.json").write_text(json.dumps(text))
    names = ["c.png", "x/a.png", "x/b.png"]
    found = labels_of(open_source(folder), names)
    assert found.classes == ("0", "1")
    assert found.of == {"c.png": "0", "x/a.png": "1", "x/b.png": None}
    (tmp_path / "other.json").write_text(dataset_json([("c.png", "Cu"), ("x/a.png", "Ci")], ("Ci", "Cu")))
    again = labels_of(open_source(folder), names, tmp_path / "other.json")
    assert again.classes == ("Ci", "Cu")
    assert again.of["c.png"] == "Cu"
    assert json.loads(dataset_json([("a.png", None)], ())) == {"labels": None}
    (folder / "dataset.json").write_text('{"labels": null}')
    assert labels_of(open_source(folder), names).classes == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[]", 'has no "labels"'),
        ('{"labels": [["a.png"]]}', "holds"),
        ('{"labels": [["a.png", -1]]}', "holds"),
        ('{"labels": [["a.png", true]]}', "holds"),
        ('{"labels": 3}', "holds '3'"),
        ('{"labels": [["a.png", 2]], "classes": ["x", "y"]}', "index 2 and 2 classes"),
        ('{"labels": [["a.png", 0]], "classes": ["x", "x"]}', "different names"),
    ],
)
def test_bad_labels_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "labels.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message) as caught:
        labels_of(open_source(tmp_path), ["a.png"], path)
    assert "labels.json" in str(caught.value)


def test_missing_labels_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.json' cannot be read"):
        labels_of(open_source(tmp_path), [], tmp_path / "none.json")
