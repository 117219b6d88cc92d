"""The recipe of a sky: everything that made it, as one canonical line of JSON that can make it again.

The JSON is the protobuf JSON form of ``skyloom.v1.SkyRecipe`` (lowerCamelCase names, full enum names), so that every
protobuf library reads it; written with sorted keys, shortest-repr floats, no spaces, ASCII only. The reader also takes
snake_case names and short lower-case values (``"cumulus"``, ``"panorama"``, ``"png"``), which are easier by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from skyloom import __version__
from skyloom.clouds import cloud_name
from skyloom.errors import InvalidInput
from skyloom.request import (
    DETAIL_LEVELS,
    FORMATS,
    GROUND_MODES,
    JPEG_QUALITY_DEFAULT,
    LAYOUTS,
    Blend,
    Camera,
    Ground,
    OutputSpec,
    SkyRequest,
    check_request,
)

# Keyword of the recipe in a picture's metadata.
TEXT_KEY = "skyloom"
_FORMAT_ENUMS = {"png": "IMAGE_FORMAT_PNG", "jpg": "IMAGE_FORMAT_JPEG"}
_TOP_KEYS = {
    *("clouds", "seed", "variation", "rotationDegrees", "exposureEv", "ground", "outputs", "model"),
    *("detail", "detailModel", "blend", "skyloomVersion"),
}


@dataclass(frozen=True)
class Recipe:
    """A request and what answered it; the hashes and ``skyloom_version`` are empty where the JSON has none."""

    request: SkyRequest
    model_sha256: str = ""
    skyloom_version: str = ""
    detail_sha256: str = ""


def recipe_to_json(
    request: SkyRequest, model_name: str, model_sha256: str, version: str = __version__, detail_sha256: str = ""
) -> str:
    """Canonical JSON of a checked request and the models that answer it; one line, ASCII.

    What cannot change the picture is left out: JPEG quality of a PNG, the camera of other layouts than perspective, the
    colour of a ground that has none, detail that is off, and with it the detail model.
    """
    ground: dict[str, Any] = {"mode": f"GROUND_MODE_{request.ground.mode.upper()}"}
    if request.ground.mode == "colour":
        ground["colour"] = dict(zip(("red", "green", "blue"), map(_number, request.ground.colour), strict=True))
    recipe: dict[str, Any] = {
        "clouds": _clouds_to_list(request.clouds),
        "seed": request.seed,
        "variation": _number(request.variation),
        "rotationDegrees": _number(request.rotation),
        "exposureEv": _number(request.exposure),
        "ground": ground,
        "outputs": [_output_to_dict(output) for output in request.outputs],
        "model": {"name": model_name, "sha256": model_sha256},
        "skyloomVersion": version,
    }
    if request.detail != "off":
        recipe["detail"] = f"DETAIL_LEVEL_{request.detail.upper()}"
        if request.detail_model or detail_sha256:
            recipe["detailModel"] = {"name": request.detail_model, "sha256": detail_sha256}
    if request.blend is not None:
        recipe["blend"] = {
            "clouds": _clouds_to_list(request.blend.clouds),
            "seed": request.blend.seed,
            "position": _number(request.blend.position),
        }
    return json.dumps(recipe, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def output_recipe_json(
    request: SkyRequest, output_index: int, model_name: str, model_sha256: str, detail_sha256: str = ""
) -> str:
    """The recipe to embed in one output's files: with that output alone, so the bytes do not depend on the others."""
    alone = replace(request, outputs=(request.outputs[output_index],))
    return recipe_to_json(alone, model_name, model_sha256, detail_sha256=detail_sha256)


def recipe_from_json(text: str | bytes) -> Recipe:
    """Read a recipe; fields that are absent take the request's defaults, and every value is checked.

    Without a level of detail it is off, as it was for every sky before there was any.

    Raises:
        InvalidInput: not JSON, unknown fields, wrong types, or what :func:`skyloom.request.check_request` refuses.
    """
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("recipe", text[:40], f"JSON ({error})") from None
    top = _object(loaded, "recipe", _TOP_KEYS)
    model = _object(top.get("model", {}), "recipe.model", {"name", "sha256"})
    detail_model = _object(top.get("detailModel", {}), "recipe.detailModel", {"name", "sha256"})
    detail = _choice(top.get("detail", "off"), "recipe.detail", "DETAIL_LEVEL_", DETAIL_LEVELS)
    request = SkyRequest(
        clouds=_clouds(top.get("clouds", []), "recipe.clouds"),
        seed=_whole(top.get("seed", 0), "recipe.seed"),
        variation=_float(top.get("variation", SkyRequest.variation), "recipe.variation"),
        rotation=_float(top.get("rotationDegrees", 0.0), "recipe.rotationDegrees"),
        exposure=_float(top.get("exposureEv", 0.0), "recipe.exposureEv"),
        ground=_ground(top.get("ground", {})),
        outputs=tuple(_output(entry) for entry in _list(top.get("outputs", [{}]), "recipe.outputs")),
        model=_text(model.get("name", ""), "recipe.model.name"),
        detail=detail,
        detail_model=_text(detail_model.get("name", ""), "recipe.detailModel.name") if detail != "off" else "",
        blend=_blend(top["blend"]) if "blend" in top else None,
    )
    sha256 = _text(model.get("sha256", ""), "recipe.model.sha256").lower()
    detail_sha256 = _text(detail_model.get("sha256", ""), "recipe.detailModel.sha256").lower()
    return Recipe(
        check_request(request),
        sha256,
        _text(top.get("skyloomVersion", ""), "recipe.skyloomVersion"),
        detail_sha256 if detail != "off" else "",
    )


def _number(value: float) -> float:
    # One spelling for equal numbers: no int beside float, no negative zero.
    return float(value) + 0.0


def _output_to_dict(output: OutputSpec) -> dict[str, Any]:
    result: dict[str, Any] = {
        "layout": f"LAYOUT_{output.layout.upper()}",
        "size": output.size,
        "format": _FORMAT_ENUMS[output.format],
    }
    if output.format == "jpg":
        result["quality"] = output.quality
    if output.layout == "perspective":
        camera = output.camera
        result["camera"] = {
            "yawDegrees": _number(camera.yaw),
            "pitchDegrees": _number(camera.pitch),
            "fovDegrees": _number(camera.fov),
        }
    return result


def _clouds_to_list(clouds: tuple[tuple[str, float], ...]) -> list[dict[str, Any]]:
    return [{"genus": f"CLOUD_GENUS_{name.upper()}", "weight": _number(weight)} for name, weight in clouds]


def _clouds(entries: object, where: str) -> tuple[tuple[str, float], ...]:
    found = []
    for entry in _list(entries, where):
        fields = _object(entry, where, {"genus", "weight"})
        genus = _text(fields.get("genus", ""), f"{where}.genus")
        name = cloud_name(_short(genus, "CLOUD_GENUS_"))
        found.append((name, _float(fields.get("weight", 0.0), f"{where}.weight")))
    return tuple(found)


def _blend(entry: object) -> Blend:
    fields = _object(entry, "recipe.blend", {"clouds", "seed", "position"})
    return Blend(
        _clouds(fields.get("clouds", []), "recipe.blend.clouds"),
        _whole(fields.get("seed", 0), "recipe.blend.seed"),
        _float(fields.get("position", 0.0), "recipe.blend.position"),
    )


def _ground(entry: object) -> Ground:
    fields = _object(entry, "recipe.ground", {"mode", "colour"})
    mode = _choice(fields.get("mode", Ground.mode), "recipe.ground.mode", "GROUND_MODE_", GROUND_MODES)
    colour = _object(fields.get("colour", {}), "recipe.ground.colour", {"red", "green", "blue"})
    red, green, blue = (
        _float(colour.get(name, 0.0), f"recipe.ground.colour.{name}") for name in ("red", "green", "blue")
    )
    return Ground(mode, (red, green, blue) if mode == "colour" else Ground.colour)


def _output(entry: object) -> OutputSpec:
    where = "recipe.outputs"
    fields = _object(entry, where, {"layout", "size", "format", "quality", "camera"})
    layout = _choice(fields.get("layout", OutputSpec.layout), f"{where}.layout", "LAYOUT_", LAYOUTS)
    spelling = _text(fields.get("format", OutputSpec.format), f"{where}.format")
    spelling = "jpg" if _short(spelling, "IMAGE_FORMAT_") == "jpeg" else spelling
    camera = _object(fields.get("camera", {}), f"{where}.camera", {"yawDegrees", "pitchDegrees", "fovDegrees"})
    return OutputSpec(
        layout=layout,
        size=_whole(fields.get("size", OutputSpec.size), f"{where}.size"),
        format=_choice(spelling, f"{where}.format", "IMAGE_FORMAT_", FORMATS),
        quality=_whole(fields.get("quality", 0), f"{where}.quality") or JPEG_QUALITY_DEFAULT,
        camera=Camera(
            _float(camera.get("yawDegrees", Camera.yaw), f"{where}.camera.yawDegrees"),
            _float(camera.get("pitchDegrees", Camera.pitch), f"{where}.camera.pitchDegrees"),
            _float(camera.get("fovDegrees", Camera.fov), f"{where}.camera.fovDegrees"),
        )
        if "camera" in fields
        else Camera(),
    )


def _object(value: object, where: str, keys: set[str]) -> Mapping[str, Any]:
    """A JSON object with keys in lowerCamelCase or snake_case, returned in lowerCamelCase; unknown keys are refused."""
    if not isinstance(value, dict):
        raise InvalidInput(where, value, "a JSON object")
    result = {_camel(key): entry for key, entry in value.items()}
    for key, given in zip(result, value, strict=False):
        if key not in keys:
            raise InvalidInput(where, given, f"fields out of {', '.join(sorted(keys))}")
    if len(result) != len(value):
        raise InvalidInput(where, ", ".join(value), "each field once")
    return result


def _camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise InvalidInput(where, value, "a JSON list")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput(where, value, "a text")
    return value


def _float(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidInput(where, value, "a number")
    try:
        return float(value)
    except OverflowError:
        raise InvalidInput(where, value, "a number") from None


def _whole(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or value in (_INF, -_INF):
        raise InvalidInput(where, value, "a whole number")
    if int(value) != value:
        raise InvalidInput(where, value, "a whole number")
    return int(value)


def _short(text: str, prefix: str) -> str:
    return text.removeprefix(prefix).lower()


def _choice(value: object, where: str, prefix: str, allowed: tuple[str, ...]) -> str:
    short = _short(_text(value, where), prefix)
    if short not in allowed:
        raise InvalidInput(where, value, f"one of {', '.join(allowed)}")
    return short


_INF = float("inf")
