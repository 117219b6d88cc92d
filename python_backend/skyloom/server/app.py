"""SkyServer: one bound gRPC server with its job store, health and reflection; start, then stop within a grace time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time

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
        address: ``HOST:PORT`` for a caller on this machine, once started.

    Raises:
        InvalidInput: an option is out of range.
    """

    def __init__(self, config: ServerConfig, core: Core) -> None:
        self.config = check_config(config)
        self.token = config.token
        if self.token is None and not is_loopback(config.host):
            self.token = secrets.token_urlsafe(24)
        self.address = ""
        self._store = JobStore(config)
        self._sky = GrpcSkyService(SkyService(core, self._store, config), config.stall_seconds)
        self._health = health.aio.HealthServicer()
        self._server = grpc.aio.server(
            interceptors=[TokenInterceptor(self.token)] if self.token else [],
            options=[
                # Two servers must not share a port: callers would reach either.
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", config.max_upload_bytes + (1 << 20)),
                ("grpc.keepalive_time_ms", 30_000),
                ("grpc.keepalive_timeout_ms", 20_000),
                ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
            ],
        )

    async def start(self) -> None:
        """Bind and answer.

        Raises:
            InvalidInput: the port is taken or the address is not this machine's.
        """
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

    async def stop(self, grace: float) -> None:
        """Refuse new jobs, give running ones ``grace`` seconds to finish and be read, cancel the rest, and close."""
        deadline = time.monotonic() + grace
        await self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        self._store.close()
        with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
            await asyncio.wait_for(self._quiet(), grace)
        self._store.cancel_running()
        await self._server.stop(max(deadline - time.monotonic(), _LAST_WORDS_SECONDS) if self._sky.active else 0)
        await self._store.stop()

    async def _quiet(self) -> None:
        await self._store.drained()
        while self._sky.active:
            await asyncio.sleep(0.02)

    async def _set_health(self, status: health_pb2.HealthCheckResponse.ServingStatus) -> None:
        for name in ("", SERVICE):
            await self._health.set(name, status)
