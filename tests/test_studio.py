"""The core: one request to one sky, the same bytes each time, stopped between stages, with recipe and seams."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from skyloom.clouds import CLOUD_NAMES
from skyloom.errors import Cancelled, InvalidInput
from skyloom.generation import ModelRegistry, SkyModel
from skyloom.imaging.codec import decode
from skyloom.recipe import TEXT_KEY, recipe_from_json
from skyloom.request import Camera, Ground, OutputSpec, SkyRequest
from skyloom.studio import make_sky

TINY = Path(__file__).parent / "data" / "tiny_model"
OUTPUTS = (OutputSpec("panorama", 128), OutputSpec("faces", 32, "jpg"), OutputSpec("dome", 64))
REQUEST = SkyRequest((("cumulus", 1.0),), seed=7, outputs=OUTPUTS)


@pytest.fixture(scope="module")
def tiny() -> SkyModel:
    return SkyModel(TINY)


@pytest.fixture(scope="module")
def bundled() -> SkyModel:
    return ModelRegistry().get()


def test_a_sky_has_every_output_in_order(tiny: SkyModel) -> None:
    sky = make_sky(REQUEST, tiny)
    names = ["panorama", "front", "back", "left", "right", "up", "down", "dome"]
    assert [picture.image for picture in sky.pictures] == names
    for picture in sky.pictures:
        decoded = decode(picture.data)
        assert decoded.pixels.shape == (picture.height, picture.width, 3)
        assert decoded.info.format == picture.format
        assert picture.sha256 == hashlib.sha256(picture.data).hexdigest()
    assert [name for name, _ in sky.timings] == ["network", "render", "seams", "encode"]


def test_a_picture_does_not_depend_on_what_else_was_asked_for(tiny: SkyModel) -> None:
    together = {picture.image: picture.data for picture in make_sky(REQUEST, tiny).pictures}
    for output in OUTPUTS:
        for picture in make_sky(replace(REQUEST, outputs=(output,)), tiny).pictures:
            assert picture.data == together[picture.image]


@pytest.mark.parametrize(
    "request_",
    [
        REQUEST,
        replace(REQUEST, clouds=(("Cu", 0.7), ("cirrus", 0.3)), variation=0.25, rotation=33.5, exposure=-1.25),
        replace(REQUEST, ground=Ground("colour", (0.1, 0.5, 0.25)), outputs=(OutputSpec("cross", 32, "jpg", 80),)),
        replace(REQUEST, outputs=(OutputSpec("perspective", 64, camera=Camera(12.5, -3, 60)),)),
    ],
)
def test_the_recipe_in_a_picture_makes_it_again(tiny: SkyModel, request_: SkyRequest) -> None:
    for picture in make_sky(request_, tiny).pictures:
        recipe = recipe_from_json(decode(picture.data).info.text[TEXT_KEY])
        assert recipe.model_sha256 == tiny.sha256
        again = {other.image: other.data for other in make_sky(recipe.request, tiny).pictures}
        assert again[picture.image] == picture.data


def test_what_a_request_changes_shows(tiny: SkyModel) -> None:
    variants = [
        REQUEST,
        replace(REQUEST, seed=8),
        replace(REQUEST, clouds=(("stratus", 1.0),)),
        replace(REQUEST, variation=0.1),
        replace(REQUEST, rotation=90.0),
        replace(REQUEST, exposure=1.0),
        replace(REQUEST, ground=Ground("mirror")),
    ]
    panoramas = {make_sky(variant, tiny).pictures[0].data for variant in variants}
    assert len(panoramas) == len(variants)


def test_progress_rises_through_the_stages(tiny: SkyModel) -> None:
    calls: list[tuple[str, str, float]] = []
    make_sky(REQUEST, tiny, lambda stage, detail, fraction: calls.append((stage, detail, fraction)))
    fractions = [fraction for *_, fraction in calls]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    assert list(dict.fromkeys(stage for stage, *_ in calls)) == ["network", "render", "encode"]


@pytest.mark.parametrize("at", range(8))
def test_a_stop_ends_the_job_at_that_call(tiny: SkyModel, at: int) -> None:
    calls = 0

    def stop(stage: str, detail: str, fraction: float) -> None:
        nonlocal calls
        calls += 1
        if calls > at:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        make_sky(REQUEST, tiny, stop)
    assert calls == at + 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"variation": float("nan")}, "variation"),
        ({"exposure": 6.0}, "exposure"),
        ({"outputs": ()}, "outputs"),
        ({"outputs": (OutputSpec("panorama", 3),)}, "size"),
        ({"outputs": (OutputSpec("panorama", 10**9),)}, "size"),
        ({"clouds": (("cumulos", 1.0),)}, "cloud"),
        ({"clouds": (("cumulus", 0.7), ("cirrus", 0.7))}, "cloud"),
    ],
)
def test_bad_requests_name_the_field(tiny: SkyModel, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make_sky(replace(REQUEST, **change), tiny)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_the_bundled_model_is_the_same_from_many_threads(bundled: SkyModel) -> None:
    requests = [replace(REQUEST, seed=seed % 3) for seed in range(9)]
    alone = [make_sky(request, bundled).pictures[0].sha256 for request in requests[:3]]
    with ThreadPoolExecutor(4) as pool:
        crowd = list(pool.map(lambda request: make_sky(request, bundled).pictures[0].sha256, requests))
    assert crowd == alone * 3


def test_the_bundled_model_draws_different_skies(bundled: SkyModel) -> None:
    domes = [bundled.synthesise(((name, 1.0),), 5, 0.7) for name in CLOUD_NAMES]
    domes += [bundled.synthesise((("cumulus", 1.0),), seed, 0.7) for seed in range(3)]
    assert all(dome.shape == (bundled.dome_size, bundled.dome_size, 3) for dome in domes)
    assert all(0.05 < float(dome.mean()) < 0.95 and float(dome.std()) > 0.02 for dome in domes)
    for index, dome in enumerate(domes):
        for other in domes[:index]:
            assert float(np.abs(dome - other).mean()) > 0.01


@pytest.mark.slow
def test_the_bundled_model_is_seamless(bundled: SkyModel) -> None:
    outputs = (OutputSpec("panorama", 2048), OutputSpec("faces", 512))
    zenith_ratios = []
    for seed in range(20):
        cloud = CLOUD_NAMES[seed % len(CLOUD_NAMES)]
        report = make_sky(SkyRequest(((cloud, 1.0),), seed=seed, outputs=outputs), bundled).seams
        # A dome of 512 has detail of single pixels: inner columns of one sky range from 0.7 to 1.4. A seam is above, a
        # repeated column 0; contrails a few columns from the wrap alone make 0.66 (seed 16).
        assert 0.5 < report.wrap_ratio < 1.25, (cloud, seed)
        # The worst of twelve edges, in skies whose steps are a quarter of a level: content too (nimbostratus, seed 8).
        assert report.edge_ratio == pytest.approx(1, abs=0.15), (cloud, seed)
        assert report.edge_mismatch is not None
        assert report.edge_mismatch < 0.25 / 255, (cloud, seed)
        assert report.zenith_ratio is not None
        assert report.zenith_ratio < 5, (cloud, seed)
        zenith_ratios.append(report.zenith_ratio)
    # A pinched pole stands far above 1 in all; one sky reaches 2 by content, clear at 30 degrees and rippled above.
    assert median(zenith_ratios) < 0.5
