"""The report of an experiment: a Markdown table and a plot of quality over kimg, from the jobs' results."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import psutil

from skyloom_training.experiment.file import Experiment, Run
from skyloom_training.experiment.jobs import Job
from skyloom_training.experiment.worker import read_result

Results = dict[str, list[dict[str, Any]]]


def write_report(experiment: Experiment, jobs: list[Job], failed: dict[Path, str], folder: Path) -> tuple[Path, Path]:
    """table.md and curves.png in ``folder``, which may hold those of an earlier time; returns their paths."""
    results: Results = {run.name: [] for run in experiment.runs}
    for job in jobs:
        if (result := read_result(job.result)) is not None:
            results[job.run].append(result)
    reasons = {job.run: failed[job.folder] for job in jobs if job.folder in failed}
    folder.mkdir(parents=True, exist_ok=True)
    table, plot = folder / "table.md", folder / "curves.png"
    _replace(table, table_text(experiment, results, reasons).encode())
    _replace(plot, plot_png(experiment, results))
    return table, plot


def table_text(experiment: Experiment, results: Results, reasons: dict[str, str]) -> str:
    """A row a run: Fréchet distance at every share of the budget, kernel distance at the end, time and memory."""
    runs = [run for run in experiment.runs if run.report]
    shares = sorted({share for run in runs for share in run.options.evaluate_at})
    head = ["run", *(f"{share:.0%}" for share in shares), "kernel · 10³", "p", _clock(runs)[0], "MiB", "seeds"]
    lines = [f"### {experiment.title}", ""]
    if experiment.note:
        lines += [experiment.note.strip(), ""]
    lines += ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    for run in runs:
        lines.append("| " + " | ".join(_row(run, results[run.name], shares, reasons.get(run.name, ""))) + " |")
    return "\n".join([*lines, "", *_footnotes(experiment, results)]) + "\n"


def _row(run: Run, results: list[dict[str, Any]], shares: list[float], reason: str) -> list[str]:
    if not results:
        why = f"failed: {' '.join(reason.split())[:100]}" if reason else "not run"
        return [run.label, why.replace("|", "/"), *[""] * (len(shares) + 4)]
    cells = [_spread([p["frechet"] for r in results for p in r["curve"] if abs(p["share"] - s) < 1e-9]) for s in shares]
    last = [r["curve"][-1]["kernel"] * 1000 for r in results if r["curve"]]
    speed = _spread([r[_clock([run])[1]] / r["kimg"] for r in results])
    memory = f"{max(r['peak_mib'] for r in results):.0f}"
    strength = f"{mean(r['ada_p'] for r in results):.2f}"
    return [run.label, *cells, _spread(last), strength, speed, memory, str(len(results))]


def _footnotes(experiment: Experiment, results: Results) -> list[str]:
    done = [r for run in experiment.runs for r in results[run.name]]
    if not done:
        return ["No run is done."]
    reported = [run for run in experiment.runs if run.report and results[run.name]] or list(experiment.runs)
    first = next(r for run in reported for r in results[run.name])
    options = reported[0].options
    size = f"{options.size}², channel base {options.channel_base}, batch {options.batch}, {options.discriminator}"
    floor = first.get("floor") or {}
    budget = max(result["kimg"] for run in reported for result in results[run.name] or [first])
    other = f" Other crops of the same photos: {floor['frechet']:.1f} ({floor['kernel'] * 1000:.2f})." if floor else ""
    name, clock = _clock(reported)
    unit = "core-minutes" if "core" in name else "minutes"
    minutes = sum(result[clock] for result in done) / 60
    lines = [
        f"Fréchet distance at shares of the budget of {budget:g} kimg, in EfficientNet-Lite2 features (no FID): "
        f"{first['samples']} made against {first['real']} real pictures, EMA weights, psi 1; "
        "mean ± standard deviation over seeds where there are several.",
        f"Nets: {size} discriminator; p: strength of augmentation at the end.{other}",
        f"Training alone, without measuring, {minutes:.0f} {unit} in all, on {_machine(options.device)}; "
        f"torch {first['torch']}, {first['when']}.",
    ]
    return [line + "  " for line in lines]


def _clock(runs: list[Run]) -> tuple[str, str]:
    """Heading and field of the time: a CPU's own work, or what passed while a GPU was at it."""
    if all(run.options.device == "cpu" for run in runs):
        return "core-s/kimg", "core_seconds"
    return "s/kimg", "seconds"


def _spread(values: list[float]) -> str:
    if not values:
        return ""
    digits = 1 if mean(values) < 1000 else 0
    text = f"{mean(values):.{digits}f}"
    return f"{text} ± {stdev(values):.{digits}f}" if len(values) > 1 else text


def _machine(device: str) -> str:
    if device == "cuda":
        import torch

        return torch.cuda.get_device_name() if torch.cuda.is_available() else "CUDA"
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{name}, {psutil.cpu_count()} cores"


def plot_png(experiment: Experiment, results: Results) -> bytes:
    """Fréchet distance over kimg, a line a run, a band from the least to the greatest of its seeds."""
    import io

    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.ticker import LogLocator, ScalarFormatter

    figure, axes = pyplot.subplots(figsize=(10, 5), layout="constrained")
    shown = [run for run in experiment.runs if run.report and any(r["curve"] for r in results[run.name])]
    for index, run in enumerate(shown):
        curves = [r["curve"] for r in results[run.name] if r["curve"]]
        count = min(len(curve) for curve in curves)
        x = [curves[0][i]["kimg"] for i in range(count)]
        values = [[curve[i]["frechet"] for curve in curves] for i in range(count)]
        # There are ten colours: after them come other strokes.
        stroke = ("-", "--", ":", "-.")[index // 10 % 4]
        middle = [mean(v) for v in values]
        (line,) = axes.plot(x, middle, stroke, marker="o", markersize=3, label=run.label)
        axes.fill_between(x, [min(v) for v in values], [max(v) for v in values], alpha=0.2, color=line.get_color())
    axes.set(xlabel="kimg", ylabel="Fréchet distance (EfficientNet-Lite2)", title=experiment.title)
    if shown:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 3.0, 5.0, 7.0)))
        for which in (axes.yaxis.set_major_formatter, axes.yaxis.set_minor_formatter):
            which(ScalarFormatter())
        figure.legend(loc="outside right upper", fontsize="small")
    axes.grid(alpha=0.3, which="both")
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=120)
    pyplot.close(figure)
    return data.getvalue()


def _replace(path: Path, data: bytes) -> None:
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
