"""Runs blocking work in a thread of its own, so that neither the event loop nor the end of the process waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")
_PREFIX = "skyloom-"


async def run_in_thread(function: Callable[[], Value], name: str) -> Value:
    """Return what ``function`` returns, or raise what it raises.

    The thread is a daemon: a stage that takes long cannot hold up a shutdown, as a pool's threads would.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Value] = loop.create_future()

    def settle(value: Value | None, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)  # type: ignore[arg-type]

    def run() -> None:
        value: Value | None = None
        error: BaseException | None = None
        try:
            value = function()
        except StopIteration as raised:
            # A future refuses this one, which would leave its waiter waiting.
            error = RuntimeError(repr(raised))
        except BaseException as raised:
            error = raised
        # The loop may be gone by now, and with it whoever waited.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, name=_PREFIX + name, daemon=True).start()
    return await future


def threads_left() -> bool:
    """Whether a thread started here still works."""
    return any(thread.name.startswith(_PREFIX) for thread in threading.enumerate())
