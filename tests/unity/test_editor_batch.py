"""Manifests without a window: as `Unity -batchmode -executeMethod` runs them, in processes with exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from editor_skies import FACES, TINY, AnalyticCore, manifest, sky
from grpc_web import web_server

DONE, BAD_ARGUMENTS, NO_SERVER, BROKEN_ENTRY, GENERATION_FAILED, IMPORT_FAILED, NOT_UP_TO_DATE = 0, 2, 3, 4, 5, 6, 7
FIVE = (
    sky("noon", size=64),
    sky("dusk", kind="sixSided", size=32),
    sky("dawn", kind="cubemap", size=32, folder="Assets/Other"),
    sky("rain", size=64, recipe={"clouds": [{"genus": "nimbostratus", "weight": 1}], "ground": {"mode": "mirror"}}),
    sky("haze", size=64, recipe={"exposureEv": 0.5, "rotationDegrees": 30}),
)


@pytest.fixture
def served():
    with web_server(AnalyticCore()) as (core, server):
        yield core, server.web_address


class Batch:
    """Runs the editor's batch methods on one project; each run is a process of its own."""

    def __init__(self, command: list[str], project: Path, server: str) -> None:
        self._command = command
        self.project = project
        self.server = server
        self.manifest = project / "Skies.json"
        (project / "Assets").mkdir(parents=True)
        self.output = ""
        self.report: dict = {}

    def run(self, *skies, method: str = "Generate", more: tuple[str, ...] = (), environment=None) -> int:
        """The exit code; ``skies`` replace the manifest first."""
        if skies:
            self.manifest.write_text(manifest(*skies))
        report = self.project / "report.json"
        report.unlink(missing_ok=True)
        command = [
            *self._command,
            *("-batchmode", "-nographics", "-projectPath", str(self.project), "-logFile", "-"),
            *("-executeMethod", f"Skyloom.Editor.SkyBatch.{method}"),
            *self.arguments(*more),
        ]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SKYLOOM_")}
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, env={**clean, **(environment or {})}, check=False
        )
        self.output = done.stdout + done.stderr
        self.report = json.loads(report.read_text()) if report.exists() else {}
        return done.returncode

    def arguments(self, *more: str) -> list[str]:
        """What every run is given."""
        server = ["-skyServer", self.server] if self.server else []
        return ["-skyManifest", str(self.manifest), "-skyReport", str(self.project / "report.json"), *server, *more]

    @property
    def outcomes(self) -> dict[str, str]:
        """What the report says became of each sky."""
        return {one["name"]: one["outcome"] for one in self.report["skies"]}

    def count(self, outcome: str) -> int:
        return list(self.outcomes.values()).count(outcome)

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in (self.project / "Assets").rglob("*") if path.is_file()}


class Inside(Batch):
    """The same in a running editor: what needs no process of its own needs no time for one."""

    def __init__(self, editor, project: Path, server: str) -> None:
        super().__init__([], project, server)
        self._editor = editor

    def run(self, *skies, method: str = "Generate", more: tuple[str, ...] = (), environment=None) -> int:
        assert environment is None
        if skies:
            self.manifest.write_text(manifest(*skies))
        report = self.project / "report.json"
        report.unlink(missing_ok=True)
        self._editor.call("project", path=str(self.project), noGraphics=True)
        done = self._editor.call("batch", arguments=self.arguments(*more), verify=method == "Verify")
        self.output = "\n".join([*self._editor.call("log"), done["error"]])
        self.report = json.loads(report.read_text()) if report.exists() else {}
        return done["exit"]


@pytest.fixture
def inside(editor, served, tmp_path):
    return Inside(editor, tmp_path / "project", served[1])


@pytest.fixture
def batch(editor_command, served, tmp_path):
    return Batch(editor_command, tmp_path / "project with a space", served[1])


def test_five_then_none_then_one(batch, served):
    core, _ = served
    assert batch.run(*FIVE) == DONE, batch.output
    assert batch.count("Made") == 5
    assert core.started == 5
    assert "5 made, 0 given a material, 0 unchanged, 0 failed" in batch.output
    before = batch.files()
    for entry in FIVE:
        folder = batch.project / entry.get("folder", "Assets/Skies")
        assert (folder / f"{entry['name']}.mat").is_file()
        assert (folder / f"{entry['name']}.sky.json.meta").is_file()
    assert batch.run(*FIVE) == DONE
    assert batch.count("Unchanged") == 5
    assert core.started == 5
    assert batch.files() == before
    edited = {**FIVE[1], "recipe": {**FIVE[1]["recipe"], "seed": 8}}
    assert batch.run(FIVE[0], edited, *FIVE[2:]) == DONE
    assert batch.outcomes == {
        "noon": "Unchanged",
        "dusk": "Made",
        "dawn": "Unchanged",
        "rain": "Unchanged",
        "haze": "Unchanged",
    }
    assert core.started == 6
    # Only what belongs to the edited sky differs, and every asset is still the same asset.
    after = batch.files()
    changed = {Path(path).name for path, data in after.items() if before[path] != data}
    pictures = {f"dusk_{face}.png" for face in FACES}
    assert changed == pictures | {f"{name}.meta" for name in pictures} | {"dusk.sky.json"}
    guids = re.compile(rb"^guid: (\w{32})$", re.MULTILINE)
    metas = [path for path in after if path.endswith(".meta")]
    assert [guids.findall(after[path]) for path in metas] == [guids.findall(before[path]) for path in metas]


def test_a_broken_entry_is_named_and_the_others_are_made(batch):
    broken = sky("fog", recipe={"clouds": [{"genus": "fog", "weight": 1}]})
    assert batch.run(*FIVE[:2], broken, *FIVE[2:]) == BROKEN_ENTRY
    assert batch.count("Made") == 5
    (line,) = [one for one in batch.report["skies"] if one["outcome"] == "Failed"]
    assert (line["name"], line["exitCode"]) == ("fog", BROKEN_ENTRY)
    assert re.search(r"error: Skyloom: fog: .*fog is not allowed; expected one of altocumulus", batch.output)
    # Until somebody mends it.
    assert batch.run(*FIVE[:2], broken, *FIVE[2:]) == BROKEN_ENTRY
    assert batch.count("Unchanged") == 5
    assert batch.run(*FIVE) == DONE


def test_a_cubemap_that_unity_would_blur_is_broken(inside):
    assert inside.run(sky("dawn", kind="cubemap", size=48), sky(size=64)) == BROKEN_ENTRY
    assert "dawn: size: 48 is not allowed; expected a power of two for cubemap" in inside.output
    assert inside.outcomes == {"dawn": "Failed", "noon": "Made"}


def test_what_the_server_cannot_make(inside):
    # The core of the tests fails for seeds with a meaning, and makes the others.
    ill = [sky(f"ill {seed}", seed=seed, size=64) for seed in (13, 14, 15)]
    assert inside.run(*ill, sky(size=64)) == BROKEN_ENTRY, inside.output
    lines = {one["name"]: one for one in inside.report["skies"]}
    codes = {name: one["exitCode"] for name, one in lines.items()}
    assert codes == {"ill 13": GENERATION_FAILED, "ill 14": GENERATION_FAILED, "ill 15": BROKEN_ENTRY, "noon": DONE}
    assert inside.outcomes["noon"] == "Made"
    for name, says in {"ill 13": "internal", "ill 14": "damaged", "ill 15": "outputs"}.items():
        assert lines[name]["message"].startswith(name + ":")
        assert says in lines[name]["message"]


def test_verify_makes_nothing_and_needs_no_server(inside):
    assert inside.run(*FIVE) == DONE
    inside.server = "http://127.0.0.1:9"
    before = inside.files()
    assert inside.run(*FIVE, method="Verify") == DONE
    assert inside.count("Unchanged") == 5
    assert inside.run(*FIVE[:4], {**FIVE[4], "size": 128}, sky("new"), method="Verify") == NOT_UP_TO_DATE
    assert "haze: its entry changed since it was made" in inside.output
    assert "new: not made yet" in inside.output
    assert inside.run(*FIVE, sky("fog", kind="flat"), method="Verify") == BROKEN_ENTRY
    picture = inside.project / "Assets/Skies/noon.png"
    picture.write_bytes(before[str(picture)] + b"!")
    assert inside.run(*FIVE, more=("--verify",)) == NOT_UP_TO_DATE
    assert "noon: a file in Assets/Skies was changed by hand" in inside.output
    picture.write_bytes(before[str(picture)])
    (inside.project / "Assets/Other/dawn.mat").unlink()
    assert inside.run(method="Verify") == NOT_UP_TO_DATE
    assert "dawn: its material in Assets/Other is missing" in inside.output
    # For a material no server is needed.
    assert inside.run() == DONE
    assert inside.outcomes["dawn"] == "MaterialMade"
    assert inside.run(method="Verify") == DONE


def test_what_a_person_changed_is_not_overwritten(inside, served):
    core, _ = served
    assert inside.run(sky(size=64), sky("dusk", size=64)) == DONE
    picture = inside.project / "Assets/Skies/noon.png"
    picture.write_bytes(picture.read_bytes() + b"painted")
    (inside.project / "Assets/Skies/dawn.mat").write_text("mine")
    assert inside.run(sky(size=64, seed=8), sky("dawn", size=64), sky("dusk", size=64, seed=8)) == IMPORT_FAILED
    assert inside.outcomes == {"noon": "Failed", "dawn": "Failed", "dusk": "Made"}
    assert "Assets/Skies/noon.png" in inside.report["skies"][0]["message"]
    assert "Assets/Skies/dawn.mat" in inside.report["skies"][1]["message"]
    assert picture.read_bytes().endswith(b"painted")
    # The server was not asked for what could not be kept.
    assert core.started == 3
    assert inside.run(more=("-skyOverwrite",)) == DONE
    assert inside.outcomes == {"noon": "Made", "dawn": "Made", "dusk": "Unchanged"}
    assert (inside.project / "Assets/Skies/dawn.mat").read_text().startswith("shader: Skybox/Panoramic")
    assert not picture.read_bytes().endswith(b"painted")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("-skyTimeout", "soon"), "-skyTimeout: soon is not allowed"),
        (("-skyServer", "localhost"), "expected http://HOST:PORT"),
        (("-skyFast",), "-skyFast: no such argument; there are -skyManifest"),
        (("-skyReport",), "-skyReport: a value is missing"),
    ],
)
def test_bad_arguments(inside, more, says):
    assert inside.run(sky(), more=more) == BAD_ARGUMENTS
    assert says in inside.output
    assert inside.files() == {}


@pytest.mark.parametrize("content", [None, "{", '{"version": 2, "skies": []}'])
def test_what_is_no_manifest(inside, content):
    if content is not None:
        inside.manifest.write_text(content)
    assert inside.run() == BAD_ARGUMENTS
    assert inside.report["exitCode"] == BAD_ARGUMENTS
    assert inside.report["error"]


def test_no_server_and_no_way_to_one(inside):
    inside.server = ""
    assert inside.run(*FIVE) == NO_SERVER
    assert "give -skyServer ADDRESS or -skyProgram PROGRAM" in inside.output


def test_no_server(batch):
    batch.server = "http://127.0.0.1:9"
    assert batch.run(*FIVE) == NO_SERVER
    assert {one["exitCode"] for one in batch.report["skies"]} == {NO_SERVER}
    assert batch.files() == {}
    batch.server = ""
    assert batch.run(*FIVE, environment={"SKYLOOM_PROGRAM": "/no/such/program"}) == NO_SERVER


def test_it_starts_a_server_of_its_own_and_ends_it(batch):
    batch.server = ""
    more = ("-skyProgram", sys.executable, "-skyModelDir", str(TINY))
    assert batch.run(sky(size=64), sky("dusk", kind="cubemap", size=32), more=more) == DONE, batch.output
    assert batch.count("Made") == 2
    pid = int(re.search(r"started a server: http://127\.0\.0\.1:\d+, process (\d+)", batch.output).group(1))
    assert not psutil.pid_exists(pid)
    assert not (batch.project / "Library/Skyloom/server.json").exists()
    recipe = json.loads((batch.project / "Assets/Skies/noon.sky.json").read_text())["recipe"]
    assert recipe["model"]["name"] == "tiny"
    # Nothing to make: nothing is started.
    assert batch.run(more=more) == DONE
    assert "started a server" not in batch.output
