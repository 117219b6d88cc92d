"""Runs jobs, each in its own process, some at a time; one that fails takes with it only those that start from it."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from skyloom_training.experiment.jobs import Job
from skyloom_training.experiment.worker import read_result, run_job, work

Tell = Callable[[str], None]


def run_jobs(jobs: Sequence[Job], at_once: int, tell: Tell) -> dict[Path, str]:
    """Make what has no result yet; returns reasons of failure by folder. KeyboardInterrupt ends the processes first."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        return _together(jobs, tell)
    # A server that has torch loaded forks a process in no time; Windows starts each anew.
    kinds = multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if "forkserver" in kinds else "spawn")
    if "forkserver" in kinds:
        context.set_forkserver_preload(["skyloom_training.experiment.worker"])
    failed: dict[Path, str] = {}
    waiting = _once(jobs)
    running: dict[Path, tuple[Job, BaseProcess]] = {}
    try:
        while waiting or running:
            for folder, (job, process) in list(running.items()):
                if process.exitcode is not None:
                    del running[folder]
                    _settle(job, process.exitcode, failed, tell)
            for job in [job for job in waiting if _stuck(job, failed)]:
                waiting.remove(job)
                failed[job.folder] = "not run: the run that it starts from failed"
                tell(f"{_name(job)}: {failed[job.folder]}")
            ready = [job for job in waiting if job.source is None or _whole(job.source, waiting, running)]
            for job in ready[: at_once - len(running)]:
                waiting.remove(job)
                tell(f"{_name(job)}: {'goes on' if (job.folder / 'last.pt').exists() else 'starts'}")
                process = context.Process(target=work, args=(job,), name=_name(job))
                process.start()
                running[job.folder] = (job, process)
            time.sleep(0.05)
    finally:
        for _, process in running.values():
            process.terminate()
            process.join()
    return failed


def _once(jobs: Sequence[Job]) -> list[Job]:
    """Jobs without a result; runs that are the same are one job."""
    by_folder = {job.folder: job for job in reversed(jobs)}
    mine = [job for job in jobs if by_folder[job.folder] is job]
    return [job for job in mine if read_result(job.result) is None]


def _stuck(job: Job, failed: dict[Path, str]) -> bool:
    return job.source is not None and job.source.parent in failed


def _whole(source: Path, waiting: list[Job], running: dict[Path, tuple[Job, BaseProcess]]) -> bool:
    return source.parent not in running and source.parent not in [job.folder for job in waiting]


def _settle(job: Job, code: int, failed: dict[Path, str], tell: Tell) -> None:
    result = read_result(job.result)
    if code == 0 and result is not None:
        cost = f"{result['seconds']:.0f} s, {result['core_seconds']:.0f} core-s"
        tell(f"{_name(job)}: done, {result['kimg']:g} kimg in {cost}")
        return
    reason = (
        job.failure.read_text() if job.failure.exists() else f"ended by signal {-code}" if code < 0 else f"exit {code}"
    )
    failed[job.folder] = reason
    tell(f"{_name(job)}: failed: {reason}")


def _together(jobs: Sequence[Job], tell: Tell) -> dict[Path, str]:
    """Under torchrun every process takes part in every job, one after the other; a failure ends them all."""
    for job in _once(jobs):
        run_job(job)
        if os.environ.get("RANK") == "0":
            tell(f"{_name(job)}: done")
    return {}


def _name(job: Job) -> str:
    return f"{job.run} (seed {job.options.seed})"
