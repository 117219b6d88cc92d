"""Recipes: canonical, readable by protobuf, and checked field by field when read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st
from skyloom.clouds import CLOUD_NAMES
from skyloom.errors import InvalidInput
from skyloom.recipe import output_recipe_json, recipe_from_json, recipe_to_json
from skyloom.request import DETAIL_LEVELS, SIZE_LIMITS, Blend, Camera, Ground, OutputSpec, SkyRequest, parse_ground
from skyloom.v1 import sky_pb2

SHA = "0123456789abcdef" * 4
REQUEST = SkyRequest(
    clouds=(("cumulus", 0.7), ("cirrus", 0.3)),
    seed=2**32 - 1,
    variation=0.25,
    rotation=-12.5,
    exposure=0.1,
    ground=parse_ground("#335577"),
    outputs=(
        OutputSpec("panorama", 2048),
        OutputSpec("faces", 512, "jpg", 80),
        OutputSpec("perspective", 640, camera=Camera(10, 20.5, 75)),
    ),
    model="small",
    detail="off",
)


def outputs() -> st.SearchStrategy[OutputSpec]:
    angle = st.floats(1, 90)
    cameras = st.builds(Camera, angle, angle, angle)

    def of(layout: str) -> st.SearchStrategy[OutputSpec]:
        low, high = SIZE_LIMITS[layout]
        sizes = st.integers(low // 2, high // 2).map(lambda half: half * 2)
        # Only what the layout and format read: the rest is not part of the recipe.
        camera = cameras if layout == "perspective" else st.just(Camera())
        png = st.builds(OutputSpec, st.just(layout), sizes, st.just("png"), st.just(95), camera)
        jpg = st.builds(OutputSpec, st.just(layout), sizes, st.just("jpg"), st.integers(1, 100), camera)
        return png | jpg

    return st.sampled_from(sorted(SIZE_LIMITS)).flatmap(of)


requests = st.builds(
    SkyRequest,
    clouds=st.sampled_from(CLOUD_NAMES).map(lambda name: ((name, 1.0),))
    | st.just((("cirrus", 0.125), ("stratus", 0.875))),
    seed=st.integers(0, 2**32 - 1),
    variation=st.floats(0, 1),
    rotation=st.floats(-360, 360),
    exposure=st.floats(-5, 5),
    ground=st.sampled_from([Ground(), Ground("mirror")])
    | st.builds(Ground, st.just("colour"), st.tuples(*[st.floats(0, 1)] * 3)),
    outputs=st.lists(outputs(), min_size=1, max_size=8).map(tuple),
    model=st.text('abcö雲-_ "\\\n', max_size=8),
    detail=st.sampled_from(DETAIL_LEVELS),
    blend=st.none()
    | st.builds(Blend, st.just((("stratus", 0.25), ("cirrus", 0.75))), st.integers(0, 2**32 - 1), st.floats(0, 1)),
)


@given(requests)
@settings(max_examples=100, deadline=None)
def test_round_trip_is_exact_and_canonical(request: SkyRequest) -> None:
    text = recipe_to_json(request, request.model, SHA)
    back = recipe_from_json(text)
    assert back.request == request
    assert back.model_sha256 == SHA
    assert recipe_to_json(back.request, back.request.model, back.model_sha256, back.skyloom_version) == text
    made = replace(request, detail="standard", detail_model="fine")
    text = recipe_to_json(made, request.model, SHA, detail_sha256=SHA)
    back = recipe_from_json(text)
    assert (back.request, back.detail_sha256) == (made, SHA)
    assert text.isascii()
    assert "\n" not in text


@given(requests)
@settings(max_examples=50, deadline=None)
def test_protobuf_reads_it(request: SkyRequest) -> None:
    message = json_format.Parse(recipe_to_json(request, request.model, SHA), sky_pb2.SkyRecipe())
    assert message.seed == request.seed
    assert message.variation == request.variation
    assert message.rotation_degrees == request.rotation
    assert message.model.name == request.model
    assert [output.size for output in message.outputs] == [output.size for output in request.outputs]
    # And what protobuf prints is read here, in either spelling of the names.
    for snake in (False, True):
        printed = json_format.MessageToJson(message, preserving_proto_field_name=snake)
        assert recipe_from_json(printed).request == request


def test_golden() -> None:
    text = recipe_to_json(REQUEST, "small", SHA, "1.2.3")
    assert text == (
        '{"clouds":[{"genus":"CLOUD_GENUS_CUMULUS","weight":0.7},{"genus":"CLOUD_GENUS_CIRRUS","weight":0.3}],'
        '"exposureEv":0.1,"ground":{"colour":{"blue":0.4666666666666667,"green":0.3333333333333333,"red":0.2},'
        '"mode":"GROUND_MODE_COLOUR"},"model":{"name":"small","sha256":"' + SHA + '"},"outputs":['
        '{"format":"IMAGE_FORMAT_PNG","layout":"LAYOUT_PANORAMA","size":2048},'
        '{"format":"IMAGE_FORMAT_JPEG","layout":"LAYOUT_FACES","quality":80,"size":512},'
        '{"camera":{"fovDegrees":75.0,"pitchDegrees":20.5,"yawDegrees":10.0},"format":"IMAGE_FORMAT_PNG",'
        '"layout":"LAYOUT_PERSPECTIVE","size":640}],"rotationDegrees":-12.5,"seed":4294967295,'
        '"skyloomVersion":"1.2.3","variation":0.25}'
    )


def test_golden_with_detail_and_blend() -> None:
    request = SkyRequest(
        clouds=(("cirrus", 1.0),),
        seed=1,
        outputs=(OutputSpec("panorama", 4096),),
        detail="high",
        detail_model="fine",
        blend=Blend((("stratus", 1.0),), 2, 0.5),
    )
    assert recipe_to_json(request, "small", SHA, "1.2.3", SHA[::-1]) == (
        '{"blend":{"clouds":[{"genus":"CLOUD_GENUS_STRATUS","weight":1.0}],"position":0.5,"seed":2},'
        '"clouds":[{"genus":"CLOUD_GENUS_CIRRUS","weight":1.0}],"detail":"DETAIL_LEVEL_HIGH",'
        '"detailModel":{"name":"fine","sha256":"' + SHA[::-1] + '"},"exposureEv":0.0,'
        '"ground":{"mode":"GROUND_MODE_FADE"},"model":{"name":"small","sha256":"' + SHA + '"},"outputs":['
        '{"format":"IMAGE_FORMAT_PNG","layout":"LAYOUT_PANORAMA","size":4096}],"rotationDegrees":0.0,"seed":1,'
        '"skyloomVersion":"1.2.3","variation":0.7}'
    )


def test_a_recipe_from_before_detail_has_none() -> None:
    recipe = recipe_from_json('{"clouds":[{"genus":"cirrus","weight":1}],"skyloomVersion":"0.1.0"}')
    assert recipe.request.detail == "off"
    assert (recipe.request.detail_model, recipe.detail_sha256, recipe.request.blend) == ("", "", None)
    assert '"detail' not in recipe_to_json(recipe.request, "m", SHA)


def test_equal_requests_spell_equally() -> None:
    a = SkyRequest(clouds=(("cirrus", 1),), variation=0, rotation=-0.0)
    b = SkyRequest(clouds=(("cirrus", 1.0),), variation=0.0, rotation=0)
    assert recipe_to_json(a, "m", SHA) == recipe_to_json(b, "m", SHA)


def test_an_outputs_recipe_does_not_depend_on_the_others() -> None:
    alone = replace(REQUEST, outputs=(REQUEST.outputs[1],))
    assert output_recipe_json(REQUEST, 1, "small", SHA) == output_recipe_json(alone, 0, "small", SHA)


def test_short_names_by_hand() -> None:
    recipe = recipe_from_json(
        '{"clouds":[{"genus":"Cu","weight":1}],"outputs":[{"layout":"faces","size":512,"format":"jpeg"}]}'
    )
    assert recipe.request == SkyRequest((("cumulus", 1.0),), outputs=(OutputSpec("faces", 512, "jpg"),), detail="off")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "JSON"),
        ("[1]", "JSON object"),
        ("{}", "at least one cloud"),
        ('{"clouds":[{"genus":"cumulos","weight":1}]}', "did you mean 'cumulus'"),
        ('{"clouds":[{"genus":"cirrus","weight":0.5}]}', "sum to 1"),
        ('{"clouds":[{"genus":"cirrus","weight":true}]}', "a number"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"seed":-1}', "seed"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"seed":4294967296}', "seed"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"seed":1.5}', "whole number"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"seed":1e999}', "whole number"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"variation":NaN}', "variation"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"sede":1}', "sede"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"outputs":[]}', "outputs"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"outputs":[{"size":3}]}', "even number"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"ground":{"mode":"grass"}}', "fade"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"rotation_degrees":1,"rotationDegrees":2}', "once"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"detail":"ultra"}', "off, standard, high, auto"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"detail":2}', "detail.*a text"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"detailModel":{"hash":""}}', "hash"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"blend":{}}', "blend.clouds"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"blend":{"clouds":[{"genus":"fog","weight":1}]}}', "fog"),
        ('{"clouds":[{"genus":"cirrus","weight":1}],"blend":null}', "blend.*object"),
        (
            '{"clouds":[{"genus":"cirrus","weight":1}],"blend":{"clouds":[{"genus":"Cu","weight":1}],"seed":-1}}',
            "blend.seed",
        ),
        (
            '{"clouds":[{"genus":"cirrus","weight":1}],"blend":{"clouds":[{"genus":"Cu","weight":1}],"position":1.1}}',
            "blend.position",
        ),
        ("[" * 100000, "JSON"),
    ],
)
def test_bad_recipes_are_refused(text: str, part: str) -> None:
    with pytest.raises(InvalidInput, match=part):
        recipe_from_json(text)
