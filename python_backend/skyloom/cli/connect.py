"""The client that a verb talks through: to the server of ``--server``, or to one started inside this process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
def connect(
    server: str | None, token: str | None, timeout: float, model_dir: Path | None = None
) -> Iterator[SkyClient]:
    """Yield a client; ``timeout`` in seconds holds for each call, ``model_dir`` is the embedded server's,
    ``token`` that of the server named.

    Raises:
        InvalidInput: an address that is none, a timeout that is not above 0, or a model folder for a server elsewhere.
        ModelError: the embedded server finds no usable model.
    """
    if not 0 < timeout < float("inf"):
        raise InvalidInput("timeout", timeout, "seconds above 0")
    if server is None:
        from skyloom.client import SkyClient
        from skyloom.server.config import ServerConfig
        from skyloom.server.embedded import EmbeddedServer

        config = ServerConfig(grace=0.0, model_dir=model_dir)
        with (
            EmbeddedServer(config) as embedded,
            SkyClient(embedded.address, token=embedded.token, timeout=timeout) as client,
        ):
            yield client
        return
    if model_dir is not None:
        raise InvalidInput("model-dir", str(model_dir), "no folder of models with --server, which has its own")
    check_address(server)
    from skyloom.client import SkyClient

    with SkyClient(server, token=token, timeout=timeout) as client:
        yield client
