"""One HTTP/1.1 connection: uvicorn's, with time limits on a caller that sends nothing or takes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

log = logging.getLogger("skyloom.server")
# An idle connection may stay a little longer than clients' pools commonly keep theirs.
KEEP_ALIVE_SECONDS = 75
# A peer that vanished without a word is found after about a minute, as by the gRPC listener's pings.
_TCP_KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}


class WebConnection(H11Protocol):
    """Cut off without a word when the caller is silent while it is its turn, or takes no byte of an answer for
    ``stall_seconds``; what then waits for the connection (``receive`` and ``send`` of the application) goes on as when
    the caller has left."""

    stall_seconds = 60.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; the first request is due."""
        super().connection_made(transport)
        self._heard = self.loop.time()
        self._unsent = 0
        self._stall_timer: asyncio.TimerHandle | None = None
        self._silence_timer = self.loop.call_later(self.stall_seconds, self._check_silence)
        _ping_idle(transport.get_extra_info("socket"))

    def connection_lost(self, exc: Exception | None) -> None:
        """End; the application sees a disconnect."""
        self._silence_timer.cancel()
        self._stop_stall_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        self._heard = self.loop.time()
        super().data_received(data)

    def pause_writing(self) -> None:
        """The caller lags behind: from now on it has to take something."""
        super().pause_writing()
        self._stop_stall_timer()
        self._unsent = self.transport.get_write_buffer_size()
        self._stall_timer = self.loop.call_later(self.stall_seconds, self._check_stall)

    def resume_writing(self) -> None:
        """The caller has caught up."""
        self._stop_stall_timer()
        super().resume_writing()

    def _check_stall(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        if unsent < self._unsent:
            self._unsent = unsent
            self._stall_timer = self.loop.call_later(self.stall_seconds, self._check_stall)
            return
        log.info("a gRPC-Web reader took nothing for %g s", self.stall_seconds)
        self.transport.abort()

    def _check_silence(self) -> None:
        # Between two requests uvicorn's own keep-alive time is the one that counts.
        idle = self.timeout_keep_alive_task is not None and self.conn.their_state is h11.IDLE
        answering = self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body
        left = self._heard + self.stall_seconds - self.loop.time()
        if idle or answering:
            left = self.stall_seconds
        elif left <= 0:
            self.transport.abort()
            return
        self._silence_timer = self.loop.call_later(left, self._check_silence)

    def _stop_stall_timer(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None


def _ping_idle(connection: Any) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _TCP_KEEPALIVE.items():
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
