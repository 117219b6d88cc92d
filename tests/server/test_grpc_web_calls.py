"""gRPC-Web over real sockets: frames and trailers as specified, the same bytes as over gRPC, errors, bad bodies."""

from __future__ import annotations

import base64
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fake_core import SHA, FakeCore, expected_bytes
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2
from grpc_web import BINARY, HEALTH, SKY, TEXT, ask, connect, events_of, frame, image_of, read_frame, start, web_server
from harness import cumulus, sky_message
from processes import wait_until
from skyloom.client import SkyClient
from skyloom.request import OutputSpec
from skyloom.server.web_frames import timeout_seconds
from skyloom.v1 import sky_pb2

INFO = frame(sky_pb2.GetServerInfoRequest().SerializeToString())
LIMIT = 100_000


@pytest.fixture(scope="module")
def shared():
    """One server for the tests that leave nothing behind."""
    with web_server(FakeCore(byte_count=300_000), max_upload_bytes=LIMIT) as (_, server):
        yield server


def _sky(seed: int = 0, **options) -> bytes:
    return frame(sky_message(seed, **options).SerializeToString())


def test_a_unary_call(shared):
    answer = ask(shared, "GetServerInfo", INFO)
    assert answer.headers["content-type"] == BINARY
    assert answer.trailers == {"grpc-status": "0"}
    (message,) = answer.messages
    info = sky_pb2.GetServerInfoResponse.FromString(message)
    assert info.api_version == "skyloom.v1"
    assert info.models[0].ref.sha256 == SHA


@pytest.mark.parametrize("kind", ["application/grpc-web", "application/grpc-web+proto", "Application/gRPC-Web; v=1"])
def test_content_types_that_are_taken(shared, kind):
    assert ask(shared, "GetServerInfo", INFO, content_type=kind).headers["content-type"] == BINARY


def test_a_stream_has_the_bytes_and_events_that_grpc_has(shared):
    answer = ask(shared, "GenerateSky", _sky(7))
    assert answer.trailers == {"grpc-status": "0"}
    events = events_of(answer)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert image_of(events) == expected_bytes(7, 64, 300_000)
    with SkyClient(shared.address) as client:
        # The same job, over the other listener; then a job of that one over this.
        assert client.watch(events[0].job_id)["panorama"].data == image_of(events)
        own = client.generate(cumulus(8))
    watch = frame(sky_pb2.WatchJobRequest(job_id=own.job_id).SerializeToString())
    replay = events_of(ask(shared, "WatchJob", watch), sky_pb2.WatchJobResponse)
    assert image_of(replay) == own["panorama"].data
    watch = frame(sky_pb2.WatchJobRequest(job_id=own.job_id, after_sequence=3).SerializeToString())
    assert events_of(ask(shared, "WatchJob", watch), sky_pb2.WatchJobResponse) == replay[3:]


def test_a_stream_is_live():
    with web_server(FakeCore()) as (core, server):
        core.gate.clear()
        connection = connect(server)
        start(connection, "GenerateSky", _sky())
        response = connection.getresponse()
        assert response.getheader("transfer-encoding") == "chunked"
        flag, message = read_frame(response)
        assert flag == 0
        job_id = sky_pb2.GenerateSkyResponse.FromString(message).event.job_id
        cancel = frame(sky_pb2.CancelJobRequest(job_id=job_id).SerializeToString())
        state = sky_pb2.CancelJobResponse.FromString(ask(server, "CancelJob", cancel).messages[0]).state
        assert state in (sky_pb2.JOB_STATE_CANCELLED, sky_pb2.JOB_STATE_CANCELLING)
        core.gate.set()
        while flag == 0:
            flag, message = read_frame(response)
        assert b"grpc-status: 1\r\n" in message
        assert response.read() == b""


@pytest.mark.parametrize("padding", ["whole", "in pieces"])
def test_the_text_form(shared, padding):
    body = _sky(9)
    pieces = [body] if padding == "whole" else [body[at : at + 7] for at in range(0, len(body), 7)]
    text = b"".join(base64.b64encode(piece) for piece in pieces)
    answer = ask(shared, "GenerateSky", text, content_type=TEXT)
    assert answer.headers["content-type"] == "application/grpc-web-text+proto"
    assert image_of(events_of(answer)) == expected_bytes(9, 64, 300_000)
    assert answer.trailers == {"grpc-status": "0"}


def test_accept_chooses_the_form_of_the_answer(shared):
    answer = ask(shared, "GetServerInfo", INFO, accept="application/grpc-web-text")
    assert answer.headers["content-type"] == "application/grpc-web-text+proto"
    assert answer.code == 0
    assert ask(shared, "GetServerInfo", INFO, accept="*/*").headers["content-type"] == BINARY


def test_an_upload_in_chunks(shared):
    pixels = bytes(range(256)) * 300
    message = sky_pb2.ConvertImageRequest(images=[pixels], source=sky_pb2.SOURCE_KIND_PANORAMA)
    message.outputs.add(layout=sky_pb2.LAYOUT_PANORAMA, size=64, format=sky_pb2.IMAGE_FORMAT_PNG)
    body = frame(message.SerializeToString())
    # An iterable body goes out in chunks; the first ends within the frame's prefix.
    pieces = [body[:3], *(body[at : at + 9973] for at in range(3, len(body), 9973))]
    answer = ask(shared, "ConvertImage", iter(pieces))
    assert answer.code == 0
    assert image_of(events_of(answer, sky_pb2.ConvertImageResponse)) == pixels
    with SkyClient(shared.address) as client:
        same = client.convert([pixels], "panorama", [OutputSpec("panorama", 64)])
    assert same["panorama"].data == pixels


def test_a_connection_is_kept_and_used_again(shared):
    connection = connect(shared)
    local = None
    for path, body in [("GetServerInfo", INFO), ("GenerateSky", _sky(1)), ("WatchJob", frame(b"")), ("No", INFO)] * 2:
        answer = ask(shared, path, body, connection=connection)
        assert answer.headers.get("connection") != "close"
        assert local in (None, connection.sock.getsockname()), "another connection"
        local = connection.sock.getsockname()
    connection.close()


def test_errors_carry_their_details(shared):
    bad = sky_message()
    bad.recipe.outputs[0].size = 1_000_000_000
    answer = ask(shared, "GenerateSky", frame(bad.SerializeToString()))
    assert (answer.code, answer.messages) == (3, [])
    assert "=" not in answer.trailers["grpc-status-details-bin"]
    assert answer.detail(error_details_pb2.BadRequest).field_violations[0].field == "size"
    assert answer.detail(error_details_pb2.ErrorInfo).reason == "INVALID_INPUT"

    answer = ask(shared, "WatchJob", frame(sky_pb2.WatchJobRequest(job_id="schön %41\n").SerializeToString()))
    assert answer.code == 5
    assert "schön %41" in answer.message
    assert "sch%C3%B6n %2541" in answer.trailers["grpc-message"]
    assert answer.detail(error_details_pb2.ErrorInfo).metadata["job_id"] == "schön %41\n"

    answer = ask(shared, "GenerateSky", _sky(14))
    assert answer.code == 9
    assert events_of(answer)[-1].HasField("progress"), "events that came before the error are there"
    assert answer.detail(error_details_pb2.ErrorInfo).reason == "MODEL"


def test_a_bug_tells_nothing_of_itself(shared, caplog):
    answer = ask(shared, "GenerateSky", _sky(13))
    assert answer.code == 13
    assert "secret" not in str(answer.trailers)
    assert answer.detail(error_details_pb2.ErrorInfo).metadata["job_id"] in answer.message
    assert "secret path" in caplog.text


def test_a_full_queue_says_when_to_come_back():
    with web_server(queue_capacity=1) as (core, server):
        core.gate.clear()
        held = []
        for seed in (0, 1):
            connection = connect(server)
            start(connection, "GenerateSky", _sky(seed))
            held.append((connection, connection.getresponse()))
            wait_until(lambda: core.started == 1)
        answer = ask(server, "GenerateSky", _sky(2))
        assert answer.code == 8
        assert answer.detail(error_details_pb2.RetryInfo).retry_delay.ToTimedelta().total_seconds() > 0.1
        for connection, response in held:
            response.close()
            connection.close()


def test_health(shared):
    answer = ask(shared, HEALTH + "Check", frame(b""))
    assert health_pb2.HealthCheckResponse.FromString(answer.messages[0]).status == 1
    named = frame(health_pb2.HealthCheckRequest(service="skyloom.v1.SkyService").SerializeToString())
    assert ask(shared, HEALTH + "Check", named).code == 0
    unknown = frame(health_pb2.HealthCheckRequest(service="other").SerializeToString())
    assert ask(shared, HEALTH + "Check", unknown).code == 5


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", 12),
        (b"\x00\x00", 3),
        (b"\x00\x00\x00\x00\x09abc", 3),
        (INFO + INFO, 12),
        (frame(b"\xff\xff\xff garbage"), 3),
        (frame(b"", flag=1), 12),
        (frame(b"", flag=0x80), 3),
        (b"GET / HTTP/1.1\r\n\r\n", 3),
        (b"\x00\xff\xff\xff\xff", 8),
        (frame(bytes(LIMIT + (1 << 20) + 1)), 8),
    ],
)
@pytest.mark.parametrize("form", [BINARY, TEXT])
def test_bad_bodies(shared, body, code, form):
    sent = body if form == BINARY else base64.b64encode(body)
    answer = ask(shared, "GetServerInfo", sent, content_type=form)
    assert (answer.code, answer.messages) == (code, [])
    assert answer.message
    if code == 3:
        assert answer.detail(error_details_pb2.BadRequest).field_violations[0].field == "request"
    if code == 8:
        assert "grpc-status-details-bin" not in answer.trailers


@pytest.mark.parametrize("body", [b"AAAA*AAA", b"AAAAA", b"AA=A", b"\xff\xfe"])
def test_text_that_is_no_base64(shared, body):
    assert ask(shared, "GetServerInfo", body, content_type=TEXT).code == 3


def test_random_bodies_never_do_more_than_fail_and_that_at_once(shared):
    connection = connect(shared)
    began = time.monotonic()
    block = expected_bytes(1, 2, 4000)
    for size in range(1, 200, 3):
        body = block[size * 7 : size * 8]
        for sent in (body, frame(body)):
            answer = ask(shared, "GenerateSky", sent, connection=connection)
            assert answer.code in (3, 8, 12)
    # 134 calls; delayed acknowledgements alone would make it six seconds.
    assert time.monotonic() - began < 3
    connection.close()


def test_an_upload_that_is_too_large_is_refused_before_it_has_come(shared):
    connection = connect(shared, timeout=5)
    connection.putrequest("POST", SKY + "ConvertImage")
    connection.putheader("content-type", BINARY)
    connection.putheader("transfer-encoding", "chunked")
    connection.endheaders()
    connection.send(b"5\r\n" + struct.pack(">BI", 0, 2**31) + b"\r\n")
    response = connection.getresponse()
    _, trailers = read_frame(response)
    assert b"grpc-status: 8\r\n" in trailers
    connection.close()


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"method": "GET"}, 405),
        ({"method": "PUT"}, 405),
        ({"method": "OPTIONS"}, 405),
        ({"content_type": ""}, 415),
        ({"content_type": "application/grpc"}, 415),
        ({"content_type": "application/grpc-web+json"}, 415),
        ({"content_type": "text/plain"}, 415),
    ],
)
def test_what_is_no_grpc_web_gets_an_http_status(shared, options, status):
    answer = ask(shared, "GetServerInfo", INFO, **options)
    assert answer.status == status
    assert answer.text
    assert not any(name.startswith("access-control") for name in answer.headers)


def test_methods_and_encodings_that_are_not_there(shared):
    for path in ("NoSuch", "/", "/skyloom.v1.SkyService", "/other.Service/GetServerInfo"):
        assert ask(shared, path, INFO).code == 12
    for name in ("grpc_encoding", "content_encoding"):
        answer = ask(shared, "GetServerInfo", INFO, **{name: "gzip"})
        assert answer.code == 12
        assert answer.headers["grpc-accept-encoding"] == "identity"


def test_what_is_no_http_ends_the_connection(shared):
    for garbage in (b"\x00\x01\x02\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"POST / HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", int(shared.web_address.rpartition(":")[2])), timeout=5) as raw:
            raw.sendall(garbage)
            raw.shutdown(socket.SHUT_WR)
            assert raw.recv(1000).startswith(b"HTTP/1.1 4")


def test_twenty_streams_at_once_are_neither_lost_nor_mixed():
    with web_server(FakeCore(byte_count=1_200_000, stage_seconds=0.002), workers=3) as (_, server):
        began = time.monotonic()
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda seed: ask(server, "GenerateSky", _sky(seed)), range(100, 120)))
        assert time.monotonic() - began < 10
    jobs = set()
    for seed, answer in enumerate(answers, start=100):
        events = events_of(answer)
        assert answer.code == 0
        assert image_of(events) == expected_bytes(seed, 64, 1_200_000)
        assert events[-1].summary.recipe.seed == seed
        jobs |= {event.job_id for event in events}
    assert len(jobs) == 20


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("1H", 3600), ("2M", 120), ("3S", 3), ("40m", 0.04), ("5u", 5e-6), ("6n", 6e-9), ("99999999S", 99999999)],
)
def test_timeouts(value, seconds):
    assert timeout_seconds(value) == pytest.approx(seconds)


@pytest.mark.parametrize("value", ["", "S", "5", "-1S", "1.5S", "123456789S", "1s", " 1S", "1S ", "١S"])
def test_timeouts_that_are_none(value):
    with pytest.raises(ValueError, match="grpc-timeout"):
        timeout_seconds(value)
