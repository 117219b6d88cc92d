"""SkyService behind gRPC-Web: an ASGI application with deadlines, cancellation and rich status.

Own code rather than connectrpc, which needs Python 3.11 and brings a second protobuf runtime and an HTTP client
(20 MB) along, and has neither the text form nor Host and Origin checks.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any

from google.protobuf.message import DecodeError, Message
from google.rpc import code_pb2, status_pb2

from skyloom.errors import InvalidInput, SkyloomError
from skyloom.server import web_frames as frames
from skyloom.server.status import to_status
from skyloom.server.web_frames import Refusal
from skyloom.server.web_gate import Gate, Headers
from skyloom.server.web_methods import Method

log = logging.getLogger("skyloom.server")
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_OK = status_pb2.Status(code=code_pb2.OK)


class GrpcWebApp:
    """The application.

    Every call that is gRPC-Web is answered with HTTP 200 and ends with a trailers frame in the body, errors too; what
    is no such call gets an HTTP status.

    Args:
        methods: by path.
        gate: the checks of callers.
        max_message_bytes: of a request.

    Attributes:
        active: calls being answered now.
    """

    def __init__(self, methods: dict[str, Method], gate: Gate, max_message_bytes: int) -> None:
        self._methods = methods
        self._gate = gate
        self._limit = max_message_bytes
        self.active = 0

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            headers[key] = f"{headers[key]}, {text}" if key in headers else text
        why = self._gate.refusal(headers)
        if why is not None:
            await _answer_plainly(send, 403, why)
            return
        if scope["method"] == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers:
            await _answer_plainly(send, 204, "", self._gate.preflight(headers))
            return
        cors = self._gate.cors(headers)
        if scope["method"] != "POST":
            await _answer_plainly(send, 405, "gRPC-Web calls are POST requests", [*cors, (b"allow", b"POST")])
            return
        form = frames.form_of(headers.get("content-type", ""))
        if form is None:
            accepted = f"{frames.BINARY}, {frames.TEXT}".encode()
            await _answer_plainly(send, 415, f"send {frames.BINARY}", [*cors, (b"accept-post", accepted)])
            return
        reply = _Reply(send, frames.answer_form(form, headers.get("accept", "")), cors)
        self.active += 1
        try:
            status = await self._call(scope["path"], form, headers, receive, reply)
            if status is not None:
                await reply.finish(status)
        finally:
            self.active -= 1

    async def _call(
        self, path: str, form: str, headers: dict[str, str], receive: Receive, reply: _Reply
    ) -> status_pb2.Status | None:
        """The status that the call ends with, None where the caller went away."""
        body_read = asyncio.Event()
        try:
            method = self._admit(path, headers)
            timeout = frames.timeout_seconds(headers.get("grpc-timeout"))
        except (Refusal, InvalidInput) as error:
            return _status_of(error)

        async def work() -> None:
            message = await self._read(form, headers, receive)
            body_read.set()
            await _answer(method, message, reply)

        working = asyncio.create_task(work())
        leaving = asyncio.create_task(_until_gone(receive, body_read))
        try:
            await asyncio.wait({working, leaving}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            in_time = working.done()
            # Waited for, so that a job that was to end with its caller has been told.
            working.cancel()
            (failure,) = await asyncio.gather(working, return_exceptions=True)
            if leaving.done():
                return None
            if not in_time:
                return status_pb2.Status(code=code_pb2.DEADLINE_EXCEEDED, message="the deadline passed")
            return _OK if failure is None else _status_of(failure)
        finally:
            working.cancel()
            leaving.cancel()

    def _admit(self, path: str, headers: dict[str, str]) -> Method:
        method = self._methods.get(path)
        if not (method is not None and method.open_to_all) and not self._gate.has_token(headers):
            raise Refusal(code_pb2.UNAUTHENTICATED, "a valid token is needed: authorization: Bearer TOKEN")
        if method is None:
            raise Refusal(code_pb2.UNIMPLEMENTED, f"there is no method {path[:200]}")
        for name in ("grpc-encoding", "content-encoding"):
            if headers.get(name, "identity") != "identity":
                raise Refusal(code_pb2.UNIMPLEMENTED, f"{name}: only identity is taken")
        return method

    async def _read(self, form: str, headers: dict[str, str], receive: Receive) -> memoryview:
        """The request's message, refused as early as its size is known."""
        most = frames.encoded_limit(form, self._limit)
        if int(headers.get("content-length", "0")) > most:
            raise frames.too_large(self._limit)
        body = bytearray()
        while True:
            event = await receive()
            if event["type"] != "http.request":
                raise _CallerGone
            body += event.get("body", b"")
            if form == frames.BINARY:
                frames.check_prefix(body, self._limit)
            if len(body) > most:
                raise frames.too_large(self._limit)
            if not event.get("more_body", False):
                return frames.read_request(form, body, self._limit)


class _CallerGone(Exception):
    """The caller went away before its request was whole."""


class _Reply:
    """The answer to one call: the head before the first frame, then frames, the trailers last."""

    def __init__(self, send: Send, form: str, headers: Headers) -> None:
        self._send = send
        self._form = form
        self._headers = headers
        self._started = False

    async def message(self, message: Message) -> None:
        """Send one message; waits while the caller takes nothing."""
        await self._body(frames.message_frame(self._form, message.SerializeToString()), more=True)

    async def finish(self, status: status_pb2.Status) -> None:
        """Send the trailers."""
        await self._body(frames.trailers_frame(self._form, status), more=False)

    async def _body(self, data: bytes, more: bool) -> None:
        if not self._started:
            headers = [
                (b"content-type", self._form.encode()),
                (b"grpc-accept-encoding", b"identity"),
                *_always(),
                *self._headers,
            ]
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
            self._started = True
        await self._send({"type": "http.response.body", "body": data, "more_body": more})


async def _answer(method: Method, data: memoryview, reply: _Reply) -> None:
    request = method.request()
    try:
        request.ParseFromString(data)  # type: ignore[arg-type]
    except DecodeError:
        raise InvalidInput("request", f"a message of {len(data)} bytes", f"a {request.DESCRIPTOR.full_name}") from None
    async with contextlib.aclosing(method.answer(request)) as answers:
        async for message in answers:
            await reply.message(message)


async def _until_gone(receive: Receive, body_read: asyncio.Event) -> None:
    # Whatever reads the body reads the caller's leaving too; only afterwards is it for this one to see.
    await body_read.wait()
    while (await receive())["type"] != "http.disconnect":
        pass


def _status_of(error: BaseException) -> status_pb2.Status | None:
    if isinstance(error, _CallerGone):
        return None
    if isinstance(error, Refusal):
        return error.status
    if not isinstance(error, SkyloomError):
        log.error("a call failed", exc_info=error)
    return to_status(error if isinstance(error, Exception) else RuntimeError(repr(error)))


async def _answer_plainly(send: Send, status: int, text: str, headers: Headers | None = None) -> None:
    body = f"{text}\n".encode() if text else b""
    head = [*_always(), *(headers or [])]
    if body:
        head += [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _always() -> Headers:
    return [(b"date", formatdate(usegmt=True).encode()), (b"x-content-type-options", b"nosniff")]
