"""The environment helper makes real Python environments, from a folder of wheels instead of the network."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import runpy
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import psutil
import pytest
from csharp_build import PACKAGE
from csharp_driver import Driver, DriverError
from processes import wait_until

TINY = Path(__file__).parents[1] / "data" / "tiny_model"
SCRIPT = PACKAGE / "Editor" / "Environment" / "Python~" / "install_backend.py"


@pytest.fixture(scope="module")
def logic(window_command, tmp_path_factory):
    running = Driver(window_command, "")
    project = str(tmp_path_factory.mktemp("project"))
    running.call("begin", project=project, package=str(PACKAGE), batch=True, worker=False, session={}, windows={})
    yield running
    running.close()


WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel(folder: Path, name: str, files: dict[str, str]) -> None:
    """A wheel of pure Python, written by hand."""
    entries = {
        **files,
        f"{name}-0.1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n",
        f"{name}-0.1.0.dist-info/WHEEL": WHEEL,
    }
    record = f"{name}-0.1.0.dist-info/RECORD"
    lines = [f"{path},sha256={_digest(text)},{len(text)}" for path, text in entries.items()] + [f"{record},,"]
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-0.1.0-py3-none-any.whl", "w") as file:
        for path, text in {**entries, record: "\n".join(lines) + "\n"}.items():
            file.writestr(path, text)


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """A folder with a backend that hands over to the one under test, and a package that is no backend."""
    folder = tmp_path_factory.mktemp("wheels")
    command = f"[{sys.executable!r}, '-m', 'skyloom', *sys.argv[1:], '--model-dir', {str(TINY)!r}]"
    hand_over = f"import os, sys\nos.execv({sys.executable!r}, {command})\n"
    wheel(folder, "skyloom", {"skyloom/__init__.py": "__version__ = '0.1.0'\n", "skyloom/__main__.py": hand_over})
    wheel(folder, "other", {"other/__init__.py": ""})
    return folder


@pytest.fixture
def place(tmp_path):
    """Where an environment goes, in a folder that is awkward to quote."""
    library = tmp_path / 'a "b" $HOME'
    library.mkdir()
    return {"folder": str(library / "python"), "library": str(library)}


def finished(logic, place, seconds=120):
    wait_until(lambda: logic.call("installStatus", **place)["step"] not in ("Running", "None"), seconds)
    return logic.call("installStatus", **place)


def test_a_window_installs_starts_makes_a_sky_and_stops(open_window, wheels, tmp_path):
    window = open_window(packageId="com.skyloom.skybox@1.0.0")
    # The package lies in its repository, which is what would be installed.
    assert str(PACKAGE.parent) in window.see("backend")["text"]
    window.call("settings", path="Preferences/Skyloom")
    for name, value in {"python": sys.executable, "source": "skyloom==0.1.0", "index": str(wheels)}.items():
        window.set(name, value, "Preferences/Skyloom")
    assert "skyloom==0.1.0" in window.see("backend")["text"]
    window.click("install")
    window.until(lambda seen: seen["install-cancel"]["enabled"] and not seen["install"]["enabled"])
    window.until(lambda seen: "Python environment" in seen["install-state"]["text"])
    # A reload in the middle: the installation is a process of its own.
    window.reload()
    assert window.see("install-cancel")["enabled"]
    window.until(lambda seen: seen["install-state"]["text"] == "Installed Skyloom 0.1.0", 120)
    # Connected as soon as it is installed: that server is the project's own, started from the new environment.
    window.until(lambda seen: seen["server-state"]["text"].startswith("Skyloom 0.1.0"), 60)
    ready = json.loads((window.project / "Library/Skyloom/server.json").read_text())
    assert psutil.Process(ready["pid"]).ppid() == window.pid
    assert window.see("backend")["text"] == "Backend 0.1.0, from skyloom==0.1.0"
    window.set("size", "512 px")
    window.click("generate")
    window.until(lambda seen: "is ready" in seen["notice"]["text"], 60)
    # Adopted, not started a second time, after a reload. The fake editor's process is another one then.
    assert window.see("stop")["enabled"]
    window.click("stop")
    window.until(lambda seen: seen["server-state"]["text"] == "The server is stopped.")
    assert not psutil.pid_exists(ready["pid"]) or psutil.Process(ready["pid"]).status() == psutil.STATUS_ZOMBIE
    window.click("connect")
    window.until(lambda seen: seen["server-state"]["text"].startswith("Skyloom 0.1.0"), 60)
    second = json.loads((window.project / "Library/Skyloom/server.json").read_text())
    window.quit()
    wait_until(lambda: not (window.project / "Library/Skyloom/server.json").exists(), 20)
    assert second["pid"] != ready["pid"]


def test_what_is_installed_is_tried(logic, place, wheels):
    logic.call("install", python=sys.executable, source="other", index=str(wheels), **place)
    status = finished(logic, place)
    assert status["step"] == "Failed"
    assert "not the Skyloom backend" in status["message"]
    assert status["installed"] is False
    assert "No module named 'skyloom'" in status["log"]


def test_a_step_that_fails_says_which_and_leaves_no_stamp(tmp_path):
    status = tmp_path / "status.json"
    words = [
        "--folder",
        tmp_path / "python",
        "--status",
        status,
        "--cancel",
        tmp_path / "cancel",
        "--source",
        "skyloom",
    ]
    for broken, text in (("venv", "python3-venv"), ("pip", "pip could not install skyloom"), ("-c", "not the Skyloom")):
        # The script with a world in which one step fails, and the others do nothing.
        script = runpy.run_path(str(SCRIPT))

        def run(_, command, capture=False, broken=broken, failed=script["Failed"]):
            if broken in command:
                raise failed("exit code 1")
            return "0.1.0" if capture else ""

        script["install"].__globals__["run"] = run
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", [str(SCRIPT), *map(str, words)])
            assert script["main"]() == 1
        assert text in json.loads(status.read_text())["message"]
    assert list(tmp_path.iterdir()) == [status]


def test_cancel_ends_everything_that_was_started(logic, place, wheels):
    logic.call("install", python=sys.executable, source="skyloom", index=str(wheels), **place)
    wait_until(lambda: Path(place["folder"]).exists(), 30)
    with pytest.raises(DriverError, match="at work"):
        logic.call("install", python=sys.executable, source="skyloom", index=str(wheels), **place)
    logic.call("installCancel", **place)
    status = finished(logic, place)
    assert (status["step"], status["installed"]) == ("Cancelled", False)
    wait_until(lambda: not [one for one in psutil.process_iter(["cmdline"]) if _mentions(one, place["folder"])])


def _mentions(process: psutil.Process, folder: str) -> bool:
    return any(folder in word for word in process.info["cmdline"] or [])


def test_an_installation_that_was_killed_is_not_waited_for(logic, place, wheels):
    logic.call("install", python=sys.executable, source="skyloom", index=str(wheels), **place)
    status_file = Path(place["library"]) / "install.json"
    wait_until(lambda: json.loads(status_file.read_text())["pid"] != 0)
    process = psutil.Process(json.loads(status_file.read_text())["pid"])
    for one in [*process.children(recursive=True), process]:
        one.kill()
    # Whoever does not reap its child sees a zombie; the status file's age tells.
    os.utime(status_file, (1, 1))
    status = logic.call("installStatus", **place)
    assert status["step"] == "Failed"
    assert "install.log" in status["message"]


def test_a_folder_that_is_no_environment_is_left_alone(logic, place, wheels):
    precious = Path(place["folder"]) / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("years of work")
    logic.call("install", python=sys.executable, source="skyloom", index=str(wheels), **place)
    status = finished(logic, place)
    assert status["step"] == "Failed"
    assert "no Python environment" in status["message"]
    assert precious.read_text() == "years of work"


def fake_python(folder: Path, name: str, lines: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_pythons_are_asked_for_their_version(logic, tmp_path):
    old = fake_python(tmp_path, "old", "echo 3.9.18; echo /usr/bin/python3.9")
    garbage = fake_python(tmp_path, "garbage", "echo Microsoft Store; exit 9")
    silent = fake_python(tmp_path, "silent", "exit 1")
    found = logic.call("findPython", named=sys.executable)
    assert found == {"program": sys.executable, "version": ".".join(map(str, sys.version_info[:3]))}
    with pytest.raises(DriverError, match=r"3\.9\.18, which is too old; Skyloom needs 3\.10"):
        logic.call("findPython", named=old)
    for nothing in (garbage, silent, str(tmp_path / "none")):
        with pytest.raises(DriverError, match="cannot be run as Python"):
            logic.call("findPython", named=nothing)
    candidates = [silent, garbage, old, str(tmp_path / "none"), sys.executable]
    assert logic.call("findPython", candidates=candidates)["program"] == sys.executable
    with pytest.raises(DriverError, match=r"3\.9\.18, which is too old"):
        logic.call("findPython", candidates=candidates[:-1])
    with pytest.raises(DriverError, match="no Python was found"):
        logic.call("findPython", candidates=[silent])


def test_a_python_that_is_too_old_is_refused_and_said_in_the_window(logic, open_window, place, tmp_path):
    with pytest.raises(DriverError, match="too old"):
        logic.call("installTooOld", python="/usr/bin/python3.9", source="skyloom", **place)
    old = fake_python(tmp_path, "old", "echo 3.9.18; echo /usr/bin/python3.9")
    window = open_window(packageId="com.skyloom.skybox@1.0.0")
    window.call("settings", path="Preferences/Skyloom")
    window.set("python", old, "Preferences/Skyloom")
    window.click("install")
    seen = window.until(lambda seen: "too old" in seen["install-state"]["text"] and seen)
    assert seen["install-state"]["text"].startswith("Error: ")
    assert seen["install"]["enabled"]
    assert not (window.project / "Library/Skyloom/install.json").exists()


def test_the_script_itself_refuses_an_old_python(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18, "final", 0))
    options = {"folder": "python", "status": "status.json", "cancel": "cancel"}
    arguments = [word for name, value in options.items() for word in (f"--{name}", str(tmp_path / value))]
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *arguments, "--source", "skyloom"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    assert ended.value.code == 1
    assert "needs 3.10 or newer" in json.loads((tmp_path / "status.json").read_text())["message"]
    assert not (tmp_path / "python").exists()


def test_the_script_reads_on_old_pythons():
    # Whatever it cannot parse it cannot refuse.
    import ast

    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))
    subprocess.run([sys.executable, str(SCRIPT), "--help"], check=True, capture_output=True, timeout=30)


HASH = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("package", "wanted"),
    [
        ("https://x.org/sky.git?path=/unity_package#v1", f"git+https://x.org/sky.git@{HASH}"),
        ("https://x.org/sky.git", f"git+https://x.org/sky.git@{HASH}"),
        ("git+https://x.org/sky.git#main", f"git+https://x.org/sky.git@{HASH}"),
        ("ssh://git@x.org/sky.git", f"git+ssh://git@x.org/sky.git@{HASH}"),
        ("git@x.org:me/sky.git?path=/unity_package", f"git+ssh://git@x.org/me/sky.git@{HASH}"),
    ],
)
def test_a_package_from_git_goes_with_the_backend_of_its_commit(logic, package, wanted):
    assert logic.call("source", packageId="com.skyloom.skybox@" + package, hash=HASH, path="/cache/x") == wanted


def test_a_package_from_elsewhere(logic, tmp_path):
    # In the repository: from there. From a registry: nobody knows, and a bare name might be anybody's.
    assert logic.call("source", packageId="com.skyloom.skybox@file:x", path=str(PACKAGE)) == str(PACKAGE.parent)
    assert logic.call("source", packageId="com.skyloom.skybox@0.1.0", path=str(tmp_path / "cache")) == ""
    assert logic.call("source") == ""
