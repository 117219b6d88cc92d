"""Whatever answers, the C# client ends with a typed error in time: silence, floods, garbage, lies, other versions."""

from __future__ import annotations

import base64
import hashlib
import socket
import struct
import time

import pytest
from csharp_driver import DriverError
from odd_server import HEAD, event, floods, frame, odd_server, says, then_silence, trailers, whole
from recipe_text import recipe
from skyloom.v1 import sky_pb2

CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"
BARE = HEAD + b"\r\n"
MEGABYTE = 1 << 20


def info(**changes) -> bytes:
    fields = {"skyloom_version": "0.1.0", "api_version": "skyloom.v1", **changes}
    return whole(frame(sky_pb2.GetServerInfoResponse(**fields).SerializeToString()) + trailers(0))


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def failure(driver, verb: str, address: str, **request) -> DriverError:
    """The verb's error; it comes within the deadline of two seconds and a little."""
    started = time.monotonic()
    with pytest.raises(DriverError) as caught:
        driver.call(verb, address=address, **{"timeout": 2, **request})
    assert time.monotonic() - started < 3.0, caught.value.type
    return caught.value


def test_a_refused_port(driver):
    with socket.socket() as taken:
        # Bound but not listening: connections are refused, and nobody else can take the port meanwhile.
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        for verb, more in (("info", {}), ("generate", {"recipe": recipe()}), ("cancel", {"job": "a"})):
            assert failure(driver, verb, address, **more).type == "ServerUnavailableException"


def test_a_name_that_does_not_exist(driver):
    error = failure(driver, "info", "http://nowhere.invalid:5")
    assert error.type in ("ServerUnavailableException", "DeadlineExceededException")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "ServerUnavailableException"),
        (b"\x00\xff\xfe garbage that is no HTTP at all\r\n\r\n", "ProtocolException"),
        (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5\r\n\r\nhello", "ProtocolException"),
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n", "ProtocolException"),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "ProtocolException"),
        (b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n", "UnauthenticatedException"),
        (b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", "ServerUnavailableException"),
        (whole(b"", HEAD + b"grpc-status: 12\r\n"), "ProtocolException"),
        (whole(b"", HEAD + b"grpc-status: 16\r\n"), "UnauthenticatedException"),
        (whole(b"", HEAD + b"grpc-status: 0\r\n"), "ProtocolException"),
        (whole(b"", HEAD + b"grpc-status: many\r\n"), "ServerFaultException"),
        (whole(b""), "ServerUnavailableException"),
        (whole(b"\x00\x00\x00"), "ServerUnavailableException"),
        (whole(trailers(0)), "ProtocolException"),
        (whole(frame(b"", 0x80)), "ProtocolException"),
        (whole(frame(b"x" * 70_000, 0x80)), "AnswerTooLargeException"),
        (whole(b"these are no frames, are they?"), "ProtocolException"),
        (whole(frame(b"\x07\x07\x07") + trailers(0)), "ProtocolException"),
        (whole(frame(b"") + frame(b"") + trailers(0)), "ProtocolException"),
        (whole(frame(b"", 1) + trailers(0)), "ProtocolException"),
        (whole(frame(b"") + trailers(5, "gone%20away")), "JobNotFoundException"),
        (CHUNKED + b"zz\r\nno chunk\r\n", "ProtocolException or ServerUnavailableException"),
        (CHUNKED + chunk(frame(b"")[:3]), "ServerUnavailableException"),
        (HEAD + b"content-length: 1000\r\n\r\n" + frame(b"abc")[:6], "ServerUnavailableException"),
        (BARE + frame(b"")[:2], "ServerUnavailableException"),
    ],
)
def test_an_answer_that_is_none(driver, data, kind):
    with odd_server(says(data)) as server:
        assert failure(driver, "info", server.address).type in kind.split(" or ")


@pytest.mark.parametrize(
    "data",
    [b"", b"HTTP/1.1 200 OK\r\n", CHUNKED, CHUNKED + chunk(frame(b"x" * 10)[:9]), CHUNKED + chunk(frame(b""))],
    ids=["nothing", "half a head", "a head", "half a frame", "no trailers"],
)
def test_silence_ends_with_the_deadline(driver, data):
    with odd_server(then_silence(data)) as server:
        error = failure(driver, "info", server.address, timeout=0.7)
        assert error.type == "DeadlineExceededException"
        assert 0.6 < error.facts["seconds"] < 1.3
        head = server.requests[0][1].split(b"\r\n\r\n")[0].decode().lower()
        assert "content-type: application/grpc-web+proto" in head
        (timeout,) = (line.split(": ")[1] for line in head.split("\r\n") if line.startswith("grpc-timeout"))
        assert 400 < int(timeout.removesuffix("m")) <= 700


def test_a_server_that_drips_ends_with_the_deadline(driver):
    drip = CHUNKED + chunk(event(sequence=1, queued=sky_pb2.JobQueued())[:1])
    with odd_server(
        lambda peer, request: (peer.sendall(drip), floods(chunk(b"\0"), 100, 0.1)(peer, request))
    ) as server:
        assert failure(driver, "info", server.address, timeout=0.7).type == "DeadlineExceededException"


def test_cancelling_a_call_to_a_silent_server(driver):
    with odd_server(then_silence(b"")) as server:
        call = driver.start("info", address=server.address, timeout=30)
        time.sleep(0.3)
        asked = time.monotonic()
        call.fire()
        with pytest.raises(DriverError) as caught:
            call.result()
        assert time.monotonic() - asked < 0.5
        assert caught.value.type in ("OperationCanceledException", "TaskCanceledException")


def test_a_hundred_megabytes_in_one_message_are_not_read(driver):
    head = b"\0" + struct.pack(">I", 100 * MEGABYTE)
    sent = []

    def script(peer, request):
        peer.sendall(BARE + head)
        for _ in range(100):
            peer.sendall(b"x" * MEGABYTE)
            sent.append(1)

    with odd_server(script) as server:
        assert failure(driver, "info", server.address).type == "AnswerTooLargeException"
    # What is in flight fits the sockets' buffers.
    assert len(sent) < 20


def test_a_hundred_megabytes_of_pieces_end_at_the_limit(driver):
    def script(peer, request):
        peer.sendall(BARE + event(sequence=1, queued=sky_pb2.JobQueued()))
        for number in range(100):
            piece = sky_pb2.ImageChunk(image="panorama", offset=number * MEGABYTE, data=b"x" * MEGABYTE)
            peer.sendall(event(sequence=number + 2, chunk=piece))

    with odd_server(script, GetServerInfo=says(info()), CancelJob=says(b"")) as server:
        error = failure(driver, "generate", server.address, recipe=recipe(), maxResultBytes=20 * MEGABYTE, timeout=10)
        assert (error.type, error.facts["jobId"]) == ("AnswerTooLargeException", "job")


@pytest.mark.parametrize(
    "changes",
    [
        {"api_version": "skyloom.v2"},
        {"api_version": ""},
        {"skyloom_version": "0.0.9"},
        {"skyloom_version": ""},
        {"skyloom_version": "next"},
    ],
)
def test_another_version_is_refused_before_anything_is_asked(driver, changes):
    with odd_server(says(info(**changes))) as server:
        error = failure(driver, "generate", server.address, recipe=recipe())
        assert error.type == "VersionMismatchException"
        assert [method for method, _ in server.requests] == ["GetServerInfo"]
        assert failure(driver, "version", server.address).type == "VersionMismatchException"


@pytest.mark.parametrize("version", ["0.1.0", "0.1.1.dev3", "0.2.0rc1", "1.0.0"])
def test_this_version_and_later_ones_are_taken(driver, version):
    with odd_server(says(info(skyloom_version=version))) as server:
        assert driver.call("version", address=server.address)["skyloomVersion"] == version


QUEUED = event(sequence=1, queued=sky_pb2.JobQueued())
PIECE = event(sequence=2, chunk=sky_pb2.ImageChunk(image="panorama", data=b"abc", last=True))


def summary(name: str = "panorama", size: int = 3, digest: str = hashlib.sha256(b"abc").hexdigest()) -> bytes:
    images = [sky_pb2.ImageInfo(image=name, byte_size=size, sha256=digest)]
    return event(sequence=3, summary=sky_pb2.JobSummary(images=images))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (QUEUED + summary(), "CorruptResultException"),
        (QUEUED + QUEUED, "CorruptResultException"),
        (event(sequence=1, job_id="other", queued=sky_pb2.JobQueued()) + PIECE, "CorruptResultException"),
        (QUEUED + event(sequence=2, chunk=sky_pb2.ImageChunk(image="a", offset=5)), "CorruptResultException"),
        (QUEUED + PIECE + summary(size=4), "CorruptResultException"),
        (QUEUED + PIECE + summary(digest="ab" * 32), "CorruptResultException"),
        (QUEUED + PIECE + summary(name="../../evil"), "CorruptResultException"),
        (QUEUED + event(sequence=2, chunk=sky_pb2.ImageChunk(image="../../evil")), "CorruptResultException"),
        (QUEUED + event(sequence=2, chunk=sky_pb2.ImageChunk(image="")), "CorruptResultException"),
        (frame(b"") + trailers(0), "ProtocolException"),
        (QUEUED + frame(b"\x0a\xff") + trailers(0), "ProtocolException"),
        (QUEUED + trailers(0), "ProtocolException"),
        (trailers(0), "ProtocolException"),
    ],
)
def test_a_job_told_wrongly(driver, body, kind):
    with odd_server(says(whole(body)), GetServerInfo=says(info()), CancelJob=says(b"")) as server:
        error = failure(driver, "generate", server.address, recipe=recipe())
        assert error.type == kind, (str(error), server.requests)
        assert error.facts["jobId"] == ("" if body[:5] in (trailers(0)[:5], frame(b"")) else error.facts["jobId"])


def test_events_of_a_newer_server_are_passed_over(driver):
    newer = event(sequence=2) + event(sequence=3, chunk=sky_pb2.ImageChunk(image="panorama", data=b"abc", last=True))
    images = [sky_pb2.ImageInfo(image="panorama", byte_size=3, sha256=hashlib.sha256(b"abc").hexdigest())]
    last = event(sequence=4, summary=sky_pb2.JobSummary(images=images))
    with odd_server(says(whole(QUEUED + newer + last + trailers(0))), GetServerInfo=says(info())) as server:
        result = driver.call("generate", address=server.address, recipe=recipe())
        assert base64.b64decode(result["images"][0]["data"]) == b"abc"
