"""The verb info: the recipe in files, the server, and the seams of pictures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skyloom.clouds import CLOUD_NAMES
from skyloom.imaging.codec import encode


def save(path: Path, width: int, height: int, smooth: bool = True) -> None:
    """A PNG panorama: a function of the direction where ``smooth``, else a ramp that breaks at the wrap."""
    u = (np.arange(width) + 0.5) / width
    v = ((np.arange(height) + 0.5) / height)[:, None]
    around = 0.5 + 0.4 * np.cos(2 * np.pi * (u - v * 4)) * np.sin(np.pi * v) if smooth else u + 0 * v
    path.write_bytes(encode(np.repeat(around[:, :, None], 3, axis=2).astype(np.float32), "png"))


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_recipe_of_a_picture(run: Callable[..., Any], client: Any, suffix: str) -> None:
    made = ("--cloud", "cumulus:0.75,cirrus:0.25", "--seed", 5, "--ground", "#336699", "--rotate", -20)
    assert run("generate", *made, "-o", f"sky.{suffix}", "--recipe", "sky.json").exit_code == 0
    shown = run("info", f"sky.{suffix}")
    assert shown.exit_code == 0
    for part in ("cumulus 0.75, cirrus 0.25", "5", "#336699", "-20 degrees", "panorama:2048", "tiny", "ab" * 32):
        assert part in shown.stdout
    found = json.loads(run("info", f"sky.{suffix}", "sky.json", "--json").stdout)["files"]
    assert found[0]["recipe"] == found[1]["recipe"]
    assert found[0]["recipe"]["seed"] == 5
    assert (found[0]["width"], found[0]["height"], found[0]["bit_depth"], found[0]["hdr"]) == (16, 16, 8, False)


def test_a_picture_without_recipe(run: Callable[..., Any], tmp_path: Path) -> None:
    save(tmp_path / "plain.png", 64, 32)
    shown = run("info", "plain.png")
    assert shown.exit_code == 0
    assert "64x32" in shown.stdout
    assert "no recipe" in shown.stdout
    assert json.loads(run("info", "plain.png", "--json").stdout)["files"][0]["recipe"] is None


def test_server(run: Callable[..., Any], client: Any) -> None:
    shown = run("info")
    assert shown.exit_code == 0
    for part in ("skyloom.v1", "tiny (default)", "ab" * 32, "panorama 32 to 8192", "fine (default): x4", *CLOUD_NAMES):
        assert part in shown.stdout
    found = json.loads(run("info", "--json").stdout)
    assert found["models"][0]["name"] == "tiny"
    assert [cloud["name"] for cloud in found["cloud_types"]] == list(CLOUD_NAMES)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("missing.png",), "can be read"),
        (("broken.json",), "JSON"),
        (("folder",), "not a folder"),
        (("cut.png",), "truncated"),
        (("--seams",), "a picture for --seams"),
        (("plain.png", "--kind", "panorama"), "--seams"),
        (("--seams", "square.png"), "--kind"),
        (("--seams", "tall.png"), "a panorama, a cross or six faces"),
        (("--seams", "plain.png", "--kind", "cross"), "4:3"),
        (("--seams", "plain.png", "--kind", "globe"), "panorama, dome, faces, cross, photo"),
        (("--seams", "plain.png", "plain.png"), "six faces"),
    ],
)
def test_bad_input(run: Callable[..., Any], tmp_path: Path, arguments: tuple[str, ...], part: str) -> None:
    save(tmp_path / "plain.png", 64, 32)
    save(tmp_path / "square.png", 64, 64)
    save(tmp_path / "tall.png", 32, 64)
    (tmp_path / "cut.png").write_bytes((tmp_path / "plain.png").read_bytes()[:-40])
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "folder").mkdir()
    result = run("info", *arguments)
    assert result.exit_code == 2, result.output
    assert part in result.stderr


def test_seams_tell_a_seamless_panorama_from_a_broken_one(run: Callable[..., Any], tmp_path: Path) -> None:
    save(tmp_path / "good.png", 512, 256)
    save(tmp_path / "bad.png", 512, 256, smooth=False)
    good = json.loads(run("info", "--seams", "good.png", "--json").stdout)
    bad = json.loads(run("info", "--seams", "bad.png", "--json").stdout)
    assert good["kind"] == "panorama"
    assert 0.9 < good["seams"]["wrap_ratio"] < 1.1
    assert bad["seams"]["wrap_ratio"] > 50
    shown = run("info", "--seams", "good.png")
    assert "wrap_ratio" in shown.stdout
    assert "taken as: panorama" in shown.stdout
