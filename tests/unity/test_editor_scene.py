"""Materials, and skies in the scene: what is set, what people set and keep, and that one step back undoes it."""

from __future__ import annotations

import math

import pytest
from csharp_driver import DriverError
from editor_skies import FACES, AnalyticCore, manifest, sky
from grpc_web import web_server

SHADERS = {"panoramic": "Skybox/Panoramic", "sixSided": "Skybox/6 Sided", "cubemap": "Skybox/Cubemap"}
SLOTS = {
    "panoramic": {"_MainTex": "noon.png"},
    "sixSided": {f"_{face.capitalize()}Tex": f"noon_{face}.png" for face in FACES},
    "cubemap": {"_Tex": "noon.png"},
}


@pytest.fixture(scope="module")
def address():
    with web_server(AnalyticCore()) as (_core, server):
        yield server.web_address


@pytest.fixture
def make(editor, address):
    """Imports a sky and makes its material."""

    def run(entry=None, **more):
        made = editor.call("import", address=address, manifest=manifest(entry or sky(size=64)))
        return editor.call("material", record=made["record"], **more)

    return run


@pytest.mark.parametrize("kind", SHADERS)
@pytest.mark.parametrize("gamma", [False, True])
def test_a_new_material(editor, make, tmp_path, kind, gamma):
    editor.call("project", path=str(tmp_path), gamma=gamma)
    material = make(sky(kind=kind, size=64))
    assert material["shader"] == SHADERS[kind]
    assert {slot: texture["path"] for slot, texture in material["textures"].items()} == {
        slot: f"Assets/Skies/{name}" for slot, name in SLOTS[kind].items()
    }
    wanted = {"_Exposure": 1, "_Rotation": 90 if kind == "panoramic" else 0}
    if kind == "panoramic":
        wanted |= {"_Mapping": 1, "_ImageType": 0, "_MirrorOnBack": 0, "_Layout": 0}
    assert material["floats"] == wanted
    tint = 0.5 if gamma else 0.503867
    assert material["colours"]["_Tint"] == pytest.approx([tint, tint, tint, 0.5])
    assert material["keywords"] == []
    assert editor.call("importer", path=material["path"])["labels"] == ["Skyloom"]


def test_a_new_material_can_be_undone(editor, make, tmp_path):
    make()
    steps = editor.call("steps")
    assert [(step["kind"], step["object"]) for step in steps] == [("Created", "Material")]
    editor.call("undo")
    assert editor.call("steps") == []


def test_what_a_person_set_stays_and_an_update_can_be_undone(editor, make):
    material = make()
    editor.call("touch", path=material["path"], floats={"_Exposure": 1.3, "_Rotation": 120})
    again = make(sky(size=128, seed=8))
    assert again["floats"] == {**material["floats"], "_Exposure": pytest.approx(1.3), "_Rotation": 120}
    assert again["textures"]["_MainTex"]["width"] == 128
    # Another kind is another shader, for which the old values mean nothing.
    cube = make(sky(size=64, kind="cubemap"))
    assert cube["shader"] == "Skybox/Cubemap"
    assert cube["floats"]["_Exposure"] == 1
    assert cube["floats"]["_Rotation"] == 0
    editor.call("undo")
    back = editor.call("look", path=material["path"])
    assert back["shader"] == "Skybox/Panoramic"
    assert back["floats"]["_Rotation"] == 120


@pytest.mark.parametrize("answer", [None, False, True])
def test_a_persons_material_is_asked_for(editor, make, tmp_path, answer):
    path = "Assets/Skies/noon.mat"
    (tmp_path / "Assets/Skies").mkdir()
    editor.call("touch", path=path, floats={"_Exposure": 2})
    assert editor.call("conflicts", manifest=manifest(sky())) == [path]
    guid = editor.call("importer", path=path)["guid"]
    if answer:
        assert make(overwrite=True)["textures"]["_MainTex"]["path"] == "Assets/Skies/noon.png"
        assert editor.call("importer", path=path)["labels"] == ["Skyloom"]
        assert editor.call("importer", path=path)["guid"] == guid
        return
    with pytest.raises(DriverError, match=r"noon\.mat") as caught:
        make(overwrite=answer)
    assert caught.value.type == "SkyImportException"
    assert editor.call("look", path=path)["floats"] == {"_Exposure": 2}


def test_what_an_undone_material_leaves_is_no_persons(editor, make, tmp_path):
    # Unity destroys the object; should the file stay, it has no material in it, but its .meta has the label.
    path = make()["path"]
    (tmp_path / path).write_text("")
    editor.call("project", path=str(tmp_path))
    assert editor.call("conflicts", manifest=manifest(sky(size=64))) == []
    assert make()["textures"]["_MainTex"]["path"] == "Assets/Skies/noon.png"


def test_a_material_needs_its_textures(editor, make, tmp_path):
    material = make()
    (tmp_path / "Assets/Skies/noon.png").unlink()
    editor.call("project", path=str(tmp_path))
    with pytest.raises(DriverError, match=r"noon\.png is missing"):
        editor.call("material", record="Assets/Skies/noon.sky.json")
    assert material["path"] == "Assets/Skies/noon.mat"


def test_apply_and_one_step_back(editor, make):
    path = make()["path"]
    before = editor.call("scene")
    after = editor.call("apply", path=path)
    assert after == {**before, "skybox": path, "ambient": "Skybox", "reflections": "Skybox"}
    steps = [step for step in editor.call("steps") if step["object"] == "RenderSettings"]
    assert [(step["kind"], step["groupName"]) for step in steps] == [("Record", "Apply Sky")]
    notes = editor.call("imports")["notes"]
    assert notes.count("DynamicGI.UpdateEnvironment") == notes.count("EditorSceneManager.MarkSceneDirty") == 1
    assert editor.call("undo") == before
    # The material is a step of its own: applying twice and undoing once leaves the first.
    assert editor.call("look", path=path) is not None


def test_what_is_not_wanted_is_not_touched(editor, make, tmp_path):
    editor.call("project", path=str(tmp_path), noGraphics=True, playing=True, pipeline="urp")
    after = editor.call("apply", path=make()["path"], ambient=False, reflections=False)
    assert (after["ambient"], after["reflections"], after["sun"]) == ("Trilight", "Custom", None)
    notes = editor.call("imports")["notes"]
    assert "DynamicGI.UpdateEnvironment" not in notes
    assert "EditorSceneManager.MarkSceneDirty" not in notes


def _forward(rotation):
    """Where +Z goes under a quaternion."""
    x, y, z, w = rotation
    return [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)]


@pytest.mark.parametrize(("azimuth", "elevation"), [(0, 0), (90, 30), (-135, 60), (10, 90)])
@pytest.mark.parametrize("there", [False, True])
def test_the_sun_shines_from_where_it_stands(editor, make, azimuth, elevation, there):
    if there:
        editor.call("place", name="Lamp", type="Point")
        editor.call("place", name="Daylight")
    before = editor.call("scene")
    after = editor.call("apply", path=make()["path"], sun=True, azimuth=azimuth, elevation=elevation, red=True)
    sun = after["sun"]
    assert (sun["name"], sun["type"], sun["colour"]) == ("Daylight" if there else "Sun", "Directional", [1, 0, 0, 1])
    a, e = math.radians(azimuth), math.radians(elevation)
    toward = [math.cos(e) * math.sin(a), math.sin(e), math.cos(e) * math.cos(a)]
    assert _forward(sun["rotation"]) == pytest.approx([-c for c in toward], abs=1e-6)
    assert editor.call("undo") == before
    if there:
        # The light itself has its old direction and colour again.
        again = editor.call("apply", path="Assets/Skies/noon.mat", sun=True, azimuth=0, elevation=0)
        assert again["sun"]["colour"] == [1, 1, 1, 1]


class TestHdrp:
    @pytest.fixture(autouse=True)
    def _hdrp(self, editor, tmp_path):
        editor.call("project", path=str(tmp_path), pipeline="hdrp")

    def test_a_volume_shows_the_cubemap_and_one_step_back_removes_it(self, editor, make):
        editor.call("place", name="Template", volume=True, priority=3)
        path = make(sky(kind="cubemap", size=64))["path"]
        before = editor.call("scene")
        editor.call("apply", path=path)
        template, volume = editor.call("volumes")
        assert template["profile"] is None
        assert (volume["name"], volume["global"], volume["priority"]) == ("Sky Volume", True, 4)
        assert volume["profile"] == {
            "path": "Assets/Skies/noon_Volume.asset",
            "sky": "Assets/Skies/noon.png",
            "skyOverride": True,
            "rotation": 0,
            "type": 1,
            "ambient": "Dynamic",
        }
        notes = editor.call("imports")["notes"]
        saved = notes.index("SaveAssetIfDirty Assets/Skies/noon_Volume.asset")
        for part in ("HDRISky", "VisualEnvironment"):
            assert notes.index(f"AddObjectToAsset {part} Assets/Skies/noon_Volume.asset") < saved
        assert editor.call("importer", path="Assets/Skies/noon_Volume.asset")["labels"] == ["Skyloom"]
        assert editor.call("undo") == before
        assert [one["name"] for one in editor.call("volumes")] == ["Template"]

    def test_another_sky_takes_the_same_volume(self, editor, make):
        editor.call("apply", path=make(sky(kind="cubemap", size=64))["path"])
        editor.call("apply", path=make(sky("dusk", kind="cubemap", size=64))["path"])
        (volume,) = editor.call("volumes")
        assert volume["profile"]["sky"] == "Assets/Skies/dusk.png"
        editor.call("undo")
        (volume,) = editor.call("volumes")
        assert volume["profile"]["sky"] == "Assets/Skies/noon.png"
        editor.call("apply", path="Assets/Skies/noon.mat")
        assert editor.call("imports")["notes"].count("CreateAsset Assets/Skies/noon_Volume.asset") == 1

    def test_only_cubemaps_are_shown(self, editor, make):
        with pytest.raises(DriverError, match="Cubemap") as caught:
            editor.call("apply", path=make()["path"])
        assert caught.value.type == "SkyImportException"
        assert [step for step in editor.call("steps") if step["object"] == "RenderSettings"] == []

    def test_a_persons_profile_stays(self, editor, make, tmp_path):
        path = make(sky(kind="cubemap", size=64))["path"]
        profile = tmp_path / "Assets/Skies/noon_Volume.asset"
        profile.write_text("mine")
        with pytest.raises(DriverError, match="noon_Volume"):
            editor.call("apply", path=path)
        assert profile.read_text() == "mine"
