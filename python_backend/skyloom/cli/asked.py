"""Options that several verbs share: parsing layouts, sizes, formats and cameras into output specs; completion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import typer

from skyloom.clouds import CLOUD_TYPES
from skyloom.errors import InvalidInput
from skyloom.request import DETAIL_LEVELS, JPEG_QUALITY_DEFAULT, LAYOUTS, Camera, OutputSpec, check_output

# As sharp as a 2048 panorama in each layout, or a handy size where that makes no sense. Pixels.
DEFAULT_SIZES = {"panorama": 2048, "faces": 512, "cross": 512, "dome": 1024, "perspective": 1280}
LAYOUT_HELP = f"LAYOUT[:SIZE], may be repeated. Layouts: {', '.join(LAYOUTS)}."
SIZE_HELP = "Pixels: width of a panorama, dome or perspective picture, side of one face. For layouts without :SIZE."


def parse_layouts(
    texts: Sequence[str], size: int | None, defaults: Mapping[str, int] = DEFAULT_SIZES
) -> list[tuple[str, int]]:
    """``["panorama:4096", "faces"]`` and ``--size`` to [(layout, pixels), ...]; ``defaults`` where neither says one.

    Raises:
        InvalidInput: unknown layout, or a size that is no whole number.
    """
    found: list[tuple[str, int]] = []
    for text in texts:
        layout, colon, own_size = text.strip().lower().partition(":")
        if layout not in LAYOUTS:
            raise InvalidInput("layout", text, f"LAYOUT or LAYOUT:SIZE with a layout out of {', '.join(LAYOUTS)}")
        if colon:
            try:
                found.append((layout, int(own_size)))
            except ValueError:
                raise InvalidInput("layout", text, "LAYOUT:SIZE with a whole number of pixels") from None
        else:
            found.append((layout, defaults[layout] if size is None else size))
    return found


def whole_number(text: str) -> int:
    """Parse an option that is a whole number; the usage error shows what was given."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a whole number") from None


def camera_from(yaw: float | None, pitch: float | None, fov: float | None, base: Camera | None = None) -> Camera:
    """The camera with the given angles (degrees) put over ``base``."""
    given = {name: value for name, value in (("yaw", yaw), ("pitch", pitch), ("fov", fov)) if value is not None}
    return replace(base or Camera(), **given)


def pick_format(explicit: str | None, from_path: str | None, allowed: Sequence[str]) -> str | None:
    """The format out of ``--format`` and the extension of ``-o``; None if neither says one.

    Raises:
        InvalidInput: unknown, or the two contradict each other.
    """
    if explicit is not None:
        explicit = explicit.lower()
        explicit = "jpg" if explicit == "jpeg" else explicit
        if explicit not in allowed:
            raise InvalidInput("format", explicit, f"one of {', '.join(allowed)}")
        if from_path is not None and explicit != from_path:
            raise InvalidInput("format", explicit, f"{from_path}, as the file name of --output says, or another name")
    return explicit or from_path


def make_outputs(
    layouts: Iterable[tuple[str, int]], format: str, quality: int | None, camera: Camera
) -> tuple[OutputSpec, ...]:
    """Output specs of one format, each checked.

    Raises:
        InvalidInput: see :func:`skyloom.request.check_output`.
    """
    chosen = JPEG_QUALITY_DEFAULT if quality is None else quality
    return tuple(check_output(OutputSpec(layout, size, format, chosen, camera)) for layout, size in layouts)


def complete_cloud(incomplete: str) -> list[tuple[str, str]]:
    """Cloud names for the shell, also for the last type of a mix such as ``cumulus:0.7,ci``."""
    done, comma, last = incomplete.rpartition(",")
    return [
        (done + comma + cloud.name, cloud.description) for cloud in CLOUD_TYPES if cloud.name.startswith(last.lower())
    ]


def complete_layout(incomplete: str) -> list[str]:
    """Layout names for the shell."""
    return [layout for layout in LAYOUTS if layout.startswith(incomplete.lower())]


def complete_detail(incomplete: str) -> list[str]:
    """Levels of detail for the shell."""
    return [level for level in DETAIL_LEVELS if level.startswith(incomplete.lower())]


def complete_ground(incomplete: str) -> list[str]:
    """Ground settings for the shell."""
    return [ground for ground in ("fade", "mirror", "#808080") if ground.startswith(incomplete.lower())]
