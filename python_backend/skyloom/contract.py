"""Between the contract's messages and Skyloom's own types: recipes, outputs, grounds and enums, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from skyloom.clouds import CLOUD_NAMES
from skyloom.errors import InvalidInput
from skyloom.request import (
    DETAIL_LEVELS,
    JPEG_QUALITY_DEFAULT,
    LAYOUTS,
    Blend,
    Camera,
    Ground,
    OutputSpec,
    SkyRequest,
    check_request,
)
from skyloom.transition import PACES, Transition
from skyloom.v1 import sky_pb2

API_VERSION = "skyloom.v1"

# Sources of a conversion, by the names that the command line and skyloom.imaging use.
SOURCE_KINDS = ("panorama", "dome", "faces", "cross", "photo")

_GENUS: dict[str, int] = {name: sky_pb2.CloudGenus.Value(f"CLOUD_GENUS_{name.upper()}") for name in CLOUD_NAMES}
_LAYOUT: dict[str, int] = {name: sky_pb2.Layout.Value(f"LAYOUT_{name.upper()}") for name in LAYOUTS}
_FORMAT: dict[str, int] = {"png": sky_pb2.IMAGE_FORMAT_PNG, "jpg": sky_pb2.IMAGE_FORMAT_JPEG}
_GROUND: dict[str, int] = {
    "fade": sky_pb2.GROUND_MODE_FADE,
    "mirror": sky_pb2.GROUND_MODE_MIRROR,
    "colour": sky_pb2.GROUND_MODE_COLOUR,
}
_DETAIL: dict[str, int] = {name: sky_pb2.DetailLevel.Value(f"DETAIL_LEVEL_{name.upper()}") for name in DETAIL_LEVELS}
_PACE: dict[str, int] = {name: sky_pb2.Pace.Value(f"PACE_{name.upper()}") for name in PACES}
_SOURCE: dict[str, int] = {name: sky_pb2.SourceKind.Value(f"SOURCE_KIND_{name.upper()}") for name in SOURCE_KINDS}
_STATE: dict[str, int] = {
    name: sky_pb2.JobState.Value(f"JOB_STATE_{name.upper()}")
    for name in ("queued", "running", "done", "failed", "cancelled", "cancelling")
}
_GENUS_NAME: dict[int, str] = {number: name for name, number in _GENUS.items()}
_LAYOUT_NAME: dict[int, str] = {number: name for name, number in _LAYOUT.items()}
_FORMAT_NAME: dict[int, str] = {number: name for name, number in _FORMAT.items()}
_GROUND_NAME: dict[int, str] = {number: name for name, number in _GROUND.items()}
_DETAIL_NAME: dict[int, str] = {number: name for name, number in _DETAIL.items()}
_PACE_NAME: dict[int, str] = {number: name for name, number in _PACE.items()}
_SOURCE_NAME: dict[int, str] = {number: name for name, number in _SOURCE.items()}
_STATE_NAME: dict[int, str] = {number: name for name, number in _STATE.items()}


def genus_number(name: str) -> sky_pb2.CloudGenus:
    """The enum value of a full cloud name, e.g. ``cumulus``; KeyError for any other text."""
    return cast("sky_pb2.CloudGenus", _GENUS[name])


def genus_name(number: int) -> str:
    """The cloud name of an enum value.

    Raises:
        InvalidInput: unspecified or unknown to this version.
    """
    return _named(_GENUS_NAME, number, "cloud")


def layout_number(name: str) -> sky_pb2.Layout:
    """The enum value of a layout's name; KeyError for any other text."""
    return cast("sky_pb2.Layout", _LAYOUT[name])


def layout_name(number: int) -> str:
    """The name of a layout; InvalidInput when unspecified or unknown."""
    return _named(_LAYOUT_NAME, number, "layout")


def format_number(name: str) -> sky_pb2.ImageFormat:
    """The enum value of ``png`` or ``jpg``; KeyError for any other text."""
    return cast("sky_pb2.ImageFormat", _FORMAT[name])


def format_name(number: int) -> str:
    """``png`` or ``jpg``; unspecified is png; InvalidInput when unknown."""
    return "png" if number == sky_pb2.IMAGE_FORMAT_UNSPECIFIED else _named(_FORMAT_NAME, number, "format")


def source_number(name: str) -> sky_pb2.SourceKind:
    """The enum value of a source kind's name.

    Raises:
        InvalidInput: no such kind.
    """
    if name not in _SOURCE:
        raise InvalidInput("source", name, f"one of {', '.join(SOURCE_KINDS)}")
    return cast("sky_pb2.SourceKind", _SOURCE[name])


def source_name(number: int) -> str:
    """The name of a source kind; InvalidInput when unspecified or unknown."""
    return _named(_SOURCE_NAME, number, "source")


def state_number(name: str) -> sky_pb2.JobState:
    """The enum value of a job state's name; KeyError for any other text."""
    return cast("sky_pb2.JobState", _STATE[name])


def state_name(number: int) -> str:
    """The name of a job state, ``unspecified`` for one that this version does not know."""
    return _STATE_NAME.get(number, "unspecified")


def ground_to_message(ground: Ground) -> sky_pb2.Ground:
    """The message of a ground; the colour is carried only where it is read.

    Raises:
        InvalidInput: an unknown mode.
    """
    if ground.mode not in _GROUND:
        raise InvalidInput("ground", ground.mode, f"one of {', '.join(_GROUND)}")
    message = sky_pb2.Ground(mode=cast("sky_pb2.GroundMode", _GROUND[ground.mode]))
    if ground.mode == "colour":
        red, green, blue = ground.colour
        message.colour.CopyFrom(sky_pb2.Colour(red=red, green=green, blue=blue))
    return message


def ground_from_message(message: sky_pb2.Ground) -> Ground:
    """The ground of a message; unspecified is ``fade``. InvalidInput for an unknown mode."""
    if message.mode == sky_pb2.GROUND_MODE_UNSPECIFIED:
        return Ground()
    mode = _named(_GROUND_NAME, message.mode, "ground")
    if mode != "colour":
        return Ground(mode)
    return Ground(mode, (message.colour.red, message.colour.green, message.colour.blue))


def output_to_message(output: OutputSpec) -> sky_pb2.OutputSpec:
    """The message of an output.

    Raises:
        InvalidInput: a layout, format or size that the message cannot carry.
    """
    if output.layout not in _LAYOUT:
        raise InvalidInput("layout", output.layout, f"one of {', '.join(LAYOUTS)}")
    if output.format not in _FORMAT:
        raise InvalidInput("format", output.format, f"one of {', '.join(_FORMAT)}")
    message = sky_pb2.OutputSpec(layout=layout_number(output.layout), format=format_number(output.format))
    message.size = _uint32("size", output.size)
    message.quality = _uint32("quality", output.quality)
    if output.layout == "perspective":
        camera = output.camera
        message.camera.CopyFrom(
            sky_pb2.Camera(yaw_degrees=camera.yaw, pitch_degrees=camera.pitch, fov_degrees=camera.fov)
        )
    return message


def output_from_message(message: sky_pb2.OutputSpec) -> OutputSpec:
    """The output of a message with defaults filled in; ranges are not checked here.

    Raises:
        InvalidInput: an unspecified or unknown layout, or an unknown format.
    """
    camera = Camera()
    if message.HasField("camera"):
        camera = Camera(message.camera.yaw_degrees, message.camera.pitch_degrees, message.camera.fov_degrees)
    return OutputSpec(
        layout=layout_name(message.layout),
        size=message.size,
        format=format_name(message.format),
        quality=message.quality or JPEG_QUALITY_DEFAULT,
        camera=camera,
    )


def outputs_from_messages(messages: Iterable[sky_pb2.OutputSpec]) -> tuple[OutputSpec, ...]:
    """The outputs of a repeated field, in order; see :func:`output_from_message`."""
    return tuple(output_from_message(message) for message in messages)


def clouds_to_messages(clouds: Iterable[tuple[str, float]]) -> list[sky_pb2.CloudWeight]:
    """The messages of a checked mix."""
    return [sky_pb2.CloudWeight(genus=genus_number(name), weight=weight) for name, weight in clouds]


def clouds_from_messages(messages: Iterable[sky_pb2.CloudWeight]) -> tuple[tuple[str, float], ...]:
    """The mix of a repeated field, in order; InvalidInput for an unknown type, weights are not checked here."""
    return tuple((genus_name(cloud.genus), cloud.weight) for cloud in messages)


def recipe_from_request(
    request: SkyRequest,
    *,
    model_sha256: str = "",
    skyloom_version: str = "",
    model_name: str | None = None,
    detail_sha256: str = "",
) -> sky_pb2.SkyRecipe:
    """The recipe of a request.

    Args:
        request: a request; it is checked first.
        model_sha256: content of the model; empty accepts any.
        skyloom_version: who made the sky; empty in a request.
        model_name: replaces ``request.model``, e.g. once the server's default is resolved.
        detail_sha256: content of the detail model; empty accepts any.

    Raises:
        InvalidInput: see :func:`skyloom.request.check_request`.
    """
    request = check_request(request)
    recipe = sky_pb2.SkyRecipe(
        clouds=clouds_to_messages(request.clouds),
        seed=request.seed,
        variation=request.variation,
        rotation_degrees=request.rotation,
        exposure_ev=request.exposure,
        ground=ground_to_message(request.ground),
        outputs=[output_to_message(output) for output in request.outputs],
        model=sky_pb2.ModelRef(name=request.model if model_name is None else model_name, sha256=model_sha256),
        skyloom_version=skyloom_version,
    )
    if request.detail != "off":
        recipe.detail = cast("sky_pb2.DetailLevel", _DETAIL[request.detail])
        if request.detail_model or detail_sha256:
            recipe.detail_model.CopyFrom(sky_pb2.ModelRef(name=request.detail_model, sha256=detail_sha256))
    if request.blend is not None:
        blend = request.blend
        clouds = clouds_to_messages(blend.clouds)
        recipe.blend.CopyFrom(sky_pb2.Blend(clouds=clouds, seed=blend.seed, position=blend.position))
    return recipe


def request_from_recipe(recipe: sky_pb2.SkyRecipe) -> SkyRequest:
    """The checked request of a recipe; the hashes of the models and the version have no place in a request.

    Raises:
        InvalidInput: names the first field that is out of range.
    """
    defaults = SkyRequest(clouds=())
    detail = "off"
    if recipe.detail != sky_pb2.DETAIL_LEVEL_UNSPECIFIED:
        detail = _named(_DETAIL_NAME, recipe.detail, "detail")
    blend = None
    if recipe.HasField("blend"):
        message = recipe.blend
        blend = Blend(clouds_from_messages(message.clouds), message.seed, message.position)
    return check_request(
        SkyRequest(
            clouds=clouds_from_messages(recipe.clouds),
            seed=recipe.seed,
            variation=recipe.variation if recipe.HasField("variation") else defaults.variation,
            rotation=recipe.rotation_degrees,
            exposure=recipe.exposure_ev,
            ground=ground_from_message(recipe.ground),
            outputs=outputs_from_messages(recipe.outputs),
            model=recipe.model.name,
            detail=detail,
            detail_model=recipe.detail_model.name if detail != "off" else "",
            blend=blend,
        )
    )


def transition_to_message(transition: Transition) -> sky_pb2.TransitionSpec:
    """The message of a checked transition, without its start."""
    message = sky_pb2.TransitionSpec(
        to_clouds=clouds_to_messages(transition.to_clouds),
        frames=transition.frames,
        loop=transition.loop,
        pace=cast("sky_pb2.Pace", _PACE[transition.pace]),
    )
    if transition.to_seed is not None:
        message.to_seed = transition.to_seed
    return message


def transition_from_message(start: SkyRequest, message: sky_pb2.TransitionSpec) -> Transition:
    """The transition of a message; ranges are checked by :func:`skyloom.transition.check_transition`.

    Raises:
        InvalidInput: an unknown cloud type or pace.
    """
    return Transition(
        start,
        clouds_from_messages(message.to_clouds),
        message.to_seed if message.HasField("to_seed") else None,
        message.frames,
        message.loop,
        "even" if message.pace == sky_pb2.PACE_UNSPECIFIED else _named(_PACE_NAME, message.pace, "pace"),
    )


def _named(names: Mapping[int, str], number: int, field: str) -> str:
    found = names.get(number)
    if found is None:
        raise InvalidInput(field, int(number), f"one of {', '.join(names.values())}")
    return found


def _uint32(field: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
        raise InvalidInput(field, value, "a whole number from 0 to 4294967295")
    return value
