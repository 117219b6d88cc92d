"""Recipes, numbers, bounds, manifests and records in C# agree with Python's, and entries gone wrong are named."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import random
import struct
from decimal import Decimal, localcontext

import pytest
from csharp_driver import DriverError
from recipe_text import recipe
from skyloom import contract
from skyloom.clouds import CLOUD_TYPES
from skyloom.errors import InvalidInput
from skyloom.recipe import recipe_from_json, recipe_to_json
from skyloom.request import (
    DETAIL_LEVELS,
    EXPOSURE_LIMIT,
    JPEG_QUALITY_DEFAULT,
    LAYOUTS,
    MAX_OUTPUTS,
    SIZE_LIMITS,
    Blend,
    Camera,
    Ground,
    OutputSpec,
    SkyRequest,
)
from skyloom.transition import MAX_FRAMES, MAX_TRANSITION_PIXELS
from skyloom.v1 import sky_pb2

NAMES = [cloud.name for cloud in CLOUD_TYPES]


def test_bounds_are_the_server_s(driver):
    assert driver.call("limits") == {
        "sizes": {layout: list(bounds) for layout, bounds in SIZE_LIMITS.items()},
        "maxOutputs": MAX_OUTPUTS,
        "maxFrames": MAX_FRAMES,
        "maxTransitionPixels": MAX_TRANSITION_PIXELS,
        "maxExposure": EXPOSURE_LIMIT,
        "quality": JPEG_QUALITY_DEFAULT,
        "variation": SkyRequest.variation,
        "apiVersion": contract.API_VERSION,
    }


def test_numbers_are_spelled_as_python_spells_them(driver):
    dice = random.Random(1)
    values = [
        0.0,
        -0.0,
        1.0,
        0.1,
        0.7,
        1e16,
        1e15,
        123456789012345680.0,
        1e-4,
        1e-5,
        9.5e-5,
        5e-324,
        1.7976931348623157e308,
    ]
    values += [2.0**power for power in range(-1074, 1024, 3)]
    values += [dice.uniform(-5, 5) for _ in range(500)] + [round(dice.uniform(-360, 360), 2) for _ in range(500)]
    while len(values) < 4000:
        (value,) = struct.unpack("<d", dice.randbytes(8))
        if abs(value) < float("inf"):
            values.append(value)
    bits = [str(struct.unpack("<q", struct.pack("<d", value))[0]) for value in values]
    spelled = [repr(value) for value in values]
    assert driver.call("numbers", values=bits) == spelled
    # Read as well: the middle between two doubles and its neighbours, and far more digits than a double has.
    with localcontext() as context:
        context.prec = 350
        for value in values[13:1500]:
            exact = Decimal(value)
            middle = (exact + Decimal(math.nextafter(value, math.inf))) / 2
            texts = [f"{number:.{places}e}" for number in (exact, middle) for places in (3, 16, 17, 30)]
            texts += [str(middle), str(middle.next_plus()), str(middle.next_minus())]
            spelled += [text for text in texts if len(text) < 400 and abs(float(text)) < math.inf]
    read = json.loads(driver.call("json", text="[" + ",".join(spelled) + "]"))
    assert [float(number) for number in read] == [float(text) for text in spelled]


@pytest.mark.parametrize("text", ["1e309", "-1e309", "1e99999999999", "1.8e308", "0." + "1" * 500, "9" * 401])
def test_numbers_beyond_a_double_are_refused(driver, text):
    with pytest.raises(DriverError, match="expected a number"):
        driver.call("json", text=text)
    tiny = "[1e-99999999999,-1e-400,0e999999999,2.4e-324,9223372036854775808,-9223372036854775808]"
    assert driver.call("json", text=tiny) == "[0.0,-0.0,0.0,0.0,9.223372036854776e+18,-9223372036854775808]"


def _random_request(dice: random.Random) -> SkyRequest:
    clouds = dice.sample(NAMES, dice.choice((1, 2, 3)))
    parts = [dice.uniform(0.1, 1) for _ in clouds]
    outputs = []
    for _ in range(dice.choice((1, 1, 4))):
        layout = dice.choice(LAYOUTS)
        camera = Camera(dice.uniform(-360, 360), 20.0, 75.5) if layout == "perspective" else Camera()
        low, high = SIZE_LIMITS[layout]
        size = 2 * dice.randint(low // 2, high // 2)
        outputs.append(OutputSpec(layout, size, dice.choice(("png", "jpg")), dice.randint(1, 100), camera))
    ground = dice.choice((Ground(), Ground("mirror"), Ground("colour", (0.5, dice.random(), 0.0))))
    return SkyRequest(
        clouds=tuple(zip(clouds, (part / sum(parts) for part in parts), strict=True)),
        seed=dice.randrange(2**32),
        variation=dice.random(),
        rotation=dice.choice((0.0, -0.0, 15.0, dice.uniform(-360, 360))),
        exposure=dice.uniform(-5, 5),
        ground=ground,
        outputs=tuple(outputs),
        model=dice.choice(("", "skyloom-base", "modèle \U0001f324")),
        detail=dice.choice(DETAIL_LEVELS),
        blend=dice.choice((None, Blend((("stratus", 0.5), ("cirrus", 0.5)), dice.randrange(2**32), dice.random()))),
    )


def test_the_canonical_recipe_is_the_same_text_and_the_same_message(driver):
    dice = random.Random(2)
    for _ in range(120):
        request = _random_request(dice)
        text = recipe_to_json(request, request.model, "ab" * 32, "0.1.0")
        assert driver.call("recipe", text=text) == text
        message = sky_pb2.SkyRecipe.FromString(base64.b64decode(driver.call("recipeBytes", text=text)))
        # The text leaves out what cannot change the picture.
        assert contract.request_from_recipe(message) == recipe_from_json(text).request


@pytest.mark.parametrize(
    "text",
    [
        recipe(),
        recipe(detail="off", detailModel={"name": "fine", "sha256": "AB"}),
        recipe(detail="high", detail_model={"name": "fine", "sha256": "AB"}),
        recipe(detail="DETAIL_LEVEL_AUTO", detailModel={"name": "", "sha256": ""}),
        recipe(blend={"clouds": [{"genus": "Cu", "weight": 1}], "seed": 5, "position": 0.25}),
        '{"clouds":[{"genus":"Cu","weight":0.5},{"genus":"CLOUD_GENUS_CIRRUS","weight":0.5}]}',
        '{"clouds":[{"genus":"cumulus","weight":1}],"rotation_degrees":-0.0,"exposure_ev":1,"ground":{"mode":"mirror"}}',
        '{"clouds":[{"genus":"CUMULUS","weight":1.0}],"outputs":[{"layout":"perspective","size":64,"format":"jpg"}],"seed":7.0}',
        '{"clouds":[{"genus":"cumulus","weight":1}],"ground":{"mode":"colour","colour":{"red":1}},"model":{"sha256":"AB"}}',
    ],
)
def test_what_people_write_is_read_alike(driver, text):
    read = recipe_from_json(text)
    wanted = recipe_to_json(
        read.request, read.request.model, read.model_sha256, read.skyloom_version, read.detail_sha256
    )
    assert driver.call("recipe", text=text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"clouds":[]}',
        recipe(seed=-1),
        recipe(seed=2**32),
        recipe(seed=1.5),
        recipe(seed="7"),
        recipe(seed=True),
        recipe(variation=1.01),
        recipe(rotationDegrees=361),
        recipe(exposureEv=-5.1),
        recipe(colour=1),
        recipe(detail="ultra"),
        recipe(detail=1),
        recipe(detailModel={"hash": ""}),
        recipe(blend={}),
        recipe(blend={"clouds": [{"genus": "cirrus", "weight": 1}], "position": 1.5}),
        recipe(blend={"clouds": [{"genus": "cirrus", "weight": 0.5}]}),
        recipe(blend={"clouds": [{"genus": "cirrus", "weight": 1}], "seed": -1}),
        recipe(rotation_degrees=1, rotationDegrees=1),
        recipe(ground={"mode": "sea"}),
        recipe(ground={"mode": "colour", "colour": {"red": 1.1}}),
        recipe(clouds=[{"genus": "fog", "weight": 1}]),
        recipe(clouds=[{"genus": "cumulus", "weight": 0.9}]),
        recipe(clouds=[{"genus": "cumulus", "weight": 0.5}, {"genus": "Cu", "weight": 0.5}]),
        recipe(clouds=[{"genus": "cumulus", "weight": 1}, {"genus": "cirrus", "weight": 0}]),
        recipe(outputs=[]),
        recipe(outputs=[{"layout": "panorama", "size": 64}] * 9),
        recipe(outputs=[{"layout": "panorama", "size": 30}]),
        recipe(outputs=[{"layout": "panorama", "size": 65}]),
        recipe(outputs=[{"layout": "cross", "size": 4096}]),
        recipe(outputs=[{"layout": "globe", "size": 64}]),
        recipe(outputs=[{"layout": "dome", "size": 64, "format": "exr"}]),
        recipe(outputs=[{"layout": "dome", "size": 64, "quality": 101}]),
        recipe(outputs=[{"layout": "perspective", "size": 64, "camera": {"fovDegrees": 151}}]),
    ],
)
def test_what_python_refuses_is_refused(driver, text):
    with pytest.raises(InvalidInput):
        recipe_from_json(text)
    with pytest.raises(DriverError) as caught:
        driver.call("recipe", text=text)
    assert caught.value.type in ("JsonException", "InvalidRequestException")


def _manifest(*skies, **more) -> str:
    return json.dumps({"version": 1, "skies": list(skies), **more})


def _sky(name: str = "noon", **changes) -> dict:
    content = {"name": name, "kind": "panoramic", "size": 64, "folder": "Assets/Skies"}
    return {**content, "recipe": {"clouds": [{"genus": "cumulus", "weight": 1}], "seed": 7}, **changes}


def test_a_manifest_asks_for_the_right_pictures(driver):
    kinds = {"panoramic": "panorama", "sixSided": "faces", "cubemap": "cross"}
    text = _manifest(*(_sky(kind, kind=kind) for kind in kinds))
    items = driver.call("manifest", text=text)
    assert [item["label"] for item in items] == list(kinds)
    for item, layout in zip(items, kinds.values(), strict=True):
        assert item["error"] is None
        request = recipe_from_json(item["request"]).request
        assert request.outputs == (OutputSpec(layout, 64),)
        assert (request.seed, request.clouds) == (7, (("cumulus", 1.0),))
        # Documented, so that a build script in any language can compute it.
        content = json.dumps(
            {"contentVersion": 1, "kind": item["label"], "recipe": json.loads(item["request"])},
            sort_keys=True,
            separators=(",", ":"),
        )
        assert item["hash"] == hashlib.sha256(content.encode()).hexdigest()
        # Written and read again it is the same sky.
        (again,) = driver.call("manifest", text=item["again"])
        assert (again["hash"], again["request"], again["again"]) == (item["hash"], item["request"], item["again"])


def test_the_hash_changes_with_what_changes_the_picture_and_with_nothing_else(driver):
    base = _sky()["recipe"]
    skies = [
        _sky("a"),
        _sky("b", folder="Assets/Other"),
        _sky("c", recipe={**base, "variation": 0.7, "skyloomVersion": "9.9.9", "rotation_degrees": -0.0}),
        _sky("d", recipe={"detail": "off", "clouds": [{"genus": "CLOUD_GENUS_CUMULUS", "weight": 1.0}], "seed": 7.0}),
        _sky("e", size=128),
        _sky("f", kind="sixSided"),
        _sky("g", recipe={**base, "seed": 8}),
        _sky("h", recipe={**base, "model": {"name": "skyloom-base"}}),
        _sky("i", recipe={**base, "model": {"sha256": "ab" * 32}}),
        _sky("j", recipe={**base, "exposureEv": 0.5}),
        _sky("k", recipe={**base, "detail": "high"}),
    ]
    hashes = [item["hash"] for item in driver.call("manifest", text=_manifest(*skies))]
    assert len(set(hashes[:4])) == 1
    assert len(set(hashes[3:])) == 8


@pytest.mark.parametrize(
    ("sky", "named"),
    [
        (_sky("noon", recipe={"clouds": [{"genus": "fog", "weight": 1}]}), "fog"),
        (_sky("noon", recipe={"clouds": []}), "cloud"),
        (_sky("noon", recipe={"outputs": []}), "outputs"),
        (_sky("noon", kind="flat"), "kind"),
        (_sky("noon", size=63), "size"),
        (_sky("noon", kind="cubemap", size=4096), "size"),
        (_sky("noon", size="big"), "size"),
        (_sky("noon", folder="../Secrets"), "folder"),
        (_sky("noon", folder="Assets/../.."), "folder"),
        (_sky("noon", folder="Assets//x"), "folder"),
        (_sky("noon", folder="C:/Assets"), "folder"),
        (_sky("noon", colour="red"), "colour"),
        ({"name": "noon"}, "recipe"),
        (_sky("a/b"), "name"),
        (_sky("noon "), "name"),
        (_sky(""), "name"),
        (_sky("GOOD"), "earlier"),
        ([], "object"),
    ],
)
def test_a_broken_entry_is_named_and_the_others_stand(driver, sky, named):
    good, broken, last = driver.call("manifest", text=_manifest(_sky("good"), sky, _sky("last")))
    assert good["error"] is None
    assert last["error"] is None
    assert broken["hash"] is None
    assert named in broken["error"]
    label = sky["name"] if isinstance(sky, dict) and sky["name"] else "skies[1]"
    assert broken["label"] == label


@pytest.mark.parametrize(
    "text", ["", "{}", '{"version":2,"skies":[]}', '{"version":1}', '{"version":1,"skies":{}}', _manifest(x=1), "{"]
)
def test_what_is_no_manifest(driver, text):
    with pytest.raises(DriverError) as caught:
        driver.call("manifest", text=text)
    assert caught.value.type == "ManifestException"


@pytest.mark.parametrize(("kind", "files"), [("panoramic", 1), ("sixSided", 6)])
def test_the_record_tells_current_from_missing_stale_and_changed(driver, tmp_path, kind, files):
    text = _manifest(_sky(kind=kind))
    edited = _manifest(_sky(kind=kind, recipe={**_sky()["recipe"], "seed": 8}))
    ask = {"project": str(tmp_path)}
    assert driver.call("record", text=text, **ask) == "Missing"
    assert driver.call("record", text=text, make=True, **ask) == "Current"
    assert driver.call("record", text=edited, **ask) == "Stale"
    folder = tmp_path / "Assets" / "Skies"
    pictures = sorted(folder.glob("*.png"))
    assert len(pictures) == files
    content = pictures[-1].read_bytes()
    pictures[-1].write_bytes(content + b"!")
    assert driver.call("record", text=text, **ask) == "Changed"
    pictures[-1].unlink()
    assert driver.call("record", text=text, **ask) == "Missing"
    pictures[-1].write_bytes(content)
    record = folder / "noon.sky.json"
    assert driver.call("record", text=text, **ask) == "Current"
    good = json.loads(record.read_text())
    for damage in ({"files": [{**good["files"][0], "name": "../../x.png"}]}, {"recordVersion": 2}, {"files": 3}):
        record.write_text(json.dumps({**good, **damage}))
        assert driver.call("record", text=text, **ask) == "Missing"
    record.write_text("{")
    assert driver.call("record", text=text, **ask) == "Missing"
