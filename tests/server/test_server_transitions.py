"""GenerateTransition and detail through the server: job semantics, both transports, limits, errors, the real core."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import grpc
import pytest
from cut_proxy import cut_proxy
from fake_core import SHA, FakeCore, expected_bytes
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from grpc_web import ask, events_of, frame, image_of, web_server
from harness import client_of, cumulus, fake_server, raw_stub
from processes import wait_until
from skyloom import contract
from skyloom.client import InvalidRequest, JobCancelled, Progress, ServerModelError, SkyClient
from skyloom.errors import InvalidInput
from skyloom.imaging.codec import decode
from skyloom.recipe import TEXT_KEY, recipe_from_json
from skyloom.request import OutputSpec, SkyRequest
from skyloom.server.config import ServerConfig
from skyloom.server.embedded import EmbeddedServer
from skyloom.server.jobs import Job
from skyloom.studio import make_sky
from skyloom.transition import MAX_FRAMES, MAX_TRANSITION_PIXELS, Transition
from skyloom.v1 import sky_pb2

DATA = Path(__file__).parents[1] / "data"
RAIN = (("nimbostratus", 1.0),)
WAY = Transition(cumulus(60), RAIN, frames=3)


def message(way: Transition = WAY, **recipe) -> sky_pb2.GenerateTransitionRequest:
    start = contract.recipe_from_request(way.start)
    start.MergeFrom(sky_pb2.SkyRecipe(**recipe))
    return sky_pb2.GenerateTransitionRequest(recipe=start, transition=contract.transition_to_message(way))


def test_the_client_gets_frames_progress_and_positions():
    events = []
    with fake_server() as (core, server), client_of(server) as client:
        result = client.generate_transition(WAY, on_event=events.append)
        assert client.watch(result.job_id) == result
        loop = client.generate_transition(replace(WAY, frames=4, loop=True, pace="eased", to_seed=5))
        assert core.started == 2
    assert [image.name for image in result.images] == [f"panorama_{index:04d}" for index in range(3)]
    assert [image.frame for image in result.images] == [0, 1, 2]
    assert [image.data for image in result.images] == [expected_bytes(60 + index, 64, 2_500_000) for index in range(3)]
    assert result.positions == (0.0, 0.5, 1.0)
    assert result.transition == replace(WAY, start=result.request, to_seed=60)
    assert result.request == replace(WAY.start, model="fake")
    assert loop.positions == (0.0, 0.5, 1.0, 0.5)
    assert (loop.transition.loop, loop.transition.pace, loop.transition.to_seed) == (True, "eased", 5)
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions)
    assert len(fractions) > 5


def test_a_dropped_stream_is_taken_up_again_and_a_job_can_be_cancelled():
    with fake_server() as (core, server):
        with (
            cut_proxy(server.address, 3_000_000) as proxy,
            SkyClient(proxy.address, token=server.token, timeout=20) as client,
        ):
            assert len(client.generate_transition(WAY).images) == 3
        assert proxy.cuts == 1
        assert core.started == 1
    with fake_server(FakeCore(stage_seconds=0.1)) as (core, server), client_of(server) as client:

        def cancel(event) -> None:
            if isinstance(event, Progress):
                client.cancel(event.job_id)

        with pytest.raises(JobCancelled):
            client.generate_transition(WAY, on_event=cancel)
        wait_until(lambda: core.stopped_early == 1)


def test_grpc_web_has_the_same_events():
    with web_server(FakeCore(byte_count=300_000)) as (_, server):
        answer = ask(server, "GenerateTransition", frame(message().SerializeToString()))
        assert answer.trailers == {"grpc-status": "0"}
        events = events_of(answer, sky_pb2.GenerateTransitionResponse)
        watch = sky_pb2.WatchJobRequest(job_id=events[0].job_id)
        again = ask(server, "WatchJob", frame(watch.SerializeToString()))
        assert events_of(again, sky_pb2.WatchJobResponse) == events
        refused = ask(server, "GenerateTransition", frame(message(replace(WAY, frames=1)).SerializeToString()))
        assert refused.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
        assert [v.field for v in refused.detail(error_details_pb2.BadRequest).field_violations] == ["frames"]
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert image_of(events) == b"".join(expected_bytes(60 + index, 64, 300_000) for index in range(3))
    summary = events[-1].summary
    assert list(summary.frame_positions) == [0.0, 0.5, 1.0]
    assert [image.frame for image in summary.images] == [0, 1, 2]
    assert summary.transition.to_seed == 60


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (sky_pb2.GenerateTransitionRequest(), "cloud"),
        (message(replace(WAY, frames=0)), "frames"),
        (message(replace(WAY, frames=1)), "frames"),
        (message(replace(WAY, frames=100_000)), "frames"),
        (message(replace(WAY, to_clouds=())), "to"),
        (message(replace(WAY, to_clouds=(("cumulus", 1.0),))), "to"),
        (message(replace(WAY, to_clouds=(("cirrus", 0.4),))), "to"),
        (message(detail=77), "detail"),
        (message(blend=sky_pb2.Blend(clouds=[sky_pb2.CloudWeight(genus=1, weight=1)], position=0.5)), "blend"),
        (message(replace(WAY, start=replace(WAY.start, outputs=(OutputSpec("panorama", 8192),)), frames=17)), "frames"),
    ],
)
def test_a_bad_request_is_refused_before_there_is_a_job(request_, field):
    with fake_server() as (core, server), raw_stub(server) as (stub, metadata):
        with pytest.raises(grpc.RpcError) as caught:
            next(stub.GenerateTransition(request_, metadata=metadata, timeout=20))
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        bad = error_details_pb2.BadRequest()
        assert any(packed.Unpack(bad) for packed in rpc_status.from_call(caught.value).details)
        assert [violation.field for violation in bad.field_violations] == [field]
        assert core.started == 0


def test_the_client_refuses_before_it_sends_and_the_server_names_its_models():
    with fake_server() as (core, server), client_of(server) as client:
        with pytest.raises(InvalidInput, match="frames: 1"):
            client.generate_transition(replace(WAY, frames=1))
        for hashes in ({"model_sha256": "ff" * 32}, {"detail_sha256": "ff" * 32}):
            with pytest.raises(ServerModelError, match="not ffff"):
                client.generate_transition(replace(WAY, start=replace(WAY.start, detail="high")), **hashes)
        with pytest.raises(InvalidRequest, match="model"):
            client.generate_transition(replace(WAY, start=replace(WAY.start, model="other")))
        info = client.info()
        assert core.started == 0
    assert (info.limits.max_frames, info.limits.max_transition_pixels) == (MAX_FRAMES, MAX_TRANSITION_PIXELS)
    assert [(model.name, model.sha256, model.factor) for model in info.detail_models] == [("fake-detail", SHA[::-1], 4)]


def test_small_steps_with_the_same_detail_are_not_told():
    class Loop:
        def call_soon_threadsafe(self, function, *arguments) -> None:
            function(*arguments)

    def work(progress):
        for step in range(100_000):
            progress("detail" if step % 2 else "render", f"frame {step // 1000}", step / 100_000)
        progress("encode", "frame 99", 1.0)

    job = Job("transition", work)
    job.start(Loop())()
    fractions = [event.fraction for event in job.events]
    assert 500 <= len(fractions) <= 700
    assert fractions[-1] == 1.0
    assert max(b - a for a, b in pairwise(fractions)) < 0.011


@pytest.fixture
def no_bundled_detail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("skyloom.generation.registry.BUNDLED", tmp_path / "nothing")


def _embedded(folder: Path) -> EmbeddedServer:
    return EmbeddedServer(ServerConfig(grace=0.0, model_dir=folder))


def test_detail_where_it_is_asked_for_and_installed(tmp_path: Path, no_bundled_detail):
    asked = SkyRequest((("cumulus", 1.0),), seed=7, outputs=(OutputSpec("panorama", 128),))
    with _embedded(DATA / "tiny_model") as server, client_of(server) as client:
        assert client.info().detail_models == ()
        plain = client.generate(asked)
        for level in ("standard", "high"):
            with pytest.raises(ServerModelError, match=f"detail {level}: no detail model is installed"):
                client.generate(replace(asked, detail=level))
        with pytest.raises(ServerModelError, match="no detail model 'fine' here; there is none"):
            client.generate(replace(asked, detail="high", detail_model="fine"))
    shutil.copytree(DATA / "tiny_model", tmp_path / "both" / "dome")
    shutil.copytree(DATA / "tiny_detail", tmp_path / "both" / "detail")
    with _embedded(tmp_path / "both") as server, client_of(server) as client:
        (model,) = client.info().detail_models
        assert (model.name, model.factor, model.licence) == ("tiny-detail", 4, "Apache-2.0")
        events = []
        fine = client.generate(replace(asked, detail="standard"), on_event=events.append)
        off = client.generate(asked)
        with pytest.raises(ServerModelError, match="the detail model tiny-detail is"):
            client.generate(replace(asked, detail="high"), detail_sha256="ff" * 32)
        old = contract.recipe_from_request(replace(asked, detail="off"))
        assert old.detail == sky_pb2.DETAIL_LEVEL_UNSPECIFIED
    assert (plain.request.detail, off.request.detail, fine.request.detail) == ("off", "off", "standard")
    assert plain.images == off.images
    assert fine["panorama"].data != off["panorama"].data
    assert (fine.request.detail_model, fine.detail_sha256) == ("tiny-detail", model.sha256)
    assert "detail" in dict(fine.timings)
    assert [event.detail for event in events if isinstance(event, Progress) and event.stage == "detail"] == [
        "tile 1 of 1"
    ]


def test_real_frames_are_what_their_recipes_make(no_bundled_detail):
    from skyloom.generation import SkyModel

    start = SkyRequest((("cumulus", 1.0),), seed=7, outputs=(OutputSpec("panorama", 64), OutputSpec("faces", 16)))
    with _embedded(DATA / "tiny_model") as server, client_of(server) as client:
        result = client.generate_transition(Transition(start, RAIN, to_seed=8, frames=3))
        plain = client.generate(start)
    assert [image.data for image in result.images if image.frame == 0] == [image.data for image in plain.images]
    model = SkyModel(DATA / "tiny_model")
    for image in result.images:
        recipe = recipe_from_json(decode(image.data).info.text[TEXT_KEY])
        assert image.data in [picture.data for picture in make_sky(recipe.request, model).pictures]
    assert result.seams.wrap_ratio is not None
