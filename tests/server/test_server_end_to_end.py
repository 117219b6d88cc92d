"""The real core behind the real server: same bytes after a restart and under load, recipes, models, `skyloom serve`."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from processes import wait_until
from skyloom.client import InvalidRequest, ServerModelError, SkyClient
from skyloom.errors import ModelError
from skyloom.imaging.codec import decode
from skyloom.recipe import TEXT_KEY, recipe_from_json
from skyloom.request import Ground, OutputSpec, SkyRequest
from skyloom.server.config import ServerConfig
from skyloom.server.embedded import EmbeddedServer

TINY = Path(__file__).parents[1] / "data" / "tiny_model"
REQUEST = SkyRequest(
    clouds=(("cumulus", 0.7), ("cirrus", 0.3)),
    seed=7,
    rotation=15.0,
    ground=Ground("colour", (0.2, 0.3, 0.1)),
    detail="off",
    outputs=(OutputSpec("panorama", 128), OutputSpec("faces", 32), OutputSpec("perspective", 64, "jpg", 90)),
)


def _embedded(**options) -> EmbeddedServer:
    return EmbeddedServer(ServerConfig(grace=0.0, model_dir=TINY, **options))


def _client(server: EmbeddedServer) -> SkyClient:
    return SkyClient(server.address, token=server.token, timeout=30)


@pytest.fixture(scope="module")
def server():
    with _embedded() as running:
        yield running


@pytest.fixture(scope="module")
def client(server):
    with _client(server) as connected:
        yield connected


def test_a_sky_comes_with_true_pictures_and_its_recipe(client):
    events = []
    result = client.generate(REQUEST, on_event=events.append)
    names = ["panorama", "front", "back", "left", "right", "up", "down", "perspective"]
    assert [image.name for image in result.images] == names
    for image in result.images:
        picture = decode(image.data)
        assert picture.pixels.shape == (image.height, image.width, 3)
        assert picture.info.format == image.format
        recipe = recipe_from_json(picture.info.text[TEXT_KEY])
        assert recipe.request.seed == 7
        assert recipe.model_sha256 == result.model_sha256
    assert decode(result["panorama"].data).pixels.std() > 0.02, "a sky without any structure"
    assert result.request == replace(REQUEST, model="tiny")
    assert result.model_name == "tiny"
    stages = [event.stage for event in events if hasattr(event, "stage")]
    # Output by output, so that only one output's pixels are in memory: a panorama, six faces, a view.
    assert stages == ["network", "render", "encode", "render", *["encode"] * 6, "render", "encode"]
    assert {stage for stage, _ in result.timings} == {"network", "render", "seams", "encode"}


def test_the_same_bytes_again_after_a_restart_and_under_load(client):
    first = client.generate(REQUEST)
    assert client.generate(REQUEST).images == first.images
    with _embedded() as restarted, _client(restarted) as other:
        assert other.generate(REQUEST).images == first.images
    with _embedded(workers=3) as busy, _client(busy) as other, ThreadPoolExecutor(12) as pool:
        asked = [replace(REQUEST, seed=7 if index % 3 == 0 else index) for index in range(24)]
        results = list(pool.map(other.generate, asked))
    for request, result in zip(asked, results, strict=True):
        assert result.request.seed == request.seed
        assert (result.images == first.images) is (request.seed == 7)


def test_what_a_request_asks_for_changes_the_picture(client):
    first = client.generate(REQUEST)["panorama"].sha256
    for change in (
        {"seed": 8},
        {"clouds": (("cumulus", 1.0),)},
        {"variation": 0.1},
        {"rotation": 16.0},
        {"exposure": 0.5},
        {"ground": Ground("mirror")},
    ):
        assert client.generate(replace(REQUEST, **change))["panorama"].sha256 != first, change


def test_information_and_thumbnails(client):
    info = client.info(thumbnails=True)
    assert [(model.name, model.dome_size, model.theta_max) for model in info.models] == [("tiny", 64, 100.0)]
    thumbnails = {cloud.thumbnail_png for cloud in info.cloud_types}
    assert len(thumbnails) == 11
    for thumbnail in thumbnails:
        assert decode(thumbnail).pixels.shape == (90, 160, 3)


def test_a_model_that_is_not_the_one_asked_for(client):
    with pytest.raises(ServerModelError, match="not " + "0" * 64):
        client.generate(REQUEST, model_sha256="0" * 64)
    with pytest.raises(InvalidRequest) as caught:
        client.generate(replace(REQUEST, model="another"))
    assert caught.value.field == "model"
    sha256 = client.info().models[0].sha256
    assert client.generate(REQUEST, model_sha256=sha256).model_sha256 == sha256


def test_a_damaged_model_is_named_before_anything_is_served(tmp_path):
    folder = shutil.copytree(TINY, tmp_path / "model")
    data = bytearray((folder / "synthesis.onnx").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "synthesis.onnx").write_bytes(data)
    with pytest.raises(ModelError, match=r"synthesis\.onnx: damaged"), EmbeddedServer(ServerConfig(model_dir=folder)):
        pass
    run = _serve("--model-dir", str(folder), "--ready-file", str(tmp_path / "r.json"))
    _, errors = run.communicate(timeout=30)
    assert run.returncode == 2
    assert "synthesis.onnx: damaged" in errors
    assert not (tmp_path / "r.json").exists()


def _serve(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from skyloom.cli.main import main; main()", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )


def test_skyloom_serve_serves_until_told_to_stop(tmp_path, client):
    ready = tmp_path / "ready.json"
    process = _serve("--model-dir", str(TINY), "--ready-file", str(ready), "--token", "s3cret", "--log-level", "debug")
    try:
        wait_until(lambda: ready.exists() or process.poll() is not None, 30)
        told = json.loads(ready.read_text())
        assert told["token"] == "s3cret"
        with SkyClient(told["addresses"]["grpc"], token="s3cret", timeout=30) as other:
            assert other.generate(REQUEST).images == client.generate(REQUEST).images
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=15)
    finally:
        process.kill()
    assert process.returncode == 0, errors
    assert output == ""
    assert re.search(r"serving on 127\.0\.0\.1:\d+", errors)
    assert "s3cret" not in errors
    assert "Traceback" not in errors
    assert not ready.exists()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--port", "70000"], "port"),
        (["--queue", "0"], "queue"),
        (["--host", "256.1.1.1"], "host"),
        (["--parent-pid", "-5"], "parent_pid"),
        (["--ready-file", "/no/such/folder/r.json"], "ready_file"),
    ],
)
def test_skyloom_serve_refuses_bad_options(options, named):
    from skyloom.cli.main import app
    from typer.testing import CliRunner

    run = CliRunner().invoke(app, ["serve", "--model-dir", str(TINY), *options])
    assert run.exit_code == 2
    assert run.output.startswith(f"skyloom: {named}: ")
