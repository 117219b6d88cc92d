"""ServerConfig: every option of a sky server, and their check."""

from __future__ import annotations

import ipaddress
import math
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from skyloom.errors import InvalidInput

_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class ServerConfig:
    """Options of one server process.

    Attributes:
        host: name or address to bind.
        port: 0 to 65535; 0 takes a free one.
        ready_file: written once requests are answered, removed on exit; None writes none.
        parent_pid: the server exits when this process is gone; None never looks.
        token: wanted from every caller; None wants none on loopback and makes one up beyond it.
        queue_capacity: jobs that may wait.
        workers: jobs that run at a time; one is right while the network itself uses every core.
        grace: seconds that running jobs may take to finish after SIGTERM.
        model_dir: folder of models; None takes the model that comes with Skyloom.
        retention_seconds: how long a finished job can still be watched.
        retention_bytes: bound on the pictures of finished jobs; the oldest unwatched go first.
        max_upload_bytes: bound on the pictures of one conversion.
        pending_bytes: bound on the pictures of all conversions that wait.
        stall_seconds: a caller that takes no data for so long is dropped; its job stays.
        web_port: port of the gRPC-Web listener; 0 takes a free one, None has no such listener.
        web_origins: origins whose pages may ask over gRPC-Web, e.g. ``https://example.org``; no other page may.
    """

    host: str = "127.0.0.1"
    port: int = 0
    ready_file: Path | None = None
    parent_pid: int | None = None
    token: str | None = None
    queue_capacity: int = 64
    workers: int = 1
    grace: float = 10.0
    model_dir: Path | None = None
    retention_seconds: float = 600.0
    retention_bytes: int = 512 << 20
    max_upload_bytes: int = 256 << 20
    pending_bytes: int = 512 << 20
    stall_seconds: float = 60.0
    web_port: int | None = None
    web_origins: tuple[str, ...] = ()

    @property
    def max_message_bytes(self) -> int:
        """Bound on one request: the pictures, and room for what goes with them."""
        return self.max_upload_bytes + (1 << 20)


def check_config(config: ServerConfig) -> ServerConfig:
    """Return ``config`` if a server can be started with it.

    Raises:
        InvalidInput: names the first option that is out of range.
    """
    _whole("port", config.port, 0, 65535)
    if config.web_port is not None:
        _whole("web_port", config.web_port, 0, 65535)
    elif config.web_origins:
        raise InvalidInput("web_origin", config.web_origins[0], "no origins without a gRPC-Web listener")
    for origin in config.web_origins:
        check_origin(origin)
    _whole("queue", config.queue_capacity, 1, 1000)
    _whole("workers", config.workers, 1, 64)
    for name, value in (("grace", config.grace), ("retention", config.retention_seconds)):
        if not (math.isfinite(value) and 0.0 <= value <= 86400.0):
            raise InvalidInput(name, value, "seconds from 0 to 86400")
    if config.token is not None and not (config.token and config.token.isascii() and config.token.isprintable()):
        raise InvalidInput("token", "***", "printable ASCII characters, at least one")
    if config.token is not None and config.token != config.token.strip():
        raise InvalidInput("token", "***", "no space at either end")
    is_loopback(config.host)
    return config


def check_origin(origin: str) -> str:
    """``origin`` as browsers send it: scheme and host in lower case, no default port.

    Raises:
        InvalidInput: not ``http://HOST[:PORT]`` or ``https://HOST[:PORT]``; a wildcard is none either.
    """
    match = _ORIGIN.fullmatch(origin.lower())
    if match is None or not 0 < int(match["port"] or 1) < 65536:
        raise InvalidInput("web_origin", origin, "http://HOST[:PORT] or https://HOST[:PORT], no path, no wildcard")
    default = match["port"] is None or int(match["port"]) == _DEFAULT_PORTS[match["scheme"]]
    return f"{match['scheme']}://{match['host']}" + ("" if default else f":{int(match['port'])}")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to ``host``.

    Raises:
        InvalidInput: ``host`` is no address and no name that resolves.
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM) if host else []
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise InvalidInput("host", host, "an address of this machine or a name that resolves")
    return all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_loopback for entry in found)


def join_address(host: str, port: int) -> str:
    """``HOST:PORT``, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def reachable_address(host: str, port: int) -> str:
    """``HOST:PORT`` for a caller on this machine: a server bound to every address is reached on loopback."""
    return join_address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)


def _whole(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidInput(name, value, f"a whole number from {low} to {high}")
