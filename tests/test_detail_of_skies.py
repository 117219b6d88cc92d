"""Detail in whole skies: which outputs get it, what it leaves alone, what the recipe says, and when it stops."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from skyloom.domes import SkyDomes
from skyloom.errors import Cancelled, InvalidInput, ModelError
from skyloom.generation import DetailModel, SkyModel
from skyloom.imaging.codec import decode
from skyloom.imaging.density import texels_wanted
from skyloom.recipe import TEXT_KEY, recipe_from_json
from skyloom.request import AUTO_DENSITY, Camera, Ground, OutputSpec, SkyRequest
from skyloom.studio import make_sky

DATA = Path(__file__).parent / "data"
THETA_MAX = float(np.deg2rad(100))
# The tiny dome has 64 pixels: the first of these needs no more, the second four times, the third more than that.
SMALL, MIDDLE, LARGE = OutputSpec("panorama", 32), OutputSpec("panorama", 128), OutputSpec("panorama", 512)
REQUEST = SkyRequest((("cumulus", 1.0),), seed=7, outputs=(SMALL, MIDDLE, LARGE), detail="high")


@pytest.fixture(scope="module")
def tiny() -> SkyModel:
    return SkyModel(DATA / "tiny_model", threads=1)


@pytest.fixture(scope="module")
def detail() -> DetailModel:
    return DetailModel(DATA / "tiny_detail", threads=1)


@pytest.mark.parametrize(
    ("output", "size", "wanted"),
    [
        # A texel at the zenith spans 4 tan(50 degrees) / S, a pixel of a panorama 2 pi / W.
        (OutputSpec("panorama", 2048), 512, 4 * np.tan(np.deg2rad(50)) / 512 * 2048 / (2 * np.pi)),
        (OutputSpec("panorama", 8192), 512, 4 * np.tan(np.deg2rad(50)) / 512 * 8192 / (2 * np.pi)),
        (OutputSpec("dome", 1024), 512, 2.0),
        (OutputSpec("dome", 64), 512, 0.125),
        # A face is densest where it is sparsest in angle: nowhere denser than the zenith's middle times 1.5.
        (OutputSpec("faces", 512), 512, None),
    ],
)
def test_how_many_pixels_an_output_wants(output: OutputSpec, size: int, wanted: float | None) -> None:
    found = texels_wanted(output, Ground(), size, THETA_MAX)
    if wanted is not None:
        assert found == pytest.approx(wanted, rel=0.03)
    assert texels_wanted(output, Ground(), 2 * size, THETA_MAX) == pytest.approx(found / 2)
    assert texels_wanted(output, Ground("mirror"), size, THETA_MAX) == pytest.approx(found, rel=0.1)


def test_a_view_of_the_ground_alone_wants_nothing() -> None:
    down = OutputSpec("perspective", 256, camera=Camera(0, -80, 30))
    assert texels_wanted(down, Ground(), 64, THETA_MAX) == 0
    assert texels_wanted(replace(down, camera=Camera(0, 80, 30)), Ground(), 64, THETA_MAX) > 4


def test_each_output_gets_what_it_needs(tiny: SkyModel, detail: DetailModel) -> None:
    def passes(level: str, model: DetailModel | None = detail) -> list[int]:
        domes = SkyDomes(replace(REQUEST, detail=level), tiny.dome_size, tiny.theta_max, model)
        return [domes.passes(output) for output in REQUEST.outputs]

    assert passes("off") == [0, 0, 0]
    assert passes("standard") == [0, 1, 1]
    assert passes("high") == [0, 1, 2]


def test_high_is_eight_times_the_dome_and_standard_four(tiny: SkyModel, detail: DetailModel) -> None:
    domes = SkyDomes(REQUEST, tiny.dome_size, tiny.theta_max, detail)
    domes.take(tiny.synthesise(REQUEST.clouds, 7, 0.7))
    domes.enlarge(lambda tile, share: None)
    assert [domes.of(output)[1].shape[0] for output in REQUEST.outputs] == [64, 256, 512]


def test_outputs_that_need_no_more_are_as_without_detail(tiny: SkyModel, detail: DetailModel) -> None:
    plain = make_sky(replace(REQUEST, detail="off"), tiny)
    fine = make_sky(REQUEST, tiny, detail_model=detail)
    differences = [
        float(np.abs(decode(a.data).pixels - decode(b.data).pixels).mean())
        for a, b in zip(plain.pictures, fine.pictures, strict=True)
    ]
    assert differences[0] == 0
    assert all(difference > 0.5 / 255 for difference in differences[1:])
    assert [stage for stage, _ in plain.timings] == ["network", "render", "seams", "encode"]
    assert [stage for stage, _ in fine.timings] == ["network", "detail", "render", "seams", "encode"]
    skipped = make_sky(replace(REQUEST, outputs=(SMALL,)), tiny, detail_model=detail)
    assert "detail" not in dict(skipped.timings)
    assert skipped.pictures[0].data == fine.pictures[0].data


def test_a_picture_does_not_depend_on_what_else_was_asked_for(tiny: SkyModel, detail: DetailModel) -> None:
    outputs = (*REQUEST.outputs, OutputSpec("faces", 64), OutputSpec("dome", 160))
    together = make_sky(replace(REQUEST, outputs=outputs), tiny, detail_model=detail)
    for index, output in enumerate(outputs):
        alone = make_sky(replace(REQUEST, outputs=(output,)), tiny, detail_model=detail)
        same = [picture.data for picture in together.pictures if picture.output_index == index]
        assert [picture.data for picture in alone.pictures] == same, output


@pytest.mark.parametrize(("level", "ground"), [("standard", Ground("mirror")), ("high", Ground())])
def test_no_seam_at_tiles_wrap_or_edges(
    tiny: SkyModel, detail: DetailModel, ground: Ground, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = replace(REQUEST, detail=level, ground=ground, outputs=(LARGE, OutputSpec("faces", 128)))
    whole = make_sky(request, tiny, detail_model=detail)
    monkeypatch.setattr(DetailModel.enlarge, "__kwdefaults__", {**DetailModel.enlarge.__kwdefaults__, "tile": 24})
    tiled = make_sky(request, tiny, detail_model=detail)
    for a, b in zip(whole.pictures, tiled.pictures, strict=True):
        worst = np.abs(decode(a.data).pixels - decode(b.data).pixels).max()
        assert worst < 1.5 / 255, a.image  # a step of rounding at most
    # The untrained net's detail is noise from pixel to pixel: a seam would show as twice the inner step or more.
    assert tiled.seams.wrap_ratio == pytest.approx(1, abs=0.25)
    assert tiled.seams.edge_ratio == pytest.approx(1, abs=0.25)


def test_the_recipe_names_the_detail_and_makes_it_again(tiny: SkyModel, detail: DetailModel) -> None:
    sky = make_sky(replace(REQUEST, detail="standard"), tiny, detail_model=detail)
    assert (sky.request.detail, sky.request.detail_model) == ("standard", "tiny-detail")
    assert sky.detail_sha256 == detail.sha256
    for picture in sky.pictures:
        recipe = recipe_from_json(decode(picture.data).info.text[TEXT_KEY])
        assert (recipe.request.detail, recipe.request.detail_model) == ("standard", "tiny-detail")
        assert recipe.detail_sha256 == detail.sha256
        assert make_sky(recipe.request, tiny, detail_model=detail).pictures[0].data == picture.data


def test_auto_is_standard_for_large_pictures_and_off_for_others(tiny: SkyModel, detail: DetailModel) -> None:
    assert SkyRequest.detail == "auto"
    edge = round(128 * AUTO_DENSITY / texels_wanted(MIDDLE, Ground(), 64, THETA_MAX))
    for size, level in ((edge - 8, "off"), (edge + 8, "standard")):
        request = replace(REQUEST, detail="auto", outputs=(SMALL, OutputSpec("panorama", size)))
        assert make_sky(request, tiny, detail_model=detail).request.detail == level


def test_auto_is_off_without_a_detail_model(tiny: SkyModel) -> None:
    without = make_sky(replace(REQUEST, detail="auto"), tiny)
    assert (without.request.detail, without.request.detail_model, without.detail_sha256) == ("off", "", "")
    for picture, plain in zip(without.pictures, make_sky(replace(REQUEST, detail="off"), tiny).pictures, strict=True):
        assert picture.data == plain.data
        recipe = json.loads(decode(picture.data).info.text[TEXT_KEY])
        assert "detail" not in recipe
        assert "detailModel" not in recipe


@pytest.mark.parametrize("level", ["standard", "high"])
def test_detail_asked_for_without_a_model(tiny: SkyModel, level: str) -> None:
    with pytest.raises(ModelError, match=f"detail {level}: no detail model is installed"):
        make_sky(replace(REQUEST, detail=level), tiny)


def test_an_unknown_level_is_named(tiny: SkyModel, detail: DetailModel) -> None:
    with pytest.raises(InvalidInput, match="'ultra' is not allowed; expected one of off, standard, high, auto"):
        make_sky(replace(REQUEST, detail="ultra"), tiny, detail_model=detail)


def test_progress_tells_the_tiles_and_a_stop_ends_the_job_between_them(
    tiny: SkyModel, detail: DetailModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DetailModel.enlarge, "__kwdefaults__", {**DetailModel.enlarge.__kwdefaults__, "tile": 32})
    calls: list[tuple[str, str, float]] = []
    make_sky(REQUEST, tiny, lambda *call: calls.append(call), detail)
    fractions = [fraction for *_, fraction in calls]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    stages = list(dict.fromkeys(stage for stage, *_ in calls))
    assert stages == ["network", "detail", "render", "encode"]
    tiles = [text for stage, text, _ in calls if stage == "detail"]
    assert tiles[:2] == ["tile 1 of 4", "tile 2 of 4"]
    assert len(tiles) > 40

    seen = 0

    def stop(stage: str, text: str, fraction: float) -> None:
        nonlocal seen
        seen += 1
        if text == "tile 3 of 4":
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        make_sky(REQUEST, tiny, stop, detail)
    assert seen == 4
