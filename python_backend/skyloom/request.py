"""What can be asked of Skyloom: the request for one sky, its output files, and the check of every field."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace

from skyloom.clouds import check_mix
from skyloom.errors import InvalidInput

LAYOUTS = ("panorama", "faces", "cross", "dome", "perspective")
FORMATS = ("png", "jpg")
GROUND_MODES = ("fade", "mirror", "colour")
DETAIL_LEVELS = ("off", "standard", "high", "auto")
# Detail takes half a second where everything else takes a tenth: "auto" asks for it where an output has this many
# pixels per texel of the dome, one way, and would be blurred without (of a dome of 512: panoramas from 3038, faces
# from 720).
AUTO_DENSITY = 4.5
SEED_MAX = 2**32 - 1
# Width of a panorama, dome or perspective picture; side of one face for faces and cross. Pixels.
SIZE_LIMITS = {
    "panorama": (32, 8192),
    "faces": (16, 4096),
    "cross": (16, 2048),
    "dome": (16, 4096),
    "perspective": (16, 4096),
}
MAX_OUTPUTS = 8
EXPOSURE_LIMIT = 5.0
JPEG_QUALITY_DEFAULT = 95
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Camera:
    """A perspective view, degrees: yaw from +Z toward +X, pitch up from the horizon, horizontal field of view."""

    yaw: float = 0.0
    pitch: float = 20.0
    fov: float = 90.0


@dataclass(frozen=True)
class Ground:
    """What stands below the horizon: ``fade`` into haze, ``mirror`` the sky, or fade to a ``colour`` (RGB, 0..1)."""

    mode: str = "fade"
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class OutputSpec:
    """One output. ``size`` in pixels: width (panorama, dome, perspective 16:9) or side of a face (faces, cross)."""

    layout: str = "panorama"
    size: int = 2048
    format: str = "png"
    quality: int = JPEG_QUALITY_DEFAULT
    camera: Camera = field(default_factory=Camera)


@dataclass(frozen=True)
class Blend:
    """A point on the way to another sky: its clouds ((name, weight), ...), its seed, and 0 (here) to 1 (there)."""

    clouds: tuple[tuple[str, float], ...]
    seed: int
    position: float


@dataclass(frozen=True)
class SkyRequest:
    """Everything that decides the pixels of a sky, apart from the model's weights.

    Attributes:
        clouds: ((name, weight), ...), weights sum to 1.
        seed: 0 to 2**32-1.
        variation: truncation psi, 0 (the type's average sky) to 1 (all the variety that was learned).
        rotation: degrees about the vertical; grows content from +Z toward +X.
        exposure: stops (EV), -5 to 5; 0 leaves the picture as it is.
        ground: what stands below the horizon.
        outputs: at least one, at most ``MAX_OUTPUTS``.
        model: name of a model; empty means the server's default.
        detail: ``off``; ``standard``, the dome four times as large; ``high``, eight times for outputs that need it; or
            ``auto``: ``standard`` where there is a detail model and an output is ``AUTO_DENSITY`` times as dense as the
            dome, else off.
        detail_model: name of a detail model; empty means the server's default.
        blend: how far this sky is on the way to another one; None for the sky of clouds and seed alone.
    """

    clouds: tuple[tuple[str, float], ...]
    seed: int = 0
    variation: float = 0.7
    rotation: float = 0.0
    exposure: float = 0.0
    ground: Ground = field(default_factory=Ground)
    outputs: tuple[OutputSpec, ...] = (OutputSpec(),)
    model: str = ""
    detail: str = "auto"
    detail_model: str = ""
    blend: Blend | None = None


def parse_ground(text: str) -> Ground:
    """Parse ``fade``, ``mirror``, or a colour as ``#rrggbb``.

    Raises:
        InvalidInput: anything else.
    """
    lowered = text.strip().lower()
    if lowered in ("fade", "mirror"):
        return Ground(lowered)
    match = _COLOUR.fullmatch(lowered)
    if match is None:
        raise InvalidInput("ground", text, "fade, mirror or a colour as #rrggbb")
    number = match.group(1)
    red, green, blue = (int(number[i : i + 2], 16) / 255.0 for i in (0, 2, 4))
    return Ground("colour", (red, green, blue))


def check_output(output: OutputSpec) -> OutputSpec:
    """Return ``output`` if every field is in range.

    Raises:
        InvalidInput: names the first field that is not.
    """
    if output.layout not in LAYOUTS:
        raise InvalidInput("layout", output.layout, f"one of {', '.join(LAYOUTS)}")
    low, high = SIZE_LIMITS[output.layout]
    if isinstance(output.size, bool) or not isinstance(output.size, int):
        raise InvalidInput("size", output.size, "a whole number of pixels")
    if not low <= output.size <= high or output.size % 2:
        raise InvalidInput("size", output.size, f"an even number of pixels from {low} to {high} for {output.layout}")
    if output.format not in FORMATS:
        raise InvalidInput("format", output.format, f"one of {', '.join(FORMATS)}")
    if not 1 <= output.quality <= 100:
        raise InvalidInput("quality", output.quality, "a JPEG quality from 1 to 100")
    _check_range("camera.yaw", output.camera.yaw, -360.0, 360.0)
    _check_range("camera.pitch", output.camera.pitch, -90.0, 90.0)
    _check_range("camera.fov", output.camera.fov, 1.0, 150.0)
    return output


def check_request(request: SkyRequest) -> SkyRequest:
    """Return ``request`` with names normalised, or say what is wrong.

    Raises:
        InvalidInput: names the first field that is out of range.
    """
    clouds = check_mix(request.clouds)
    check_seed("seed", request.seed)
    _check_range("variation", request.variation, 0.0, 1.0)
    _check_range("rotation", request.rotation, -360.0, 360.0)
    _check_range("exposure", request.exposure, -EXPOSURE_LIMIT, EXPOSURE_LIMIT)
    if request.ground.mode not in GROUND_MODES:
        raise InvalidInput("ground", request.ground.mode, f"one of {', '.join(GROUND_MODES)}")
    for channel in request.ground.colour:
        _check_range("ground.colour", channel, 0.0, 1.0)
    if not 1 <= len(request.outputs) <= MAX_OUTPUTS:
        raise InvalidInput("outputs", len(request.outputs), f"from 1 to {MAX_OUTPUTS} outputs")
    if request.detail not in DETAIL_LEVELS:
        raise InvalidInput("detail", request.detail, f"one of {', '.join(DETAIL_LEVELS)}")
    outputs = tuple(check_output(output) for output in request.outputs)
    return replace(request, clouds=clouds, outputs=outputs, blend=_check_blend(request.blend))


def check_seed(field: str, seed: int) -> int:
    """Return ``seed`` if it is a whole number from 0 to ``SEED_MAX``; InvalidInput with the field's name if not."""
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= SEED_MAX:
        raise InvalidInput(field, seed, f"a whole number from 0 to {SEED_MAX}")
    return seed


def _check_blend(blend: Blend | None) -> Blend | None:
    if blend is None:
        return None
    check_seed("blend.seed", blend.seed)
    _check_range("blend.position", blend.position, 0.0, 1.0)
    return replace(blend, clouds=check_mix(blend.clouds, "blend.clouds"))


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not (math.isfinite(value) and low <= value <= high):
        raise InvalidInput(name, value, f"a number from {low:g} to {high:g}")
