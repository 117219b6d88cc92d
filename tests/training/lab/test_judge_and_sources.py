"""The lab's judge and its sources of pictures: what is compared with what, and what a stranger's folder gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from skyloom_training.lab.judge import Judge, sample, sheet
from skyloom_training.lab.pictures import Pictures
from skyloom_training.lab.sources import load_pictures
from skyloom_training.metrics.frechet import frechet_distance
from skyloom_training.metrics.kernel import kernel_distance
from tiny_lab import made_up_pictures, tiny_lab


def test_distances_are_those_of_the_kept_metrics(tmp_path: Path) -> None:
    pictures = made_up_pictures()
    judge = Judge(pictures, 16, 10, 64, tmp_path / "features.npy")
    assert (judge.real, judge.features.shape) == (10, (10, 1280))
    lab = tiny_lab(tmp_path)
    made = judge.net.features(((sample(lab, 10) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).numpy())
    figures = judge(lab)
    assert figures["frechet"] == pytest.approx(frechet_distance(made, judge.features))
    assert figures["kernel"] == pytest.approx(float(kernel_distance(made, judge.features)))
    # Other crops of the same photos are far nearer than an untrained net's pictures.
    assert judge.floor()["frechet"] < 0.7 * figures["frechet"]
    assert judge.distances(judge.features)["frechet"] == pytest.approx(0, abs=1e-6)
    again = Judge(pictures, 16, 10, 64, tmp_path / "features.npy")
    assert np.array_equal(again.features, judge.features)
    assert [p.name for p in tmp_path.iterdir()] == ["features.npy"]


def test_samples_are_of_the_average_and_the_same_every_time(tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, conditional=True)
    first = sample(lab, 6)
    assert first.shape == (6, 3, 16, 16)
    assert torch.equal(first, sample(lab, 6))
    lab.nets.generator.synthesis.constant.data.add_(1.0)
    assert torch.equal(first, sample(lab, 6))
    lab.nets.average.synthesis.constant.data.add_(1.0)
    assert not torch.equal(first, sample(lab, 6))
    assert sheet(lab, columns=5).shape == (3 * 16, 5 * 16, 3)
    rows = sheet(lab, columns=5, psi=0.5).reshape(3, 16, 5, 16, 3)
    assert len({rows[i].tobytes() for i in range(3)}) == 3
    dome = tiny_lab(tmp_path, camera="dome", view_size=32)
    assert sample(dome, 3).shape == (3, 3, 32, 32)


def test_textures_and_skies_are_made_on_the_spot(tmp_path: Path) -> None:
    for kind, side in (("textures", 24), ("procedural", 16)):
        pictures = load_pictures({"kind": kind, "count": 22, "side": side}, tmp_path)
        assert pictures.pixels.shape == (22, side, side, 3)
        assert pictures.labels.tolist() == list(range(11)) * 2
        assert len({p.tobytes() for p in pictures.pixels}) == 22
        again = load_pictures({"kind": kind, "count": 22, "side": side}, tmp_path)
        assert np.array_equal(again.pixels, pictures.pixels)
    assert len(list(tmp_path.iterdir())) == 1  # the dear ones are kept


def test_views_of_panoramas_look_where_they_say(tmp_path: Path) -> None:
    """A panorama that is white above the horizon and black below: views never show the ground."""
    panorama = np.zeros((64, 128, 3), np.uint8)
    panorama[:34] = 255
    (tmp_path / "sky").mkdir()
    cv2.imwrite(str(tmp_path / "sky" / "a.png"), panorama)
    cv2.imwrite(str(tmp_path / "sky" / "b.hdr"), np.full((32, 64, 3), 3.0, np.float32))
    spec = {"kind": "panoramas", "path": str(tmp_path / "sky"), "count": 20, "side": 16}
    views = load_pictures(spec, tmp_path / "kept").pixels
    assert views.shape == (20, 16, 16, 3)
    assert views[:10].min() == 255
    assert np.ptp(views[10:].astype(int)) <= 2  # an even light, at 0.8 of display white
    assert views[10:].mean() == pytest.approx(0.6 ** (1 / 2.4) * 1.055 * 255 - 0.055 * 255, abs=2)


def test_a_folder_of_pictures_of_many_kinds(tmp_path: Path) -> None:
    root = tmp_path / "mine"
    for name in ("calm", "wild"):
        (root / name).mkdir(parents=True)
    Image.new("CMYK", (30, 20), (0, 0, 0, 0)).save(root / "calm" / "a.jpg")
    Image.fromarray(np.full((20, 20), 40000, np.uint16)).save(root / "calm" / "b.png")
    Image.new("RGB", (20, 20), "red").save(root / "wild" / "c.webp", lossless=True)
    (root / "wild" / "notes.txt").write_text("no picture")
    pictures = load_pictures({"kind": "folder", "path": str(root), "side": 8}, tmp_path / "kept")
    assert pictures.labels.tolist() == [0, 0, 1]
    assert pictures.classes == 2
    assert pictures.pixels[0].min() > 250  # white paper
    assert abs(pictures.pixels[1].mean() - 40000 / 257) < 1
    assert pictures.pixels[2].mean(axis=(0, 1)).tolist() == pytest.approx([255, 0, 0], abs=3)
    (root / "dataset.json").write_text('{"labels": [["calm/a.jpg", 2], ["calm/b.png", 0], ["wild/c.webp", 0]]}')
    labelled = load_pictures({"kind": "folder", "path": str(root), "side": 7}, tmp_path / "kept")
    assert (labelled.labels.tolist(), labelled.classes) == ([2, 0, 0], 3)


def test_what_prepare_wrote_is_read_with_its_labels(tmp_path: Path) -> None:
    from skyloom_training.data.examine import Settings
    from skyloom_training.data.prepare import prepare

    rng = np.random.default_rng(3)
    for name in ("b", "a"):
        (tmp_path / "raw" / name).mkdir(parents=True)
        for index in range(2):
            cv2.imwrite(str(tmp_path / "raw" / name / f"{index}.png"), rng.integers(0, 256, (40, 50, 3), np.uint8))
    settings = Settings(skip=("resolution", "blur", "text", "faces", "ground", "grayscale"))
    prepare(tmp_path / "raw", tmp_path / "ready", settings)
    spec = {"kind": "folder", "path": str(tmp_path / "ready" / "pictures"), "side": 16}
    pictures = load_pictures(spec, tmp_path / "kept")
    assert (pictures.labels.tolist(), pictures.classes) == ([0, 0, 1, 1], 2)


@pytest.mark.parametrize("bad", ["broken", "animated", "link"])
def test_a_file_that_is_no_picture_is_named(tmp_path: Path, bad: str) -> None:
    root = tmp_path / "mine"
    root.mkdir()
    if bad == "broken":
        (root / "d.png").write_bytes(b"broken")
    elif bad == "animated":
        frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
        frames[0].save(root / "d.png", save_all=True, append_images=frames[1:])
    else:
        (tmp_path / "out.png").write_bytes(b"secret")
        (root / "d.png").symlink_to(tmp_path / "out.png")
    with pytest.raises(ValueError, match=r"d\.png in .*see skyloom-train prepare"):
        load_pictures({"kind": "folder", "path": str(root), "side": 9}, tmp_path / "kept")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"kind": "stills"}, "kind 'stills' is not allowed; expected one of textures"),
        ({"kind": "textures", "colour": 3}, "textures has no setting 'colour'"),
        ({"kind": "folder", "path": "none"}, "path 'none' of folder does not exist; name one with --data"),
        ({"kind": "folder", "path": "."}, "holds no .jpg, .jpeg, .png"),
        ({"kind": "panoramas", "path": "."}, "holds no .hdr, .jpg or .png"),
        ({"kind": "ccsn"}, "path None of ccsn does not exist"),
    ],
)
def test_what_is_no_source_is_named(
    spec: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=message):
        load_pictures(spec, tmp_path / "kept")


def test_ccsn_without_what_is_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from skyloom_training.data import ccsn
    from tiny_net import made_up_photos

    photos = made_up_photos(per_class=4)
    monkeypatch.setattr(ccsn, "prepare", lambda path, packed: photos)
    (tmp_path / "a.zip").write_bytes(b"")
    pictures = load_pictures({"kind": "ccsn", "path": str(tmp_path / "a.zip"), "side": 64}, tmp_path / "kept")
    kept = photos.part(held_out=False)
    assert isinstance(pictures, Pictures)
    assert pictures.pixels.shape == (len(kept.labels), 64, 64, 3)
    assert np.array_equal(pictures.labels, kept.labels)
    assert np.array_equal(pictures.rows, kept.sky * 64 // 400)
    assert pictures.rows.max() <= 64
