"""skyloom-train experiment: a file of runs -> a table and a plot. Thin: parse, call, print."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from skyloom_training.terminal import stop


def experiment(
    file: Annotated[Path, typer.Argument(help="TOML file of runs, as in experiments/.")],
    out: Annotated[Path, typer.Option(help="Folder of all runs; files that have a run in common share it.")] = Path(
        "runs/lab"
    ),
    preset: Annotated[str, typer.Option(help="A [preset] of the file: other sizes, as for a GPU.")] = "",
    data: Annotated[list[str] | None, typer.Option(help="NAME=PATH: where a data set of the file lies.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only this run, and what it starts from. May be repeated.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Runs at once.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="Threads of each run.")] = 1,
    device: Annotated[str | None, typer.Option(help="cpu or cuda; as in the file otherwise.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be done, and stop.")] = False,
) -> None:
    """Do all runs of a file at one budget; write OUT/NAME/table.md and curves.png.

    What is done already is not done again, and a killed run goes on from its last checkpoint. A run that fails is named
    in the table, and the exit code is then 1. Several GPUs: torchrun --nproc-per-node 4 --no-python skyloom-train ...
    """
    from skyloom_training.experiment.file import read_experiment

    paths = {}
    for entry in data or []:
        name, equals, place = entry.partition("=")
        if not equals:
            stop(f"data: {entry!r} is not allowed; expected NAME=PATH")
        paths[name] = place
    machine: dict[str, Any] = {"threads": threads} | ({"device": device} if device else {})
    try:
        plan = read_experiment(file, preset, paths, machine)
    except FileNotFoundError:
        stop(f"file: {str(file)!r} does not exist; expected an experiment's TOML file")
    except (ValueError, OSError) as error:
        stop(str(error))

    from skyloom_training.experiment.jobs import jobs_of, needed
    from skyloom_training.experiment.report import write_report
    from skyloom_training.experiment.runner import run_jobs
    from skyloom_training.experiment.worker import read_result

    if device == "cuda":
        import torch

        if not torch.cuda.is_available():
            stop("device: 'cuda' is not available here; expected cpu")
    todo = jobs_of(plan, out)
    if only:
        if unknown := sorted(set(only) - {run.name for run in plan.runs}):
            stop(f"only: {unknown[0]!r} is no run of {file}; expected {', '.join(run.name for run in plan.runs)}")
        todo = needed(todo, only)
    if dry_run:
        for job in todo:
            state = "done" if read_result(job.result) else "begun" if (job.folder / "last.pt").exists() else "to do"
            typer.echo(f"{job.run} (seed {job.options.seed}): {job.options.kimg:g} kimg, {state}, {job.folder}")
        return
    try:
        failed = run_jobs(todo, jobs, typer.echo)
        if os.environ.get("RANK", "0") != "0":
            return
        table, plot = write_report(plan, jobs_of(plan, out), failed, out / "-".join(filter(None, [plan.name, preset])))
    except KeyboardInterrupt:
        typer.echo("skyloom-train: stopped; the same command goes on", err=True)
        raise typer.Exit(130) from None
    except (ValueError, OSError, FloatingPointError) as error:
        stop(str(error), code=1)
    typer.echo(table.read_text())
    typer.echo(f"{table}\n{plot}")
    if failed:
        raise typer.Exit(1)
