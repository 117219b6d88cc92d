"""Starts server processes and waits for what they do, with time limits."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Return once ``condition()`` holds; AssertionError after ``seconds``."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.02)


def start_fake_server(ready: Path, *options: str) -> tuple[subprocess.Popen[str], dict]:
    """A running fake server and the content of its ready file."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "fake_server.py"), str(ready), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    # A killed server leaves its file behind, hence the look at the process id.
    wait_until(lambda: process.poll() is not None or (ready.exists() and _pid_in(ready) == process.pid), 20)
    assert process.poll() is None, process.stdout.read()
    return process, json.loads(ready.read_text())


def _pid_in(ready: Path) -> int:
    return json.loads(ready.read_text())["pid"]
