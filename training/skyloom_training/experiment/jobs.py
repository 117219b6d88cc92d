"""Jobs: each run with each seed, in a folder named by what it is, so that files with the same run share it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from skyloom_training.experiment.file import Experiment, Run
from skyloom_training.lab.options import LabOptions

# Options that change how a run is made and not what it is.
_MACHINE = ("device", "threads", "checkpoint_kimg", "log_steps", "source", "seed")


@dataclass(frozen=True)
class Job:
    """One run with one seed, and all that a process needs to make it."""

    run: str
    label: str
    options: LabOptions
    folder: Path
    source: Path | None  # the checkpoint to start from
    data: dict[str, Any]
    data_folder: Path

    @property
    def result(self) -> Path:
        """Written when the job is done."""
        return self.folder / "result.json"

    @property
    def failure(self) -> Path:
        """Why it failed, if it did."""
        return self.folder / "error.txt"


def jobs_of(experiment: Experiment, out: Path) -> list[Job]:
    """All jobs, sources first. A source with fewer seeds than those that start from it serves them by its first."""
    made: dict[str, dict[int, Job]] = {}
    for run in experiment.runs:
        made[run.name] = {}
        for seed in run.seeds:
            before = made[run.source] if run.source else {}
            start = (before.get(seed) or next(iter(before.values()))) if before else None
            made[run.name][seed] = _job(run, seed, experiment.data[run.options.data], start, out)
    return [job for jobs in made.values() for job in jobs.values()]


def _job(run: Run, seed: int, data: dict[str, Any], start: Job | None, out: Path) -> Job:
    options = replace(run.options, seed=seed)
    what = {k: v for k, v in asdict(options).items() if k not in _MACHINE}
    # Where data lies is not what it is; another set needs another name.
    what["data"] = {"name": options.data, **{k: v for k, v in data.items() if k not in ("path", "packed")}}
    what["source"] = start.folder.name if start else ""
    mark = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:10]
    folder = out / "runs" / f"{options.data}-{options.method}-{mark}-s{seed}"
    source = start.folder / "last.pt" if start else None
    return Job(run.name, run.label, options, folder, source, data, out / "data")


def needed(jobs: list[Job], names: list[str]) -> list[Job]:
    """Jobs of the named runs and those that they start from, sources first."""
    wanted = {job.folder for job in jobs if job.run in names}
    for job in reversed(jobs):
        if job.folder in wanted and job.source is not None:
            wanted.add(job.source.parent)
    return [job for job in jobs if job.folder in wanted]
