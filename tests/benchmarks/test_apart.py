"""Cases in processes of their own: what they took is told, and what becomes of them is not silent."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.apart import apart
from benchmarks.clock import Took, compare

HERE = Path(__file__).parent


def sleeper(seconds: str) -> Callable[[], object]:
    """A case that waits, and prints what must not be taken for an answer."""
    print("built")

    def run() -> None:
        print("working", os.getpid())
        time.sleep(float(seconds))

    return run


def worker() -> Callable[[], object]:
    """A case that computes."""
    return lambda: sum(i * i for i in range(400_000))


def leaver() -> Callable[[], object]:
    """A case that ends its process."""
    return lambda: sys.exit(3)


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), str(HERE.parents[1])]))


def test_what_a_case_took_is_measured_where_it_ran() -> None:
    with apart("test_apart:sleeper", "0.05") as slow, apart("test_apart:worker") as busy:
        found = compare({"waits": slow, "computes": busy}, 3)
    assert all(wall >= 0.05 for wall in found["waits"].wall)
    assert max(found["waits"].core) < 0.05
    assert all(core > 0 for core in found["computes"].core)


def test_a_case_that_ends_its_process_is_an_error() -> None:
    with apart("test_apart:leaver") as case, pytest.raises(RuntimeError, match=r"test_apart:leaver: .* exit status 3"):
        case()
    with pytest.raises(RuntimeError, match="exit status 1"), apart("test_apart:nothing"):
        pass


def test_a_plain_case_is_measured_here() -> None:
    assert compare({"plain": lambda: 0, "said": lambda: Took(2.0, 1.0)}, 2)["said"].wall == [2.0, 2.0]
