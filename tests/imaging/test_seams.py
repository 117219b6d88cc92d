"""The seam report: 1 on smooth skies, large on broken ones, each figure against a hand-made fault of known size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skyloom.errors import InvalidInput
from skyloom.imaging.layouts import Rendered
from skyloom.imaging.seams import FLOOR, SeamReport, edge_steps, measure, measure_rendered
from skyloom.sphere import cube, equirect


def colours(directions: np.ndarray) -> np.ndarray:
    """A smooth function of direction, [0, 1], different in each channel."""
    x, y, z = np.moveaxis(directions, -1, 0)
    waves = [np.sin(3 * x + 2 * y), np.cos(4 * z - y), np.sin(2 * x - 3 * z + y * y)]
    return (0.5 + 0.4 * np.stack(waves, axis=-1)).astype(np.float32)


def panorama(width: int = 512) -> np.ndarray:
    return colours(equirect.directions(width, width // 2))


def faces(size: int = 128) -> list[np.ndarray]:
    return [colours(cube.directions(face, size)) for face in cube.FACES]


def test_a_smooth_panorama_has_ratio_one() -> None:
    report = measure("panorama", [panorama()])
    assert report.wrap_ratio == pytest.approx(1, abs=0.03)
    assert report.edge_ratio is None
    assert report.zenith_ratio is not None
    assert report.zenith_ratio < 0.1


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 255), st.sampled_from([256, 510, 1024]))
def test_a_roll_leaves_a_smooth_panorama_seamless(shift: int, width: int) -> None:
    rolled = np.roll(panorama(width), shift, axis=1)
    # At an extremum of the colours the step vanishes to first order, hence the bound that narrows with more pixels.
    assert measure("panorama", [rolled]).wrap_ratio == pytest.approx(1, abs=40 / width)


def test_a_step_at_the_wrap_is_reported_in_inner_steps() -> None:
    ramp = np.broadcast_to(np.arange(200, dtype=np.float32)[None, :, None] / 1000, (100, 200, 3))
    expected = (199 / 1000 + FLOOR) / (1 / 1000 + FLOOR)
    assert measure("panorama", [ramp]).wrap_ratio == pytest.approx(expected, rel=1e-4)


def test_a_flat_picture_is_seamless() -> None:
    assert measure("panorama", [np.full((64, 128, 3), 0.4, np.float32)]) == SeamReport(wrap_ratio=1, zenith_ratio=1)


def test_a_pinched_zenith_stands_out() -> None:
    pinched = panorama()
    columns = np.linspace(0, 40 * np.pi, pinched.shape[1])
    pinched[:12] += 0.8 * np.sin(columns)[None, :, None].astype(np.float32)
    assert measure("panorama", [pinched]).zenith_ratio > 3


@pytest.mark.parametrize("size", [32, 128])
def test_smooth_faces_meet(size: int) -> None:
    report = measure("faces", faces(size))
    assert report.edge_ratio == pytest.approx(1, abs=0.12)
    # Linear extrapolation leaves a second-order remainder.
    assert report.edge_mismatch < 6 / size**2
    assert report.wrap_ratio is None


def test_a_cross_says_the_same_as_its_faces() -> None:
    six = faces(64)
    cross = cube.assemble_cross(dict(zip(cube.FACES, six, strict=True)))
    assert measure("cross", [cross]) == measure("faces", six)


def test_every_edge_is_looked_at() -> None:
    for index, (face, side, *_) in enumerate(cube.EDGES):
        six = dict(zip(cube.FACES, faces(32), strict=True))
        broken = six[face].copy()
        cube.border_line(broken, side)[:] += 0.25
        before, after = edge_steps(six), edge_steps({**six, face: broken})
        assert after[index, 2] > before[index, 2] + 0.2, (face, side)


def test_swapped_faces_stand_out() -> None:
    six = faces()
    six[2], six[3] = six[3], six[2]
    report = measure("faces", six)
    assert report.edge_ratio > 5
    assert report.edge_mismatch > 0.05


def test_a_sky_reports_what_its_outputs_can_show() -> None:
    one = Rendered("panorama", "panorama", "", 0, panorama())
    six = [Rendered(face, "faces", face, 1, pixels) for face, pixels in zip(cube.FACES, faces(), strict=True)]
    dome = Rendered("dome", "dome", "", 2, np.zeros((64, 64, 3), np.float32))
    assert measure_rendered([dome]) == SeamReport()
    assert measure_rendered([one, dome]).edge_ratio is None
    both = measure_rendered([one, *six, dome])
    assert both.wrap_ratio == measure("panorama", [one.pixels]).wrap_ratio
    assert both.edge_ratio == measure("faces", [item.pixels for item in six]).edge_ratio


@pytest.mark.parametrize(("kind", "count"), [("dome", 1), ("faces", 5), ("panorama", 2), ("photo", 1)])
def test_other_pictures_are_refused(kind: str, count: int) -> None:
    with pytest.raises(InvalidInput, match="six faces"):
        measure(kind, [np.zeros((12, 16, 3), np.float32)] * count)
