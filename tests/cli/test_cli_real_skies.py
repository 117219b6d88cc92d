"""generate over the real core: detail that is or is not installed, and frames that are plain skies at the ends."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(autouse=True)
def only_these_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No detail model comes with Skyloom, whatever is installed."""
    monkeypatch.setattr("skyloom.generation.registry.BUNDLED", tmp_path / "nothing")


def test_detail_with_and_without_a_model(run: Callable[..., Any], tmp_path: Path) -> None:
    models = ("--model-dir", DATA / "tiny_model")
    sky = ("generate", "--cloud", "cumulus", "--seed", 7, "--size", 128)
    assert run(*sky, *models, "-o", "auto.png").exit_code == 0
    assert run(*sky, *models, "--detail", "off", "-o", "off.png").exit_code == 0
    assert (tmp_path / "auto.png").read_bytes() == (tmp_path / "off.png").read_bytes()
    refused = run(*sky, *models, "--detail", "standard", "-o", "fine.png", "--json")
    assert refused.exit_code == 2
    assert "no detail model is installed" in json.loads(refused.stdout)["error"]["message"]
    assert not (tmp_path / "fine.png").exists()
    assert "detail: no model" in run("info", *models).stdout

    shutil.copytree(DATA / "tiny_model", tmp_path / "both" / "dome")
    shutil.copytree(DATA / "tiny_detail", tmp_path / "both" / "detail")
    models = ("--model-dir", tmp_path / "both")
    plain = run(*sky, *models, "-o", "plain.png")
    assert plain.exit_code == 0, plain.output
    # Detail is there to be asked for: by itself a sky stays as fast as it was.
    assert (tmp_path / "plain.png").read_bytes() == (tmp_path / "off.png").read_bytes()
    shown = run(*sky, *models, "--detail", "standard", "-o", "fine.png")
    assert shown.exit_code == 0, shown.output
    assert "detail standard" in shown.stdout
    assert (tmp_path / "fine.png").read_bytes() != (tmp_path / "off.png").read_bytes()
    assert "standard, tiny-detail (sha256" in run("info", "fine.png").stdout
    assert run("generate", "--from", "fine.png", *models, "-o", "again.png").exit_code == 0
    assert (tmp_path / "fine.png").read_bytes() == (tmp_path / "again.png").read_bytes()
    assert run("generate", "--from", "off.png", *models, "-o", "still_off.png").exit_code == 0
    assert (tmp_path / "off.png").read_bytes() == (tmp_path / "still_off.png").read_bytes()
    assert "detail tiny-detail (default): x4" in run("info", *models).stdout


def test_a_sequence_begins_and_ends_with_plain_skies(run: Callable[..., Any], tmp_path: Path) -> None:
    same = ("--seed", 7, "--layout", "panorama:64", "--layout", "perspective:64", "--ground", "mirror")
    models = ("--model-dir", DATA / "tiny_model")
    made = run("generate", "--cloud", "cumulus", "--to", "Ns", "--frames", 4, *same, *models, "-o", "way/", "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert len(told["files"]) == 8
    assert told["seams"]["wrap_ratio"] > 0
    for frame, cloud in ((0, "cumulus"), (3, "nimbostratus")):
        assert run("generate", "--cloud", cloud, *same, *models, "-o", f"{cloud}.png").exit_code == 0
        for layout in ("panorama", "perspective"):
            plain = (tmp_path / f"{cloud}_{layout}.png").read_bytes()
            assert (tmp_path / "way" / f"cumulus_7_{frame:04d}_{layout}.png").read_bytes() == plain
    again = run("generate", "--from", "way/cumulus_7_0002_panorama.png", *models, "-o", "again.png")
    assert again.exit_code == 0, again.output
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "way" / "cumulus_7_0002_panorama.png").read_bytes()
