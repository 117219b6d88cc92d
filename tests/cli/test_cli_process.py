"""The command as a real process: start-up, exit codes, what is on stdout, and no server where none can be."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from skyloom import __version__

# The entry point by its module, so that the test does not depend on where pip put the script.
COMMAND = [sys.executable, "-c", "from skyloom.cli.main import main; main()"]
HEAVY = ("numpy", "cv2", "grpc", "PIL", "onnxruntime", "rich.progress")


def skyloom(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SKYLOOM_")}
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_version_and_help(tmp_path: Path) -> None:
    version = skyloom(tmp_path, "--version")
    assert (version.returncode, version.stdout) == (0, f"skyloom {__version__}\n")
    shown = skyloom(tmp_path, "--help")
    assert shown.returncode == 0
    for part in ("generate", "convert", "info", "serve", "Exit codes", "--install-completion"):
        assert part in shown.stdout


def test_help_loads_nothing_heavy() -> None:
    script = f"import sys, skyloom.cli.main; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("seed", ["-1", "4294967296"])
def test_bad_seed(tmp_path: Path, seed: str) -> None:
    done = skyloom(tmp_path, "generate", "--cloud", "cumulus", "--seed", seed, "-o", "sky.png")
    assert done.returncode == 2
    assert done.stderr == (f"skyloom: seed: {seed} is not allowed; expected a whole number from 0 to 4294967295\n")
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_no_server_there(tmp_path: Path) -> None:
    with socket.socket() as taken:
        # Bound but not listening: connections are refused, and nobody else can take the port meanwhile.
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        started = time.monotonic()
        done = skyloom(tmp_path, "generate", "--cloud", "cumulus", "--server", address, "-o", "sky.png", "--json")
    assert done.returncode == 4, done.stderr
    assert json.loads(done.stdout)["error"]["exit_code"] == 4
    assert "Traceback" not in done.stderr
    assert time.monotonic() - started < 30
    assert list(tmp_path.iterdir()) == []


def test_completion_of_clouds(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "_SKYLOOM_COMPLETE": "complete_bash",
        "COMP_WORDS": "skyloom generate --cloud cum",
        "COMP_CWORD": "3",
    }
    script = "from skyloom.cli.main import app; app(prog_name='skyloom')"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["cumulonimbus", "cumulus"]
