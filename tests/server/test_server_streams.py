"""The service over real sockets: events, limits, replays, cancellation, deadlines, tokens, health, reflection."""

from __future__ import annotations

import hashlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from fake_core import SHA, STAGES, FakeCore, expected_bytes
from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status
from harness import client_of, cumulus, fake_server, raw_stub, sky_message
from processes import wait_until
from skyloom.client import InvalidRequest, JobCancelled, JobNotFound, QueueFull, ServerFault, ServerModelError
from skyloom.v1 import sky_pb2


def _detail(error: grpc.RpcError, kind):
    for packed in rpc_status.from_call(error).details:
        found = kind()
        if packed.Unpack(found):
            return found
    raise AssertionError(f"no {kind.__name__} in the status")


def test_a_stream_tells_the_whole_job_in_order():
    with fake_server() as (_, server), raw_stub(server) as (stub, metadata):
        events = [answer.event for answer in stub.GenerateSky(sky_message(7), metadata=metadata, timeout=20)]
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert len({event.job_id for event in events}) == 1
    kinds = [event.WhichOneof("kind") for event in events]
    assert sorted(set(kinds), key=kinds.index) == ["queued", "progress", "chunk", "summary"]
    assert kinds == sorted(kinds, key=["queued", "progress", "chunk", "summary"].index)
    fractions = [event.progress.fraction for event in events if event.HasField("progress")]
    assert len(fractions) == STAGES + 1
    assert fractions == sorted(fractions)
    chunks = [event.chunk for event in events if event.HasField("chunk")]
    assert all(len(chunk.data) <= 1 << 18 for chunk in chunks)
    assert [chunk.last for chunk in chunks] == [False] * 9 + [True]
    data = b"".join(chunk.data for chunk in chunks)
    assert data == expected_bytes(7, 64, 2_500_000)
    summary = events[-1].summary
    assert summary.images[0].sha256 == hashlib.sha256(data).hexdigest()
    assert summary.images[0].byte_size == len(data)
    assert summary.recipe.model.sha256 == SHA
    assert summary.recipe.seed == 7
    assert summary.recipe.skyloom_version
    assert summary.seams.HasField("wrap_ratio")
    assert not summary.seams.HasField("edge_ratio")


@pytest.mark.parametrize("byte_count", [0, 1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1])
def test_chunk_borders(byte_count):
    with fake_server(FakeCore(byte_count=byte_count)) as (_, server), client_of(server) as client:
        assert client.generate(cumulus(3))["panorama"].data == expected_bytes(3, 64, byte_count)


def test_a_finished_job_is_replayed_from_any_event():
    with fake_server() as (_, server), raw_stub(server) as (stub, metadata):
        events = [answer.event for answer in stub.GenerateSky(sky_message(), metadata=metadata, timeout=20)]
        for after in (0, 1, len(events) - 2, len(events)):
            request = sky_pb2.WatchJobRequest(job_id=events[0].job_id, after_sequence=after)
            again = [answer.event for answer in stub.WatchJob(request, metadata=metadata, timeout=20)]
            assert again == events[after:]
        request = sky_pb2.WatchJobRequest(job_id=events[0].job_id, after_sequence=len(events) + 1)
        with pytest.raises(grpc.RpcError) as caught:
            list(stub.WatchJob(request, metadata=metadata, timeout=20))
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert _detail(caught.value, error_details_pb2.BadRequest).field_violations[0].field == "after_sequence"


def test_a_running_job_is_watched_by_many_at_their_own_pace():
    with fake_server(FakeCore(stage_seconds=0.03)) as (_, server), raw_stub(server) as (stub, metadata):
        own = stub.GenerateSky(sky_message(), metadata=metadata, timeout=20)
        job_id = next(own).event.job_id

        def watch(_):
            request = sky_pb2.WatchJobRequest(job_id=job_id)
            return [answer.event for answer in stub.WatchJob(request, metadata=metadata, timeout=20)]

        with ThreadPoolExecutor(6) as pool:
            seen = list(pool.map(watch, range(6)))
        assert all(events == seen[0] for events in seen)
        assert seen[0][-1].HasField("summary")


def test_the_queue_is_bounded_and_says_when_to_come_back():
    with fake_server(queue_capacity=2) as (core, server), raw_stub(server) as (stub, metadata):
        core.gate.clear()
        streams = [stub.GenerateSky(sky_message(0), metadata=metadata, timeout=20)]
        wait_until(lambda: core.started == 1)
        positions = [next(streams[0]).event.queued.position]
        for seed in (1, 2):
            streams.append(stub.GenerateSky(sky_message(seed), metadata=metadata, timeout=20))
            positions.append(next(streams[-1]).event.queued.position)
        assert positions == [0, 0, 1]
        with pytest.raises(grpc.RpcError) as caught:
            next(stub.GenerateSky(sky_message(3), metadata=metadata, timeout=20))
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        delay = _detail(caught.value, error_details_pb2.RetryInfo).retry_delay
        assert 0.1 < delay.ToTimedelta().total_seconds() <= 60
        with client_of(server) as client, pytest.raises(QueueFull) as typed:
            client.generate(cumulus(3))
        assert typed.value.retry_after > 0.1
        core.gate.set()
        for seed, stream in enumerate(streams):
            data = b"".join(answer.event.chunk.data for answer in stream if answer.event.HasField("chunk"))
            assert data == expected_bytes(seed, 64, 2_500_000)


def test_positions_move_up_as_the_queue_empties():
    with fake_server() as (core, server), raw_stub(server) as (stub, metadata):
        core.gate.clear()
        streams, first = [], []
        for seed in range(4):
            streams.append(stub.GenerateSky(sky_message(seed), metadata=metadata, timeout=20))
            first.append(next(streams[-1]).event.queued.position)
            wait_until(lambda: core.started == 1)
        assert first == [0, 0, 1, 2]
        core.gate.set()
        assert [answer.event.queued.position for answer in streams[3] if answer.event.HasField("queued")] == [1, 0]


def test_cancel_while_waiting_and_while_running():
    with (
        fake_server(FakeCore(stage_seconds=0.05)) as (core, server),
        client_of(server) as client,
        raw_stub(server) as (stub, metadata),
    ):
        running = stub.GenerateSky(sky_message(1), metadata=metadata, timeout=20)
        running_id = next(running).event.job_id
        wait_until(lambda: core.started == 1)
        waiting = stub.GenerateSky(sky_message(2), metadata=metadata, timeout=20)
        waiting_id = next(waiting).event.job_id
        assert client.cancel(waiting_id) == "cancelled"
        assert client.cancel(running_id) == "cancelling"
        asked = time.monotonic()
        for stream in (waiting, running):
            with pytest.raises(grpc.RpcError) as caught:
                list(stream)
            assert caught.value.code() is grpc.StatusCode.CANCELLED
            assert _detail(caught.value, error_details_pb2.ErrorInfo).reason == "JOB_CANCELLED"
        # Between two stages, so within about one of them.
        assert time.monotonic() - asked < 0.5
        assert (core.started, core.stopped_early) == (1, 1)
        assert client.cancel(running_id) == "cancelled"
        with pytest.raises(JobCancelled):
            client.watch(running_id)
        assert client.generate(cumulus(5)).images


def test_cancelling_a_finished_job_changes_nothing():
    with fake_server() as (_, server), client_of(server) as client:
        result = client.generate(cumulus())
        assert client.cancel(result.job_id) == "done"
        assert client.watch(result.job_id) == result
        with pytest.raises(JobNotFound):
            client.cancel("0" * 32)


@pytest.mark.parametrize("ends_with_caller", [True, False])
def test_a_deadline_ends_the_stream_and_only_when_wanted_the_job(ends_with_caller):
    with fake_server(FakeCore(stage_seconds=0.1)) as (core, server), raw_stub(server) as (stub, metadata):
        stream = stub.GenerateSky(
            sky_message(4, cancel_on_disconnect=ends_with_caller), metadata=metadata, timeout=0.35
        )
        seen = []
        with pytest.raises(grpc.RpcError) as caught:
            seen.extend(answer.event for answer in stream)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        with client_of(server) as client:
            if ends_with_caller:
                wait_until(lambda: core.stopped_early == 1, 1.0)
            else:
                job_id = _only_job_id(server)
                assert client.watch(job_id)["panorama"].data == expected_bytes(4, 64, 2_500_000)
                assert core.stopped_early == 0


def _only_job_id(server) -> str:
    # A caller whose stream ended early may not have seen one event; the store knows the job all the same.
    (job_id,) = server._server._store._jobs
    return job_id


@pytest.mark.parametrize("ends_with_caller", [True, False])
def test_a_caller_that_goes_away(ends_with_caller):
    with fake_server(FakeCore(stage_seconds=0.05)) as (core, server), client_of(server) as client:
        with raw_stub(server) as (stub, metadata):
            stream = stub.GenerateSky(
                sky_message(9, cancel_on_disconnect=ends_with_caller), metadata=metadata, timeout=20
            )
            job_id = next(stream).event.job_id
            wait_until(lambda: core.started == 1)
            stream.cancel()
        if ends_with_caller:
            wait_until(lambda: core.stopped_early == 1, 2.0)
            with pytest.raises(JobCancelled):
                client.watch(job_id)
        else:
            assert client.watch(job_id)["panorama"].data == expected_bytes(9, 64, 2_500_000)


def test_fifty_at_once_are_neither_lost_nor_mixed():
    with (
        fake_server(FakeCore(byte_count=1_200_000), workers=3) as (_, server),
        client_of(server) as client,
        ThreadPoolExecutor(50) as pool,
    ):
        results = list(pool.map(lambda seed: client.generate(cumulus(seed)), range(100, 150)))
    assert len({result.job_id for result in results}) == 50
    for seed, result in enumerate(results, start=100):
        assert result.request.seed == seed
        assert result["panorama"].data == expected_bytes(seed, 64, 1_200_000)


def test_errors_have_their_codes_and_tell_nothing_that_they_should_not(caplog):
    with fake_server() as (_, server), client_of(server) as client:
        with pytest.raises(ServerFault) as bug:
            client.generate(cumulus(13))
        assert bug.value.code == "INTERNAL"
        assert "secret" not in str(bug.value)
        assert bug.value.job_id in str(bug.value)
        assert "secret path" in caplog.text
        assert bug.value.job_id in caplog.text
        with pytest.raises(ServerModelError, match=r"synthesis\.onnx is damaged"):
            client.generate(cumulus(14))
        with pytest.raises(InvalidRequest) as late:
            client.generate(cumulus(15))
        assert late.value.field == "outputs"
        with pytest.raises(ServerModelError, match="not ffff"):
            client.generate(cumulus(), model_sha256="ff" * 32)
        with pytest.raises(InvalidRequest) as unknown:
            client.generate(cumulus(model="other"))
        assert (unknown.value.field, unknown.value.allowed) == ("model", "one of fake")


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (sky_pb2.GenerateSkyRequest(), "cloud"),
        (
            sky_pb2.GenerateSkyRequest(recipe=sky_pb2.SkyRecipe(clouds=[sky_pb2.CloudWeight(genus=77, weight=1)])),
            "cloud",
        ),
        (sky_message(size=64), None),
    ],
)
def test_a_bad_request_is_refused_before_there_is_a_job(message, field):
    with fake_server() as (core, server), raw_stub(server) as (stub, metadata):
        if field is None:
            message.recipe.outputs[0].size = 1_000_000_000
            field = "size"
        with pytest.raises(grpc.RpcError) as caught:
            next(stub.GenerateSky(message, metadata=metadata, timeout=20))
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        violations = _detail(caught.value, error_details_pb2.BadRequest).field_violations
        assert [violation.field for violation in violations] == [field]
        assert core.started == 0


def test_only_callers_with_the_token_pass_and_health_is_open():
    with fake_server() as (_, server), grpc.insecure_channel(server.address) as channel:
        method = channel.unary_unary(
            "/skyloom.v1.SkyService/GetServerInfo",
            request_serializer=sky_pb2.GetServerInfoRequest.SerializeToString,
            response_deserializer=sky_pb2.GetServerInfoResponse.FromString,
        )
        for metadata in ((), (("authorization", "Bearer wrong"),), (("authorization", server.token),)):
            with pytest.raises(grpc.RpcError) as caught:
                method(sky_pb2.GetServerInfoRequest(), metadata=metadata, timeout=5)
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
        right = (("authorization", f"Bearer {server.token}"),)
        assert method(sky_pb2.GetServerInfoRequest(), metadata=right, timeout=5).api_version == "skyloom.v1"
        for service in ("", "skyloom.v1.SkyService"):
            answer = health_pb2_grpc.HealthStub(channel).Check(
                health_pb2.HealthCheckRequest(service=service), timeout=5
            )
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        reflect = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo
        with pytest.raises(grpc.RpcError) as caught:
            list(reflect(iter([reflection_pb2.ServerReflectionRequest(list_services="")]), timeout=5))
        assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_reflection_describes_the_contract():
    with fake_server() as (_, server), grpc.insecure_channel(server.address) as channel:
        reflect = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo
        asked = [
            reflection_pb2.ServerReflectionRequest(list_services=""),
            reflection_pb2.ServerReflectionRequest(file_containing_symbol="skyloom.v1.SkyService"),
        ]
        metadata = (("authorization", f"Bearer {server.token}"),)
        listed, file = list(reflect(iter(asked), metadata=metadata, timeout=5))
        names = {service.name for service in listed.list_services_response.service}
        assert {"skyloom.v1.SkyService", "grpc.health.v1.Health"} <= names
        found = descriptor_pb2.FileDescriptorProto.FromString(file.file_descriptor_response.file_descriptor_proto[0])
        assert found.name == "skyloom/v1/sky.proto"


def test_thumbnails_are_made_once_and_only_when_asked_for():
    with fake_server() as (core, server), client_of(server) as client:
        plain = client.info()
        assert all(not cloud.thumbnail_png for cloud in plain.cloud_types)
        assert core.thumbnails_made == 0
        with ThreadPoolExecutor(4) as pool:
            infos = list(pool.map(lambda _: client.info(thumbnails=True), range(4)))
        assert core.thumbnails_made == 11
        assert [cloud.thumbnail_png for cloud in infos[3].cloud_types] == [
            cloud.name.encode() for cloud in plain.cloud_types
        ]
        assert plain.limits.queue_capacity == 64
        assert ("panorama", 32, 8192) in plain.limits.sizes
        assert plain.models[0].clouds == tuple(cloud.name for cloud in plain.cloud_types)


def test_a_reader_that_stalls_is_dropped_and_its_job_stays():
    core = FakeCore(byte_count=24 << 20)
    with fake_server(core, stall_seconds=0.3) as (_, server), raw_stub(server) as (stub, metadata):
        stream = stub.GenerateSky(sky_message(2), metadata=metadata, timeout=20)
        job_id = next(stream).event.job_id
        time.sleep(1.5)
        with pytest.raises(grpc.RpcError) as caught:
            list(stream)
        assert caught.value.code() is grpc.StatusCode.ABORTED
        with client_of(server) as client:
            assert client.watch(job_id)["panorama"].data == expected_bytes(2, 64, 24 << 20)


def test_a_slow_reader_does_not_hold_up_the_others():
    with fake_server(FakeCore(byte_count=24 << 20)) as (_, server), raw_stub(server) as (stub, metadata):
        slow = stub.GenerateSky(sky_message(2), metadata=metadata, timeout=20)
        next(slow)
        with client_of(server) as client:
            done = threading.Event()
            began = time.monotonic()
            for seed in range(3):
                client.generate(cumulus(seed))
            done.set()
            assert time.monotonic() - began < 8
        data = b"".join(answer.event.chunk.data for answer in slow if answer.event.HasField("chunk"))
        assert data == expected_bytes(2, 64, 24 << 20)
