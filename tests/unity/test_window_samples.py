"""What stands around the window: samples that compile, a manifest that can be read, documents without dead names."""

from __future__ import annotations

import json
import re

import csharp_build
import csharp_editor
import pytest
from csharp_build import PACKAGE

SAMPLES = PACKAGE / "Samples~"
DOCUMENTATION = PACKAGE / "Documentation~" / "index.md"


def test_samples_are_declared_and_there():
    declared = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))["samples"]
    assert {one["path"] for one in declared} == {f"Samples~/{path.name}" for path in SAMPLES.iterdir()}
    assert all(one["displayName"] and one["description"] for one in declared)


@pytest.mark.parametrize("version", ["2022.3", "6000.3"])
def test_samples_compile(chain, profile_of, version):
    profile = profile_of("net")
    references = csharp_editor.build_editor(chain, profile, version)
    files = csharp_build.sources(SAMPLES)
    assert len(files) == 2
    options = ["-warnaserror+"]
    assert csharp_build.build(chain, profile, "Samples", files, references=references, options=options).is_file()


def test_the_samples_manifest_can_be_read(driver):
    items = driver.call("manifest", text=(SAMPLES / "Batch" / "Skies.json").read_text(encoding="utf-8"))
    assert [(item["label"], item["error"]) for item in items] == [
        ("noon", None),
        ("before the rain", None),
        ("high ice", None),
    ]


def test_the_documentation_speaks_of_what_there_is():
    text = DOCUMENTATION.read_text(encoding="utf-8")
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "Editor").rglob("*") if path.is_file())
    for argument in re.findall(r"`(-sky\w+)", text):
        assert argument[1:] in sources, argument
    exits = dict(re.findall(r"(\w+) = (\d+),", (PACKAGE / "Editor/Batch/SkyExit.cs").read_text(encoding="utf-8")))
    assert set(re.findall(r"^\| (\d) \|", text, re.M)) == set(exits.values())
    for name in (
        "Preferences > Skyloom",
        "Window > Skyloom",
        "UserSettings/Skyloom.asset",
        "install.log",
        "server.log",
    ):
        assert name in text
    # Buttons, by the words on them.
    uxml = (PACKAGE / "Editor/Window/SkyloomWindow.uxml").read_text(encoding="utf-8")
    for button in ("Generate", "Four candidates", "Cancel", "Create material", "Apply to scene", "Roll", "Install"):
        assert f'text="{button}"' in uxml
        assert button in text
