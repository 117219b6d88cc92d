"""Builds stop when a sky is missing or stale, unless the project says otherwise."""

from __future__ import annotations

import re

import pytest
from csharp_driver import DriverError
from editor_skies import AnalyticCore, manifest, sky
from grpc_web import web_server


@pytest.fixture
def made(editor, tmp_path):
    """A project with two skies and a manifest that wants them."""
    text = manifest(sky(size=64), sky("dusk", kind="sixSided", size=32))
    (tmp_path / "Skies.json").write_text(text)
    with web_server(AnalyticCore()) as (_core, server):
        arguments = ["-skyManifest", str(tmp_path / "Skies.json"), "-skyServer", server.web_address]
        assert editor.call("batch", arguments=arguments)["exit"] == 0
    return tmp_path


def _stopped(editor, **more) -> str:
    with pytest.raises(DriverError) as caught:
        editor.call("build", **more)
    assert caught.value.type == "BuildFailedException"
    return caught.value.facts["message"]


def test_a_build_with_all_its_skies(editor, made):
    assert editor.call("build", manifests=["Skies.json"]) == 0
    assert editor.call("build") == 0
    settings = (made / "ProjectSettings/SkyloomBuild.asset").read_text()
    assert re.search(r"_verify\W+True", settings)


def test_a_stale_sky_stops_it(editor, made):
    (made / "Skies.json").write_text(manifest(sky(size=64, seed=8), sky("dusk", kind="sixSided", size=32)))
    message = _stopped(editor, manifests=["Skies.json"])
    assert "noon: its entry changed" in message
    assert "dusk" not in message
    # Without the manifest nobody knows; without the check nobody asks.
    assert editor.call("build") == 0
    assert editor.call("build", manifests=["Skies.json"], verify=False) == 0


@pytest.mark.parametrize("manifests", [["Skies.json"], []])
def test_a_missing_picture_stops_it(editor, made, manifests):
    (made / "Assets/Skies/dusk_left.png").unlink()
    message = _stopped(editor, manifests=manifests)
    assert message.count("dusk") == (2 if not manifests else 1)
    assert "noon" not in message


def test_a_sky_that_was_never_made_and_a_broken_entry_stop_it(editor, made):
    (made / "More.json").write_text(manifest(sky("dawn"), sky("fog", kind="flat")))
    message = _stopped(editor, manifests=["Skies.json", "More.json"])
    assert "dawn: not made yet" in message
    assert "fog: kind: flat is not allowed" in message
    assert "Gone.json" in _stopped(editor, manifests=["Gone.json"])


def test_a_picture_changed_by_hand(editor, made):
    picture = made / "Assets/Skies/noon.png"
    picture.write_bytes(picture.read_bytes() + b"!")
    assert "noon: a file" in _stopped(editor, manifests=["Skies.json"])
    assert editor.call("build") == 0
    assert any(line.startswith("warning") and "noon: a file" in line for line in editor.call("log"))


def test_a_batch_run_inside_an_editor_goes_on(editor, made):
    report = editor.call("batch", arguments=["-skyManifest", str(made / "Skies.json")], verify=True)
    assert report["exit"] == 0
    assert [one["outcome"] for one in report["skies"]] == ["Unchanged", "Unchanged"]
    assert editor.call("batch", arguments=["-quit"])["error"] == "-skyManifest FILE is missing"


def test_a_batch_run_imports_as_the_team_wants_it(editor, made, tmp_path):
    editor.call("limit", platform="Android", size=32)
    (made / "Skies.json").write_text(manifest(sky(size=64, seed=8)))
    with web_server(AnalyticCore()) as (_core, server):
        arguments = ["-skyManifest", str(made / "Skies.json"), "-skyServer", server.web_address]
        assert editor.call("batch", arguments=arguments)["exit"] == 0
    settings = editor.call("importer", path="Assets/Skies/noon.png")["settings"]
    assert settings["platform.Android.maxTextureSize"] == "32"
    assert settings["textureCompression"] == "Uncompressed"
