"""gRPC-Web calls that end early: deadlines, callers that leave, stall or dawdle, and a server that stops."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time

import pytest
from fake_core import FakeCore, expected_bytes
from google.rpc import error_details_pb2
from grpc_web import BINARY, SKY, ask, connect, events_of, frame, image_of, read_frame, start, web_server
from harness import cumulus, sky_message
from processes import wait_until
from skyloom.client import JobCancelled, SkyClient
from skyloom.v1 import sky_pb2


def _sky(seed: int = 0, **options) -> bytes:
    return frame(sky_message(seed, **options).SerializeToString())


def _raw(server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(server.web_address.rpartition(":")[2])), timeout=10)


def _job_id(response) -> str:
    return sky_pb2.GenerateSkyResponse.FromString(read_frame(response)[1]).event.job_id


@pytest.mark.parametrize("ends_with_caller", [True, False])
def test_a_deadline_ends_the_stream_and_only_when_wanted_the_job(ends_with_caller):
    with web_server(FakeCore(stage_seconds=0.1)) as (core, server):
        began = time.monotonic()
        answer = ask(server, "GenerateSky", _sky(4, cancel_on_disconnect=ends_with_caller), grpc_timeout="350m")
        assert 0.3 < time.monotonic() - began < 0.8
        assert answer.code == 4
        events = events_of(answer)
        assert events[-1].HasField("progress")
        if ends_with_caller:
            wait_until(lambda: core.stopped_early == 1, 0.5)
        else:
            with SkyClient(server.address) as client:
                assert client.watch(events[0].job_id)["panorama"].data == expected_bytes(4, 64, 2_500_000)
            assert core.stopped_early == 0


def test_a_deadline_holds_for_the_upload_too():
    with web_server() as (core, server):
        connection = connect(server)
        connection.putrequest("POST", SKY + "GenerateSky")
        for name, value in (("content-type", BINARY), ("content-length", "100"), ("grpc-timeout", "200m")):
            connection.putheader(name, value)
        connection.endheaders(b"\x00\x00\x00")
        began = time.monotonic()
        response = connection.getresponse()
        assert b"grpc-status: 4\r\n" in read_frame(response)[1]
        assert time.monotonic() - began < 1
        assert core.started == 0
        connection.close()


def test_deadlines_that_have_passed_or_make_no_sense():
    with web_server() as (core, server):
        assert ask(server, "GetServerInfo", frame(b""), grpc_timeout="0m").code in (0, 4)
        answer = ask(server, "GenerateSky", _sky(), grpc_timeout="soon")
        assert answer.code == 3
        assert answer.detail(error_details_pb2.BadRequest).field_violations[0].field == "grpc-timeout"
        assert core.started == 0
        assert ask(server, "GetServerInfo", frame(b""), grpc_timeout="99999999H").code == 0


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("ends_with_caller", [True, False])
def test_a_caller_that_goes_away(ends_with_caller, how):
    with web_server(FakeCore(stage_seconds=0.05)) as (core, server), SkyClient(server.address) as client:
        connection = connect(server)
        start(connection, "GenerateSky", _sky(9, cancel_on_disconnect=ends_with_caller))
        job_id = _job_id(connection.getresponse())
        wait_until(lambda: core.started == 1)
        if how == "reset":
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        left = time.monotonic()
        connection.sock.shutdown(socket.SHUT_RDWR) if how == "close" else None
        connection.close()
        if ends_with_caller:
            wait_until(lambda: core.stopped_early == 1, 0.5)
            assert time.monotonic() - left < 0.5
            with pytest.raises(JobCancelled):
                client.watch(job_id)
        else:
            assert client.watch(job_id)["panorama"].data == expected_bytes(9, 64, 2_500_000)
        wait_until(lambda: server._web.app.active == 0, 1)


def test_a_caller_that_leaves_while_its_job_waits():
    with web_server() as (core, server), SkyClient(server.address) as client:
        core.gate.clear()
        held = connect(server)
        start(held, "GenerateSky", _sky(0))
        held_response = held.getresponse()
        wait_until(lambda: core.started == 1)
        waiting = connect(server)
        start(waiting, "GenerateSky", _sky(1, cancel_on_disconnect=True))
        response = waiting.getresponse()
        job_id = _job_id(response)
        response.close()
        waiting.close()
        # It waits, so no stage has to end first: it is cancelled although the other job is stuck.
        wait_until(lambda: client.cancel(job_id) == "cancelled", 0.5)
        assert core.started == 1
        held_response.close()
        held.close()


def test_a_caller_that_leaves_in_mid_upload():
    with web_server() as (core, server):
        with _raw(server) as raw:
            raw.sendall(
                f"POST {SKY}GenerateSky HTTP/1.1\r\nHost: localhost\r\nContent-Type: {BINARY}\r\n"
                "Content-Length: 1000\r\n\r\n\0\0".encode()
            )
            wait_until(lambda: server._web.app.active == 1)
        wait_until(lambda: server._web.app.active == 0, 1)
        assert core.started == 0


def test_a_reader_that_stalls_is_cut_off_and_its_job_stays():
    with web_server(FakeCore(byte_count=24 << 20), stall_seconds=0.4) as (_, server):
        connection = connect(server)
        start(connection, "GenerateSky", _sky(2))
        response = connection.getresponse()
        job_id = _job_id(response)
        wait_until(lambda: server._web.app.active == 0, 5)
        wait_until(lambda: not server._web._server.server_state.connections, 1)
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            response.read()
        connection.close()
        with SkyClient(server.address) as client:
            assert client.watch(job_id)["panorama"].data == expected_bytes(2, 64, 24 << 20)


def test_a_reader_that_is_slow_is_not_cut_off_and_holds_nobody_up():
    size = 3 << 20
    with web_server(FakeCore(byte_count=size), stall_seconds=0.3) as (_, server):
        slow = connect(server)
        # Small buffers between the two, so that what the reader leaves is what the server still holds.
        server._web._sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 << 10)
        slow.sock = socket.socket()
        slow.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 << 10)
        slow.sock.settimeout(10)
        slow.sock.connect((slow.host, slow.port))
        start(slow, "GenerateSky", _sky(2))
        response = slow.getresponse()
        data, began = b"", time.monotonic()
        while piece := response.read(100_000):
            data += piece
            # A chunk of 1 MiB takes longer than the stall time, but never does nothing move for so long.
            time.sleep(0.05)
            if 1_000_000 < len(data) < 1_100_001:
                with SkyClient(server.address) as client:
                    asked = time.monotonic()
                    client.info()
                    assert time.monotonic() - asked < 1
        assert time.monotonic() - began > 1.5
        assert b"grpc-status: 0\r\n" in data[-40:]
        events = []
        while data[0] == 0:
            end = 5 + int.from_bytes(data[1:5], "big")
            events.append(sky_pb2.GenerateSkyResponse.FromString(data[5:end]).event)
            data = data[end:]
        assert image_of(events) == expected_bytes(2, 64, size)
        slow.close()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST /skyloom.v1.SkyService/GetServerInfo HTTP/1.1\r\nHost: localh",
        b"POST /skyloom.v1.SkyService/GetServerInfo HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/grpc-web\r\nContent-Length: 9\r\n\r\n\0\0",
        # Refused at once, and then never sent to its end.
        b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nabc",
    ],
)
def test_a_caller_that_never_finishes_its_request_is_cut_off(begun):
    with web_server(stall_seconds=0.3) as (_, server), _raw(server) as raw:
        raw.sendall(begun[:40])
        time.sleep(0.1)
        raw.sendall(begun[40:])
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while raw.recv(1000):
                pass
        assert time.monotonic() - began < 2
        wait_until(lambda: not server._web._server.server_state.connections, 1)
        # The connection is gone first, and then the call is told of it.
        wait_until(lambda: server._web.app.active == 0, 1)


def test_a_long_quiet_job_is_not_cut_off():
    with web_server(stall_seconds=0.2) as (core, server):
        core.gate.clear()
        connection = connect(server)
        start(connection, "GenerateSky", _sky(3))
        response = connection.getresponse()
        _job_id(response)
        time.sleep(0.8)
        core.gate.set()
        answer = response.read()
        assert b"grpc-status: 0\r\n" in answer[-40:]
        # Neither is the connection afterwards, which waits for the next request.
        time.sleep(0.5)
        assert ask(server, "GetServerInfo", frame(b""), connection=connection).code == 0
        connection.close()


def test_a_server_that_stops_lets_a_stream_end_and_refuses_new_jobs():
    with contextlib.ExitStack() as stack:
        core, server = stack.enter_context(web_server(FakeCore(stage_seconds=0.05), grace=5.0))
        connection = connect(server)
        start(connection, "GenerateSky", _sky(6))
        response = connection.getresponse()
        _job_id(response)
        wait_until(lambda: core.started == 1)
        closing = threading.Thread(target=stack.close)
        closing.start()
        health = []
        wait_until(lambda: health.append(_health(server)) or health[-1] != 1, 2)
        assert health[-1] == 2
        refused = ask(server, "GenerateSky", _sky(7))
        assert refused.code == 14
        assert refused.detail(error_details_pb2.ErrorInfo).reason == "SHUTTING_DOWN"
        assert b"grpc-status: 0\r\n" in response.read()[-40:]
        closing.join(5)
        assert not closing.is_alive()
        connection.close()
    with pytest.raises(ConnectionRefusedError):
        _raw(server)


def test_a_server_that_stops_without_grace_tells_why():
    with contextlib.ExitStack() as stack:
        core, server = stack.enter_context(web_server(FakeCore(stage_seconds=0.3)))
        connection = connect(server)
        start(connection, "GenerateSky", _sky(6))
        response = connection.getresponse()
        _job_id(response)
        wait_until(lambda: core.started == 1)
        began = time.monotonic()
        stack.close()
        assert time.monotonic() - began < 2
        assert b"grpc-status: 1\r\n" in response.read()
        connection.close()


def _health(server) -> int:
    answer = ask(server, "/grpc.health.v1.Health/Check", frame(b""))
    return answer.messages[0][1]


def test_a_stalled_reader_does_not_hold_up_the_end():
    with contextlib.ExitStack() as stack:
        _, server = stack.enter_context(web_server(FakeCore(byte_count=24 << 20)))
        connection = connect(server)
        start(connection, "GenerateSky", _sky(6))
        _job_id(connection.getresponse())
        time.sleep(0.3)
        began = time.monotonic()
        stack.close()
        assert time.monotonic() - began < 2
        connection.close()


def test_the_same_request_over_both_listeners_makes_the_same_bytes():
    with web_server() as (_, server), SkyClient(server.address) as client:
        over_web = image_of(events_of(ask(server, "GenerateSky", _sky(31))))
        assert over_web == client.generate(cumulus(31))["panorama"].data == expected_bytes(31, 64, 2_500_000)
