"""skyloom-train at its edges: the plan, exit codes and messages, and a run from zip to model folder."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
import skyloom_training.config as config
import torch
from PIL import Image
from skyloom.generation import SkyModel
from skyloom_training import checkpoint
from skyloom_training.cli import app
from skyloom_training.data.ccsn import CODES
from skyloom_training.loop import Trainer
from tiny_net import TINY, made_up_photos, tiny_options
from typer.testing import CliRunner


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def photos_zip(tmp_path: Path) -> Path:
    """A zip with two pictures of every class: blobs without a ground."""
    rng = np.random.default_rng(0)
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for code in CODES * 2:
            data = io.BytesIO()
            Image.fromarray(rng.integers(90, 256, (6, 6, 3), np.uint8)).resize((64, 64)).save(data, "PNG")
            archive.writestr(f"CCSN/{code}/{len(archive.namelist())}.png", data.getvalue())
    return tmp_path / "photos.zip"


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """The checkpoint of a run that has not begun."""
    checkpoint.save(tmp_path / "run" / "last.pt", Trainer(tiny_options(tmp_path / "run"), made_up_photos()).state())
    return tmp_path / "run" / "last.pt"


def test_dry_run_prints_the_plan_and_writes_nothing(photos_zip: Path) -> None:
    result = run("train", "--data", photos_zip, "--kimg", 50, "--batch", 4, "--dry-run")
    assert result.exit_code == 0
    plan = json.loads(result.stdout)
    assert plan["dome"] == 512
    assert plan["steps"] == 12500
    assert plan["options"]["kimg"] == 50
    assert plan["options"]["shape"]["channels"] == [256, 256, 256, 128, 96, 64]
    assert 4e6 < plan["generator_parameters"] < 6e6
    assert 3e5 < plan["discriminator_trained_parameters"] < 6e5
    assert os.listdir() == ["photos.zip"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("train", "--data", "none.zip"), "data: 'none.zip' is not a file"),
        (("train", "--data", "photos.zip", "--device", "tpu"), "device: 'tpu' is not known; expected cpu or cuda"),
        (("train", "--data", "photos.zip", "--kimg", "0"), "--kimg"),
        (("train", "--data", "photos.zip", "--batch", "0"), "--batch"),
        (("train",), "--data"),
        (("export", "none.pt", "--out", "x"), "checkpoint: 'none.pt' does not exist"),
        (("quantize", "none.pt", "--out", "x"), "checkpoint: 'none.pt' does not exist"),
        (("evaluate", "none.pt", "--data", "photos.zip"), "checkpoint: 'none.pt' does not exist"),
        (("weights", "none.pt", "--out", "x"), "none.pt"),
        (("export", "photos.zip", "--out", "x"), "photos.zip"),
        (("quantize", "photos.zip", "--out", "x"), "photos.zip"),
        (("weights", "photos.zip", "--out", "x"), "photos.zip"),
        (("evaluate", "run/last.pt", "--data", "none.zip"), "none.zip"),
        (("evaluate", "run/last.pt", "--data", "photos.zip", "--psi", "2"), "--psi"),
    ],
)
@pytest.mark.usefixtures("photos_zip", "trained")
def test_bad_input_is_named_with_exit_code_2(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    # Boxes of the usage errors break lines.
    assert message in " ".join(result.output.replace("│", " ").split())
    assert sorted(os.listdir()) == ["photos.zip", "run"]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_cuda_where_there_is_none(photos_zip: Path) -> None:
    result = run("train", "--data", photos_zip, "--device", "cuda")
    assert result.exit_code == 2
    assert "'cuda' is not available here" in result.output


def test_nothing_that_is_there_is_overwritten(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.pt").write_text("mine")
    assert run("weights", trained, "--out", "mine.pt").exit_code == 2
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "mapping.onnx").write_text("mine")
    (tmp_path / "papers" / "thesis.txt").write_text("mine")
    for verb in ("export", "quantize"):
        result = run(verb, trained, "--out", "papers")
        assert result.exit_code == 2
        assert "papers" in result.output
    files = [tmp_path / "mine.pt", *(tmp_path / "papers").iterdir()]
    assert len(files) == 3
    assert {path.read_text() for path in files} == {"mine"}


def test_poisoned_run_ends_with_exit_code_1(photos_zip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_to_nan(self: Trainer) -> None:
        raise FloatingPointError("training: the generator's loss is nan after 3 kimg")

    monkeypatch.setattr(Trainer, "run", run_to_nan)
    monkeypatch.setattr("skyloom_training.data.ccsn.prepare", lambda data, packed: made_up_photos())
    result = run("train", "--data", photos_zip, "--threads", 1)
    assert result.exit_code == 1
    assert "loss is nan after 3 kimg" in result.output


def test_from_zip_to_a_model_that_the_backend_opens(
    photos_zip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = config.TrainOptions
    monkeypatch.setattr(config, "TrainOptions", lambda **given: real(**given) if given else tiny_options(tmp_path))
    steps = (
        "--views",
        1,
        "--close-views",
        1,
        "--tail",
        6,
        "--layout",
        2,
        "--threads",
        1,
        "--packed",
        "p.npz",
        "--batch",
        2,
    )
    result = run("train", "--data", photos_zip, "--out", "run", "--kimg", 0.002, *steps)
    assert result.exit_code == 0, result.output
    again = run("train", "--data", photos_zip, "--out", "run", "--kimg", 0.004, *steps)
    assert again.exit_code == 0, again.output
    assert checkpoint.load(Path("run/last.pt"))["images"] == 4

    weights = run("weights", "run/last.pt", "--out", "small.pt")
    assert json.loads(weights.stdout) == {"written": "small.pt", "bytes": Path("small.pt").stat().st_size}
    result = run("quantize", "small.pt", "--out", "models/mine", "--name", "mine")
    assert result.exit_code == 0, result.output
    model = SkyModel(tmp_path / "models/mine", threads=1)
    assert (model.name, model.dome_size) == ("mine", 2 * TINY.dome)
    manifest = json.loads(Path("models/mine/manifest.json").read_text())
    assert manifest["training"]["kimg"] == 0.004
    report = json.loads(result.stdout[result.stdout.index("{") :])
    assert report == manifest["parity"]

    started = run("train", "--data", photos_zip, "--out", "next", "--kimg", 0.002, "--init", "small.pt", *steps)
    assert started.exit_code == 0, started.output


def test_evaluate_prints_probes_and_how_skies_lie(
    photos_zip: Path, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skyloom_training.data.ccsn.prepare", lambda data, packed: made_up_photos(per_class=20))
    result = run("evaluate", trained, "--data", photos_zip, "--per-class", 2, "--seeds", 2)
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert len(report["runs"]) == 2
    assert all(0 <= found["generated"] <= 1 for found in report["runs"])
    assert report["domes"] == 132
    assert 0 <= report["capped_share"] <= 1
    assert report["bank_depth"] >= 0
    assert report["circles_over_sides"] > 0
    # Blocks of chance have contrast of their own, which an untrained net has not.
    assert report["contrast"].keys() == {"photos", "made"}
    assert report["contrast"]["photos"]["luminance_broad"] > 2 * report["contrast"]["made"]["luminance_broad"]
