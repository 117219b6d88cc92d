"""skyloom-train evaluate and quality: how good skies are, by probes, distances and how they lie."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from skyloom_training.terminal import Checkpoint, loaded, print_json, stop

# Twelve of each class.
MEASURED_DOMES = 132


def evaluate(
    checkpoint: Checkpoint,
    data: Annotated[Path, typer.Option(help="CCSN zip.")],
    per_class: Annotated[int, typer.Option(min=1, help="Generated views of each class.")] = 50,
    psi: Annotated[float, typer.Option(min=0.0, max=1.0, help="Truncation psi.")] = 0.7,
    seeds: Annotated[int, typer.Option(min=1, help="Repeats, for the spread.")] = 3,
    packed: Annotated[Path, typer.Option()] = Path("runs/ccsn.npz"),
) -> None:
    """Per-class probe accuracy of generated views, with a network that training never saw; how skies lie."""
    import numpy as np
    import torch

    from skyloom_training.banks import bank_depth
    from skyloom_training.caps import capped_share
    from skyloom_training.data.ccsn import prepare
    from skyloom_training.metrics.circles import circles_over_sides
    from skyloom_training.metrics.generated import generated_domes, generated_views
    from skyloom_training.metrics.placed import placed_share
    from skyloom_training.metrics.probe import probe
    from skyloom_training.metrics.view_contrast import view_contrast

    generator, options, images = loaded(checkpoint)
    try:
        photos = prepare(data, packed)
    except (ValueError, OSError) as error:
        stop(str(error))
    reports = []
    held, rng = photos.part(held_out=True), np.random.default_rng(1000)
    classes = np.repeat(np.arange(options.shape.classes), per_class)
    crops = torch.from_numpy(held.crops(held.of_classes(classes, rng), options.view_size, rng))
    contrast = {"photos": view_contrast(crops.permute(0, 3, 1, 2).float() / 127.5 - 1)}
    for seed in range(seeds):
        views, _, labels = generated_views(generator, per_class, options.view_size, psi, seed=1000 + seed)
        reports.append(asdict(report := probe(photos, views, labels, seed)) | {"times_chance": report.times_chance})
        if seed == 0:
            contrast["made"] = view_contrast(views)
    domes = generated_domes(generator, MEASURED_DOMES, psi)
    skies = torch.from_numpy(domes)
    print_json(
        {"kimg": images / 1000, "psi": psi, "judge": "efficientnet-lite2", "runs": reports, "contrast": contrast}
        | {"domes": MEASURED_DOMES}
        | {"circles_over_sides": circles_over_sides(domes), "capped_share": capped_share(skies)}
        | {"bank_depth": bank_depth(skies), "placed_share": placed_share(generator, MEASURED_DOMES, psi)}
    )


def quality(
    models: Annotated[list[str], typer.Argument(help="NAME=FILE of weights or checkpoints to compare.")],
    data: Annotated[Path, typer.Option(help="CCSN zip.")],
    per_class: Annotated[int, typer.Option(min=2, help="Views of each class in every set.")] = 50,
    seeds: Annotated[int, typer.Option(min=1, help="Repeats, for the spread.")] = 3,
    psi: Annotated[float, typer.Option(min=0.0, max=1.0, help="Truncation psi.")] = 0.7,
    detail: Annotated[Path | None, typer.Option(help="Detail model: judge every model with it too.")] = None,
    threads: Annotated[int, typer.Option(min=1)] = 2,
    packed: Annotated[Path, typer.Option()] = Path("runs/ccsn.npz"),
) -> None:
    """Distances of generated views to held-out photos, beside a floor and a ceiling; a Markdown table."""
    import torch
    from skyloom.errors import ModelError
    from skyloom.generation.detail import DetailModel

    from skyloom_training.data.ccsn import prepare
    from skyloom_training.metrics.paths import dome_paths
    from skyloom_training.metrics.quality import quality, table

    torch.set_num_threads(threads)
    generators = {}
    for model in models:
        name, equals, file = model.partition("=")
        if not (name and equals and file):
            stop(f"models: {model!r} is not NAME=FILE")
        generators[name] = loaded(Path(file))[0]
    try:
        fine = None if detail is None else DetailModel(detail, threads)
        photos = prepare(data, packed)
    except (ModelError, ValueError, OSError) as error:
        stop(str(error))
    typer.echo(table(quality(generators, photos, per_class, seeds, psi, detail=fine)))
    typer.echo("\nPerceptual path length (EfficientNet-Lite2, wide views, mean ± standard error):")
    for name, generator in generators.items():
        for way, path in dome_paths(generator, psi=psi).items():
            typer.echo(f"- {name}, {way}: {path.mean:.3f} ± {path.error:.3f} ({path.pairs} pairs, step {path.step})")
