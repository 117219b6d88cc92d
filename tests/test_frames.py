"""Weather sequences: positions, exact ends, even and equally sharp frames, loops, and each frame's own recipe."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skyloom.errors import Cancelled, InvalidInput, ModelError
from skyloom.frames import make_transition
from skyloom.generation import DetailModel, ModelRegistry, SkyModel
from skyloom.generation.latent import latent_between, latent_from_seed, slerp
from skyloom.imaging.codec import decode
from skyloom.recipe import TEXT_KEY, recipe_from_json
from skyloom.request import Blend, Ground, OutputSpec, SkyRequest
from skyloom.studio import make_sky
from skyloom.transition import (
    MAX_FRAMES,
    MAX_TRANSITION_PIXELS,
    Transition,
    check_transition,
    frame_request,
    output_pixels,
    positions_of,
)

DATA = Path(__file__).parent / "data"
START = SkyRequest(
    (("cumulus", 1.0),),
    seed=7,
    rotation=20.0,
    ground=Ground("colour", (0.2, 0.3, 0.1)),
    outputs=(OutputSpec("panorama", 64), OutputSpec("faces", 16)),
    detail="off",
)
RAIN = (("nimbostratus", 1.0),)


@pytest.fixture(scope="module")
def tiny() -> SkyModel:
    return SkyModel(DATA / "tiny_model", threads=1)


@pytest.fixture(scope="module")
def bundled() -> SkyModel:
    return ModelRegistry().get()


def test_noise_between_seeds_keeps_its_variance() -> None:
    z0, n0, pose = latent_from_seed(1, 128, 20000)
    z1, n1, _ = latent_from_seed(2, 128, 20000)
    for position in np.linspace(0, 1, 9):
        z, n, turned = latent_between(1, 2, position, 128, 20000)
        assert (z.shape, n.shape, z.dtype, n.dtype) == (z0.shape, n0.shape, np.float32, np.float32)
        assert turned == pose
        assert float(n.std()) == pytest.approx(1, abs=0.02)
        assert min(z0.std(), z1.std()) * 0.99 <= z.std() <= max(z0.std(), z1.std()) * 1.01
    # Halfway on a straight line it would be 0.7: every frame between two others duller.
    assert float(((n0 + n1) / 2).std()) < 0.72
    np.testing.assert_array_equal(latent_between(1, 2, 0.0, 128, 20000)[1], n0)
    np.testing.assert_allclose(latent_between(1, 2, 1.0, 128, 20000)[1], n1, atol=1e-5)
    np.testing.assert_array_equal(latent_between(1, 1, 0.3, 128, 20000)[1], n0)


@given(st.integers(2, 40), st.floats(0, 1), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_slerp_turns_at_constant_speed(length: int, t: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = (v / np.linalg.norm(v) for v in rng.standard_normal((2, 1, length)).astype(np.float32))
    whole = np.arccos(np.clip(float(np.sum(a * b)), -1, 1))
    if np.sin(whole) < 1e-2:
        return
    between = slerp(a, b, t)
    assert np.linalg.norm(between) == pytest.approx(1, abs=1e-4)
    assert np.arccos(np.clip(float(np.sum(a * between)), -1, 1)) == pytest.approx(t * whole, abs=2e-3)


def test_positions() -> None:
    way = Transition(START, RAIN, frames=5)
    assert positions_of(way) == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert positions_of(replace(way, loop=True, frames=4)) == (0.0, 0.5, 1.0, 0.5)
    assert positions_of(replace(way, pace="eased")) == (0.0, 0.15625, 0.5, 0.84375, 1.0)
    assert positions_of(replace(way, frames=2)) == (0.0, 1.0)


@given(st.integers(2, MAX_FRAMES), st.booleans(), st.sampled_from(["even", "eased"]))
@settings(max_examples=100, deadline=None)
def test_a_loop_closes_and_a_way_ends(frames: int, loop: bool, pace: str) -> None:
    positions = positions_of(Transition(START, RAIN, frames=frames, loop=loop, pace=pace))
    assert len(positions) == frames
    assert positions[0] == 0
    assert all(0 <= position <= 1 for position in positions)
    steps = np.abs(np.diff([*positions, positions[0]] if loop else positions))
    if pace == "even":
        np.testing.assert_allclose(steps, steps[0], atol=1e-12 if frames % 2 == 0 or not loop else 2 / frames)
    if loop:
        assert positions[1:] == positions[:0:-1], "back through exactly the same places"
        assert max(positions) == 1 or frames % 2
        assert steps[-1] == pytest.approx(steps[0])
    else:
        assert positions[-1] == 1
        assert list(positions) == sorted(positions)


def test_frames_at_the_ends_are_plain_skies() -> None:
    way = check_transition(Transition(START, RAIN))
    assert frame_request(way, 0.0) == START
    assert frame_request(way, 1.0) == replace(START, clouds=RAIN)
    assert frame_request(way, 0.5) == replace(START, blend=Blend(RAIN, 7, 0.5))
    other = check_transition(Transition(START, RAIN, to_seed=8))
    assert frame_request(other, 0.0) == START
    assert frame_request(other, 1.0) == replace(START, blend=Blend(RAIN, 8, 1.0))
    only_seed = check_transition(Transition(START, to_seed=8))
    assert frame_request(only_seed, 0.5) == replace(START, blend=Blend(START.clouds, 8, 0.5))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "to"),
        ({"to_clouds": (("Cu", 1.0),)}, "to"),
        ({"to_clouds": (("cumulus", 1.0),), "to_seed": 7}, "to"),
        ({"to_clouds": (("fog", 1.0),)}, "to"),
        ({"to_clouds": (("cirrus", 0.5),)}, "to"),
        ({"to_clouds": RAIN, "to_seed": -1}, "to_seed"),
        ({"to_clouds": RAIN, "to_seed": 2**32}, "to_seed"),
        ({"to_clouds": RAIN, "frames": 0}, "frames"),
        ({"to_clouds": RAIN, "frames": 1}, "frames"),
        ({"to_clouds": RAIN, "frames": MAX_FRAMES + 1}, "frames"),
        ({"to_clouds": RAIN, "frames": True}, "frames"),
        ({"to_clouds": RAIN, "pace": "fast"}, "pace"),
        ({"to_clouds": RAIN, "start": replace(START, outputs=(OutputSpec("panorama", 8192),))}, "frames"),
        ({"to_clouds": RAIN, "start": replace(START, blend=Blend(RAIN, 1, 0.5))}, "blend"),
        ({"to_clouds": RAIN, "start": replace(START, seed=-1)}, "seed"),
    ],
)
def test_bad_transitions_name_the_field(changes: dict, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_transition(replace(Transition(START), **changes))
    assert caught.value.field == field


def test_the_bound_on_pixels_counts_what_is_made(tiny: SkyModel) -> None:
    for layout in ("panorama", "faces", "cross", "dome", "perspective"):
        output = OutputSpec(layout, 64)
        sky = make_sky(replace(START, outputs=(output,)), tiny)
        made = sum(picture.width * picture.height for picture in sky.pictures)
        assert output_pixels(output) == pytest.approx(made, rel=0.03), layout
    most = MAX_TRANSITION_PIXELS // output_pixels(OutputSpec("panorama", 8192))
    large = replace(START, outputs=(OutputSpec("panorama", 8192),))
    assert check_transition(Transition(large, RAIN, frames=most)).frames == most
    with pytest.raises(InvalidInput, match=f"at most {most} frames"):
        check_transition(Transition(large, RAIN, frames=most + 1))


def test_every_frame_is_there_and_makes_itself_again(tiny: SkyModel) -> None:
    made = make_transition(Transition(START, RAIN, to_seed=9, frames=4), tiny)
    names = ["panorama", "front", "back", "left", "right", "up", "down"]
    assert [picture.image for picture in made.pictures] == [f"{n}_{frame:04d}" for frame in range(4) for n in names]
    assert [picture.frame for picture in made.pictures] == [frame for frame in range(4) for _ in names]
    assert made.request == START
    assert len({picture.sha256 for picture in made.pictures}) == len(made.pictures)
    for picture in made.pictures:
        recipe = recipe_from_json(decode(picture.data).info.text[TEXT_KEY])
        again = make_sky(recipe.request, tiny)
        assert picture.data in [other.data for other in again.pictures]
        assert (recipe.request.rotation, recipe.request.ground) == (START.rotation, START.ground)
    assert [stage for stage, _ in made.timings] == ["network", "render", "seams", "encode"]
    assert made.seams.wrap_ratio is not None


def test_the_ends_are_the_plain_skies_to_the_byte(bundled: SkyModel) -> None:
    made = make_transition(Transition(START, RAIN, frames=3), bundled)
    for frame, clouds in ((0, START.clouds), (2, RAIN)):
        plain = make_sky(replace(START, clouds=clouds), bundled)
        assert [p.data for p in made.pictures if p.frame == frame] == [p.data for p in plain.pictures]


def test_a_loop_makes_each_place_once(tiny: SkyModel) -> None:
    calls: list[tuple[str, str, float]] = []
    made = make_transition(Transition(START, RAIN, frames=6, loop=True), tiny, lambda *call: calls.append(call))
    panoramas = [picture.data for picture in made.pictures if picture.layout == "panorama"]
    assert panoramas[1] is panoramas[5]
    assert panoramas[2] is panoramas[4]
    assert len(set(panoramas)) == 4
    fractions = [fraction for *_, fraction in calls]
    assert fractions == sorted(fractions)
    assert 0.9 < fractions[-1] <= 1
    assert list(dict.fromkeys(frame for _, frame, _ in calls)) == [f"frame {n} of 6" for n in (1, 2, 3, 4)]


def test_a_stop_ends_the_sequence_within_a_frame(tiny: SkyModel) -> None:
    def stop(stage: str, frame: str, fraction: float) -> None:
        if frame == "frame 2 of 240":
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        make_transition(Transition(START, RAIN, frames=MAX_FRAMES), tiny, stop)


def test_frames_have_detail(tiny: SkyModel) -> None:
    fine = replace(START, detail="standard", outputs=(OutputSpec("panorama", 128),))
    detail = DetailModel(DATA / "tiny_detail", threads=1)
    made = make_transition(Transition(fine, RAIN, frames=2), tiny, detail_model=detail)
    assert "detail" in dict(made.timings)
    assert made.detail_sha256 == detail.sha256
    with pytest.raises(ModelError, match="no detail model"):
        make_transition(Transition(fine, RAIN, frames=2), tiny)


def test_a_type_that_the_model_does_not_know_is_named(tiny: SkyModel) -> None:
    class Narrow:
        def check_clouds(self, clouds: tuple, field: str) -> None:
            SkyModel.check_clouds(self, clouds, field)  # type: ignore[arg-type]

        classes, name = ("cumulus",), "narrow"

    with pytest.raises(InvalidInput, match="to: 'nimbostratus'"):
        make_transition(Transition(START, RAIN), Narrow())  # type: ignore[arg-type]


WAYS = [(("cumulus", 7), ("nimbostratus", 7)), (("altocumulus", 9), ("cirrus", 9)), (("cumulus", 1), ("cumulus", 2))]


@pytest.mark.parametrize(("start", "end"), WAYS)
def test_the_bundled_model_changes_evenly_and_stays_sharp(
    bundled: SkyModel, start: tuple[str, int], end: tuple[str, int]
) -> None:
    """On the domes themselves, which every picture is sampled from."""
    asked = SkyRequest(((start[0], 1.0),), seed=start[1])
    way = check_transition(Transition(asked, ((end[0], 1.0),), to_seed=end[1], frames=11))
    domes = []
    for position in positions_of(way):
        request = frame_request(way, position)
        domes.append(bundled.synthesise(request.clouds, request.seed, request.variation, request.blend))
    steps = np.array([np.abs(b - a).mean() for a, b in pairwise(domes)])
    # Where one layout of clouds gives way to another a step is up to three times the others, not more.
    assert steps.max() / np.median(steps) < 3.2
    assert steps.min() / np.median(steps) > 0.25
    assert steps.max() < 0.5 * np.abs(domes[-1] - domes[0]).mean(), "one step is half of the way"
    # Sharpness: mean step between neighbouring pixels, against the straight line between the ends.
    sharpness = [float(np.abs(np.diff(dome, axis=1)).mean()) for dome in domes]
    expected = np.linspace(sharpness[0], sharpness[-1], len(sharpness))
    assert (np.array(sharpness) > 0.75 * expected).all(), sharpness
