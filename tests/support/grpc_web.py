"""A gRPC-Web client of nothing but http.client, that shows the raw frames, and a server in a thread to put it to."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import http.client
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes, urlsplit

from fake_core import FakeCore
from google.rpc import status_pb2
from skyloom.server.app import SkyServer
from skyloom.server.config import ServerConfig
from skyloom.v1 import sky_pb2

SKY = "/skyloom.v1.SkyService/"
HEALTH = "/grpc.health.v1.Health/"
BINARY = "application/grpc-web+proto"
TEXT = "application/grpc-web-text"


@contextlib.contextmanager
def web_server(core: FakeCore | None = None, **options) -> Iterator[tuple[FakeCore, SkyServer]]:
    """A server with both listeners, without a token where ``options`` (those of ServerConfig) have none."""
    core = core or FakeCore()
    config = ServerConfig(**{"grace": 0.0, "web_port": 0, **options})
    ready, failures = threading.Event(), []
    servers: list[SkyServer] = []
    stop: list = []

    async def main() -> None:
        left = asyncio.Event()
        stop.append((asyncio.get_running_loop(), left))
        server = SkyServer(config, core)
        await server.start()
        servers.append(server)
        ready.set()
        await left.wait()
        await server.stop(config.grace)

    def run() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            failures.append(error)
            ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(10)
    if not servers:
        raise failures[0]
    try:
        yield core, servers[0]
    finally:
        core.gate.set()
        loop, left = stop[0]
        loop.call_soon_threadsafe(left.set)
        thread.join(10)
        assert not thread.is_alive(), "the server did not stop"
        assert not failures, failures


@dataclass
class Answer:
    """What came back: raw message payloads, and the trailers of the last frame."""

    status: int
    headers: dict[str, str]
    messages: list[bytes] = field(default_factory=list)
    trailers: dict[str, str] | None = None
    text: str = ""

    @property
    def code(self) -> int:
        return int(self.trailers["grpc-status"])

    @property
    def message(self) -> str:
        return unquote_to_bytes(self.trailers.get("grpc-message", "")).decode()

    def detail(self, kind):
        packed = self.trailers["grpc-status-details-bin"]
        status = status_pb2.Status.FromString(base64.b64decode(packed + "=" * (-len(packed) % 4)))
        assert (status.code, status.message) == (self.code, self.message)
        for entry in status.details:
            found = kind()
            if entry.Unpack(found):
                return found
        raise AssertionError(f"no {kind.__name__}")


def frame(message: bytes, flag: int = 0) -> bytes:
    """A request body."""
    return bytes([flag]) + len(message).to_bytes(4, "big") + message


def connect(server: SkyServer | str, timeout: float = 20.0) -> http.client.HTTPConnection:
    """A connection to the gRPC-Web listener."""
    url = server if isinstance(server, str) else server.web_address
    parts = urlsplit(url)
    assert parts.scheme == "http"
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)


def ask(server, path: str, body: bytes, *, connection=None, method: str = "POST", **headers: str) -> Answer:
    """One whole call; ``headers`` with _ for -, an empty value leaves a header out. ``path`` may be a method's name."""
    own = connection is None
    connection = connection or connect(server)
    try:
        start(connection, path, body, method=method, **headers)
        return read_all(connection.getresponse())
    finally:
        if own:
            connection.close()


def start(connection, path: str, body, *, method: str = "POST", **headers: str) -> None:
    """Send a request."""
    sent = {"content-type": BINARY, "x-grpc-web": "1", **{key.replace("_", "-"): v for key, v in headers.items()}}
    path = path if path.startswith("/") else SKY + path
    connection.request(method, path, body, {key: value for key, value in sent.items() if value})


def read_all(response: http.client.HTTPResponse) -> Answer:
    """Read an answer to its end and check that its frames are as the specification wants them."""
    answer = Answer(response.status, {key.lower(): value for key, value in response.getheaders()})
    data = response.read()
    form = answer.headers.get("content-type", "")
    if not form.startswith("application/grpc-web"):
        answer.text = data.decode()
        return answer
    assert answer.status == 200
    if form.startswith(TEXT):
        # Padding may stand wherever the server flushed.
        data = b"".join(base64.b64decode(piece, validate=True) for piece in re.findall(rb"[A-Za-z0-9+/]+=*", data))
    while data:
        assert answer.trailers is None, "the trailers are the last frame"
        flag, size = data[0], int.from_bytes(data[1:5], "big")
        payload, data = data[5 : 5 + size], data[5 + size :]
        assert len(payload) == size
        if flag == 0:
            answer.messages.append(payload)
        else:
            assert flag == 0x80
            assert payload.endswith(b"\r\n")
            lines = payload.decode("ascii").split("\r\n")[:-1]
            assert all(re.fullmatch(r"[a-z0-9-]+: [\x20-\x7e]*", line) for line in lines), lines
            answer.trailers = dict(line.split(": ", 1) for line in lines)
    assert answer.trailers is not None, "no trailers"
    return answer


def read_frame(response: http.client.HTTPResponse) -> tuple[int, bytes]:
    """The next frame of a binary answer that may still go on."""
    head = response.read(5)
    assert len(head) == 5
    return head[0], response.read(int.from_bytes(head[1:], "big"))


def events_of(answer: Answer, kind=sky_pb2.GenerateSkyResponse) -> list[sky_pb2.JobEvent]:
    """The events of a stream."""
    return [kind.FromString(message).event for message in answer.messages]


def image_of(events: list[sky_pb2.JobEvent]) -> bytes:
    """The bytes of a job's one image."""
    return b"".join(event.chunk.data for event in events if event.HasField("chunk"))
