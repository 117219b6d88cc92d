"""skyloom-train prepare: the options, and what is printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skyloom_training.terminal import print_json, stop

RULES = "label, resolution, blur, grayscale, text, faces, exact-duplicate, near-duplicate, ground"


def prepare(
    source: Annotated[
        Path, typer.Argument(help="Folder or zip of pictures; a folder's name is the label of its files.")
    ],
    out: Annotated[Path | None, typer.Option(help="New folder for the prepared set.")] = None,
    labels: Annotated[
        Path | None,
        typer.Option(help="dataset.json with labels; by default the one at the top of SOURCE, else folders."),
    ] = None,
    no_labels: Annotated[bool, typer.Option("--no-labels", help="One set without classes.")] = False,
    skip: Annotated[list[str] | None, typer.Option(help=f"Do not ask this rule; repeatable. {RULES}.")] = None,
    resolution: Annotated[float | None, typer.Option(help="Least shorter side, pixels. 205: 80 % of 256.")] = None,
    blur: Annotated[float | None, typer.Option(help="Greatest blur effect of the sharpest part, 0 to 1.")] = None,
    grayscale: Annotated[float | None, typer.Option(help="Least chroma of the most colourful part, CIELAB.")] = None,
    text: Annotated[float | None, typer.Option(help="Greatest share covered by text, percent.")] = None,
    faces: Annotated[float | None, typer.Option(help="Greatest score of a face; higher finds fewer.")] = None,
    near: Annotated[int, typer.Option(help="Bits of 256 in which hashes of one photo may differ.")] = 64,
    across: Annotated[
        str, typer.Option(help="A photo under several labels: both-out, first, majority or rarer label stays.")
    ] = "both-out",
    sky: Annotated[
        float, typer.Option(help="Least share of the height, from the top, that is free of ground.")
    ] = 0.375,
    pictures: Annotated[bool, typer.Option(help="Write the kept pictures, or only name them in the manifest.")] = True,
    side: Annotated[int, typer.Option(min=0, help="Write them square with this side; 0: as they are.")] = 0,
    cut_ground: Annotated[bool, typer.Option("--cut-ground", help="Cut off the rows below the sky.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the counts, write nothing.")] = False,
) -> None:
    """Filter pictures: leave out what no network should learn, say why, write the rest with labels and a report."""
    if out is None and not dry_run:
        stop("out: is missing; expected --out FOLDER, or --dry-run")
    try:
        from skyloom_training.data.examine import Settings
        from skyloom_training.data.prepare import Output, shown
        from skyloom_training.data.prepare import prepare as run

        settings = Settings(
            resolution, blur, grayscale, text, faces, near=near, across=across, sky=sky, skip=tuple(skip or ())
        )
        output = Output(pictures, side, cut_ground)
        found = run(source, None if dry_run else out, settings, output, labels, no_labels, shown)
    except ValueError as error:
        stop(str(error))
    except OSError as error:
        stop(str(error), code=1)
    for note in found["notes"]:
        typer.echo(f"skyloom-train: {note}", err=True)
    if found["empty_classes"]:
        typer.echo(f"skyloom-train: no picture is left of: {', '.join(found['empty_classes'])}", err=True)
    print_json(found | {"written": None if dry_run else str(out)})
