"""gRPC-Web on the wire: content types, length-prefixed frames, the trailers frame, base64 text, grpc-timeout.

Written after https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md and PROTOCOL-HTTP2.md beside it.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote

from google.rpc import code_pb2, status_pb2

from skyloom.errors import InvalidInput

BINARY = "application/grpc-web+proto"
TEXT = "application/grpc-web-text+proto"
PREFIX_BYTES = 5
_FORMS = {
    "application/grpc-web": BINARY,
    BINARY: BINARY,
    "application/grpc-web-text": TEXT,
    TEXT: TEXT,
}
_COMPRESSED = 0x01
_TRAILERS = 0x80
# What may stand in grpc-message as it is: printable ASCII without the percent sign itself.
_PLAIN = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")
_TIMEOUT = re.compile(r"([0-9]{1,8})([HMSmun])")
_SECONDS = {"H": 3600.0, "M": 60.0, "S": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9}
# Each flushed piece of a text stream may end in padding, so a body is a row of base64 texts.
_BASE64_PIECE = re.compile(rb"[A-Za-z0-9+/]+={0,2}")


class Refusal(Exception):
    """A call that the transport itself refuses: a canonical code and a message, without details."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status_pb2.Status(code=code, message=message)


def form_of(content_type: str) -> str | None:
    """``BINARY`` or ``TEXT``, or None for a content type that is no gRPC-Web with protobuf."""
    return _FORMS.get(content_type.partition(";")[0].strip().lower())


def answer_form(asked: str, accept: str) -> str:
    """The form of the answer: what ``accept`` names first of the two, else that of the request."""
    for item in accept.split(","):
        wanted = form_of(item)
        if wanted is not None:
            return wanted
    return asked


def encoded_limit(form: str, limit: int) -> int:
    """Bytes of a request body that carries a message of ``limit`` bytes."""
    framed = limit + PREFIX_BYTES
    return framed if form == BINARY else (framed + 2) // 3 * 4


def read_request(form: str, body: bytearray, limit: int) -> memoryview:
    """The one message of a whole request body.

    Raises:
        Refusal: larger than ``limit`` (RESOURCE_EXHAUSTED), compressed or not exactly one (UNIMPLEMENTED).
        InvalidInput: no frame, or one that ends too early.
    """
    data = memoryview(body if form == BINARY else _decode_text(body))
    if not data:
        raise Refusal(code_pb2.UNIMPLEMENTED, "the request has no message; every method takes exactly one")
    check_prefix(data, limit)
    if len(data) < PREFIX_BYTES:
        raise _malformed(len(data), "a frame: a flag, four bytes of length, the message")
    end = PREFIX_BYTES + int.from_bytes(data[1:PREFIX_BYTES], "big")
    if len(data) < end:
        raise _malformed(len(data), f"the {end} bytes that its first frame announces")
    if len(data) > end:
        raise Refusal(code_pb2.UNIMPLEMENTED, "the request has more than one frame; every method takes one message")
    return data[PREFIX_BYTES:end]


def check_prefix(data: bytearray | memoryview, limit: int) -> None:
    """Refuse a frame by its first bytes, as many as there are yet; raises as :func:`read_request` does."""
    if len(data) and data[0] == _COMPRESSED:
        raise Refusal(code_pb2.UNIMPLEMENTED, "compressed messages are not taken; grpc-accept-encoding: identity")
    if len(data) and data[0]:
        raise _malformed(len(data), "a message, whose frame's flag is 0")
    if len(data) >= PREFIX_BYTES and int.from_bytes(data[1:PREFIX_BYTES], "big") > limit:
        raise too_large(limit)


def too_large(limit: int) -> Refusal:
    """RESOURCE_EXHAUSTED: the message is larger than ``limit`` bytes."""
    return Refusal(code_pb2.RESOURCE_EXHAUSTED, f"the request is larger than {limit} bytes")


def message_frame(form: str, message: bytes) -> bytes:
    """A message as it goes out."""
    return _encoded(form, b"\x00" + len(message).to_bytes(4, "big") + message)


def trailers_frame(form: str, status: status_pb2.Status) -> bytes:
    """The last frame of every answer: ``grpc-status``, ``grpc-message``, ``grpc-status-details-bin``.

    Args:
        form: ``BINARY`` or ``TEXT``.
        status: sent whole as ``grpc-status-details-bin`` (base64 without padding) where it has details.
    """
    lines = [f"grpc-status: {status.code}"]
    if status.message:
        lines.append(f"grpc-message: {quote(status.message, safe=_PLAIN)}")
    if status.details:
        packed = base64.b64encode(status.SerializeToString()).rstrip(b"=").decode("ascii")
        lines.append(f"grpc-status-details-bin: {packed}")
    block = "".join(line + "\r\n" for line in lines).encode("ascii")
    return _encoded(form, bytes([_TRAILERS]) + len(block).to_bytes(4, "big") + block)


def timeout_seconds(value: str | None) -> float | None:
    """Seconds of a ``grpc-timeout`` header, None without one.

    Raises:
        InvalidInput: not one to eight digits and a unit.
    """
    if value is None:
        return None
    match = _TIMEOUT.fullmatch(value)
    if match is None:
        raise InvalidInput("grpc-timeout", value, "one to eight digits and one of the units H, M, S, m, u, n")
    return int(match.group(1)) * _SECONDS[match.group(2)]


def _encoded(form: str, frame: bytes) -> bytes:
    return frame if form == BINARY else base64.b64encode(frame)


def _decode_text(body: bytearray) -> bytes:
    pieces = _BASE64_PIECE.findall(body)
    try:
        if sum(map(len, pieces)) != len(body):
            raise binascii.Error
        return b"".join(base64.b64decode(piece, validate=True) for piece in pieces)
    except binascii.Error:
        raise _malformed(len(body), "base64 text") from None


def _malformed(size: int, wanted: str) -> InvalidInput:
    return InvalidInput("request", f"a body of {size} bytes", wanted)
