"""generate and info through the real embedded server over gRPC: same bytes again, a wrong model, Ctrl-C, a timeout."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="pseudo-terminals are Unix's")
SCRIPT = Path(__file__).with_name("skyloom_with_test_core.py")


def start(folder: Path, *arguments: str, stages: int = 2, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SKYLOOM_")}
    environment["TEST_CORE_STAGES"] = str(stages)
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True, start_new_session=True
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, out, err or ""


def _drain(terminal: int) -> None:
    # Linux ends a terminal that nobody writes to any more with an error.
    with contextlib.suppress(OSError):
        while os.read(terminal, 4096):
            pass


def test_sky_again_and_wrong_model(tmp_path: Path) -> None:
    made = ("generate", "--cloud", "cumulus", "--seed", "7", "-o", "a.png", "--recipe", "a.json", "--json")
    code, out, err = finish(start(tmp_path, *made))
    assert (code, err) == (0, "")
    assert json.loads(out)["recipe"]["model"] == {"name": "flat", "sha256": "cd" * 32}
    again = start(tmp_path, "generate", "--from", "a.png", "-o", "b.png")
    (tmp_path / "other.json").write_text((tmp_path / "a.json").read_text().replace("cd" * 32, "ef" * 32))
    other = start(tmp_path, "generate", "--from", "other.json", "-o", "c.png")
    info = start(tmp_path, "info", "--json")
    assert finish(again)[0] == 0
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    code, _, err = finish(other)
    assert code == 2
    assert "cd" * 32 in err
    assert "ef" * 32 in err
    assert json.loads(finish(info)[1])["models"][0]["name"] == "flat"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.png", "b.png", "other.json"]


def test_ctrl_c_and_timeout_leave_nothing(tmp_path: Path) -> None:
    # A terminal on stderr, so that the progress bar shows when the job is at work.
    parent, child = pty.openpty()
    interrupted = start(tmp_path, "generate", "--cloud", "cumulus", "-o", "x.png", stages=1000, stderr=child)
    os.close(child)
    late = start(tmp_path, "generate", "--cloud", "cumulus", "-o", "y.png", "--timeout", "0.5", stages=1000)
    shown = b""
    deadline = time.monotonic() + 30
    while b"rendering" not in shown and time.monotonic() < deadline:
        shown += os.read(parent, 4096)
    assert b"rendering panorama" in shown
    # Somebody has to read on, or the progress bar would wait for room in the terminal.
    reader = threading.Thread(target=_drain, args=(parent,), daemon=True)
    reader.start()
    interrupted.send_signal(signal.SIGINT)
    began = time.monotonic()
    code, out, _ = finish(interrupted)
    assert (code, out) == (130, "")
    assert time.monotonic() - began < 5
    reader.join(5)
    os.close(parent)
    code, _, err = finish(late)
    assert code == 4
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
