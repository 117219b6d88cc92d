"""A case in a process of its own, so that no other case's libraries share its heap, threads or caches."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module

from benchmarks.clock import Took


@contextmanager
def apart(builder: str, *arguments: str) -> Iterator[Callable[[], Took]]:
    """A function that runs the case once over there, and says what it took there.

    Args:
        builder: ``module:function``; called there with ``arguments``, it returns the case.

    Raises:
        RuntimeError: the process ended; what it wrote to stderr is on this one's.
    """
    command = [sys.executable, "-m", "benchmarks.apart", builder, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdin is not None
    assert process.stdout is not None
    asked, told = process.stdin, process.stdout

    def answer() -> str:
        line = told.readline()
        if not line:
            raise RuntimeError(f"{builder}: its process ended with exit status {process.wait()}")
        return line

    def run() -> Took:
        # What became of a process that is gone, the answer tells.
        with suppress(BrokenPipeError):
            print(file=asked, flush=True)
        return Took(**json.loads(answer()))

    try:
        answer()
        yield run
    finally:
        process.kill()
        process.wait()
        asked.close()
        told.close()


def main() -> None:
    """Build the case that the command line names; then run it once for every line that comes."""
    builder, *arguments = sys.argv[1:]
    # What a case prints must not be taken for an answer.
    told, sys.stdout = sys.stdout, sys.stderr
    module, _, function = builder.partition(":")
    case = getattr(import_module(module), function)(*arguments)
    print("ready", file=told, flush=True)
    for _line in sys.stdin:
        wall, core = time.perf_counter(), time.process_time()
        case()
        core, wall = time.process_time() - core, time.perf_counter() - wall
        print(json.dumps({"wall": wall, "core": core}), file=told, flush=True)


if __name__ == "__main__":
    main()
