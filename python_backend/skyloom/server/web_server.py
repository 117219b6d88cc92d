"""The gRPC-Web listener: uvicorn on sockets of our own, inside the server's event loop and lifecycle."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn

from skyloom.errors import InvalidInput
from skyloom.server.config import join_address, reachable_address
from skyloom.server.web_adapter import GrpcWebApp
from skyloom.server.web_connection import KEEP_ALIVE_SECONDS, WebConnection

_TRIES = 10


class WebServer:
    """One listener.

    Args:
        app: answers the requests.
        host: name or address to bind.
        port: 0 takes a free one.
        stall_seconds: for a caller that sends or takes nothing.

    Attributes:
        address: ``http://HOST:PORT`` for a caller on this machine, once bound.
    """

    def __init__(self, app: GrpcWebApp, host: str, port: int, stall_seconds: float) -> None:
        self.app = app
        self.address = ""
        self._host = host
        self._port = port
        self._sockets: list[socket.socket] = []
        self._task: asyncio.Task[None] | None = None
        connection = type("Connection", (WebConnection,), {"stall_seconds": stall_seconds})
        self._server = _Embedded(
            uvicorn.Config(
                app,
                http=connection,
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
        )

    def bind(self) -> None:
        """Take the port.

        Raises:
            InvalidInput: it is taken, or the host is not this machine's.
        """
        self._sockets = bind_sockets(self._host, self._port)
        self.address = f"http://{reachable_address(self._host, self._sockets[0].getsockname()[1])}"

    async def start(self) -> None:
        """Answer requests."""
        self._task = asyncio.create_task(self._server.serve(sockets=self._sockets), name="grpc-web")
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait({self._task, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            self._task.result()
            raise RuntimeError("the gRPC-Web listener ended as it began")

    async def stop(self, grace: float) -> None:
        """Take no more connections, close the idle ones, and cut the others off after ``grace`` seconds."""
        if self._task is None:
            for listener in self._sockets:
                listener.close()
            return
        self._server.leave.set()
        _, late = await asyncio.wait({self._task}, timeout=grace)
        if late:
            for connection in list(self._server.server_state.connections):
                connection.transport.abort()
            await asyncio.wait({self._task})


class _Embedded(uvicorn.Server):
    """Without the signal handlers, which are the process's own, and without a look at the clock ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.leave = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to :mod:`skyloom.server.lifecycle`."""
        yield

    async def main_loop(self) -> None:
        """Serve until told to leave."""
        self.ready.set()
        await self.leave.wait()


def bind_sockets(host: str, port: int) -> list[socket.socket]:
    """Sockets on every address of ``host``, all on one port; never a port that somebody else uses.

    Raises:
        InvalidInput: the port is taken, or no address is this machine's.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    addresses = list(dict.fromkeys((family, place[0]) for family, _, _, _, place in found))
    # With port 0 the first address chooses for the others, where that port may be taken.
    for _ in range(_TRIES if port == 0 and len(addresses) > 1 else 1):
        with contextlib.suppress(OSError):
            return _bind_all(addresses, port)
    raise InvalidInput("web_port", join_address(host, port), "an address of this machine with a free port (0: any)")


def _bind_all(addresses: list[tuple[Any, Any]], port: int) -> list[socket.socket]:
    with contextlib.ExitStack() as undo:
        bound: list[socket.socket] = []
        for family, address in addresses:
            # With its protocol named asyncio switches Nagle's algorithm off, which costs 40 ms an answer.
            one = undo.enter_context(socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP))
            # On Windows SO_REUSEADDR would let another process take the port over.
            option = socket.SO_REUSEADDR if os.name == "posix" else getattr(socket, "SO_EXCLUSIVEADDRUSE")  # noqa: B009
            one.setsockopt(socket.SOL_SOCKET, option, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(address != "::"))
            try:
                one.bind((address, bound[0].getsockname()[1] if bound else port))
                one.listen(128)
            except OSError as error:
                # A name may have an address of a family that this machine has switched off.
                if error.errno == errno.EADDRNOTAVAIL and len(addresses) > 1:
                    one.close()
                    continue
                raise
            bound.append(one)
        if not bound:
            raise OSError(errno.EADDRNOTAVAIL, "no address of this machine")
        undo.pop_all()
        return bound
