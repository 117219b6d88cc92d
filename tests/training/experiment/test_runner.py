"""Running experiments in real processes: failures stay alone, killed runs go on, tables and plots, the smoke test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import pytest
from skyloom_training import checkpoint
from skyloom_training.cli import app
from skyloom_training.experiment.file import read_experiment
from skyloom_training.experiment.report import table_text
from typer.testing import CliRunner

SMOKE = Path(__file__).parents[3] / "experiments" / "smoke.toml"
FILE = """
title = "Tiny"
[data.textures]
kind = "textures"
count = 24
side = 20
[data.nowhere]
kind = "folder"
path = "no/such/folder"
[defaults]
data = "textures"
kimg = 0.016
batch = 4
size = 16
z_dim = 8
w_dim = 8
mapping_layers = 2
channel_base = 64
channel_max = 8
samples = 8
evaluate_at = [1.0]
log_steps = 1
"""


def invoke(*arguments: object):
    return CliRunner().invoke(app, ["experiment", *map(str, arguments)])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_bad_input_is_named_with_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(FILE + '[[run]]\nname = "a"\n')
    for arguments, message in (
        (("none.toml",), "file: 'none.toml' does not exist"),
        (("a.toml", "--preset", "gpu"), "preset: 'gpu' is not in a.toml"),
        (("a.toml", "--data", "textures"), "data: 'textures' is not allowed; expected NAME=PATH"),
        (("a.toml", "--only", "b"), "only: 'b' is no run of a.toml"),
        (("a.toml", "--device", "tpu"), "device: 'tpu' is not allowed"),
    ):
        result = invoke(*arguments)
        assert result.exit_code == 2
        assert message in result.output
    assert invoke("a.toml", "--dry-run").output.startswith("a (seed 1): 0.016 kimg, to do, ")
    assert os.listdir(tmp_path) == ["a.toml"]


@pytest.mark.slow
def test_a_failed_run_does_not_lose_the_others(tmp_path: Path) -> None:
    runs = """
[[run]]
name = "lost"
data = "nowhere"
[[run]]
name = "child"
method = "fine-tuning"
source = "lost"
[[run]]
name = "misfit"
method = "splice"
source = "good"
[[run]]
name = "good"
seeds = [1, 2]
"""
    (tmp_path / "a.toml").write_text(FILE + runs)
    result = invoke("a.toml", "--out", "out", "--jobs", 2)
    assert result.exit_code == 1, result.output
    table = Path("out/a/table.md").read_text()
    rows = {line.split("|")[1].strip(): line for line in table.splitlines() if line.startswith("| ")}
    assert "failed: data: path 'no/such/folder' of folder does not exist" in rows["lost"]
    assert "not run: the run that it starts from failed" in rows["child"]
    assert "a splice goes from an unconditional net to a conditional run" in rows["misfit"]
    assert "failed" not in rows["good"]
    assert "±" in rows["good"]
    assert rows["good"].rstrip("| ").endswith("2")
    assert cv2.imread("out/a/curves.png").shape[1] > 500
    sheet = next(Path("out/runs").glob("textures-scratch-*-s1/sheet.png"))
    assert cv2.imread(str(sheet)).shape == (4 * 16, 12 * 16, 3)

    before = {p: p.stat().st_mtime_ns for p in Path("out/runs").rglob("last.pt")}
    again = invoke("a.toml", "--out", "out", "--only", "good")
    assert again.exit_code == 0, again.output
    assert "starts" not in again.output
    assert {p: p.stat().st_mtime_ns for p in Path("out/runs").rglob("last.pt")} == before


@pytest.mark.slow
def test_a_killed_experiment_goes_on_from_its_last_checkpoint(tmp_path: Path) -> None:
    long = FILE.replace("kimg = 0.016", "kimg = 0.4\ncheckpoint_kimg = 0.008")
    (tmp_path / "a.toml").write_text(long + '[[run]]\nname = "a"\n')
    program = [str(Path(sys.executable).with_name("skyloom-train")), "experiment", "a.toml", "--out", "out"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    limit = time.monotonic() + 120
    while not (found := list(Path("out").rglob("last.pt"))):
        assert time.monotonic() < limit
        assert process.poll() is None
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    log = found[0].with_name("log.jsonl")
    # The run's own process ends with the experiment: nobody writes beside the one that goes on.
    while True:
        size = log.stat().st_size
        time.sleep(2.5)
        if log.stat().st_size == size:
            break
        assert time.monotonic() < limit
    reached = checkpoint.load(found[0])["images"]
    assert 0 < reached < 400
    # A kill in mid-write leaves half a file beside; it is in nobody's way.
    found[0].with_name("last.pt.part").write_bytes(b"half")
    (tmp_path / "a.toml").write_text(long + '[[run]]\nname = "a"\n')
    done = subprocess.run(program, capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "a (seed 1): goes on" in done.stdout
    assert "0.4 kimg" in done.stdout
    kimg = [json.loads(line)["kimg"] for line in log.read_text().splitlines()]
    assert kimg.count(0.004) == 1  # it did not begin anew
    assert kimg[-1] == 0.4
    assert json.loads(found[0].with_name("result.json").read_text())["kimg"] == 0.4


def test_the_table_says_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(FILE.replace("[1.0]", "[0.5, 1.0]") + '[[run]]\nname = "a"\n[[run]]\nname = "b"\n')
    plan = read_experiment(tmp_path / "a.toml")

    def result(seed: int, ends: float) -> dict[str, object]:
        curve = [
            {"share": 0.5, "kimg": 8, "frechet": 300.0, "kernel": 0.5},
            {"share": 1.0, "kimg": 16, "frechet": ends, "kernel": 0.25},
        ]
        return {
            "seed": seed, "kimg": 16.0, "seconds": 99.0, "core_seconds": 48.0, "peak_mib": 512.3, "ada_p": 0.25,
            "curve": curve, "real": 8, "samples": 8, "floor": {"frechet": 12.3, "kernel": 0.001},
            "torch": "2", "when": "2026-01-01",
        }  # fmt: skip

    text = table_text(plan, {"a": [result(1, 100.0), result(2, 110.0)], "b": []}, {"b": "a | b"})
    assert "| run | 50% | 100% | kernel · 10³ | p | core-s/kimg | MiB | seeds |" in text
    assert "| a | 300.0 ± 0.0 | 105.0 ± 7.1 | 250.0 ± 0.0 | 0.25 | 3.0 ± 0.0 | 512 | 2 |" in text
    assert "| b | failed: a / b |" in text
    assert "EfficientNet-Lite2 features (no FID): 8 made against 8 real pictures" in text
    assert "Other crops of the same photos: 12.3 (1.00)." in text


@pytest.mark.slow
def test_smoke_file_runs_every_method(tmp_path: Path) -> None:
    result = invoke(SMOKE, "--out", "out", "--jobs", 2)
    assert result.exit_code == 0, result.output
    plan = read_experiment(SMOKE)
    rows = [line for line in Path("out/smoke/table.md").read_text().splitlines() if line.startswith("| ")][1:]
    assert len(rows) == len(plan.runs) == 17
    assert not any("failed" in row or "not run" in row for row in rows)
