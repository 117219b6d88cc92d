"""The verb ``info``: what a server offers, the recipe in a file, and how seamless a picture is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skyloom.cli.exits import guarded

if TYPE_CHECKING:
    from skyloom.client import ServerInfo

_SEAMS = {
    "wrap_ratio": "step across the wrap / inner steps",
    "edge_ratio": "largest step across a cube edge / inner steps",
    "edge_mismatch": "mean step across the cube edges, 0 to 1",
    "zenith_ratio": "variance around the zenith / that at 30 degrees",
}


def _complete_kind(incomplete: str) -> list[str]:
    return [kind for kind in ("panorama", "faces", "cross") if kind.startswith(incomplete.lower())]


@guarded
def info(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...", help="A picture or recipe to look into; none: ask the server.", show_default=False
        ),
    ] = None,
    seams: Annotated[
        bool, typer.Option("--seams", help="Measure the seams of a panorama, a cross, or six faces.")
    ] = False,
    kind: Annotated[
        str | None,
        typer.Option(
            help="With --seams: panorama, faces or cross. Default: told from the shape.", autocompletion=_complete_kind
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            envvar="SKYLOOM_SERVER",
            help="A running server. Default: one inside this process.",
        ),
    ] = None,
    token: Annotated[
        str | None, typer.Option(envvar="SKYLOOM_TOKEN", help="The server's token; best given by SKYLOOM_TOKEN.")
    ] = None,
    model_dir: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Models for the server inside this process."),
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds for the answer.")] = 30.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Show what the server offers, or the recipe in a picture, or (--seams) how seamless a picture is."""
    from skyloom.errors import InvalidInput

    if seams:
        if not files:
            raise InvalidInput("files", "none", "a picture for --seams")
        described = _seams(files, kind)
    elif kind is not None:
        raise InvalidInput("kind", kind, "no --kind without --seams")
    elif files:
        described = {"files": [_file(path) for path in files]}
    else:
        from skyloom.cli.connect import connect

        with connect(server, token, timeout, model_dir) as client:
            found = client.info()
        if not as_json:
            _print_server(found, server)
            return
        described = asdict(found)
        for cloud in described["cloud_types"]:
            del cloud["thumbnail_png"]
    if as_json:
        typer.echo(json.dumps(described))
    elif seams:
        _print_seams(described)
    else:
        for entry in described["files"]:
            _print_file(entry)


def _file(path: Path) -> dict[str, Any]:
    from skyloom.imaging.codec import probe
    from skyloom.recipe import TEXT_KEY, recipe_from_json

    entry: dict[str, Any] = {"path": str(path)}
    try:
        is_json = path.suffix.lower() == ".json" and path.is_file()
        text = path.read_text("utf-8") if is_json else None
    except (OSError, UnicodeDecodeError):
        text = None
    if text is None:
        found = probe(path, "file")
        entry.update(format=found.format, width=found.width, height=found.height)
        entry.update(bit_depth=found.bit_depth, hdr=found.is_hdr)
        text = found.text.get(TEXT_KEY)
    if text is not None:
        recipe_from_json(text)  # what is shown as a recipe must be one
    entry["recipe"] = None if text is None else json.loads(text)
    return entry


def _seams(files: list[Path], kind: str | None) -> dict[str, Any]:
    from skyloom.cli.pictures import read_inputs
    from skyloom.errors import InvalidInput
    from skyloom.imaging.seams import measure

    found, pictures = read_inputs(files, kind, "kind")
    if found not in ("panorama", "faces", "cross"):
        raise InvalidInput("kind", found, "a panorama, a cross or six faces; others have no seams to measure")
    report = measure(found, [picture.pixels for picture in pictures])
    return {"kind": found, "seams": {name: value for name, value in asdict(report).items() if value is not None}}


def _print_file(entry: dict[str, Any]) -> None:
    from skyloom.recipe import recipe_from_json

    if "format" in entry:
        kind = "linear light, " if entry["hdr"] else ""
        size = f"{entry['width']}x{entry['height']}"
        typer.echo(f"{entry['path']}: {entry['format']}, {size}, {kind}{entry['bit_depth']} bits a channel")
    else:
        typer.echo(f"{entry['path']}: recipe")
    if entry["recipe"] is None:
        typer.echo("  no recipe of Skyloom")
        return
    recipe = recipe_from_json(json.dumps(entry["recipe"]))
    request = recipe.request
    ground = request.ground.mode
    if ground == "colour":
        ground = "#" + "".join(f"{round(channel * 255):02x}" for channel in request.ground.colour)
    rows = {
        "clouds": ", ".join(f"{name} {weight:g}" for name, weight in request.clouds),
        "seed": request.seed,
        "variation": f"{request.variation:g}",
        "rotation": f"{request.rotation:g} degrees",
        "exposure": f"{request.exposure:+g} stops",
        "ground": ground,
        "outputs": ", ".join(f"{spec.layout}:{spec.size} {spec.format}" for spec in request.outputs),
        "detail": request.detail,
        "model": f"{request.model} (sha256 {recipe.model_sha256 or 'not given'})",
        "made by": f"skyloom {recipe.skyloom_version or 'of an unknown version'}",
    }
    if request.detail != "off":
        rows["detail"] = f"{request.detail}, {request.detail_model} (sha256 {recipe.detail_sha256 or 'not given'})"
    if request.blend is not None:
        other = ", ".join(f"{name} {weight:g}" for name, weight in request.blend.clouds)
        rows["blend"] = f"{request.blend.position:.1%} of the way to {other}, seed {request.blend.seed}"
    for name, value in rows.items():
        typer.echo(f"  {name:<10} {value}")


def _print_seams(described: dict[str, Any]) -> None:
    typer.echo(f"taken as: {described['kind']}")
    for name, value in described["seams"].items():
        typer.echo(f"  {name:<14} {value:<10.4g} {_SEAMS.get(name, '')}")


def _print_server(found: ServerInfo, server: str | None) -> None:
    typer.echo(f"skyloom {found.skyloom_version}, contract {found.api_version}, {server or 'in this process'}")
    for number, model in enumerate(found.models):
        default = " (default)" if number == 0 else ""
        typer.echo(f"model {model.name}{default}: dome {model.dome_size} px, {model.licence}, sha256 {model.sha256}")
    for number, detail in enumerate(found.detail_models):
        default = " (default)" if number == 0 else ""
        typer.echo(f"detail {detail.name}{default}: x{detail.factor}, {detail.licence}, sha256 {detail.sha256}")
    if not found.detail_models:
        typer.echo("detail: no model, every dome stays as it is")
    for cloud in found.cloud_types:
        typer.echo(f"  {cloud.code}  {cloud.name:<14} {cloud.description}")
    sizes = ", ".join(f"{layout} {low} to {high}" for layout, low, high in found.limits.sizes)
    typer.echo(f"sizes: {sizes}")
