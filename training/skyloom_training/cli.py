"""skyloom-train: train, export, quantize and the verbs of other modules. Thin: parse, call, print."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from skyloom_training.experiment.verb import experiment
from skyloom_training.measure_verbs import evaluate, quality
from skyloom_training.prepare_verb import prepare
from skyloom_training.terminal import Checkpoint, loaded, print_json, stop

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Teach Skyloom skies from photos.")

app.command()(prepare)
app.command()(evaluate)
app.command()(quality)


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="CCSN zip: photos in folders named by class code.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; a run that is there goes on.")] = Path("runs/first-sky"),
    kimg: Annotated[float, typer.Option(min=0.001, help="Stop at this many thousand domes.")] = 200.0,
    seed: Annotated[int, typer.Option(min=0)] = 1,
    cool_kimg: Annotated[float, typer.Option(min=0.0, help="Learning rates fall over the last of them.")] = 6.0,
    batch: Annotated[int, typer.Option(min=1, help="Domes a step.")] = 8,
    views: Annotated[int, typer.Option(min=1, help="Wide views of a dome.")] = 2,
    close_views: Annotated[int, typer.Option(min=0, help="Close views of a dome.")] = 2,
    tail: Annotated[int, typer.Option(min=0, help="Channels of one octave more: twice the dome. 0: none.")] = 16,
    layout: Annotated[int, typer.Option(min=0, help="Noise maps that place the weather. 0: a learned constant.")] = 16,
    arcs: Annotated[int, typer.Option(min=0, help="Great circles of chance for trails to grow from.")] = 4,
    stationary: Annotated[bool, typer.Option(help="Places differ by zenith distance alone.")] = True,
    class_weight: Annotated[float, typer.Option(min=0.0, help="Share of the class term in G's loss.")] = 0.2,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    threads: Annotated[int, typer.Option(min=1)] = 2,
    bf16: Annotated[bool, typer.Option(help="bfloat16 autocast.")] = True,
    packed: Annotated[Path, typer.Option(help="Where the decoded photos are kept.")] = Path("runs/ccsn.npz"),
    init: Annotated[Path | None, typer.Option(help="Start a new run from this weights file.")] = None,
    slope_kept: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="With --init: share of its start's slope that is kept.")
    ] = 1.0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the options and the networks' sizes, and stop.")
    ] = False,
) -> None:
    """Train a conditional dome generator through a virtual camera."""
    from skyloom_training.config import TrainOptions

    if batch % 2:
        stop(f"batch: {batch} is odd; domes come in pairs of a class, so expected an even number")
    options = TrainOptions()
    options = replace(
        options,
        data=str(data),
        out=str(out),
        kimg=kimg,
        cool_kimg=cool_kimg,
        seed=seed,
        batch=batch,
        views_per_dome=views,
        close_views=close_views,
        shape=replace(options.shape, tail=tail, layout=layout, arcs=arcs, stationary=stationary),
        class_weight=class_weight,
        slope_kept=slope_kept,
        device=device,
        threads=threads,
        bf16=bf16,
    )
    if device not in ("cpu", "cuda"):
        stop(f"device: {device!r} is not known; expected cpu or cuda")
    if not data.is_file():
        stop(f"data: {str(data)!r} is not a file; expected the CCSN zip")
    if dry_run:
        print_json(_plan(options))
        return
    import torch

    from skyloom_training.data.ccsn import prepare
    from skyloom_training.loop import Trainer

    if device == "cuda" and not torch.cuda.is_available():
        stop("device: 'cuda' is not available here; expected cpu")
    torch.set_num_threads(threads)
    try:
        photos = prepare(data, packed).part(held_out=False)
        trainer = Trainer(options, photos)
        if init is not None:
            trainer.start_from(init)
        trainer.run()
    except (ValueError, OSError) as error:
        stop(str(error))
    except FloatingPointError as error:
        stop(str(error), code=1)


@app.command()
def detail(
    data: Annotated[Path, typer.Option(help="CCSN zip.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; a run that is there goes on.")] = Path("runs/detail"),
    panoramas: Annotated[Path | None, typer.Option(help="Folder of sky panoramas, JPEG, 4096 x 2048.")] = None,
    steps: Annotated[int, typer.Option(min=1, help="Stop after this many batches.")] = 2500,
    seed: Annotated[int, typer.Option(min=0)] = 1,
    threads: Annotated[int, typer.Option(min=1)] = 2,
    packed: Annotated[Path, typer.Option(help="Where the decoded photos are kept.")] = Path("runs/ccsn.npz"),
) -> None:
    """Train the net that makes a dome four times as large."""
    import torch

    from skyloom_training.data.ccsn import prepare
    from skyloom_training.detail.loop import DetailOptions, DetailTrainer
    from skyloom_training.detail.photos import with_panoramas

    if not (data.is_file() or packed.is_file()):
        stop(f"data: {str(data)!r} is not a file; expected the CCSN zip")
    torch.set_num_threads(threads)
    try:
        photos = prepare(data, packed).part(held_out=False)
        if panoramas is not None:
            photos = with_panoramas(photos, panoramas)
        DetailTrainer(DetailOptions(out=str(out), steps=steps, seed=seed, threads=threads), photos).run()
    except (ValueError, OSError) as error:
        stop(str(error))
    except FloatingPointError as error:
        stop(str(error), code=1)


@app.command("detail-model")
def detail_model(
    run: Annotated[Path, typer.Argument(help="A detail run's last.pt.")],
    dome: Annotated[Path, typer.Option(help="Weights or checkpoint of the dome generator, to calibrate on.")],
    out: Annotated[Path, typer.Option(help="The model folder; replaced when it is whole, its card.md kept.")],
    name: Annotated[str, typer.Option(help="Name in the manifest.")] = "skyloom-detail-4x",
    licence: Annotated[str, typer.Option()] = "Apache-2.0",
    data: Annotated[Path | None, typer.Option(help="CCSN zip: also measure on held-out photos.")] = None,
    strength: Annotated[
        float,
        typer.Option(min=0.0, max=1.0, help="Share of what the net adds that is kept."),
    ] = 0.55,
    packed: Annotated[Path, typer.Option()] = Path("runs/ccsn.npz"),
) -> None:
    """Detail run -> model folder: ONNX, int8 QDQ, manifest with hashes, parity, and how it does on held-out photos."""
    from skyloom_training.data.ccsn import prepare
    from skyloom_training.detail.evaluate import evaluate_detail
    from skyloom_training.detail.export import build_detail
    from skyloom_training.detail.loop import load_detail
    from skyloom_training.metrics.generated import generated_domes

    generator, _, _ = loaded(dome)
    try:
        net, steps = load_detail(run)
        net.weaken(strength)
        # A part of each dome: calibration keeps all activations of all pictures in memory.
        domes = generated_domes(generator, 44)[:, :, -192:-64, -192:-64]
        report = build_detail(net, out, name, licence, {"steps": steps, "strength": strength}, domes)
        result: dict[str, Any] = {"parity": asdict(report)}
        if data is not None:
            result["held_out"] = asdict(evaluate_detail(net, prepare(data, packed).part(held_out=True)))
    except (ValueError, OSError) as error:
        stop(str(error))
    print_json(result)


@app.command()
def export(
    checkpoint: Checkpoint,
    out: Annotated[Path, typer.Option(help="Folder for mapping.onnx and synthesis-fp32.onnx.")],
) -> None:
    """torch -> ONNX, float32."""
    from skyloom_training.export.to_onnx import export_float

    generator, _, _ = loaded(checkpoint)
    if there := [name for name in ("mapping.onnx", "synthesis-fp32.onnx") if (out / name).exists()]:
        stop(f"out: {str(out)!r} has {' and '.join(there)} already; expected a new folder")
    print_json({"written": [str(path) for path in export_float(generator.eval(), out)]})


@app.command()
def weights(
    checkpoint: Checkpoint,
    out: Annotated[Path, typer.Option(help="The weights file, float16.")],
) -> None:
    """Checkpoint -> small weights file that another run can start from (train --init)."""
    from skyloom_training import checkpoint as files
    from skyloom_training.weights import save_weights

    if out.exists():
        stop(f"out: {str(out)!r} exists; expected a new file")
    try:
        save_weights(files.load(checkpoint), out)
    except (OSError, ValueError, FloatingPointError) as error:
        stop(str(error))
    print_json({"written": str(out), "bytes": out.stat().st_size})


@app.command()
def quantize(
    checkpoint: Checkpoint,
    out: Annotated[Path, typer.Option(help="The model folder; replaced when it is whole, its card.md kept.")],
    name: Annotated[str, typer.Option(help="Name in the manifest.")] = "skyloom-dome-512",
    licence: Annotated[str, typer.Option()] = "Apache-2.0",
    float_out: Annotated[Path | None, typer.Option(help="Also keep the float32 synthesis here.")] = None,
) -> None:
    """Checkpoint -> model folder: ONNX, int8 QDQ, manifest with hashes, parity report."""
    from skyloom_training.export.package import build_model

    generator, options, images = loaded(checkpoint)
    training = {"kimg": images / 1000, "seed": options.seed, "data": "CCSN (doi:10.7910/DVN/CADDPD)"}
    try:
        report = build_model(generator, out, name, licence, training, float_out)
    except (ValueError, OSError) as error:
        stop(str(error))
    print_json(report.as_dict())


app.command()(experiment)


def _plan(options: Any) -> dict[str, Any]:
    from skyloom_training.networks.generator import Generator
    from skyloom_training.networks.projected import ProjectedDiscriminator

    generator = Generator(options.shape)
    discriminator = ProjectedDiscriminator(options.shape.classes, options.head_width)
    return {
        "options": asdict(options),
        "dome": options.shape.dome,
        "generator_parameters": sum(p.numel() for p in generator.parameters()),
        "discriminator_trained_parameters": sum(p.numel() for p in discriminator.trained_parameters()),
        "steps": int(options.kimg * 1000 / options.batch),
    }


def main() -> None:
    """Entry point; says what to install where the training extra is missing."""
    try:
        app()
    except ModuleNotFoundError as error:
        typer.echo(
            f"skyloom-train: {error.name} is missing; install the extra: pip install 'skyloom[training]'", err=True
        )
        sys.exit(1)
