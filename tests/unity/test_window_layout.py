"""The window's own files and manners: UXML, USS, tooltips, form, history, materials, scene, start-up."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as xml

import numpy as np
import pytest
from csharp_build import PACKAGE
from grpc_web import web_server
from sky_core import SeededCore

FOLDER = PACKAGE / "Editor" / "Window"
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.cs"))


@pytest.fixture
def window(open_window):
    """A window at a server that makes skies at once."""
    with web_server(SeededCore()) as (_, server):
        opened = open_window(server.web_address)
        opened.until(lambda seen: "Skyloom" in seen["server-state"]["text"])
        opened.set("size", "512 px")
        yield opened


def make(window, seed):
    window.set("seed", seed)
    window.click("generate")
    window.until(lambda seen: f"cumulus-{seed} is ready" in seen["notice"]["text"])


def assets(window):
    return sorted(
        path.relative_to(window.project).as_posix()
        for path in (window.project / "Assets").rglob("*")
        if path.is_file() and path.suffix != ".meta"
    )


def test_the_menu(window):
    assert window.call("menu") == ["Window/Skyloom"]


def test_every_name_in_the_uxml_is_used_and_unique():
    names = [element.get("name") for element in xml.parse(FOLDER / "SkyloomWindow.uxml").iter() if element.get("name")]
    assert len(set(names)) == len(names)
    unused = [name for name in names if f'"{name}"' not in SOURCES and name not in ("settings", "results")]
    assert unused == []


def test_every_class_that_is_set_has_a_style_and_every_style_is_used():
    uss = (FOLDER / "SkyloomWindow.uss").read_text()
    styled = set(re.findall(r"\.(skyloom[\w-]*)", uss))
    uxml = (FOLDER / "SkyloomWindow.uxml").read_text()
    used = {one for attribute in re.findall(r'class="([^"]*)"', uxml) for one in attribute.split()}
    used |= set(re.findall(r'"(skyloom_[\w-]*|skyloom--[\w-]*)"', SOURCES))
    assert used - styled == set()
    assert styled - used == set()


def test_colours_are_those_of_the_editors_skin():
    uss = re.sub(r"/\*.*?\*/", "", (FOLDER / "SkyloomWindow.uss").read_text(), flags=re.S)
    colours = re.findall(r"[\w-]*color: ([^;]+);", uss)
    assert len(colours) > 8
    assert all(re.fullmatch(r"var\(--unity-colors-[a-z_-]+\)", colour) for colour in colours), colours
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb", uss)


def test_no_obsolete_ways_to_define_elements():
    assert not re.search(r"UxmlFactory|UxmlTraits|UxmlElement\b|\bAwaitable\b|\brecord [A-Z]|\binit;", SOURCES)


def test_whatever_takes_the_focus_has_a_tooltip_and_a_name_for_people(window):
    make(window, 1)
    seen = window.call("see")
    focusable = {name: one for name, one in seen.items() if one["focusable"]}
    assert len(focusable) > 35
    for name, one in focusable.items():
        assert one["tooltip"], name
        assert one["label"] or one["text"] or name == "view", name


def test_texts_are_in_the_editors_language(open_window):
    window = open_window(pseudo=True)
    window.call("settings", path="Project/Skyloom")
    window.call("settings", path="Preferences/Skyloom")
    # Names of clouds, of Unity's materials and of the product are the same everywhere.
    own = re.compile(r"(\u2713 )?(Alto|Cirr|Contrail|Cumul|Nimbo|Strat)|\d+ px|Skyloom$|Panoramic$|6 Sided$|Cubemap$")
    for page in ("", "Project/Skyloom", "Preferences/Skyloom"):
        seen = window.call("see", page=page)
        for name, one in seen.items():
            shown = [one["tooltip"], one["text"], *one["choices"], one["label"] if page else ""]
            assert [text for text in shown if text and "\u00ab" not in text and not own.match(text)] == [], name


def test_form(window):
    window.click("type-cirrus")
    assert window.see("type-cirrus")["text"] == "\u2713 Cirrus"
    assert window.see("type-cumulus")["text"] == "Cumulus"
    window.set("mix", True)
    window.click("type-stratus")
    window.set("weight-cirrus", 1)
    window.set("weight-stratus", 0.25)
    shares = [window.see(name)["label"] for name in ("weight-cirrus", "weight-stratus")]
    assert [re.sub(r"\s+%", "%", share) for share in shares] == ["Cirrus 80%", "Stratus 20%"]
    window.set("variation", 0.123456)
    window.set("rotation", -30)
    window.set("exposure", 9)
    window.set("ground", "Colour")
    window.set("colour", [0.1, 0.2, 0.3])
    window.set("seed", 2**33)
    window.set("detail", "High")
    window.set("kind", "Cubemap")
    window.set("size", "128 px")
    window.click("generate")
    window.until(lambda seen: "is ready" in seen["notice"]["text"])
    (path,) = (window.project / "Library/Skyloom/History").glob("[!.]*/sky.json")
    sky = json.loads(path.read_text())["skies"][0]
    assert (sky["name"], sky["kind"], sky["size"]) == ("cirrus-stratus-4294967295", "cubemap", 128)
    recipe = sky["recipe"]
    assert [cloud["weight"] for cloud in recipe["clouds"]] == [0.8, 0.2]
    assert (recipe["variation"], recipe["rotationDegrees"], recipe["exposureEv"]) == (0.123, -30, 5)
    assert recipe["ground"]["colour"] == {"red": 0.1, "green": 0.2, "blue": 0.3}
    assert recipe["detail"] == "DETAIL_LEVEL_HIGH"
    # One type again.
    window.set("mix", False)
    assert "weight-cirrus" not in window.call("see")
    window.set("file-name", "no/slashes")
    seen = window.call("see")
    assert "name" in seen["blocked"]["text"]
    assert not seen["generate"]["enabled"]


def test_the_dice(window):
    before = window.see("seed")["value"]
    window.click("dice")
    assert window.see("seed")["value"] != before


def test_browsing_for_a_folder(window):
    window.call("folder", path=f"{window.project}/Assets/Art")
    window.click("browse")
    assert window.see("folder")["value"] == "Assets/Art"
    for elsewhere in ("/tmp", f"{window.project}/Library", f"{window.project}/AssetsToo"):
        window.call("folder", path=elsewhere)
        window.click("browse")
        assert window.see("folder")["value"] == "Assets/Art"
        assert "not in this project's Assets" in window.see("notice")["text"]
    window.call("folder", path="")
    window.click("browse")


def test_looking_around(window):
    window.call("drag", name="view", dx=10, dy=10)
    make(window, 2)
    window.call("resize", name="view", width=64, height=36)
    first = window.picture("view")
    window.call("drag", name="view", dx=-40, dy=5)
    second = window.picture("view")
    window.call("wheel", name="view", delta=-3)
    third = window.picture("view")
    window.call("key", name="view", key="LeftArrow")
    fourth = window.picture("view")
    shown = [first, second, third, fourth]
    for i, a in enumerate(shown):
        for b in shown[i + 1 :]:
            assert np.abs(a.astype(int) - b).mean() > 2
    # Where one looks survives a reload.
    window.reload()
    window.call("resize", name="view", width=64, height=36)
    assert np.abs(window.picture("view").astype(int) - fourth).max() <= 1


def test_history_shows_reuses_and_forgets(window):
    make(window, 3)
    window.set("rotation", 45)
    window.set("ground", "Mirror of the sky")
    make(window, 4)
    rows = [name for name in window.call("see") if re.fullmatch(r"item-[^/]+", name)]
    older, newer = sorted(rows)
    window.set("seed", 99)
    window.click(f"{newer}/reuse")
    seen = window.call("see")
    assert (seen["seed"]["value"], seen["rotation"]["value"], seen["ground"]["value"]) == (4, 45, "Mirror of the sky")
    window.click(f"{older}/reuse")
    seen = window.call("see")
    assert (seen["seed"]["value"], seen["rotation"]["value"], seen["ground"]["value"]) == (3, 0, "Fade into haze")
    window.click(f"{older}/show")
    assert window.see("view-title")["text"] == "cumulus-3"
    window.click(f"{older}/forget")
    seen = window.call("see")
    assert older not in seen
    assert newer in seen
    assert not seen["material"]["enabled"]
    # In the next editor they are there again.
    window.reload()
    assert newer in window.call("see")
    assert window.see("view-title")["text"] == "cumulus-4"


def test_a_picture_that_was_changed_is_not_shown(window):
    make(window, 5)
    (picture,) = (window.project / "Library/Skyloom/History").glob("[!.]*/panorama.png")
    picture.write_bytes(picture.read_bytes()[:-1])
    (row,) = [name for name in window.call("see") if re.fullmatch(r"item-[^/]+", name)]
    window.click(f"{row}/show")
    assert "no longer kept" in window.see("notice")["text"]


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("Panoramic", ["cumulus-6.png"]),
        ("6 Sided", [f"cumulus-6_{face}.png" for face in ("back", "down", "front", "left", "right", "up")]),
        ("Cubemap", ["cumulus-6.png"]),
    ],
)
def test_material_and_scene(window, kind, files):
    window.set("kind", kind)
    make(window, 6)
    assert assets(window) == []
    window.click("material")
    assert window.see("notice")["text"] == "Material: Assets/Skies/cumulus-6.mat"
    made = ["cumulus-6.mat", "cumulus-6.sky.json", *files]
    assert assets(window) == sorted(f"Assets/Skies/{name}" for name in made)
    window.set("reflections", False)
    window.set("sun", True)
    window.click("apply")
    assert "Undo" in window.see("notice")["text"]
    scene = {"skybox": "cumulus-6", "ambient": "Skybox", "reflection": "Custom", "sun": True}
    assert window.call("scene") == scene
    # What is there already is used, not made again.
    assert assets(window) == sorted(f"Assets/Skies/{name}" for name in made)
    window.call("undo")
    assert window.call("scene")["skybox"] is None


def test_a_name_that_is_taken_gets_a_number_unless_it_is_to_be_replaced(window):
    window.set("file-name", "noon")
    for seed in (7, 8):
        window.set("seed", seed)
        window.click("generate")
        window.until_done()
        window.until(lambda seen: "is ready" in seen["notice"]["text"])
        window.click("material")
    assert window.see("notice")["text"] == "Material: Assets/Skies/noon-2.mat"
    first = (window.project / "Assets/Skies/noon.png").read_bytes()
    window.click("material")
    assert window.see("notice")["text"] == "Material: Assets/Skies/noon-2.mat"
    window.set("replace", True)
    window.click("material")
    assert window.see("notice")["text"] == "Material: Assets/Skies/noon.mat"
    assert (window.project / "Assets/Skies/noon.png").read_bytes() != first
    # A picture that a person painted over is in the way as well.
    (window.project / "Assets/Skies/dusk.png").write_bytes(b"painted")
    window.set("replace", False)
    window.set("file-name", "dusk")
    window.click("generate")
    window.until_done()
    window.until(lambda seen: "dusk is ready" in seen["notice"]["text"])
    window.click("material")
    assert window.see("notice")["text"] == "Material: Assets/Skies/dusk-2.mat"
    assert (window.project / "Assets/Skies/dusk.png").read_bytes() == b"painted"


def test_no_texture_is_left_behind(window):
    make(window, 9)
    window.call("resize", name="view", width=64, height=36)
    for dx in range(5):
        window.call("drag", name="view", dx=dx, dy=0)
    window.call("close")
    assert window.call("textures") == 0


def test_a_narrow_window_is_one_column(window):
    window.call("resize", name="", width=400, height=900)
    assert "skyloom--narrow" in window.see("skyloom")["classes"]
    window.call("resize", name="", width=900, height=900)
    assert "skyloom--narrow" not in window.see("skyloom")["classes"]


@pytest.mark.parametrize("where", ["batch", "worker"])
def test_nothing_begins_in_batch_mode_and_import_workers(window_command, tmp_path, where):
    from window_editor import WindowEditor

    quiet = WindowEditor(window_command, tmp_path, **{where: True})
    assert quiet.begun == {"listeners": 0, "session": False}
    assert not (tmp_path / "Library").exists()
    quiet.finish()
    editor = WindowEditor(window_command, tmp_path)
    assert editor.begun["listeners"] > 0
    # Without a run that was at work nothing is begun either.
    assert editor.begun["session"] is False
    editor.finish()
