"""EmbeddedServer: a sky server inside this process, on loopback, for a program that needs one for a moment."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
from dataclasses import replace
from types import TracebackType

from skyloom.server.app import SkyServer
from skyloom.server.config import ServerConfig
from skyloom.server.core import Core


class EmbeddedServer:
    """A context manager: serves from a thread with its own event loop while the context lasts.

    Args:
        config: ``host``, ``port``, ``ready_file``, ``parent_pid``, ``token`` and the gRPC-Web listener's options are
            not read: the server is on a free loopback port, speaks gRPC only, wants a token made for it alone, and
            lives no longer than this process.
        core: what makes the skies; None loads the models of ``config.model_dir``.

    Attributes:
        address: ``HOST:PORT`` while it serves.
        token: what callers must send; other users of the machine cannot know it.
    """

    def __init__(self, config: ServerConfig | None = None, core: Core | None = None) -> None:
        self.token = secrets.token_urlsafe(24)
        self.address = ""
        given = config if config is not None else ServerConfig(grace=0.0)
        self._config = replace(
            given,
            host="127.0.0.1",
            port=0,
            ready_file=None,
            parent_pid=None,
            token=self.token,
            web_port=None,
            web_origins=(),
        )
        self._core = core
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._server: SkyServer | None = None

    def __enter__(self) -> EmbeddedServer:
        """Start, and return once requests are answered.

        Raises:
            ModelError: no usable model.
        """
        self._thread = threading.Thread(target=self._run, name="embedded-sky-server", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop: running jobs get the configured grace, then are cancelled. Closing twice changes nothing."""
        if self._thread is None or self._loop is None or self._stop is None:
            return
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = None

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        core = self._core
        if core is None:
            from skyloom.server.studio_core import load_core

            core = load_core(self._config.model_dir)
        self._server = server = SkyServer(self._config, core)
        await server.start()
        self.address = server.address
        self._ready.set()
        await self._stop.wait()
        await server.stop(self._config.grace)
