"""Experiment files: order, presets, budgets, shared runs, and what is refused with its place named."""

from __future__ import annotations

from pathlib import Path

import pytest
from skyloom_training.experiment.file import read_experiment
from skyloom_training.experiment.jobs import jobs_of, needed

FILE = """
title = "T"
seeds = [1, 2]
[data.skies]
kind = "procedural"
[defaults]
data = "skies"
kimg = 8
[preset.small]
kimg = 2
size = 16
seeds = [5]
[[run]]
name = "tuned"
method = "fine-tuning"
source = "source"
[[run]]
name = "source"
budget = 3
seeds = [1]
report = false
[[run]]
name = "scratch"
"""
EXPERIMENTS = sorted((Path(__file__).parents[3] / "experiments").glob("*.toml"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a.toml").write_text(FILE)
    return tmp_path / "a.toml"


def test_sources_come_first_and_budgets_scale(path: Path) -> None:
    plan = read_experiment(path)
    assert [run.name for run in plan.runs] == ["source", "tuned", "scratch"]
    assert [run.options.kimg for run in plan.runs] == [24.0, 8.0, 8.0]
    assert [run.seeds for run in plan.runs] == [(1,), (1, 2), (1, 2)]
    assert [run.report for run in plan.runs] == [False, True, True]
    small = read_experiment(path, "small", machine={"threads": 2})
    assert [run.options.kimg for run in small.runs] == [6.0, 2.0, 2.0]
    assert [run.seeds for run in small.runs] == [(1,), (5,), (5,)]
    assert {run.options.size for run in small.runs} == {16}
    assert {run.options.threads for run in small.runs} == {2}


def test_jobs_name_what_they_are(path: Path, tmp_path: Path) -> None:
    jobs = jobs_of(read_experiment(path), tmp_path / "out")
    assert [(job.run, job.options.seed) for job in jobs] == [
        ("source", 1), ("tuned", 1), ("tuned", 2), ("scratch", 1), ("scratch", 2),
    ]  # fmt: skip
    source = jobs[0]
    assert {job.source for job in jobs[1:3]} == {source.folder / "last.pt"}
    assert len({job.folder for job in jobs}) == 5
    assert [job.run for job in needed(jobs, ["tuned"])] == ["source", "tuned", "tuned"]

    def folders(text: str, **given: object) -> list[Path]:
        (tmp_path / "b.toml").write_text(text)
        return [job.folder for job in jobs_of(read_experiment(tmp_path / "b.toml", **given), tmp_path / "out")]  # type: ignore[arg-type]

    mine = [job.folder for job in jobs]
    # Another name, another title, another machine: the same run. Other options: another, and all that start from it.
    assert folders(FILE.replace('"tuned"', '"better"').replace('"T"', '"U"')) == mine
    assert folders(FILE, machine={"threads": 7}) == mine
    assert folders(FILE.replace("kimg = 8", "kimg = 8.0")) == mine
    changed = folders(FILE.replace("budget = 3", "budget = 4"))
    assert [a == b for a, b in zip(changed, mine, strict=True)] == [False, False, False, True, True]
    assert set(folders(FILE.replace('kind = "procedural"', 'kind = "procedural"\ncount = 5'))).isdisjoint(mine)


def test_paths_come_from_outside(path: Path) -> None:
    path.write_text(FILE + '\n[data.clouds]\nkind = "ccsn"\npath = "data/ccsn.zip"\n')
    assert read_experiment(path).data["clouds"]["path"] == "data/ccsn.zip"
    assert read_experiment(path, paths={"clouds": "/x.zip"}).data["clouds"]["path"] == "/x.zip"
    with pytest.raises(ValueError, match=r"data: 'cloud' is not in .*a\.toml; expected one of"):
        read_experiment(path, paths={"cloud": "/x.zip"})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title", "titel", "'titel' is not known"),
        ("kimg = 8", "kimgs = 8", "run tuned: kimgs: no such option"),
        ('"fine-tuning"', '"tuning"', "run tuned: method: 'tuning' is not allowed; expected one of scratch"),
        ('source = "source"', 'source = "sauce"', "run tuned starts from 'sauce', which is no run of the file"),
        ('name = "scratch"', 'name = "tuned"', "there are two runs named tuned"),
        ('name = "scratch"', 'name = "My Run"', "run name 'My Run' is not allowed"),
        ('name = "scratch"', 'name = "scratch"\ndata = "clouds"', "run scratch: data 'clouds' is not in the file"),
        ('name = "scratch"', 'name = "scratch"\nmethod_options = { x = 1 }', "run scratch: method_options: 'x' is no"),
        ('name = "scratch"', 'name = "scratch"\nseeds = [-1]', r"run scratch: seeds \[-1\] are not allowed"),
        ('kind = "procedural"', 'kind = "stills"', "data skies has kind 'stills'; expected one of"),
        ('report = false', 'source = "tuned"', "runs start from each other in a circle"),
        ("[[run]]", "[[run", "is no TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(path: Path, old: str, new: str, message: str) -> None:
    assert old in FILE
    path.write_text(FILE.replace(old, new, 1))
    with pytest.raises(ValueError, match=message):
        read_experiment(path)


def test_no_run_no_preset(path: Path) -> None:
    with pytest.raises(ValueError, match=r"preset: 'big' is not in .*; expected small"):
        read_experiment(path, "big")
    path.write_text('title = "T"')
    with pytest.raises(ValueError, match="has no"):
        read_experiment(path)


@pytest.mark.parametrize("file", EXPERIMENTS, ids=lambda file: file.stem)
def test_committed_files_are_whole(file: Path, tmp_path: Path) -> None:
    for preset in ["", *(["reduced", "gpu"] if "[preset" in file.read_text() else [])]:
        jobs = jobs_of(read_experiment(file, preset), tmp_path)
        assert len({job.folder for job in jobs}) == len(jobs)


def test_committed_files_share_their_source(tmp_path: Path) -> None:
    first = {
        f.stem: jobs_of(read_experiment(f), tmp_path)[0].folder for f in EXPERIMENTS if "sky-source" in f.read_text()
    }
    assert len(first) == 4
    assert len(set(first.values())) == 1
