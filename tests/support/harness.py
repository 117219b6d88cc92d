"""An embedded server with a fake core, and requests to put to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from fake_core import FakeCore
from skyloom import contract
from skyloom.client import SkyClient
from skyloom.request import OutputSpec, SkyRequest
from skyloom.server.config import ServerConfig
from skyloom.server.embedded import EmbeddedServer
from skyloom.v1 import sky_pb2, sky_pb2_grpc


def cumulus(seed: int = 0, size: int = 64, **changes) -> SkyRequest:
    """A small request."""
    return SkyRequest(clouds=(("cumulus", 1.0),), seed=seed, outputs=(OutputSpec("panorama", size),), **changes)


def sky_message(seed: int = 0, size: int = 64, cancel_on_disconnect: bool = False) -> sky_pb2.GenerateSkyRequest:
    """The same as a message."""
    recipe = contract.recipe_from_request(cumulus(seed, size))
    return sky_pb2.GenerateSkyRequest(recipe=recipe, cancel_on_disconnect=cancel_on_disconnect)


@contextmanager
def fake_server(core: FakeCore | None = None, **options) -> Iterator[tuple[FakeCore, EmbeddedServer]]:
    """A running server; ``options`` are those of ServerConfig."""
    core = core or FakeCore()
    with EmbeddedServer(ServerConfig(**{"grace": 0.0, **options}), core) as server:
        try:
            yield core, server
        finally:
            core.gate.set()


@contextmanager
def raw_stub(server: EmbeddedServer) -> Iterator[tuple[sky_pb2_grpc.SkyServiceStub, tuple]]:
    """The generated stub, without the client's own logic, and the metadata to send."""
    with grpc.insecure_channel(server.address) as channel:
        yield sky_pb2_grpc.SkyServiceStub(channel), (("authorization", f"Bearer {server.token}"),)


def client_of(server: EmbeddedServer, **options) -> SkyClient:
    """A client with the server's token."""
    return SkyClient(server.address, token=server.token, **{"timeout": 20.0, **options})
