"""Freed memory stays with the process, as far as it may, and only where nothing else was asked for."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys

import pytest
from skyloom.memory import keep_freed_memory

# Page faults of ten times 64 MB written and freed, after a first time; and what is resident after 512 MB were freed.
_PROGRAM = """
import resource, sys
import numpy as np
from skyloom.memory import keep_freed_memory
if "keep" in sys.argv:
    assert keep_freed_memory({})
def use(megabytes):
    np.ones(megabytes << 17)
use(64)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    use(64)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
use(512)
print(int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() >> 20)
"""
glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's malloc")


def measured(*options: str) -> tuple[int, int]:
    # Without settings of malloc that this process may have been started with.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MALLOC_") and k != "GLIBC_TUNABLES"}
    command = [sys.executable, "-c", _PROGRAM, *options]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    faults, resident = run.stdout.split()
    return int(faults), int(resident)


@glibc
def test_what_is_freed_is_used_again_and_very_much_is_given_back() -> None:
    faults, resident = measured("keep")
    assert faults < 20
    assert resident < 300
    assert measured()[0] > 10 * max(faults, 10)


@pytest.mark.parametrize("name", ["MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES"])
def test_settings_of_whoever_started_the_process_stay(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: pytest.fail("malloc was touched"))
    assert not keep_freed_memory({name: "1"})


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_other_systems_are_left_alone(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> None:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert not keep_freed_memory({})
