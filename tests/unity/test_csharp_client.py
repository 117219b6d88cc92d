"""The C# client against the real Python server over real sockets: skies, events, errors, tokens, cancellation."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from csharp_driver import DriverError
from cut_proxy import cut_proxy
from fake_core import SHA, FakeCore, expected_bytes
from grpc_web import web_server
from harness import cumulus
from processes import start_fake_server, wait_until
from recipe_text import recipe
from skyloom import __version__
from skyloom.client import SkyClient
from skyloom.clouds import CLOUD_NAMES
from skyloom.recipe import recipe_to_json
from skyloom.request import Ground, OutputSpec, SkyRequest
from skyloom.server.jobs import CHUNK_BYTES

TINY = Path(__file__).parents[1] / "data" / "tiny_model"


@pytest.fixture(scope="module")
def fast():
    """A server whose jobs take no time."""
    with web_server() as (core, server):
        yield core, server.web_address


@pytest.fixture
def slow():
    """A server whose jobs take two seconds."""
    with web_server(FakeCore(stage_seconds=0.2)) as (core, server):
        yield core, server


def failure(pending) -> DriverError:
    with pytest.raises(DriverError) as caught:
        pending.result()
    return caught.value


def test_info(driver, fast):
    info = driver.call("info", address=fast[1])
    assert info["apiVersion"] == "skyloom.v1"
    assert info["skyloomVersion"] == __version__
    assert info["models"] == ["fake"]
    assert info["detailModels"] == ["fake-detail"]
    assert info["cloudTypes"] == list(CLOUD_NAMES)
    assert set(info["thumbnails"]) == {0}
    assert driver.call("version", address=fast[1]) == info
    pictures = driver.call("info", address=fast[1], thumbnails=True)["thumbnails"]
    assert pictures == [len(name) for name in CLOUD_NAMES]


def test_a_sky_of_several_pieces_comes_whole_and_with_every_event(driver, fast):
    call = driver.start("generate", address=fast[1], recipe=recipe())
    result = call.result()
    (image,) = result["images"]
    wanted = expected_bytes(3, 64, 2_500_000)
    assert base64.b64decode(image["data"]) == wanted
    assert image["sha256"] == hashlib.sha256(wanted).hexdigest()
    # The summary is the last event and is not reported.
    assert [event["sequence"] for event in call.events] == list(range(1, len(call.events) + 1))
    assert {event["jobId"] for event in call.events} == {result["jobId"]}
    kinds = [event["kind"] for event in call.events]
    assert kinds == sorted(kinds, key=["Queued", "Working", "Receiving"].index)
    pieces = -(-len(wanted) // CHUNK_BYTES)
    assert kinds.count("Receiving") == pieces
    fractions = [event["fraction"] for event in call.events if event["kind"] == "Working"]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert [event["complete"] for event in call.events[-pieces:]] == [False] * (pieces - 1) + [True]
    assert json.loads(result["recipe"])["model"] == {"name": "fake", "sha256": SHA}


def test_the_frames_of_a_sequence_come_in_order(driver, fast):
    call = driver.start("transition", address=fast[1], recipe=recipe(60), to="nimbostratus", frames=3)
    result = call.result()
    assert [image["name"] for image in result["images"]] == [f"panorama_{frame:04d}" for frame in range(3)]
    assert [image["frame"] for image in result["images"]] == [0, 1, 2]
    assert result["positions"] == [0.0, 0.5, 1.0]
    for frame, image in enumerate(result["images"]):
        assert base64.b64decode(image["data"]) == expected_bytes(60 + frame, 64, 2_500_000)
    fractions = [event["fraction"] for event in call.events if event["kind"] == "Working"]
    assert fractions == sorted(fractions)
    loop = driver.call("transition", address=fast[1], recipe=recipe(60), toSeed=61, frames=4, loop=True, brief=True)
    assert loop["positions"] == [0.0, 0.5, 1.0, 0.5]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"frames": 3}, "to"),
        ({"frames": 3, "to": "cumulus", "toSeed": 3}, "to"),
        ({"frames": 0, "to": "cirrus"}, "frames"),
        ({"frames": 1, "to": "cirrus"}, "frames"),
        ({"frames": 100000, "to": "cirrus"}, "frames"),
        ({"frames": 2, "to": "cirrus", "pace": 9}, "pace"),
        (
            {"frames": 17, "to": "cirrus", "recipe": recipe(outputs=[{"layout": "panorama", "size": 8192}])},
            "at most 16",
        ),
        (
            {
                "frames": 2,
                "to": "cirrus",
                "recipe": recipe(blend={"clouds": [{"genus": "cirrus", "weight": 1}], "position": 0.5}),
            },
            "blend",
        ),
    ],
)
def test_a_bad_sequence_is_refused_before_anything_is_sent(driver, options, named):
    with pytest.raises(DriverError) as caught:
        driver.call("transition", **{"address": "http://127.0.0.1:1", "recipe": recipe(), **options})
    assert caught.value.type == "InvalidRequestException"
    assert named in str(caught.value)


def test_a_job_can_be_watched_again(driver, fast):
    first = driver.call("generate", address=fast[1], recipe=recipe(8))
    again = driver.start("watch", address=fast[1], job=first["jobId"])
    assert again.result() == first
    assert again.events[0]["sequence"] == 1
    assert driver.call("cancel", address=fast[1], job=first["jobId"]) == "Done"


def test_two_megabytes_of_upload_come_back(driver, fast):
    picture = os.urandom(2_000_000)
    images = [base64.b64encode(picture).decode()]
    result = driver.call("convert", address=fast[1], source="panorama", images=images)
    assert base64.b64decode(result["images"][0]["data"]) == picture
    assert result["recipe"] is None


def test_many_calls_at_once(driver, fast):
    calls = [driver.start("generate", address=fast[1], recipe=recipe(seed), brief=True) for seed in range(20, 32)]
    for seed, call in zip(range(20, 32), calls, strict=True):
        wanted = hashlib.sha256(expected_bytes(seed, 64, 2_500_000)).hexdigest()
        assert call.result()["images"][0]["sha256"] == wanted


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """Addresses of `skyloom serve` with the real core and the tiny model."""
    ready = tmp_path_factory.mktemp("real") / "ready.json"
    options = ["--port", "0", "--model-dir", str(TINY), "--ready-file", str(ready), "--log-level", "warning"]
    process = subprocess.Popen([sys.executable, "-m", "skyloom", "serve", *options])
    try:
        wait_until(lambda: ready.exists() or process.poll() is not None, 30)
        yield json.loads(ready.read_text())["addresses"]
    finally:
        process.terminate()
        assert process.wait(20) == 0


def test_the_real_core_sends_the_bytes_that_the_python_client_gets(driver, real):
    request = SkyRequest(
        clouds=(("cumulus", 0.7), ("cirrus", 0.3)),
        seed=7,
        rotation=15.0,
        ground=Ground("colour", (0.2, 0.3, 0.1)),
        outputs=(OutputSpec("panorama", 128), OutputSpec("faces", 32), OutputSpec("perspective", 64, "jpg", 90)),
    )
    ours = driver.call("generate", address=real["grpc_web"], recipe=recipe_to_json(request, "", "", ""))
    with SkyClient(real["grpc"]) as client:
        theirs = client.generate(request)
    assert [image["name"] for image in ours["images"]] == [image.name for image in theirs.images]
    for mine, other in zip(ours["images"], theirs.images, strict=True):
        assert base64.b64decode(mine["data"]) == other.data
    assert ours["recipe"] == recipe_to_json(theirs.request, theirs.model_name, theirs.model_sha256)


@pytest.mark.parametrize(
    ("changes", "kind", "code", "reason"),
    [
        ({"seed": 13}, "ServerFaultException", "Internal", "INTERNAL"),
        ({"seed": 14}, "ServerModelException", "FailedPrecondition", "MODEL"),
        ({"seed": 15}, "InvalidRequestException", "InvalidArgument", "INVALID_INPUT"),
        ({"model": {"name": "other"}}, "InvalidRequestException", "InvalidArgument", "INVALID_INPUT"),
        ({"model": {"sha256": "cd" * 32}}, "ServerModelException", "FailedPrecondition", "MODEL"),
    ],
)
def test_errors_of_the_server_are_typed(driver, fast, changes, kind, code, reason):
    error = failure(driver.start("generate", address=fast[1], recipe=recipe(**changes)))
    assert (error.type, error.facts["code"], error.facts["reason"]) == (kind, code, reason)
    if "seed" in changes:
        assert error.facts["jobId"]
    if kind == "InvalidRequestException":
        assert error.facts["field"] == ("outputs" if "seed" in changes else "model")
        assert error.facts["allowed"]


def test_what_is_wrong_here_already_is_not_sent(driver):
    error = failure(driver.start("generate", address="http://127.0.0.1:9", recipe=recipe(variation=2)))
    assert (error.type, error.facts["field"]) == ("InvalidRequestException", "variation")


def test_an_unknown_job(driver, fast):
    for verb in ("watch", "cancel"):
        error = failure(driver.start(verb, address=fast[1], job="nobody"))
        assert (error.type, error.facts["jobId"]) == ("JobNotFoundException", "nobody")


def test_a_full_queue_says_when_to_come_again(driver):
    with web_server(queue_capacity=1) as (core, server):
        core.gate.clear()
        running = driver.start("generate", address=server.web_address, recipe=recipe(1), brief=True)
        running.event("Working")
        waiting = driver.start("generate", address=server.web_address, recipe=recipe(2), brief=True)
        assert waiting.event()["kind"] == "Queued"
        error = failure(driver.start("generate", address=server.web_address, recipe=recipe(4)))
        assert error.type == "QueueFullException"
        assert error.facts["retryAfter"] > 0
        core.gate.set()
        assert running.result()["images"]
        assert waiting.result()["images"]


def test_a_token_is_wanted(driver):
    with web_server(token="right") as (_, server):
        for token in (None, "wrong"):
            error = failure(driver.start("info", address=server.web_address, token=token))
            assert error.type == "UnauthenticatedException"
            error = failure(driver.start("generate", address=server.web_address, token=token, recipe=recipe()))
            assert error.type == "UnauthenticatedException"
        assert driver.call("info", address=server.web_address, token="right")["models"] == ["fake"]
        assert driver.call("generate", address=server.web_address, token="right", recipe=recipe())["images"]


@pytest.mark.parametrize("leave", [None, True])
def test_cancel_reaches_the_server_within_half_a_second(driver, leave):
    core = FakeCore(stage_seconds=0.02)
    core.gate.clear()
    with web_server(core) as (_, server):
        call = driver.start("generate", address=server.web_address, recipe=recipe(), leaveJob=leave, brief=True)
        job = call.event("Working")["jobId"]
        asked = time.monotonic()
        call.fire()
        error = failure(call)
        assert time.monotonic() - asked < 0.5
        assert error.type in ("OperationCanceledException", "TaskCanceledException")
        state = driver.call("cancel", address=server.web_address, job=job) if leave is None else None
        assert state in (None, "Cancelling", "Cancelled")
        core.gate.set()
        if leave:
            assert driver.call("watch", address=server.web_address, job=job, brief=True)["images"]
            assert core.stopped_early == 0
        else:
            wait_until(lambda: core.stopped_early == 1, 0.5)


def test_cancel_before_the_first_event_still_reaches_the_job(driver, slow):
    core, server = slow
    # The version is asked for first; the job's own call is under way when the token fires.
    call = driver.start("generate", address=server.web_address, recipe=recipe(), checkVersion=False)
    wait_until(lambda: core.started == 1)
    call.fire()
    assert failure(call).type in ("OperationCanceledException", "TaskCanceledException")
    wait_until(lambda: core.stopped_early == 1, 1.0)


def test_a_listener_that_throws_ends_the_job(driver, slow):
    core, server = slow
    error = failure(driver.start("generate", address=server.web_address, recipe=recipe(), failAt="Working"))
    assert (error.type, error.facts["seconds"] < 2) == ("InvalidOperationException", True)
    wait_until(lambda: core.stopped_early == 1, 1.0)


def test_a_job_cancelled_by_somebody_else(driver, slow):
    _, server = slow
    call = driver.start("generate", address=server.web_address, recipe=recipe())
    job = call.event("Working")["jobId"]
    with SkyClient(server.address) as client:
        client.cancel(job)
    error = failure(call)
    assert (error.type, error.facts["jobId"]) == ("JobCancelledException", job)


def test_a_deadline_ends_the_call_and_leaves_the_job(driver, slow):
    core, server = slow
    error = failure(driver.start("generate", address=server.web_address, recipe=recipe(), timeout=0.6))
    assert error.type == "DeadlineExceededException"
    assert 0.4 < error.facts["seconds"] < 1.1
    result = driver.call("watch", address=server.web_address, job=error.facts["jobId"], brief=True)
    assert result["images"][0]["length"] == 2_500_000
    assert core.stopped_early == 0


def test_a_job_that_is_to_end_with_its_connection_does(driver, slow):
    core, server = slow
    call = driver.start("generate", address=server.web_address, recipe=recipe(), cancelOnDisconnect=True)
    call.event("Working")
    call.close()
    assert failure(call).type == "ClientClosedException"
    wait_until(lambda: core.stopped_early == 1, 1.0)


def test_a_closed_client_leaves_the_job_to_be_watched_by_the_next(driver, slow):
    core, server = slow
    call = driver.start("generate", address=server.web_address, recipe=recipe())
    call.event("Working")
    asked = time.monotonic()
    call.close()
    error = failure(call)
    assert time.monotonic() - asked < 0.5
    assert (error.type, bool(error.facts["jobId"])) == ("ClientClosedException", True)
    again = driver.call("watch", address=server.web_address, job=error.facts["jobId"])
    assert base64.b64decode(again["images"][0]["data"]) == expected_bytes(3, 64, 2_500_000)
    assert core.stopped_early == 0


def test_a_dropped_stream_is_taken_up_again(driver, fast):
    target = fast[1].removeprefix("http://")
    # The first connection asks for the version; the next three are cut in the middle of the pictures.
    with cut_proxy(target, 10**9, 300_000, 600_000, 900_000) as proxy:
        result = driver.call("generate", address=f"http://{proxy.address}", recipe=recipe(5))
        assert proxy.cuts == 3
    assert base64.b64decode(result["images"][0]["data"]) == expected_bytes(5, 64, 2_500_000)


def test_a_server_killed_in_mid_stream(driver, tmp_path):
    process, ready = start_fake_server(tmp_path / "ready.json", "--web-port", "0", "--stage-seconds", "0.3")
    try:
        call = driver.start("generate", address=ready["addresses"]["grpc_web"], recipe=recipe())
        job = call.event("Working")["jobId"]
        process.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        error = failure(call)
        assert (error.type, error.facts["jobId"]) == ("ServerUnavailableException", job)
        # Five tries to take the stream up again lie between.
        assert time.monotonic() - killed < 8
    finally:
        process.kill()
        process.communicate(timeout=10)


def test_the_request_helper_speaks_of_the_same_request():
    from skyloom.recipe import recipe_from_json

    assert recipe_from_json(recipe()).request == cumulus(3, detail="off")
