"""From the options of ``generate`` to one checked request, alone or on top of the recipe in a file (``--from``)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from skyloom.cli.asked import camera_from, make_outputs, parse_layouts, pick_format
from skyloom.clouds import parse_clouds
from skyloom.errors import InvalidInput
from skyloom.recipe import TEXT_KEY, Recipe, recipe_from_json
from skyloom.request import FORMATS, SEED_MAX, Camera, OutputSpec, SkyRequest, check_output, check_request, parse_ground
from skyloom.transition import Transition, check_transition


@dataclass(frozen=True)
class SkyOptions:
    """The options that decide the sky itself; None where an option was not given."""

    cloud: str | None = None
    seed: int | None = None
    variation: float | None = None
    rotate: float | None = None
    exposure: float | None = None
    ground: str | None = None
    model: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class WayOptions:
    """The options of a weather sequence; None where an option was not given."""

    to: str | None = None
    to_seed: int | None = None
    frames: int | None = None
    loop: bool = False
    pace: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether a sequence is asked for at all."""
        return self.to is not None or self.to_seed is not None


@dataclass(frozen=True)
class OutputOptions:
    """The options that decide the pictures of the sky; ``format_of_path`` comes from the extension of ``-o``."""

    layouts: Sequence[str] = ()
    size: int | None = None
    format: str | None = None
    format_of_path: str | None = None
    quality: int | None = None
    yaw: float | None = None
    pitch: float | None = None
    fov: float | None = None

    @property
    def has_camera(self) -> bool:
        """Whether any angle of the camera was given."""
        return (self.yaw, self.pitch, self.fov) != (None, None, None)


def new_request(sky: SkyOptions, pictures: OutputOptions) -> SkyRequest:
    """The checked request; a seed that was not given is drawn.

    Raises:
        InvalidInput: names the first option that cannot be used.
    """
    if sky.cloud is None:
        raise InvalidInput("cloud", "", "--cloud NAME, a mix such as cumulus:0.7,cirrus:0.3, or --from FILE")
    defaults = SkyRequest(clouds=())
    format = pick_format(pictures.format, pictures.format_of_path, FORMATS) or "png"
    layouts = parse_layouts(pictures.layouts or ["panorama"], pictures.size)
    camera = camera_from(pictures.yaw, pictures.pitch, pictures.fov)
    outputs = make_outputs(layouts, format, pictures.quality, camera)
    _check_read(pictures, outputs)
    return check_request(
        SkyRequest(
            clouds=parse_clouds(sky.cloud),
            seed=secrets.randbelow(SEED_MAX + 1) if sky.seed is None else sky.seed,
            variation=defaults.variation if sky.variation is None else sky.variation,
            rotation=defaults.rotation if sky.rotate is None else sky.rotate,
            exposure=defaults.exposure if sky.exposure is None else sky.exposure,
            ground=defaults.ground if sky.ground is None else parse_ground(sky.ground),
            outputs=outputs,
            model=sky.model or "",
            detail=defaults.detail if sky.detail is None else sky.detail.strip().lower(),
        )
    )


def request_from_recipe(recipe: Recipe, sky: SkyOptions, pictures: OutputOptions) -> SkyRequest:
    """The recipe's request, with the pictures changed where asked: the same sky, maybe larger or in another layout.

    Raises:
        InvalidInput: an option that would make another sky than the recipe's, or one that cannot be used.
    """
    request = recipe.request
    given = {
        "cloud": (None if sky.cloud is None else parse_clouds(sky.cloud), request.clouds),
        "seed": (sky.seed, request.seed),
        "variation": (sky.variation, request.variation),
        "rotate": (sky.rotate, request.rotation),
        "exposure": (sky.exposure, request.exposure),
        "ground": (None if sky.ground is None else parse_ground(sky.ground), request.ground),
        "model": (sky.model, request.model),
    }
    for name, (wanted, made) in given.items():
        if wanted is not None and wanted != made:
            raise InvalidInput(name, wanted, f"the recipe's own {made!r}; leave --{name} out, or --from")
    # Detail is how finely the same sky is drawn, so it may change like the size of a picture.
    detail = request.detail if sky.detail is None else sky.detail.strip().lower()
    return check_request(replace(request, detail=detail, outputs=_outputs_over(request.outputs, pictures)))


def transition_over(request: SkyRequest, way: WayOptions) -> Transition | None:
    """The checked weather sequence that starts with ``request``; None where none is asked for.

    Raises:
        InvalidInput: an option that cannot be used, or one that only a sequence reads.
    """
    if not way.wanted:
        for name, value in (("frames", way.frames), ("loop", way.loop or None), ("pace", way.pace)):
            if value is not None:
                raise InvalidInput(name, value, f"no --{name} without --to or --to-seed")
        return None
    defaults = Transition(request)
    return check_transition(
        Transition(
            request,
            to_clouds=() if way.to is None else parse_clouds(way.to, "to"),
            to_seed=way.to_seed,
            frames=defaults.frames if way.frames is None else way.frames,
            loop=way.loop,
            pace=defaults.pace if way.pace is None else way.pace.strip().lower(),
        )
    )


def load_recipe(path: Path) -> Recipe:
    """The recipe that a picture carries, or a recipe's own JSON file.

    Raises:
        InvalidInput: cannot be read, carries none, or a damaged one.
    """
    try:
        start = path.open("rb").read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as error:
        raise InvalidInput("from", str(path), f"a file that can be read ({error.strerror})") from None
    if start.startswith(b"{"):
        return recipe_from_json(path.read_bytes().lstrip(b"\xef\xbb\xbf"))
    from skyloom.imaging.codec import probe

    text = probe(path, "from").text.get(TEXT_KEY)
    if text is None:
        raise InvalidInput("from", str(path), "a picture that carries a recipe of Skyloom, or a recipe's JSON file")
    return recipe_from_json(text)


def _outputs_over(outputs: tuple[OutputSpec, ...], pictures: OutputOptions) -> tuple[OutputSpec, ...]:
    format = pick_format(pictures.format, pictures.format_of_path, FORMATS)
    if pictures.layouts:
        base = next((spec.camera for spec in outputs if spec.layout == "perspective"), Camera())
        template = outputs[0]
        layouts = parse_layouts(pictures.layouts, pictures.size)
        camera = camera_from(pictures.yaw, pictures.pitch, pictures.fov, base)
        quality = template.quality if pictures.quality is None else pictures.quality
        changed = make_outputs(layouts, format or template.format, quality, camera)
    else:
        changed = tuple(_output_over(spec, format, pictures) for spec in outputs)
    _check_read(pictures, changed)
    return changed


def _output_over(spec: OutputSpec, format: str | None, pictures: OutputOptions) -> OutputSpec:
    is_view = spec.layout == "perspective"
    return check_output(
        replace(
            spec,
            size=spec.size if pictures.size is None else pictures.size,
            format=format or spec.format,
            quality=spec.quality if pictures.quality is None else pictures.quality,
            camera=camera_from(pictures.yaw, pictures.pitch, pictures.fov, spec.camera) if is_view else spec.camera,
        )
    )


def _check_read(pictures: OutputOptions, outputs: tuple[OutputSpec, ...]) -> None:
    """Refuse options that nothing would read: silently ignored wishes look like bugs."""
    if pictures.has_camera and all(spec.layout != "perspective" for spec in outputs):
        raise InvalidInput("yaw, pitch, fov", "given", "no camera angles without --layout perspective")
    if pictures.quality is not None and all(spec.format != "jpg" for spec in outputs):
        raise InvalidInput("quality", pictures.quality, "no quality without --format jpg (PNG loses nothing)")
