"""One job, in a process of its own: pictures, source, method, training, measures, and at last its result."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import threading
import time
import traceback
from pathlib import Path

import torch

from skyloom_training.experiment.jobs import Job
from skyloom_training.lab.judge import Judge, sheet
from skyloom_training.lab.loop import Lab
from skyloom_training.lab.sources import load_pictures
from skyloom_training.sheets import write_sheet
from skyloom_training.transfer import METHODS
from skyloom_training.transfer.method import make
from skyloom_training.transfer.source import load_source


def work(job: Job) -> None:
    """Make the job; on failure its reason is in ``job.failure``, and SystemExit says so."""
    _end_with_parent()
    torch.set_num_threads(job.options.threads)
    job.folder.mkdir(parents=True, exist_ok=True)
    job.failure.unlink(missing_ok=True)
    try:
        run_job(job)
    except Exception as error:
        told = isinstance(error, (ValueError, OSError, FloatingPointError))
        # On a full disk there is no place for the reason, either.
        with contextlib.suppress(OSError):
            job.failure.write_text(str(error) if told else f"{type(error).__name__}: {error}")
            (job.folder / "traceback.txt").write_text(traceback.format_exc())
        raise SystemExit(1) from error


def run_job(job: Job) -> None:
    """Make the job here.

    Raises:
        ValueError, OSError, FloatingPointError: as the lab does.
    """
    options = job.options
    pictures = load_pictures(job.data, job.data_folder)
    method = make(METHODS[options.method], options.method_options, options.method)
    source = load_source(job.source) if job.source else None
    lab = Lab(options, pictures, job.folder, method, source)
    judge = None
    if options.evaluate_at:
        sizes = (options.subset, options.shown, options.samples, options.judge_side, len(lab.pictures))
        cache = job.data_folder / "features" / f"{options.data}-{'-'.join(map(str, sizes))}.npy"
        judge = Judge(lab.pictures, options.shown, options.samples, options.judge_side, cache, options.device)
    lab.run(judge)
    if not lab.workers.first:
        return
    write_sheet(job.folder / "sheet.png", sheet(lab))
    result = {
        "run": job.run,
        "seed": options.seed,
        "kimg": lab.images / 1000,
        "seconds": lab.seconds,
        "core_seconds": lab.core_seconds,
        "peak_mib": lab.peak,
        "ada_p": lab.ada.p,
        "real": judge.real if judge else 0,
        "samples": options.samples,
        "floor": judge.floor() if judge else {},
        "curve": lab.curve,
        "torch": torch.__version__,
        "when": time.strftime("%Y-%m-%d"),
    }
    beside = job.result.with_suffix(".part")
    beside.write_text(json.dumps(result, indent=2))
    os.replace(beside, job.result)


def read_result(path: Path) -> dict[str, object] | None:
    """A job's result; None where there is none or it is damaged."""
    try:
        result = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return result if isinstance(result, dict) else None


def _end_with_parent() -> None:
    """A run whose experiment was killed must not go on beside the one that resumes it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(3)

    threading.Thread(target=watch, daemon=True).start()
