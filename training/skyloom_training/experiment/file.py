"""An experiment's TOML file: data, defaults, presets and runs, checked before anything starts."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from skyloom_training.lab.options import LabOptions, options_from
from skyloom_training.lab.sources import KINDS
from skyloom_training.transfer import METHODS
from skyloom_training.transfer.method import make

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_TOP = ("title", "note", "seeds", "data", "defaults", "preset", "run")
_RUN = ("name", "label", "seeds", "source", "report")


@dataclass(frozen=True)
class Run:
    """One line of the table: options (of seed 1), the seeds it is repeated with, and the run that it starts from."""

    name: str
    label: str
    options: LabOptions
    seeds: tuple[int, ...]
    source: str
    report: bool


@dataclass(frozen=True)
class Experiment:
    """A checked file: runs in an order in which sources come first, and the data that they name."""

    name: str
    title: str
    note: str
    preset: str
    runs: tuple[Run, ...]
    data: dict[str, dict[str, Any]]


def read_experiment(
    path: Path,
    preset: str = "",
    paths: dict[str, str] | None = None,
    machine: dict[str, Any] | None = None,
) -> Experiment:
    """Read and check a file; ``paths`` replaces paths of its data, ``machine`` its options of the machine.

    A relative path of data counts from the working folder, as it does on the command line.

    Raises:
        FileNotFoundError: no such file.
        ValueError: what is wrong, and where.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: is no TOML ({error})") from error
    _only(raw, _TOP, str(path))
    if not raw.get("run"):
        raise ValueError(f"{path}: has no [[run]]")
    presets = raw.get("preset", {})
    if preset and preset not in presets:
        raise ValueError(f"preset: {preset!r} is not in {path}; expected {' or '.join(presets) or 'none'}")
    over = dict(presets.get(preset, {}))
    seeds = over.pop("seeds", raw.get("seeds", [1]))
    data = _data(raw.get("data", {}), paths or {}, path)
    runs = []
    for entry in raw["run"]:
        runs.append(_run(entry, raw.get("defaults", {}), over, machine or {}, seeds, data, path))
    return Experiment(path.stem, raw.get("title", path.stem), raw.get("note", ""), preset, _ordered(runs, path), data)


def _run(
    entry: dict[str, Any],
    defaults: dict[str, Any],
    over: dict[str, Any],
    machine: dict[str, Any],
    seeds: list[int],
    data: dict[str, dict[str, Any]],
    path: Path,
) -> Run:
    name = entry.get("name", "")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"{path}: run name {name!r} is not allowed; expected small letters, digits, dots and dashes")
    where = f"{path}: run {name}"
    own = {key: value for key, value in entry.items() if key not in _RUN}
    # A preset changes sizes for all; what a run says of itself wins, but for the budget, which scales with it.
    share = own.pop("budget", 1.0)
    try:
        options = options_from({**defaults, **over, **own, **machine})
        options = replace(options, kimg=options.kimg * share)
        if options.method not in METHODS:
            raise ValueError(f"method: {options.method!r} is not allowed; expected one of {', '.join(METHODS)}")
        make(METHODS[options.method], options.method_options, options.method)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{where}: {error}") from error
    if options.data not in data:
        raise ValueError(f"{where}: data {options.data!r} is not in the file; expected {', '.join(data)}")
    own_seeds = entry.get("seeds", seeds)
    if not own_seeds or not all(isinstance(seed, int) and seed >= 0 for seed in own_seeds):
        raise ValueError(f"{where}: seeds {own_seeds!r} are not allowed; expected whole numbers from 0")
    return Run(
        name, entry.get("label", name), options, tuple(own_seeds), entry.get("source", ""), entry.get("report", True)
    )


def _data(raw: dict[str, Any], paths: dict[str, str], path: Path) -> dict[str, dict[str, Any]]:
    data = {name: dict(spec) for name, spec in raw.items()}
    for name in ("textures",):
        data.setdefault(name, {"kind": name})
    for name, spec in data.items():
        if spec.get("kind") not in KINDS:
            raise ValueError(f"{path}: data {name} has kind {spec.get('kind')!r}; expected one of {', '.join(KINDS)}")
    for name, place in paths.items():
        if name not in data:
            raise ValueError(f"data: {name!r} is not in {path}; expected one of {', '.join(data)}")
        data[name]["path"] = place
    return data


def _ordered(runs: list[Run], path: Path) -> tuple[Run, ...]:
    """Sources before those that start from them; otherwise as in the file."""
    names = [run.name for run in runs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{path}: there are two runs named {twice[0]}")
    for run in runs:
        if run.source and run.source not in names:
            raise ValueError(f"{path}: run {run.name} starts from {run.source!r}, which is no run of the file")
    done: list[Run] = []
    while len(done) < len(runs):
        ready = [r for r in runs if r not in done and (not r.source or r.source in [d.name for d in done])]
        if not ready:
            raise ValueError(f"{path}: runs start from each other in a circle")
        done.append(ready[0])
    return tuple(done)


def _only(raw: dict[str, Any], allowed: tuple[str, ...], where: str) -> None:
    if unknown := sorted(set(raw) - set(allowed)):
        raise ValueError(f"{where}: {unknown[0]!r} is not known; expected {', '.join(allowed)}")


def describe(run: Run) -> dict[str, Any]:
    """A run's options as plain values."""
    return {"name": run.name, "seeds": list(run.seeds), "source": run.source, **asdict(run.options)}
