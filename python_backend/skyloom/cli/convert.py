"""The verb ``convert``: a user's own picture from one layout to others.

Works in this process and asks no server: the files are here, the work is a second of arithmetic without a model, and a
hop would only limit the size and the formats (EXR and HDR stay floating point here). The server offers the same
conversion to clients that have no Python, as ``ConvertImage``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skyloom.cli.asked import LAYOUT_HELP, SIZE_HELP, complete_ground, complete_layout, whole_number
from skyloom.cli.exits import guarded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_FORMATS = ("png", "jpg", "exr", "hdr")
# A stereographic dome of width D and theta_max 100 degrees is at its horizon as sharp as a panorama of 2.64 D.
_PANORAMA_PER_DOME = 2.64


def _complete_kind(incomplete: str) -> list[str]:
    from skyloom.cli.pictures import complete_kind

    return complete_kind(incomplete)


@guarded
def convert(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...", help="One picture, six faces, or a folder of six faces.", show_default=False
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A file (several pictures: NAME_front.png, ...), or a folder. Extensions: png, jpg, exr, hdr.",
        ),
    ],
    from_kind: Annotated[
        str | None,
        typer.Option(
            help="What the input shows: panorama, dome, faces, cross or photo. Default: told from its shape.",
            autocompletion=_complete_kind,
        ),
    ] = None,
    layout: Annotated[
        list[str] | None,
        typer.Option(
            help=f"{LAYOUT_HELP} Default: faces of a panorama, a panorama of anything else.",
            autocompletion=complete_layout,
        ),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(parser=whole_number, metavar="PIXELS", help=f"{SIZE_HELP} Default: as sharp as the input."),
    ] = None,
    format: Annotated[
        str | None, typer.Option(help="png, jpg, exr or hdr. Default: what -o says, else png (exr of EXR and HDR).")
    ] = None,
    quality: Annotated[
        int | None, typer.Option(parser=whole_number, metavar="Q", help="JPEG quality, 1 to 100. Default 95.")
    ] = None,
    rotate: Annotated[float, typer.Option(help="Degrees about the vertical, -360 to 360.")] = 0.0,
    exposure: Annotated[float, typer.Option(help="Stops, -5 to 5.")] = 0.0,
    ground: Annotated[
        str | None,
        typer.Option(
            help="Replace what is below the horizon: fade, mirror or #rrggbb. Default: keep it.",
            autocompletion=complete_ground,
        ),
    ] = None,
    yaw: Annotated[float | None, typer.Option(help="Camera of a perspective, degrees right of +Z.")] = None,
    pitch: Annotated[float | None, typer.Option(help="Degrees above the horizon. Default 20.")] = None,
    fov: Annotated[float | None, typer.Option(help="Horizontal field of view, degrees. Default 90.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Convert a picture of your own between panorama, dome, faces, cross, photo and perspective."""
    from skyloom.cli.asked import camera_from, make_outputs, parse_layouts, pick_format
    from skyloom.cli.output import check_writable, format_of, plan, write_all
    from skyloom.cli.pictures import read_inputs, stem_of
    from skyloom.errors import InvalidInput
    from skyloom.imaging.codec import encode
    from skyloom.imaging.convert import convert as convert_pictures
    from skyloom.request import EXPOSURE_LIMIT, parse_ground

    wanted_format = pick_format(format, format_of(output, _FORMATS), _FORMATS)
    if not -360 <= rotate <= 360:
        raise InvalidInput("rotate", rotate, "degrees from -360 to 360")
    if not -EXPOSURE_LIMIT <= exposure <= EXPOSURE_LIMIT:
        raise InvalidInput("exposure", exposure, f"stops from -{EXPOSURE_LIMIT:g} to {EXPOSURE_LIMIT:g}")
    below = None if ground is None else parse_ground(ground)
    kind, pictures = read_inputs(inputs, from_kind)
    is_hdr = pictures[0].info.is_hdr
    if any(picture.info.is_hdr != is_hdr for picture in pictures):
        raise InvalidInput("input", "a mix of float and 8-bit pictures", "six faces of one kind")

    chosen = wanted_format or ("exr" if is_hdr else "png")
    texts = layout or (["faces"] if kind == "panorama" else ["panorama"])
    layouts = parse_layouts(texts, size, sharp_sizes(kind, pictures[0].pixels.shape[1]))
    # The geometry does not care for the file's format; the check of an output knows only those of a server.
    outputs = make_outputs(layouts, "jpg" if chosen == "jpg" else "png", quality, camera_from(yaw, pitch, fov))
    paths = plan(output, stem_of(inputs, kind), outputs, chosen)
    check_writable(list(paths.values()), force)

    made = convert_pictures(
        kind, [picture.pixels for picture in pictures], outputs, rotate, exposure, below, clip=not is_hdr
    )
    files: dict[Path, bytes] = {}
    described = []
    for item in made:
        path = paths[item.output_index, item.face]
        files[path] = encode(for_format(item.pixels, is_hdr, chosen), chosen, outputs[item.output_index].quality)
        height, width = item.pixels.shape[:2]
        described.append(
            {"path": str(path), "layout": item.layout, "face": item.face, "width": width, "height": height}
        )
    write_all(files, force)
    if as_json:
        typer.echo(json.dumps({"from_kind": kind, "format": chosen, "files": described}))
        return
    typer.echo(f"taken as: {kind}{' (linear light)' if is_hdr else ''}")
    for path in files:
        typer.echo(str(path))


def sharp_sizes(kind: str, width: int) -> dict[str, int]:
    """Sizes, by layout, that keep the sharpness of a picture of ``width`` pixels; even and within the limits."""
    from skyloom.request import SIZE_LIMITS

    panorama = {"faces": 4.0 * width, "dome": _PANORAMA_PER_DOME * width}.get(kind, float(width))
    sizes = {
        "panorama": panorama,
        "faces": panorama / 4,
        "cross": panorama / 4,
        "dome": panorama / _PANORAMA_PER_DOME,
        "perspective": 1280.0,
    }
    return {
        layout: min(max(2 * round(size / 2), SIZE_LIMITS[layout][0]), SIZE_LIMITS[layout][1])
        for layout, size in sizes.items()
    }


def for_format(pixels: NDArray[np.float32], is_hdr: bool, format: str) -> NDArray[np.float32]:
    """Linear light for exr and hdr, sRGB for png and jpg; radiance above 1 is clipped where the file ends at 1."""
    import numpy as np

    from skyloom.imaging.exposure import decode_srgb, encode_srgb

    if is_hdr == (format in ("exr", "hdr")):
        return pixels
    return encode_srgb(np.clip(pixels, 0, 1)) if is_hdr else decode_srgb(np.clip(pixels, 0, 1))
