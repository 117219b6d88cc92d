"""The pictures of each layout: names, sizes, directions, bands that cover every row once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyloom.errors import InvalidInput
from skyloom.imaging.layouts import BAND_PIXELS, View, gather_cross, name_outputs, perspective_size, views_of
from skyloom.request import LAYOUTS, Camera, OutputSpec
from skyloom.sphere import cube, dome, equirect, perspective


def whole(view: View) -> np.ndarray:
    return np.concatenate([view.directions(first, last) for first, last in view.bands()])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sizes_names_and_unit_directions(layout: str) -> None:
    views = views_of(OutputSpec(layout, 64))
    names = {"faces": list(cube.FACES), "cross": list(cube.FACES)}.get(layout, [layout])
    assert [view.image for view in views] == names
    shape = {"panorama": (32, 64), "perspective": (36, 64)}.get(layout, (64, 64))
    for view in views:
        assert (view.height, view.width) == shape
        grid = whole(view)
        assert grid.shape == (*shape, 3)
        np.testing.assert_allclose(np.linalg.norm(grid, axis=-1), 1, atol=1e-12)
        assert view.face == (view.image if len(views) == 6 else "")
    assert len({(view.image, *view.key) for view in views}) == len(views)


def test_directions_are_those_of_the_sphere() -> None:
    np.testing.assert_array_equal(whole(views_of(OutputSpec("panorama", 64))[0]), equirect.directions(64, 32))
    np.testing.assert_array_equal(whole(views_of(OutputSpec("dome", 64), 2.0)[0]), dome.directions(64, 2.0)[0])
    for view in views_of(OutputSpec("faces", 16)):
        np.testing.assert_array_equal(whole(view), cube.directions(view.face, 16))
    view = views_of(OutputSpec("perspective", 64, camera=Camera(30, 40, 50)))[0]
    np.testing.assert_allclose(whole(view), perspective.directions(64, 36, *np.deg2rad([30, 40, 0, 50])), atol=1e-15)


@given(st.integers(1, 8192), st.integers(1, 8192))
def test_bands_cover_every_row_once_and_stay_small(width: int, height: int) -> None:
    bands = View("x", "", width, height, (), lambda a, b: np.zeros((b - a, width, 3))).bands()
    assert bands[0][0] == 0
    assert bands[-1][1] == height
    assert all(last == first for (_, last), (first, _) in pairwise(bands))
    assert all(0 < (last - first) * width <= max(BAND_PIXELS, width) for first, last in bands)


@pytest.mark.parametrize("width", [16, 64, 640, 1280, 1920, 4096])
def test_views_are_16_to_9_with_even_rows(width: int) -> None:
    found, height = perspective_size(width)
    assert found == width
    assert height % 2 == 0
    assert abs(height - width * 9 / 16) <= 1


def test_different_cameras_have_different_keys() -> None:
    cameras = [Camera(), Camera(yaw=1), Camera(pitch=21), Camera(fov=91)]
    keys = {views_of(OutputSpec("perspective", 64, camera=camera))[0].key for camera in cameras}
    keys |= {views_of(OutputSpec("perspective", 66))[0].key}
    assert len(keys) == 5
    assert len({views_of(OutputSpec("dome", 64), t)[0].key for t in (1.7, 1.8)}) == 2


def test_only_a_dome_shows_nothing_in_its_corners() -> None:
    assert views_of(OutputSpec("panorama", 64))[0].outside(0, 32) is None
    outside = views_of(OutputSpec("dome", 64))[0].outside(10, 50)
    assert outside is not None
    np.testing.assert_array_equal(outside, ~dome.directions(64)[1][10:50])


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(InvalidInput, match="layout"):
        views_of(OutputSpec("tetrahedron", 64))


def test_repeated_names_are_numbered() -> None:
    pixels = np.zeros((1, 1, 3), np.float32)
    specs = [OutputSpec("panorama"), OutputSpec("dome"), OutputSpec("panorama"), OutputSpec("panorama")]
    rendered = name_outputs(specs, lambda spec: [(spec.layout, "", pixels)])
    assert [item.image for item in rendered] == ["panorama", "dome", "panorama-2", "panorama-3"]
    assert [item.output_index for item in rendered] == [0, 1, 2, 3]


def test_only_a_cross_is_gathered() -> None:
    pictures = [(face, face, np.full((2, 2, 3), i, np.float32)) for i, face in enumerate(cube.FACES)]
    assert gather_cross(OutputSpec("faces", 16), pictures) is pictures
    [(name, face, cross)] = gather_cross(OutputSpec("cross", 16), pictures)
    assert (name, face, cross.shape) == ("cross", "", (6, 8, 3))
