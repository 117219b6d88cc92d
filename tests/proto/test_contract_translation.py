"""Requests survive the way through the contract's messages exactly, and foreign messages are checked."""

from __future__ import annotations

import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st
from skyloom import contract
from skyloom.clouds import CLOUD_NAMES
from skyloom.errors import InvalidInput
from skyloom.request import (
    DETAIL_LEVELS,
    FORMATS,
    LAYOUTS,
    SIZE_LIMITS,
    Blend,
    Camera,
    Ground,
    OutputSpec,
    SkyRequest,
)
from skyloom.v1 import sky_pb2

unit = st.floats(0.0, 1.0)


@st.composite
def outputs(draw):
    layout = draw(st.sampled_from(LAYOUTS))
    low, high = SIZE_LIMITS[layout]
    camera = Camera()
    if layout == "perspective":
        camera = Camera(draw(st.floats(-360, 360)), draw(st.floats(-90, 90)), draw(st.floats(1, 150)))
    return OutputSpec(
        layout=layout,
        size=2 * draw(st.integers(low // 2, high // 2)),
        format=draw(st.sampled_from(FORMATS)),
        quality=draw(st.integers(1, 100)),
        camera=camera,
    )


@st.composite
def requests(draw):
    names = draw(st.lists(st.sampled_from(CLOUD_NAMES), min_size=1, max_size=4, unique=True))
    parts = [draw(st.integers(1, 1000)) for _ in names]
    mode = draw(st.sampled_from(["fade", "mirror", "colour"]))
    colour = (draw(unit), draw(unit), draw(unit)) if mode == "colour" else (0.0, 0.0, 0.0)
    return SkyRequest(
        clouds=tuple((name, part / sum(parts)) for name, part in zip(names, parts, strict=True)),
        seed=draw(st.integers(0, 2**32 - 1)),
        variation=draw(unit),
        rotation=draw(st.floats(-360, 360)),
        exposure=draw(st.floats(-5, 5)),
        ground=Ground(mode, colour),
        outputs=tuple(draw(st.lists(outputs(), min_size=1, max_size=8))),
        model=draw(st.sampled_from(["", "skyloom-base"])),
        detail=draw(st.sampled_from(DETAIL_LEVELS)),
        blend=draw(st.none() | st.builds(Blend, st.just((("stratus", 1.0),)), st.integers(0, 2**32 - 1), unit)),
    )


@settings(max_examples=150, deadline=None)
@given(requests())
def test_a_request_comes_back_exactly(asked):
    wire = contract.recipe_from_request(asked).SerializeToString()
    assert contract.request_from_recipe(sky_pb2.SkyRecipe.FromString(wire)) == asked


@settings(max_examples=50, deadline=None)
@given(requests())
def test_the_embedded_recipe_is_the_contract_s_json(asked):
    from skyloom.recipe import recipe_to_json

    text = recipe_to_json(asked, "skyloom-base", "ab" * 32)
    recipe = json_format.Parse(text, sky_pb2.SkyRecipe())
    assert recipe.model.sha256 == "ab" * 32
    assert contract.request_from_recipe(recipe).clouds == asked.clouds
    assert contract.request_from_recipe(recipe).seed == asked.seed


def test_what_is_left_out_takes_the_defaults():
    recipe = sky_pb2.SkyRecipe(
        clouds=[sky_pb2.CloudWeight(genus=sky_pb2.CLOUD_GENUS_CUMULUS, weight=1.0)],
        outputs=[sky_pb2.OutputSpec(layout=sky_pb2.LAYOUT_PANORAMA, size=256)],
    )
    assert contract.request_from_recipe(recipe) == SkyRequest(
        clouds=(("cumulus", 1.0),), outputs=(OutputSpec("panorama", 256),), detail="off"
    )


def test_a_variation_of_zero_is_not_the_default():
    asked = SkyRequest(clouds=(("cumulus", 1.0),), variation=0.0)
    assert contract.request_from_recipe(contract.recipe_from_request(asked)).variation == 0.0


def _recipe(**changes):
    recipe = contract.recipe_from_request(SkyRequest(clouds=(("cumulus", 1.0),)))
    recipe.MergeFrom(sky_pb2.SkyRecipe(**changes))
    return recipe


@pytest.mark.parametrize(
    ("recipe", "field"),
    [
        (sky_pb2.SkyRecipe(), "cloud"),
        (_recipe(clouds=[sky_pb2.CloudWeight(genus=0, weight=1.0)]), "cloud"),
        (_recipe(clouds=[sky_pb2.CloudWeight(genus=99, weight=1.0)]), "cloud"),
        (_recipe(clouds=[sky_pb2.CloudWeight(genus=1, weight=0.5)]), "cloud"),
        (_recipe(variation=float("nan")), "variation"),
        (_recipe(rotation_degrees=1e9), "rotation"),
        (_recipe(exposure_ev=float("inf")), "exposure"),
        (_recipe(ground=sky_pb2.Ground(mode=42)), "ground"),
        (_recipe(ground=sky_pb2.Ground(mode=3, colour=sky_pb2.Colour(red=2.0))), "ground.colour"),
        (_recipe(detail=9), "detail"),
        (_recipe(blend=sky_pb2.Blend()), "blend.clouds"),
        (_recipe(blend=sky_pb2.Blend(clouds=[sky_pb2.CloudWeight(genus=1, weight=0.5)])), "blend.clouds"),
        (
            _recipe(blend=sky_pb2.Blend(clouds=[sky_pb2.CloudWeight(genus=1, weight=1.0)], position=-1)),
            "blend.position",
        ),
        (_recipe(outputs=[sky_pb2.OutputSpec(layout=0, size=64)]), "layout"),
        (_recipe(outputs=[sky_pb2.OutputSpec(layout=1, size=0)]), "size"),
        (_recipe(outputs=[sky_pb2.OutputSpec(layout=1, size=4294967295)]), "size"),
        (_recipe(outputs=[sky_pb2.OutputSpec(layout=1, size=64, format=9)]), "format"),
        (_recipe(outputs=[sky_pb2.OutputSpec(layout=1, size=64, quality=101)]), "quality"),
        (_recipe(outputs=[sky_pb2.OutputSpec(layout=5, size=64, camera=sky_pb2.Camera())]), "camera.fov"),
        (_recipe(outputs=[sky_pb2.OutputSpec(layout=1, size=64)] * 8), "outputs"),
    ],
)
def test_a_bad_recipe_names_its_field(recipe, field):
    with pytest.raises(InvalidInput) as caught:
        contract.request_from_recipe(recipe)
    assert caught.value.field == field
