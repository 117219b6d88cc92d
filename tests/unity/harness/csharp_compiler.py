"""Runs the compiler on a response file: our own host is kept running between compiles, an SDK's csc is called anew."""

from __future__ import annotations

import atexit
import contextlib
import json
import subprocess
import threading
from pathlib import Path

from csharp_toolchain import ToolChain

PATIENCE_SECONDS = 300.0
_hosts: dict[tuple[str, ...], subprocess.Popen[str]] = {}


class CompileError(Exception):
    """The compiler's diagnostics."""


def compile_file(chain: ToolChain, response: Path) -> None:
    """Compile what a response file says, in its folder.

    Raises:
        CompileError: it has errors, or the compiler itself failed or took too long.
    """
    if Path(chain.compiler[1]).name != "csc.py":
        run = subprocess.run(
            [*chain.compiler, f"@{response}"],
            capture_output=True,
            text=True,
            cwd=response.parent,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        code, text = run.returncode, run.stdout + run.stderr
    else:
        code, text = _ask(_host(chain.compiler), response)
    if code != 0:
        raise CompileError(text)


def _host(command: tuple[str, ...]) -> subprocess.Popen[str]:
    host = _hosts.get(command)
    if host is None or host.poll() is not None:
        host = subprocess.Popen([*command, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        _hosts[command] = host
        atexit.register(_end, host)
    return host


def _end(host: subprocess.Popen[str]) -> None:
    """Its work ends with its input."""
    with contextlib.suppress(OSError):
        host.stdin.close()
    try:
        host.wait(5)
    except subprocess.TimeoutExpired:
        host.kill()
        host.wait()


def _ask(host: subprocess.Popen[str], response: Path) -> tuple[int, str]:
    patience = threading.Timer(PATIENCE_SECONDS, host.kill)
    patience.start()
    try:
        host.stdin.write(f"{response}\n")
        host.stdin.flush()
        line = host.stdout.readline()
    finally:
        patience.cancel()
    if not line:
        return 1, "the compiler ended"
    answer = json.loads(line)
    return answer["code"], answer["text"]
