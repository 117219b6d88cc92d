"""The verb ``generate``: a sky from a cloud type and a seed, or again from a recipe; or the way to another sky."""

from __future__ import annotations

import json
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skyloom.cli.asked import (
    LAYOUT_HELP,
    SIZE_HELP,
    complete_cloud,
    complete_detail,
    complete_ground,
    complete_layout,
    whole_number,
)
from skyloom.cli.exits import guarded
from skyloom.request import FORMATS

if TYPE_CHECKING:
    from skyloom.client import SkyResult

_SKY = "The sky"
_WAY = "The way to another sky"
_PICTURES = "The pictures"
_SERVER = "The server"
# What a job may take unless --timeout says otherwise.
_SECONDS, _SECONDS_PER_FRAME = 300.0, 30.0


@guarded
def generate(
    cloud: Annotated[
        str | None,
        typer.Option(
            help="A cloud type (name or CCSN code), or a mix: cumulus:0.7,cirrus:0.3.",
            autocompletion=complete_cloud,
            rich_help_panel=_SKY,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            parser=whole_number, metavar="N", help="0 to 4294967295. Default: drawn, and printed.", rich_help_panel=_SKY
        ),
    ] = None,
    variation: Annotated[
        float | None,
        typer.Option(help="0: the type's average sky, 1: all its variety. Default 0.7.", rich_help_panel=_SKY),
    ] = None,
    rotate: Annotated[
        float | None, typer.Option(help="Degrees about the vertical, -360 to 360.", rich_help_panel=_SKY)
    ] = None,
    exposure: Annotated[float | None, typer.Option(help="Stops, -5 to 5.", rich_help_panel=_SKY)] = None,
    ground: Annotated[
        str | None,
        typer.Option(
            help="Below the horizon: fade (default), mirror, or a colour as #rrggbb.",
            autocompletion=complete_ground,
            rich_help_panel=_SKY,
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Name of a model. Default: the server's first.", rich_help_panel=_SKY)
    ] = None,
    detail: Annotated[
        str | None,
        typer.Option(
            help="off, standard (the dome four times as large) or high (eight times, for pictures that need it). "
            "Default: auto, standard for large pictures (a panorama of 3038, faces of 720).",
            autocompletion=complete_detail,
            rich_help_panel=_SKY,
        ),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Make the sky of this picture or recipe again, byte for byte. Output options may ask for other "
            "pictures of it; options that would change the sky itself are refused.",
            rich_help_panel=_SKY,
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            help="A cloud type or a mix: make the frames from --cloud to it, each with its own recipe.",
            autocompletion=complete_cloud,
            rich_help_panel=_WAY,
        ),
    ] = None,
    to_seed: Annotated[
        int | None,
        typer.Option(
            parser=whole_number,
            metavar="N",
            help="Seed at the end. Default: the same, so that only the weather changes.",
            rich_help_panel=_WAY,
        ),
    ] = None,
    frames: Annotated[
        int | None,
        typer.Option(parser=whole_number, metavar="N", help="2 to 240. Default 24.", rich_help_panel=_WAY),
    ] = None,
    loop: Annotated[
        bool,
        typer.Option("--loop", help="There and back: the last frame leads into the first.", rich_help_panel=_WAY),
    ] = False,
    pace: Annotated[
        str | None,
        typer.Option(help="even (default), or eased: slow at both ends.", rich_help_panel=_WAY),
    ] = None,
    layout: Annotated[
        list[str] | None,
        typer.Option(help=LAYOUT_HELP, autocompletion=complete_layout, rich_help_panel=_PICTURES),
    ] = None,
    size: Annotated[
        int | None, typer.Option(parser=whole_number, metavar="PIXELS", help=SIZE_HELP, rich_help_panel=_PICTURES)
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(help="png or jpg. Default: what -o says, else png.", rich_help_panel=_PICTURES),
    ] = None,
    quality: Annotated[
        int | None,
        typer.Option(
            parser=whole_number, metavar="Q", help="JPEG quality, 1 to 100. Default 95.", rich_help_panel=_PICTURES
        ),
    ] = None,
    yaw: Annotated[
        float | None, typer.Option(help="Camera of a perspective, degrees right of +Z.", rich_help_panel=_PICTURES)
    ] = None,
    pitch: Annotated[
        float | None, typer.Option(help="Degrees above the horizon. Default 20.", rich_help_panel=_PICTURES)
    ] = None,
    fov: Annotated[
        float | None, typer.Option(help="Horizontal field of view, degrees. Default 90.", rich_help_panel=_PICTURES)
    ] = None,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A file (several pictures: NAME_front.png, ...), or a folder. Default: this folder.",
            rich_help_panel=_PICTURES,
        ),
    ] = ".",
    recipe: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the recipe as JSON.", rich_help_panel=_PICTURES)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.", rich_help_panel=_PICTURES)] = False,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            envvar="SKYLOOM_SERVER",
            help="A running server. Default: one inside this process.",
            rich_help_panel=_SERVER,
        ),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="SKYLOOM_TOKEN", help="The server's token; best given by SKYLOOM_TOKEN.", rich_help_panel=_SERVER
        ),
    ] = None,
    model_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Models for the server inside this process.",
            rich_help_panel=_SERVER,
        ),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(
            help="Seconds for the whole job. Default 300, and 30 more for every frame.", rich_help_panel=_SERVER
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Make a sky and write its pictures; with --to or --to-seed, a numbered set of frames on the way to another."""
    from skyloom.cli.connect import connect
    from skyloom.cli.output import check_writable, format_of, plan, plan_frames, write_all
    from skyloom.cli.progress import progress_bar
    from skyloom.cli.wanted import (
        OutputOptions,
        SkyOptions,
        WayOptions,
        load_recipe,
        new_request,
        request_from_recipe,
        transition_over,
    )
    from skyloom.errors import InvalidInput
    from skyloom.recipe import recipe_to_json

    sky = SkyOptions(cloud, seed, variation, rotate, exposure, ground, model, detail)
    pictures = OutputOptions(layout or (), size, format, format_of(output, FORMATS), quality, yaw, pitch, fov)
    again = None if from_ is None else load_recipe(from_)
    request = new_request(sky, pictures) if again is None else request_from_recipe(again, sky, pictures)
    way = transition_over(request, WayOptions(to, to_seed, frames, loop, pace))
    stem = f"{'-'.join(name for name, _ in request.clouds)}_{request.seed}"
    if way is None:
        paths = {(0, *key): path for key, path in plan(output, stem, request.outputs).items()}
    else:
        paths = plan_frames(output, stem, request.outputs, way.frames)
    if way is not None and recipe is not None:
        raise InvalidInput("recipe", str(recipe), "no --recipe for a sequence: every frame carries its own")
    check_writable([*paths.values(), *([recipe] if recipe else [])], force)
    if timeout is None:
        timeout = _SECONDS + (0 if way is None else _SECONDS_PER_FRAME * way.frames)

    started = time.perf_counter()
    with connect(server, token, timeout, model_dir) as client, progress_bar(not as_json) as show:
        make = partial(client.generate, request) if way is None else partial(client.generate_transition, way)
        result = make(
            on_event=show,
            model_sha256=again.model_sha256 if again else "",
            detail_sha256=again.detail_sha256 if again else "",
            cancel_on_disconnect=True,
        )
    assert result.request is not None
    made = recipe_to_json(
        result.request, result.model_name, result.model_sha256, result.skyloom_version, result.detail_sha256
    )
    files = {paths[image.frame, image.output_index, image.face]: image.data for image in result.images}
    if recipe is not None:
        files[recipe] = f"{made}\n".encode()
    write_all(files, force)
    if again is not None and again.skyloom_version not in ("", result.skyloom_version):
        typer.echo(
            f"skyloom: the recipe is from version {again.skyloom_version}, this is {result.skyloom_version}: "
            "the pictures may differ",
            err=True,
        )
    seconds = time.perf_counter() - started
    if as_json:
        typer.echo(json.dumps(_as_json(result, paths, recipe, made, seconds)))
    else:
        _print_for_people(result, list(files), seconds)


def _as_json(
    result: SkyResult, paths: dict[tuple[int, int, str], Path], recipe: Path | None, made: str, seconds: float
) -> dict[str, object]:
    files = [
        {
            "path": str(paths[image.frame, image.output_index, image.face]),
            "layout": image.layout,
            "face": image.face,
            "width": image.width,
            "height": image.height,
            "format": image.format,
            "bytes": len(image.data),
            "sha256": image.sha256,
            **({"frame": image.frame, "position": result.positions[image.frame]} if result.positions else {}),
        }
        for image in result.images
    ]
    seams = {name: value for name, value in vars(result.seams).items() if value is not None}
    return {
        "files": files,
        "recipe_file": None if recipe is None else str(recipe),
        "recipe": json.loads(made),
        "seed": result.request.seed if result.request else None,
        "seams": seams,
        "timings": dict(result.timings),
        "seconds": round(seconds, 3),
        "job_id": result.job_id,
    }


def _print_for_people(result: SkyResult, files: list[Path], seconds: float) -> None:
    assert result.request is not None
    shown = f"{_in_words(result.request.clouds)}, seed {result.request.seed}"
    if result.transition is not None:
        way = result.transition
        seed = "" if way.to_seed in (None, result.request.seed) else f", seed {way.to_seed}"
        shown += f" to {_in_words(way.to_clouds)}{seed}{' and back' if way.loop else ''}, {way.frames} frames"
    detail = "" if result.request.detail == "off" else f", detail {result.request.detail}"
    typer.echo(f"{shown}{detail}, model {result.model_name}, {seconds:.2f} s")
    for path in files:
        typer.echo(str(path))


def _in_words(clouds: tuple[tuple[str, float], ...]) -> str:
    return ", ".join(name if weight == 1 else f"{name} {weight:g}" for name, weight in clouds)
