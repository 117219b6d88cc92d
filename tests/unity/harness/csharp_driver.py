"""Talks to the test driver, a C# program that calls the package: one JSON object a line, both ways."""

from __future__ import annotations

import itertools
import json
import queue
import subprocess
import threading
from collections.abc import Sequence
from typing import Any

PATIENCE_SECONDS = 60.0


class DriverError(Exception):
    """What a verb threw.

    Attributes:
        type: the exception's class name.
        facts: code, jobId, reason, field, allowed, fault, log, retryAfter, seconds, trace.
    """

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__(facts["trace"])
        self.type: str = facts["type"]
        self.facts = facts


class Pending:
    """One verb at work: its events as they come, then its result."""

    def __init__(self, driver: Driver, number: int) -> None:
        self._driver = driver
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self.number = number
        self.events: list[dict[str, Any]] = []

    def take(self, line: dict[str, Any]) -> None:
        """Called by the reading thread."""
        self._lines.put(line)

    def event(self, wanted: str = "", seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The next event, or the next of a kind; AssertionError when the verb ends first."""
        while True:
            line = self._lines.get(timeout=seconds)
            assert "event" in line, f"no such event, but {line}"
            self.events.append(line["event"])
            if wanted in ("", line["event"]["kind"]):
                return line["event"]

    def result(self, seconds: float = PATIENCE_SECONDS) -> Any:
        """The result; raises DriverError."""
        while True:
            line = self._lines.get(timeout=seconds)
            if "event" in line:
                self.events.append(line["event"])
                continue
            if "error" in line:
                raise DriverError(line["error"])
            return line["result"]

    def fire(self) -> None:
        """Fire the verb's cancellation token."""
        self._driver.start("fire", call=self.number).result()

    def close(self) -> None:
        """Dispose of the verb's client."""
        self._driver.start("close", call=self.number).result()


class Driver:
    """A running driver; a context manager."""

    def __init__(self, command: Sequence[str], runtime: str) -> None:
        self.runtime = runtime
        self._numbers = itertools.count(1)
        self._pending: dict[int, Pending] = {}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1
        )
        self._lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        """Of the driver's process."""
        return self._process.pid

    def start(self, verb: str, **request: Any) -> Pending:
        """Send a verb and return at once."""
        with self._lock:
            number = next(self._numbers)
            pending = self._pending[number] = Pending(self, number)
            given = {name: value for name, value in request.items() if value is not None}
            self._process.stdin.write(json.dumps({"id": number, "verb": verb, **given}) + "\n")
        return pending

    def call(self, verb: str, **request: Any) -> Any:
        """Send a verb and wait for its result; raises DriverError."""
        return self.start(verb, **request).result()

    def close(self) -> None:
        """End the program, which ends when its input does."""
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _read(self) -> None:
        for line in self._process.stdout:
            content = json.loads(line)
            self._pending[content["id"]].take(content)
