"""SkyClient against real sockets: results, resumed streams, typed errors, time limits."""

from __future__ import annotations

import hashlib
import socket
import threading
import time

import pytest
from cut_proxy import cut_proxy
from fake_core import FakeCore, expected_bytes
from harness import client_of, cumulus, fake_server
from processes import wait_until
from skyloom.client import (
    CorruptResult,
    DeadlineExceeded,
    InvalidRequest,
    JobCancelled,
    Progress,
    Queued,
    Received,
    SkyClient,
    SkyServerError,
    Unauthenticated,
    Unavailable,
)
from skyloom.client.assembly import Assembly
from skyloom.errors import Cancelled, InvalidInput, SkyloomError
from skyloom.request import Ground, OutputSpec, SkyRequest
from skyloom.v1 import sky_pb2


def test_a_result_has_everything():
    asked = SkyRequest(
        clouds=(("cumulus", 0.7), ("cirrus", 0.3)),
        seed=2**32 - 1,
        ground=Ground("colour", (0.1, 0.2, 0.3)),
        outputs=(OutputSpec("panorama", 64), OutputSpec("dome", 32, "jpg", 80)),
    )
    events = []
    with fake_server() as (_, server), client_of(server) as client:
        result = client.generate(asked, on_event=events.append)
    assert result.request == SkyRequest(**{**asked.__dict__, "model": "fake"})
    assert [image.name for image in result.images] == ["panorama", "dome_1"]
    assert result["dome_1"].format == "jpg"
    assert result["panorama"].data == expected_bytes(2**32 - 1, 64, 2_500_000)
    with pytest.raises(KeyError, match="panorama, dome_1"):
        result["front"]
    assert isinstance(events[0], Queued)
    assert [type(event) for event in events if not isinstance(event, Queued)] == [Progress] * 11 + [Received] * 20
    assert [event.image for event in events if isinstance(event, Received) and event.complete] == ["panorama", "dome_1"]
    assert {event.job_id for event in events} == {result.job_id}


def test_convert_sends_pictures_and_gets_them_back():
    with fake_server() as (_, server), client_of(server) as client:
        faces = [bytes([index]) * 400_000 for index in range(6)]
        result = client.convert(faces, "faces", [OutputSpec("panorama", 64)], ground=Ground("mirror"))
        assert result.request is None
        assert result.model_name == ""
        assert result["panorama"].data == b"".join(faces)
        with pytest.raises(InvalidRequest, match="6 for a conversion from faces") as caught:
            client.convert(faces[:2], "faces", [OutputSpec("panorama", 64)])
        assert caught.value.field == "images"
        with pytest.raises(InvalidRequest, match="whole picture"):
            client.convert([b"broken"], "panorama", [OutputSpec("faces", 64)])
        with pytest.raises(InvalidInput, match="source"):
            client.convert([b"x"], "sphere", [OutputSpec("faces", 64)])


def test_an_upload_past_the_limit_is_refused():
    with fake_server(max_upload_bytes=1 << 20) as (core, server), client_of(server) as client:
        with pytest.raises(InvalidRequest) as typed:
            client.convert([bytes((1 << 20) + 1)], "panorama", [OutputSpec("faces", 64)])
        assert typed.value.field == "images"
        # Far past it the transport itself refuses, before the message is read.
        with pytest.raises(InvalidRequest, match="larger than max"):
            client.convert([bytes(4 << 20)], "panorama", [OutputSpec("faces", 64)])
        assert core.started == 0


def test_a_bad_request_is_refused_without_a_server():
    with SkyClient("127.0.0.1:1") as client, pytest.raises(InvalidInput) as caught:
        client.generate(cumulus(seed=2**32))
    assert caught.value.field == "seed"
    assert not isinstance(caught.value, SkyServerError)


@pytest.mark.parametrize("budgets", [(600_000,), (600_000, 700_000, 1_500_000), (600_000, 1000, 1000, 1_300_000)])
def test_a_dropped_stream_is_taken_up_again(budgets):
    with fake_server(FakeCore(stage_seconds=0.01)) as (core, server), cut_proxy(server.address, *budgets) as proxy:
        with SkyClient(proxy.address, token=server.token, timeout=20) as client:
            events = []
            result = client.generate(cumulus(77), on_event=events.append)
        assert proxy.cuts >= 1
    assert result["panorama"].data == expected_bytes(77, 64, 2_500_000)
    assert core.started == 1, "the job was made again instead of watched again"
    received = [event.bytes_received for event in events if isinstance(event, Received)]
    assert received == [*(piece << 18 for piece in range(1, 10)), 2_500_000], "an event came twice or not at all"


def test_a_caller_that_is_slow_in_between_still_gets_everything():
    slept = []

    def on_event(event):
        if isinstance(event, Received) and not slept:
            slept.append(time.sleep(1.5))

    with fake_server(FakeCore(byte_count=24 << 20), stall_seconds=0.3) as (core, server), client_of(server) as client:
        assert client.generate(cumulus(5), on_event=on_event)["panorama"].data == expected_bytes(5, 64, 24 << 20)
        assert core.started == 1


def test_a_stream_that_drops_before_its_job_is_known_is_not_started_twice():
    with fake_server() as (core, server), cut_proxy(server.address, 20) as proxy:
        with SkyClient(proxy.address, token=server.token, timeout=20) as client, pytest.raises(Unavailable):
            client.generate(cumulus(1))
        assert core.started <= 1


def test_a_stream_that_ends_with_its_connection_is_not_taken_up_again():
    with fake_server() as (core, server), cut_proxy(server.address, 600_000) as proxy:
        with SkyClient(proxy.address, token=server.token, timeout=20) as client, pytest.raises(Unavailable):
            client.generate(cumulus(1), cancel_on_disconnect=True)
        assert core.started == 1


@pytest.mark.parametrize("raised", [KeyboardInterrupt, ZeroDivisionError, Cancelled])
def test_an_interruption_on_this_side_cancels_the_job(raised):
    def on_event(event):
        if isinstance(event, Progress):
            raise raised

    with fake_server(FakeCore(stage_seconds=0.05)) as (core, server), client_of(server) as client:
        with pytest.raises(raised):
            client.generate(cumulus(1), on_event=on_event)
        wait_until(lambda: core.stopped_early == 1, 1.0)


def test_leaving_a_watched_job_does_not_cancel_it():
    with fake_server(FakeCore(stage_seconds=0.05)) as (core, server), client_of(server) as client:
        jobs = []

        def own():
            jobs.append(client.generate(cumulus(5), on_event=lambda event: jobs.append(event.job_id)))

        thread = threading.Thread(target=own)
        thread.start()
        wait_until(lambda: bool(jobs))

        def leave(event):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            client.watch(jobs[0], on_event=leave)
        thread.join(10)
        assert jobs[-1]["panorama"].data == expected_bytes(5, 64, 2_500_000)
        assert core.stopped_early == 0


def test_a_job_that_somebody_else_cancels():
    with fake_server(FakeCore(stage_seconds=0.05)) as (_, server), client_of(server) as client:
        with pytest.raises(JobCancelled) as caught:
            client.generate(cumulus(1), on_event=lambda event: client.cancel(event.job_id))
        assert isinstance(caught.value, Cancelled)
        assert caught.value.job_id


def test_the_timeout_names_the_job_that_goes_on():
    with fake_server(FakeCore(stage_seconds=0.06)) as (core, server), client_of(server) as client:
        with pytest.raises(DeadlineExceeded) as caught:
            client.generate(cumulus(6), timeout=0.3)
        assert client.watch(caught.value.job_id)["panorama"].data == expected_bytes(6, 64, 2_500_000)
        assert core.started == 1


def test_a_refused_port_and_a_wrong_token():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    began = time.monotonic()
    with SkyClient(f"127.0.0.1:{port}", timeout=20) as client:
        assert not client.is_serving()
        with pytest.raises(Unavailable) as caught:
            client.generate(cumulus())
    assert time.monotonic() - began < 3
    assert isinstance(caught.value, SkyloomError)
    with fake_server() as (_, server):
        stranger = SkyClient(server.address, token="wrong")
        with stranger, pytest.raises(Unauthenticated):
            stranger.generate(cumulus())


def test_something_that_listens_and_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with SkyClient(address, timeout=1.0, connect_timeout=0.5) as client:
            with pytest.raises((Unavailable, DeadlineExceeded)):
                client.info()
            assert not client.is_serving(timeout=0.5)
        assert time.monotonic() - began < 4


def test_something_that_answers_garbage():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            while True:
                try:
                    connection, _ = listener.accept()
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" * 50)
                    connection.close()
                except OSError:
                    return

        threading.Thread(target=answer, daemon=True).start()
        client = SkyClient(f"127.0.0.1:{listener.getsockname()[1]}", timeout=3.0)
        with client, pytest.raises((Unavailable, DeadlineExceeded)):
            client.info()


def _event(sequence: int, **kind) -> sky_pb2.JobEvent:
    return sky_pb2.JobEvent(job_id="j", sequence=sequence, **kind)


def _summary(data: bytes, sha256: str) -> sky_pb2.JobSummary:
    info = sky_pb2.ImageInfo(image="a", layout=1, format=1, byte_size=len(data), sha256=sha256)
    return sky_pb2.JobSummary(images=[info])


def test_assembly_takes_only_whole_and_true_pictures():
    right = hashlib.sha256(b"abcd").hexdigest()
    first = _event(1, chunk=sky_pb2.ImageChunk(image="a", data=b"ab"))
    second = _event(2, chunk=sky_pb2.ImageChunk(image="a", offset=2, data=b"cd", last=True))
    whole = Assembly()
    for event in (first, second, _event(3, summary=_summary(b"abcd", right))):
        whole.take(event)
    assert whole.result.images[0].data == b"abcd"

    for wrong in (
        [second],
        [first, first],
        [first, _event(3, chunk=second.chunk)],
        [first, _event(2, chunk=sky_pb2.ImageChunk(image="a", offset=3, data=b"d"))],
        [first, _event(2, summary=_summary(b"abcd", right))],
        [first, second, _event(3, summary=_summary(b"abcd", hashlib.sha256(b"x").hexdigest()))],
        [first, sky_pb2.JobEvent(job_id="another", sequence=2, chunk=second.chunk)],
    ):
        assembly = Assembly()
        for event in wrong[:-1]:
            assembly.take(event)
        with pytest.raises(CorruptResult):
            assembly.take(wrong[-1])
        assert assembly.result is None
