"""SkyServer: the gRPC and gRPC-Web listeners with their job store and health; start, then stop within a grace time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from typing import TYPE_CHECKING

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from skyloom.errors import InvalidInput
from skyloom.server.config import ServerConfig, check_config, is_loopback, join_address, reachable_address
from skyloom.server.core import Core
from skyloom.server.grpc_adapter import GrpcSkyService, TokenInterceptor
from skyloom.server.service import SkyService
from skyloom.server.store import JobStore
from skyloom.v1 import sky_pb2, sky_pb2_grpc

if TYPE_CHECKING:
    from skyloom.server.web_server import WebServer

log = logging.getLogger("skyloom.server")
SERVICE = sky_pb2.DESCRIPTOR.services_by_name["SkyService"].full_name
# Time for the last bytes of an answer to leave after its job was ended.
_LAST_WORDS_SECONDS = 0.5


class SkyServer:
    """A server on the running event loop.

    Args:
        config: checked here.
        core: what makes the skies.

    Attributes:
        token: what callers must send, None where nothing is wanted.
        address: ``HOST:PORT`` for a gRPC caller on this machine, once started.
        web_address: ``http://HOST:PORT`` for a gRPC-Web caller on this machine; empty without that listener.

    Raises:
        InvalidInput: an option is out of range.
    """

    def __init__(self, config: ServerConfig, core: Core) -> None:
        self.config = check_config(config)
        self.token = config.token
        if self.token is None and not is_loopback(config.host):
            self.token = secrets.token_urlsafe(24)
        self.address = ""
        self.web_address = ""
        self._store = JobStore(config)
        self._service = SkyService(core, self._store, config)
        self._sky = GrpcSkyService(self._service, config.stall_seconds)
        self._web: WebServer | None = None
        self._health = health.aio.HealthServicer()
        self._server = grpc.aio.server(
            interceptors=[TokenInterceptor(self.token)] if self.token else [],
            options=[
                # Two servers must not share a port: callers would reach either.
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", config.max_message_bytes),
                ("grpc.keepalive_time_ms", 30_000),
                ("grpc.keepalive_timeout_ms", 20_000),
                ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
            ],
        )

    @property
    def addresses(self) -> dict[str, str]:
        """The addresses by protocol, as the ready file names them."""
        return {"grpc": self.address, **({"grpc_web": self.web_address} if self.web_address else {})}

    async def start(self) -> None:
        """Bind and answer.

        Raises:
            InvalidInput: a port is taken or the address is not this machine's.
        """
        if self.config.web_port is not None:
            self._web = self._make_web(self.config.web_port)
            self._web.bind()
        try:
            await self._start()
        except BaseException:
            if self._web is not None:
                await self._web.stop(0)
            raise

    async def _start(self) -> None:
        sky_pb2_grpc.add_SkyServiceServicer_to_server(self._sky, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        reflection.enable_server_reflection([SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)
        wanted = join_address(self.config.host, self.config.port)
        try:
            port = self._server.add_insecure_port(wanted)
        except RuntimeError:
            port = 0
        if port == 0:
            raise InvalidInput("port", wanted, "an address of this machine with a free port (0 takes any)")
        await self._server.start()
        self._store.start()
        await self._set_health(health_pb2.HealthCheckResponse.SERVING)
        self.address = reachable_address(self.config.host, port)
        log.info("serving on %s", self.address)
        if self._web is not None:
            await self._web.start()
            self.web_address = self._web.address
            log.info("serving gRPC-Web on %s", self.web_address)

    async def stop(self, grace: float) -> None:
        """Refuse new jobs, give running ones ``grace`` seconds to finish and be read, cancel the rest, and close."""
        deadline = time.monotonic() + grace
        await self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        self._store.close()
        with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
            await asyncio.wait_for(self._quiet(), grace)
        self._store.cancel_running()
        left = max(deadline - time.monotonic(), _LAST_WORDS_SECONDS) if self._active() else 0
        stops = [self._server.stop(left)]
        if self._web is not None:
            stops.append(self._web.stop(left))
        await asyncio.gather(*stops)
        await self._store.stop()

    async def _quiet(self) -> None:
        await self._store.drained()
        while self._active():
            await asyncio.sleep(0.02)

    def _active(self) -> int:
        return self._sky.active + (self._web.app.active if self._web is not None else 0)

    def _make_web(self, port: int) -> WebServer:
        # Only here: whoever embeds a server without this listener does not pay for its imports.
        from skyloom.server.web_adapter import GrpcWebApp
        from skyloom.server.web_gate import Gate
        from skyloom.server.web_methods import methods_of
        from skyloom.server.web_server import WebServer

        config = self.config
        gate = Gate(config.host, self.token, config.web_origins)
        app = GrpcWebApp(methods_of(self._service, self._health), gate, config.max_message_bytes)
        return WebServer(app, config.host, port, config.stall_seconds)

    async def _set_health(self, status: health_pb2.HealthCheckResponse.ServingStatus) -> None:
        for name in ("", SERVICE):
            await self._health.set(name, status)
