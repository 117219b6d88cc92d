"""What Unity's shaders would show of the imported files, in 10,000 directions, is the sky in those directions."""

from __future__ import annotations

import io

import numpy as np
import pytest
import unity_shader
from editor_skies import TINY, AnalyticCore, TinyCore, analytic, manifest, sky
from grpc_web import web_server
from PIL import Image
from skyloom.generation import ModelRegistry
from skyloom.request import OutputSpec, SkyRequest
from skyloom.sphere import dome, equirect
from skyloom.studio import make_sky

KINDS = {"panoramic": 512, "sixSided": 256, "cubemap": 256}
# One step of 8 bits, which dithering may take, and what bilinear reading adds on these smooth skies.
TOLERANCE = 2.2 / 255


def _directions(count: int = 10_000) -> np.ndarray:
    """Unit directions: evenly drawn, and among them the places where a mapping breaks first."""
    rng = np.random.default_rng(1)
    d = rng.normal(size=(count - 1500, 3))
    turn = rng.uniform(-np.pi, np.pi, 500)
    tilt = rng.normal(scale=2e-3, size=(500, 2))
    # Either side of the panorama's wrap; the two poles; the edges and corners of the cube.
    wrap = np.stack([tilt[:, 0], np.sin(turn), -np.abs(np.cos(turn))], axis=1)
    poles = np.stack([tilt[:, 0], np.where(turn > 0, 1.0, -1.0), tilt[:, 1]], axis=1)
    edges = rng.choice([-1.0, 1.0], size=(500, 3)) * (1 + rng.normal(scale=1e-3, size=(500, 3)))
    edges[np.arange(250), rng.integers(0, 3, 250)] *= rng.uniform(0, 1, 250)
    d = np.concatenate([d, wrap, poles, edges])
    return d / np.linalg.norm(d, axis=1, keepdims=True)


D = _directions()


@pytest.fixture(scope="module")
def analytic_server():
    with web_server(AnalyticCore()) as (_core, server):
        yield server.web_address


@pytest.fixture(scope="module")
def generating_server():
    with web_server(TinyCore()) as (_core, server):
        yield server.web_address


@pytest.fixture(scope="module")
def generated():
    """Colours of the generated sky at D: above the horizon from its dome, below it from a large panorama."""
    request = SkyRequest(
        clouds=(("cumulus", 1.0),), seed=7, outputs=(OutputSpec("dome", 1024), OutputSpec("panorama", 2048))
    )
    pictures = make_sky(request, ModelRegistry(TINY).get()).pictures
    disc, panorama = (np.array(Image.open(io.BytesIO(picture.data))) / 255 for picture in pictures)
    column, row, _ = dome.coordinates(D, 1024)
    above = unity_shader.bilinear(disc, (column + 0.5) / 1024, (row + 0.5) / 1024, ("Clamp", "Clamp"))
    column, row = equirect.coordinates(D, 2048, 1024)
    whole = unity_shader.bilinear(panorama, (column + 0.5) / 2048, (row + 0.5) / 1024, ("Repeat", "Clamp"))
    return np.where(D[:, 1:2] > 0.01, above, whole)


def _displayed(editor, address, project, kind, **changes):
    """Colours at D that the material shows, and the material as it was recorded."""
    made = editor.call("import", address=address, manifest=manifest(sky(kind=kind, size=KINDS[kind])))
    material = editor.call("material", record=made["record"])
    settings = {path: editor.call("importer", path=path)["settings"] for path in made["textures"].values()}
    shown = {**material, "floats": {**material["floats"], **changes}}
    return unity_shader.displayed(shown, settings, project, D), material


@pytest.mark.parametrize("kind", KINDS)
def test_an_analytic_sky_is_shown_where_it_belongs(editor, analytic_server, tmp_path, kind):
    shown, _ = _displayed(editor, analytic_server, tmp_path, kind)
    error = np.abs(shown - analytic(D)).max(axis=1)
    assert len(error) == 10_000
    assert error.max() < TOLERANCE, D[np.argmax(error)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_generated_sky_is_shown_where_its_dome_has_it(editor, generating_server, generated, tmp_path, kind):
    shown, _ = _displayed(editor, generating_server, tmp_path, kind)
    error = np.abs(shown - generated).max(axis=1)
    assert error.max() < 2 * TOLERANCE, D[np.argmax(error)]
    assert np.median(error) < 1 / 255
    # The sky has something to compare: no single colour would pass.
    assert generated.std(axis=0).max() > 0.05


@pytest.mark.parametrize("kind", KINDS)
def test_a_quarter_turn_would_be_noticed(editor, analytic_server, tmp_path, kind):
    shown, material = _displayed(editor, analytic_server, tmp_path, kind, _Rotation=0 if kind == "panoramic" else 90)
    assert material["floats"]["_Rotation"] == (90 if kind == "panoramic" else 0)
    assert np.abs(shown - analytic(D)).max() > 0.3


@pytest.mark.parametrize(
    ("first", "second"), [("_LeftTex", "_RightTex"), ("_UpTex", "_DownTex"), ("_FrontTex", "_BackTex")]
)
def test_swapped_slots_would_be_noticed(editor, analytic_server, tmp_path, first, second):
    made = editor.call("import", address=analytic_server, manifest=manifest(sky(kind="sixSided")))
    material = editor.call("material", record=made["record"])
    textures = material["textures"]
    textures[first], textures[second] = textures[second], textures[first]
    settings = {path: editor.call("importer", path=path)["settings"] for path in made["textures"].values()}
    assert np.abs(unity_shader.displayed(material, settings, tmp_path, D) - analytic(D)).max() > 0.2


@pytest.mark.parametrize("space", ["linear", "gamma"])
def test_the_tint_leaves_the_sky_as_it_is(editor, analytic_server, tmp_path, space):
    editor.call("project", path=str(tmp_path), gamma=space == "gamma")
    _, material = _displayed(editor, analytic_server, tmp_path, "panoramic")
    assert unity_shader.brightness(material, space) == pytest.approx([1, 1, 1], abs=2e-6)
    half = {**material, "colours": {"_Tint": [0.5, 0.5, 0.5, 0.5]}}
    assert unity_shader.brightness(half, "linear") == pytest.approx([0.9835] * 3, abs=1e-4)
