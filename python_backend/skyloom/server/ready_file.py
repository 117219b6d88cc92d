"""The ready file: tells whoever started a server where it listens, and with which token."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import psutil

from skyloom import __version__
from skyloom.errors import InvalidInput

# File systems keep times more coarsely than processes do.
_CLOCK_SLACK_SECONDS = 2.0


def check_ready_file(path: Path) -> None:
    """Refuse a path that cannot be written or that holds something else than a dead server's ready file.

    Raises:
        InvalidInput: says which.
    """
    if not path.parent.is_dir():
        raise InvalidInput("ready_file", str(path), "a file in a folder that exists")
    if not os.access(path.parent, os.W_OK):
        raise InvalidInput("ready_file", str(path), "a file in a folder that can be written")
    if not path.exists():
        return
    found = _read(path)
    if found is None:
        raise InvalidInput("ready_file", str(path), "a new file; this one exists and is no ready file")
    if _still_runs(found["pid"], path.stat().st_mtime):
        raise InvalidInput("ready_file", str(path), f"a file of its own; the server with pid {found['pid']} uses it")


def write_ready_file(path: Path, addresses: dict[str, str], token: str | None) -> None:
    """Write beside, then rename: a reader finds the whole file or none. Mode 0600, because of the token.

    The file is a JSON object: ``addresses`` (``{"grpc": "HOST:PORT"}``, and ``"grpc_web": "http://HOST:PORT"`` where
    there is such a listener), ``pid``, ``version``, ``token`` (or null).

    Raises:
        InvalidInput: see :func:`check_ready_file`, or it cannot be written.
    """
    check_ready_file(path)
    content = {"addresses": addresses, "pid": os.getpid(), "version": __version__, "token": token}
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.write("\n")
        os.replace(beside, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise InvalidInput("ready_file", str(path), f"a file that can be written ({error.strerror})") from error


def remove_ready_file(path: Path, addresses: dict[str, str]) -> None:
    """Remove the file if it is still this server's."""
    found = _read(path)
    if found is not None and found["pid"] == os.getpid() and found["addresses"] == addresses:
        with contextlib.suppress(OSError):
            path.unlink()


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if isinstance(found, dict) and isinstance(found.get("pid"), int) and isinstance(found.get("addresses"), dict):
        return found
    return None


def _still_runs(pid: int, written: float) -> bool:
    """Whether the process that wrote the file lives; one that began later merely inherited the number."""
    try:
        return bool(psutil.Process(pid).create_time() <= written + _CLOCK_SLACK_SECONDS)
    except (psutil.Error, ValueError):
        return False
