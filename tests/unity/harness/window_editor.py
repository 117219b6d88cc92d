"""A make-believe editor with the Skyloom window: a person's clicks, and domain reloads as new processes."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from csharp_build import PACKAGE
from csharp_driver import Driver

PATIENCE_SECONDS = 40.0


class WindowEditor:
    """One project, opened in one editor."""

    def __init__(self, command: Sequence[str], project: Path, **start: Any) -> None:
        self.project = project
        self._command = command
        self._driver: Driver | None = None
        self.begun: dict[str, Any] = {}
        self._start: dict[str, Any] = {"batch": False, "worker": False, **start}
        self._begin({}, {})

    def _begin(self, session: dict[str, str], windows: dict[str, str]) -> None:
        self._driver = Driver(self._command, "")
        where = {"project": str(self.project), "package": str(PACKAGE)}
        self.begun = self.call("begin", session=session, windows=windows, **where, **self._start)

    def finish(self) -> None:
        """End the editor's process; AssertionError where anything was thrown or logged as an error."""
        try:
            assert self.call("faults") == []
            assert [line for line in self.call("log") if line.startswith("error")] == []
        finally:
            self._driver.close()

    def use_server(self, address: str, token: str = "") -> None:
        """Enter a server's address in the preferences."""
        self.call("settings", path="Preferences/Skyloom")
        self.set("address", address, "Preferences/Skyloom")
        self.set("token", token, "Preferences/Skyloom")

    @property
    def pid(self) -> int:
        """Of the editor's process, another one after each reload."""
        return self._driver.pid

    def call(self, verb: str, **request: Any) -> Any:
        """What a verb of the driver answers; raises DriverError."""
        return self._driver.call(verb, **request)

    def see(self, name: str, page: str = "") -> dict[str, Any]:
        """One element as it is seen now."""
        return self.call("see", page=page)[name]

    def click(self, name: str) -> None:
        """Press a button; DriverError where it is disabled or hidden."""
        self.call("click", name=name)

    def set(self, name: str, value: Any, page: str = "") -> None:
        """Enter a value."""
        self.call("set", name=name, value=value, page=page)

    def until(self, condition: Callable[[dict[str, Any]], Any], seconds: float = PATIENCE_SECONDS) -> Any:
        """What ``condition`` says of the elements once it is true; AssertionError with what is seen otherwise."""
        limit = time.monotonic() + seconds
        while True:
            seen = self.call("see")
            found = condition(seen)
            if found:
                return found
            if time.monotonic() > limit:
                shown = {name: one["text"] for name, one in seen.items() if one["text"] and one["visible"]}
                raise AssertionError(f"waited in vain; {shown}; {self.call('faults')}; {self.call('log')}")
            time.sleep(0.02)

    def until_done(self) -> dict[str, Any]:
        """Wait for the run at work to end."""
        return self.until(lambda seen: not seen["progress"]["visible"] and seen)

    def picture(self, name: str) -> np.ndarray | None:
        """uint8 (H, W, 3), the picture in an element."""
        found = self.call("picture", name=name)
        if found is None:
            return None
        data = np.frombuffer(base64.b64decode(found["data"]), np.uint8)
        return data.reshape(found["height"], found["width"], 3)

    def reload(self) -> float:
        """Reload the domain: everything is lost but what Unity keeps. Returns how long the editor was held up."""
        left = self.call("reload")
        assert self.call("faults") == []
        self._driver.close()
        self._begin(left["session"], left["windows"])
        return left["seconds"]

    def quit(self) -> None:
        """Quit the editor."""
        self.call("quit")
