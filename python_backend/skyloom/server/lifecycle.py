"""The life of a server process: ready file, signals, the parent that must live, and an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Iterator

import psutil

from skyloom.errors import InvalidInput
from skyloom.server.app import SkyServer
from skyloom.server.config import ServerConfig, check_config
from skyloom.server.core import Core
from skyloom.server.ready_file import check_ready_file, remove_ready_file, write_ready_file
from skyloom.server.threads import run_in_thread

log = logging.getLogger("skyloom.server")
PARENT_POLL_SECONDS = 1.0


async def serve(
    config: ServerConfig, load_core: Callable[[], Core], on_ready: Callable[[SkyServer], None] | None = None
) -> None:
    """Serve until SIGTERM, SIGINT or the parent's end; a second signal ends at once.

    Args:
        config: all options.
        load_core: called once, in a thread, before anything is bound.
        on_ready: called when requests are answered and the ready file is there.

    Raises:
        InvalidInput: an option is out of range, the port is taken, the parent is gone already.
        ModelError: raised by ``load_core``.
    """
    check_config(config)
    parent = _find_parent(config.parent_pid)
    if config.ready_file is not None:
        check_ready_file(config.ready_file)
    stop, at_once = asyncio.Event(), asyncio.Event()
    with _signals(stop, at_once):
        server = SkyServer(config, await run_in_thread(load_core, "load-core"))
        await server.start()
        try:
            if config.ready_file is not None:
                write_ready_file(config.ready_file, server.addresses, server.token)
            if on_ready is not None:
                on_ready(server)
            await _until_stopped(stop, parent)
        finally:
            # Nobody is to find the way here any more; running jobs are still answered.
            if config.ready_file is not None:
                remove_ready_file(config.ready_file, server.addresses)
            await _stop(server, config.grace, at_once)


async def _stop(server: SkyServer, grace: float, at_once: asyncio.Event) -> None:
    stopping = asyncio.create_task(server.stop(grace))
    hurry = asyncio.create_task(at_once.wait())
    await asyncio.wait({stopping, hurry}, return_when=asyncio.FIRST_COMPLETED)
    hurry.cancel()
    if not stopping.done():
        log.warning("stopping at once; running jobs are cut off")
        stopping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await stopping
        await server.stop(0)
        return
    await stopping


async def _until_stopped(stop: asyncio.Event, parent: psutil.Process | None) -> None:
    while not stop.is_set():
        with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
            await asyncio.wait_for(stop.wait(), PARENT_POLL_SECONDS if parent is not None else None)
        if parent is not None and not _lives(parent):
            log.info("the parent process is gone")
            return


def _find_parent(pid: int | None) -> psutil.Process | None:
    if pid is None:
        return None
    try:
        # Holds the start time too, so that a later process of the same number is not taken for the parent.
        return psutil.Process(pid)
    except (psutil.Error, ValueError, OverflowError, TypeError):
        raise InvalidInput("parent_pid", pid, "the id of a running process") from None


def _lives(process: psutil.Process) -> bool:
    try:
        # A zombie has ended; it only waits to be reaped.
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True


@contextlib.contextmanager
def _signals(stop: asyncio.Event, at_once: asyncio.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set ``stop``, then ``at_once``, while the context lasts."""
    loop = asyncio.get_running_loop()

    def asked() -> None:
        (at_once if stop.is_set() else stop).set()

    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in wanted}
    for number in wanted:
        try:
            loop.add_signal_handler(number, asked)
        except NotImplementedError:
            # Windows: its loops take no handlers, but wake up for signals of the plain kind.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(asked))
    try:
        yield
    finally:
        for number in wanted:
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(number)
            signal.signal(number, before[number])
