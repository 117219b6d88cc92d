"""Pictures become textures: every import setting, GUIDs that stay, people's files that stay, nothing half done."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from csharp_driver import DriverError
from editor_skies import FACES, AnalyticCore, manifest, sky
from grpc_web import web_server

# What Unity has to be told, whatever its defaults and the project's presets are.
COMMON = {
    "settings.textureType": "Default",
    "settings.sRGBTexture": "True",
    "settings.ignorePngGamma": "True",
    "settings.alphaSource": "None",
    "settings.alphaIsTransparency": "False",
    "settings.readable": "False",
    "settings.mipmapEnabled": "False",
    "settings.streamingMipmaps": "False",
    "settings.filterMode": "Bilinear",
    "settings.aniso": "0",
    "settings.npotScale": "None",
    "ignoreMipmapLimit": "True",
    "crunchedCompression": "False",
    "textureCompression": "CompressedHQ",
}
CLAMPED = {f"settings.wrapMode{axis}": "Clamp" for axis in ("", "U", "V", "W")}
FLAT = {**COMMON, **CLAMPED, "settings.textureShape": "Texture2D"}
TABLE = {
    "panoramic": {**FLAT, "settings.wrapModeU": "Repeat", "settings.wrapMode": "Repeat", "maxTextureSize": "512"},
    "sixSided": {**FLAT, "maxTextureSize": "256"},
    "cubemap": {
        **COMMON,
        **CLAMPED,
        "settings.textureShape": "TextureCube",
        "settings.generateCubemap": "FullCubemap",
        "settings.cubemapConvolution": "None",
        "settings.seamlessCubemap": "False",
        # The picture's width: a cross has four faces side by side.
        "maxTextureSize": "1024",
    },
}
SIZES = {"panoramic": 512, "sixSided": 256, "cubemap": 256}


@pytest.fixture(scope="module")
def served():
    with web_server(AnalyticCore()) as (core, server):
        yield core, server.web_address


@pytest.fixture
def make(editor, served):
    """Imports a sky and returns what the editor says of it."""

    def run(entry=None, **more):
        return editor.call("import", address=served[1], manifest=manifest(entry or sky()), **more)

    return run


def _settings(editor, made):
    return {path: editor.call("importer", path=path)["settings"] for path in made["textures"].values()}


def _tree(folder):
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _refused(run) -> str:
    with pytest.raises(DriverError) as caught:
        run()
    assert caught.value.type == "SkyImportException"
    return caught.value.facts["message"]


@pytest.mark.parametrize("kind", TABLE)
def test_every_setting_is_as_the_table_has_it(editor, make, kind):
    # A preset that wants all of it otherwise, as some projects have for sprites.
    editor.call("preset", platform="Android", size=128)
    made = make(sky(kind=kind, size=SIZES[kind]))
    assert len(made["textures"]) == (6 if kind == "sixSided" else 1)
    for settings in _settings(editor, made).values():
        assert {name: settings[name] for name in TABLE[kind]} == TABLE[kind]
        # The preset's override would have shrunk the sky on that platform.
        assert settings["platform.Android.overridden"] == "True"
        assert settings["platform.Android.maxTextureSize"] == TABLE[kind]["maxTextureSize"]
        assert settings["platform.Android.textureCompression"] == "CompressedHQ"


@pytest.mark.parametrize(("size", "wanted"), [(512, 512), (600, 1024), (32, 32)])
def test_no_picture_is_larger_than_its_limit(editor, make, size, wanted):
    made = make(sky(size=size))
    (settings,) = _settings(editor, made).values()
    assert int(settings["maxTextureSize"]) == wanted
    texture = editor.call("material", record=made["record"])["textures"]["_MainTex"]
    assert (texture["width"], texture["height"]) == (size, size // 2)


@pytest.mark.parametrize(
    ("width", "height", "wanted"),
    [(16, 8, 32), (8192, 4096, 8192), (8192, 6144, 8192), (4096, 8194, 16384), (24576, 4096, 16384)],
)
def test_the_limit_is_one_that_unity_offers(editor, width, height, wanted):
    assert editor.call("sizeFor", width=width, height=height) == wanted


def test_platforms_can_have_their_own_limit(editor, make):
    made = make(platformMaxSizes={"Android": 128, "WebGL": 4096, "Switch": 100}, uncompressed=True)
    (settings,) = _settings(editor, made).values()
    found = {name: settings[f"platform.{name}.maxTextureSize"] for name in ("Android", "WebGL", "Switch")}
    assert found == {"Android": "128", "WebGL": "256", "Switch": "128"}
    assert {settings[f"platform.{name}.overridden"] for name in found} == {"True"}
    assert settings["textureCompression"] == settings["platform.Android.textureCompression"] == "Uncompressed"


def test_what_a_person_overrides_for_a_platform_stays(editor, make):
    made = make()
    path = made["textures"]["panorama"]
    editor.call("override", path=path, platform="Android", size=64)
    make(sky(seed=8, size=512))
    (settings,) = _settings(editor, made).values()
    assert settings["platform.Android.maxTextureSize"] == "64"
    assert settings["maxTextureSize"] == "512"


@pytest.mark.parametrize("kind", TABLE)
def test_made_again_it_keeps_its_guids(editor, make, tmp_path, kind):
    first = make(sky(kind=kind))
    material = editor.call("material", record=first["record"])
    paths = [*first["textures"].values(), first["record"], first["material"]]
    guids = {path: editor.call("importer", path=path)["guid"] for path in paths}
    pictures = {path: (tmp_path / path).read_bytes() for path in first["textures"].values()}
    assert len(set(guids.values())) == len(paths)
    second = make(sky(kind=kind, size=128, seed=8))
    assert editor.call("material", record=second["record"])["path"] == material["path"]
    assert {path: editor.call("importer", path=path)["guid"] for path in paths} == guids
    assert all((tmp_path / path).read_bytes() != before for path, before in pictures.items())
    assert second["hash"] != first["hash"]


def test_each_import_is_one_block(editor, make, tmp_path):
    make(sky(kind="sixSided"))
    seen = editor.call("imports")
    assert seen["blocks"] == 1
    assert seen["open"] is False
    # Once so that Unity has an importer to be told, once with the settings.
    done = [one for one in seen["done"] if one["path"].endswith(".png")]
    assert len(done) == 12
    assert all(one["settings"]["settings.mipmapEnabled"] == "False" for one in done[6:])
    make(sky(kind="sixSided", seed=8))
    again = [one for one in editor.call("imports")["done"] if one["path"].endswith(".png")][12:]
    assert sorted(one["path"] for one in again) == sorted(f"Assets/Skies/noon_{face}.png" for face in FACES)


@pytest.mark.parametrize("kind", TABLE)
def test_the_files_are_the_servers(editor, make, tmp_path, kind):
    made = make(sky(kind=kind, folder="Assets/Deep/Down"))
    record = json.loads((tmp_path / made["record"]).read_text())
    assert made["record"] == "Assets/Deep/Down/noon.sky.json"
    for file in record["files"]:
        data = (tmp_path / "Assets/Deep/Down" / file["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
        # A gAMA chunk would have Unity change the colours.
        assert b"gAMA" not in data[:4096]
    left = [name for name in _tree(tmp_path / "Assets") if "skyloom" in name or name.startswith(".")]
    assert left == []


@pytest.mark.parametrize("again", [False, True])
def test_a_failed_import_leaves_everything_as_it_was(editor, make, tmp_path, again):
    if again:
        made = make(sky(kind="sixSided"))
        editor.call("material", record=made["record"])
    before = _tree(tmp_path)
    # Three of the six are imported when the fourth fails.
    message = _refused(lambda: make(sky(kind="sixSided", seed=8, size=128), failAt="_right"))
    assert "the importer failed" in message
    assert _tree(tmp_path) == before
    if not again:
        assert list((tmp_path / "Assets").iterdir()) == []
    assert editor.call("imports")["open"] is False
    make(sky(kind="sixSided", seed=8, size=128))


def test_a_file_that_cannot_be_moved_leaves_everything_as_it_was(editor, make, tmp_path):
    make(sky(kind="sixSided"))
    # A folder in the place of the last file to be written.
    (tmp_path / "Assets/Skies/dusk_down.png").mkdir()
    (tmp_path / "Assets/Skies/dusk_down.png/inside").write_text("x")
    before = _tree(tmp_path)
    assert "dusk" in _refused(lambda: make(sky("dusk", kind="sixSided")))
    after = {name: data for name, data in _tree(tmp_path).items() if not name.startswith("Assets/Skies/dusk_down")}
    assert after == {name: data for name, data in before.items() if not name.startswith("Assets/Skies/dusk_down")}


@pytest.mark.parametrize("first", [True, False])
def test_an_import_that_was_cut_off_can_be_done_again(editor, make, tmp_path, first):
    skies = tmp_path / "Assets/Skies"
    if not first:
        make(sky(kind="sixSided"))
    before = _tree(skies)
    make(sky(kind="sixSided", seed=8))
    after = _tree(skies)
    # The editor died after the record and two pictures were moved: nothing was imported, one file lies beside.
    for name, data in after.items():
        (skies / name).unlink()
        if name in before:
            (skies / name).write_bytes(before[name])
        if name in ("noon.sky.json", "noon_front.png", "noon_back.png"):
            (skies / name).write_bytes(data)
    (skies / ".noon_left.png.skyloom-new").write_bytes(b"half")
    editor.call("project", path=str(tmp_path))
    assert editor.call("conflicts", manifest=manifest(sky(kind="sixSided", seed=8))) == []
    make(sky(kind="sixSided", seed=8))
    pictures = {name: data for name, data in _tree(skies).items() if not name.endswith(".meta")}
    assert pictures == {name: data for name, data in after.items() if not name.endswith(".meta")}


PERSONS = {
    "a picture of the same name": ("Assets/Skies/noon.png", b"holiday"),
    "a record that is none": ("Assets/Skies/noon.sky.json", b"{}"),
}


@pytest.mark.parametrize("case", PERSONS)
@pytest.mark.parametrize("answer", [None, False, True])
def test_what_a_person_made_is_asked_for(editor, make, tmp_path, case, answer):
    path, content = PERSONS[case]
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_bytes(content)
    assert editor.call("conflicts", manifest=manifest(sky())) == [path]
    if answer:
        make(overwrite=True)
        assert (tmp_path / path).read_bytes() != content
    else:
        assert path in _refused(lambda: make(overwrite=answer))
        assert (tmp_path / path).read_bytes() == content
        assert [name for name in _tree(tmp_path) if not name.endswith(".meta")] == [path]
    asked = [note for note in editor.call("imports")["notes"] if note.startswith("asked")]
    assert asked == ([] if answer is None else [f"asked: {path}"])


def test_a_picture_painted_over_is_a_persons(editor, make, tmp_path):
    made = make()
    make()
    make(sky(seed=8))
    picture = tmp_path / made["textures"]["panorama"]
    picture.write_bytes(picture.read_bytes() + b"!")
    assert editor.call("conflicts", manifest=manifest(sky(seed=8))) == [made["textures"]["panorama"]]
    assert "noon.png" in _refused(lambda: make(sky(seed=9)))
    assert picture.read_bytes().endswith(b"!")
    make(sky(seed=9), overwrite=True)
    assert editor.call("conflicts", manifest=manifest(sky(seed=9))) == []


def test_a_sky_can_change_its_kind_and_back(editor, make, tmp_path):
    make()
    make(sky(kind="sixSided"))
    # The panorama is no longer in the record, but nobody changed it.
    assert editor.call("conflicts", manifest=manifest(sky(seed=8))) == []
    make(sky(seed=8))
    picture = tmp_path / "Assets/Skies/noon_up.png"
    picture.write_bytes(picture.read_bytes() + b"!")
    assert "noon_up.png" in _refused(lambda: make(sky(kind="sixSided", seed=9)))


def test_a_sky_that_the_project_shrinks_is_said(editor, make):
    make()
    assert editor.call("log") == []
    editor.call("shrink", size=64)
    make(sky(size=128, seed=8))
    (line,) = editor.call("log")
    assert "noon.png is 64 pixels wide, not 128" in line


def test_what_is_no_picture_to_unity_leaves_nothing(editor, make, tmp_path):
    editor.call("shrink", size=0)
    assert "could not import Assets/Skies/noon.png" in _refused(make)
    assert _tree(tmp_path) == {}


def test_a_result_of_another_kind_is_refused(make, tmp_path):
    message = _refused(lambda: make(sky(kind="sixSided"), **{"as": "cubemap"}))
    assert re.search(r"cubemap sky has cross.*front, back", message)
    assert _tree(tmp_path) == {}


def test_skies_are_found_again(editor, make, tmp_path):
    make(sky("dusk", kind="cubemap", size=64, folder="Assets/Other"))
    made = make(sky(recipe={"exposureEv": 0.5, "model": {"name": "fake"}}))
    (tmp_path / "Assets/Skies/broken.sky.json").write_text("{")
    (tmp_path / "Assets/Skies/broken.sky.json.meta").write_text("guid: " + "5" * 32)
    found = editor.call("skies")
    assert [(one["name"], one["kind"], one["folder"]) for one in found] == [
        ("dusk", "Cubemap", "Assets/Other"),
        ("noon", "Panoramic", "Assets/Skies"),
    ]
    assert any("broken.sky.json" in line for line in editor.call("log"))
    entry = editor.call("entry", record=made["record"])
    again = json.loads(entry["manifest"])["skies"][0]
    assert again["recipe"]["exposureEv"] == 0.5
    assert again["recipe"]["model"] == {"name": "", "sha256": ""}
    exact = json.loads(editor.call("entry", record=made["record"], exact=True)["manifest"])["skies"][0]
    assert exact["recipe"]["model"]["sha256"] == "ab" * 32


@pytest.mark.parametrize(
    ("kind", "layout", "pictures", "largest"),
    [
        ("panoramic", "Panorama", ["panorama"], 8192),
        ("sixSided", "Faces", list(FACES), 4096),
        ("cubemap", "Cross", ["cross"], 2048),
    ],
)
def test_what_is_asked_of_the_server(editor, kind, layout, pictures, largest):
    outputs = editor.call("outputs", kind=kind)
    assert outputs["layouts"] == [layout]
    assert outputs["pictures"] == pictures
    assert outputs["sizes"][-1] == largest
    assert outputs["default"] in outputs["sizes"]
    assert all(size & (size - 1) == 0 for size in outputs["sizes"])
