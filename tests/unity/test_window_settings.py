"""Settings pages: what is entered is checked, stored where it belongs, and there again in the next editor."""

from __future__ import annotations

import pytest

USER = "Preferences/Skyloom"
TEAM = "Project/Skyloom"


@pytest.fixture
def window(open_window):
    opened = open_window()
    assert opened.call("settings", path=USER) == "User"
    assert opened.call("settings", path=TEAM) == "Project"
    return opened


def again(window):
    """The next editor, with its settings pages open."""
    window.reload()
    window.call("settings", path=USER)
    window.call("settings", path=TEAM)


def test_what_a_person_sets(window):
    given = {
        "address": "http://127.0.0.1:9", "token": "secret", "python": "/opt/python", "source": "git+https://x.org/y.git",
        "index": "/wheels",
    }  # fmt: skip
    for name, value in given.items():
        window.set(name, value, USER)
    assert (window.project / "UserSettings/Skyloom.asset").is_file()
    assert not (window.project / "ProjectSettings/Skyloom.asset").exists()
    again(window)
    assert {name: window.see(name, USER)["value"] for name in given} == given
    window.until(lambda seen: "127.0.0.1:9" in seen["server-state"]["text"])


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("address", "localhost:5", "http://HOST:PORT"),
        ("address", "ftp://x", "http://HOST:PORT"),
        ("token", "a b", "ASCII"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_the_field(window, name, value, text):
    window.set(name, value, USER)
    problem = window.see(name + "-problem", USER)
    assert problem["visible"]
    assert text in problem["text"]
    window.set(name, "", USER)
    assert not window.see(name + "-problem", USER)["visible"]
    window.set(name, value, USER)
    again(window)
    assert window.see(name, USER)["value"] == ""


def test_what_a_team_sets(window):
    window.set("folder", "Assets/Art/Skies", TEAM)
    window.set("kind", "6 Sided", TEAM)
    window.set("size-sixSided", "512 px", TEAM)
    window.set("compression", "None", TEAM)
    window.set("limits", "Android 1024, WebGL 512", TEAM)
    window.set("verify", False, TEAM)
    window.set("manifests", "skies.json; more/skies.json", TEAM)
    assert not (window.project / "UserSettings/Skyloom.asset").exists()
    window.call("close")
    again(window)
    seen = {name: one["value"] for name, one in window.call("see", page=TEAM).items()}
    assert seen["limits"] == "Android 1024, WebGL 512"
    assert (seen["verify"], seen["manifests"]) == (False, "skies.json; more/skies.json")
    # A new window begins with them.
    window.call("open")
    seen = {name: one["value"] for name, one in window.call("see").items()}
    assert (seen["folder"], seen["kind"], seen["size"]) == ("Assets/Art/Skies", "6 Sided", "512 px")


@pytest.mark.parametrize(
    ("name", "value"),
    [("folder", "Skies"), ("folder", "Assets/../x"), ("limits", "Android"), ("limits", "Android 1000")],
)
def test_what_a_team_cannot_set(window, name, value):
    before = window.see(name, TEAM)["value"]
    window.set(name, value, TEAM)
    assert window.see(name + "-problem", TEAM)["visible"]
    again(window)
    assert window.see(name, TEAM)["value"] == before


def test_every_field_has_label_and_tooltip(window):
    for page in (USER, TEAM):
        for name, one in window.call("see", page=page).items():
            if one["focusable"]:
                assert one["tooltip"], (page, name)
                assert one["label"], (page, name)
