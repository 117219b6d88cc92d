"""The client that a verb talks through: to the server of ``--server``, or to one started inside this process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from skyloom.errors import InvalidInput

if TYPE_CHECKING:
    from skyloom.client import SkyClient

_ADDRESS = re.compile(r"(\[[0-9a-fA-F:.%]+\]|[^\s:/]+):(\d{1,5})")


def check_address(server: str) -> str:
    """``HOST:PORT`` as given.

    Raises:
        InvalidInput: no host, no port, or a port above 65535.
    """
    match = _ADDRESS.fullmatch(server)
    if match is None or not 1 <= int(match.group(2)) <= 65535:
        raise InvalidInput("server", server, "HOST:PORT, e.g. 127.0.0.1:50051")
    return server


@contextmanager
def connect(server: str | None, token: str | None, timeout: float) -> Iterator[SkyClient]:
    """Yield a client; ``timeout`` in seconds holds for each call.

    Raises:
        InvalidInput: an address that is none, a timeout that is not above 0, or a token without a server.
        ModelError: the embedded server finds no usable model.
    """
    if not 0 < timeout < float("inf"):
        raise InvalidInput("timeout", timeout, "seconds above 0")
    if server is None:
        if token is not None:
            raise InvalidInput("token", "given", "no token without --server")
        from skyloom.client import SkyClient
        from skyloom.server.embedded import EmbeddedServer

        with EmbeddedServer() as embedded, SkyClient(embedded.address, token=embedded.token, timeout=timeout) as client:
            yield client
        return
    check_address(server)
    from skyloom.client import SkyClient

    with SkyClient(server, token=token, timeout=timeout) as client:
        yield client
