"""A server that answers as it is told to, byte by byte: for all that a real sky server never does."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator

from skyloom.v1 import sky_pb2

Script = Callable[[socket.socket, bytes], None]
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/grpc-web+proto\r\n"


def frame(payload: bytes, flag: int = 0) -> bytes:
    """One frame of a body."""
    return bytes([flag]) + len(payload).to_bytes(4, "big") + payload


def trailers(code: int, message: str = "") -> bytes:
    """The last frame."""
    return frame(f"grpc-status: {code}\r\ngrpc-message: {message}\r\n".encode(), 0x80)


def event(**fields) -> bytes:
    """The frame of one event of a job called "job"."""
    return frame(sky_pb2.GenerateSkyResponse(event=sky_pb2.JobEvent(**{"job_id": "job", **fields})).SerializeToString())


def whole(body: bytes, head: bytes = HEAD) -> bytes:
    """An answer with a length."""
    return head + f"content-length: {len(body)}\r\n\r\n".encode() + body


def says(data: bytes) -> Script:
    """Send this and close."""
    return lambda peer, request: peer.sendall(data)


def then_silence(data: bytes) -> Script:
    """Send this and keep the connection open until the other side leaves."""

    def run(peer: socket.socket, request: bytes) -> None:
        peer.sendall(data)
        peer.settimeout(30)
        with contextlib.suppress(OSError):
            while peer.recv(1024):
                pass

    return run


def floods(data: bytes, count: int, pause: float = 0.0) -> Script:
    """Send the same again and again, as far as the other side takes it."""

    def run(peer: socket.socket, request: bytes) -> None:
        for _ in range(count):
            peer.sendall(data)
            time.sleep(pause)

    return run


class OddServer:
    """Runs ``script`` for every connection, or the script that ``by_method`` has for the method asked for.

    Attributes:
        address: ``http://HOST:PORT``.
        requests: (method, head and body) of every request.
    """

    def __init__(self, script: Script, by_method: dict[str, Script] | None = None) -> None:
        self._script = script
        self._by_method = by_method or {}
        self.requests: list[tuple[str, bytes]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError), peer:
            request = b""
            while b"\r\n\r\n" not in request:
                request += peer.recv(65536)
            found = re.search(rb"content-length: (\d+)", request.lower())
            wanted = request.index(b"\r\n\r\n") + 4 + (int(found.group(1)) if found else 0)
            while len(request) < wanted:
                request += peer.recv(65536)
            method = request.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            self.requests.append((method, request))
            self._by_method.get(method, self._script)(peer, request)


@contextlib.contextmanager
def odd_server(script: Script, **by_method: Script) -> Iterator[OddServer]:
    """A running one."""
    server = OddServer(script, by_method)
    try:
        yield server
    finally:
        server.close()
