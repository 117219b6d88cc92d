"""Maps onto the dome: positions, how many texels a pixel spans, and a cache that stays within its bytes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from skyloom.imaging.maps import DomeMap, MapCache, dome_map
from skyloom.sphere import cube, dome, equirect
from skyloom.sphere.directions import rotate_about_y

THETA_MAX = dome.THETA_MAX


def test_positions_are_those_of_the_dome_turned_back() -> None:
    grid = cube.directions("left", 64)[:32]
    found = dome_map(grid, 256, THETA_MAX, 0.7, mirror=False, bare=False)
    column, row, _ = dome.coordinates(rotate_about_y(grid, -0.7), 256)
    # float32 coordinates of a picture of 256 texels.
    np.testing.assert_allclose(found.positions, [column, row], atol=1e-4)
    assert found.ground is None


@pytest.mark.parametrize(("width", "expected"), [(2048, None), (512, 2.637), (256, 5.273)])
def test_minification_counts_texels_per_pixel(width: int, expected: float | None) -> None:
    """At the horizon a texel of a dome of 512 spans 2 tan(50 deg) / 512 = 0.2667 degrees, a pixel 360 / width."""
    found = dome_map(equirect.directions(width, width // 2), 512, THETA_MAX, 0, mirror=False, bare=False)
    if expected is None:
        assert found.minification is None
        return
    assert found.minification is not None
    assert found.minification[width // 4 - 1, width // 2] == pytest.approx(expected, rel=0.02)


def test_pixels_below_the_fade_read_the_ground_disc_only() -> None:
    grid = equirect.directions(128, 64)
    found = dome_map(grid, 256, THETA_MAX, 0, mirror=False, bare=False)
    assert found.ground is not None
    assert found.ground_mask is not None
    first, last = found.ground
    assert last == 64
    below = np.rad2deg(np.arcsin(grid[..., 1])) < -9
    np.testing.assert_array_equal(found.ground_mask[..., 0], below[first:last])
    assert not below[:first].any()
    for other in ({"mirror": True, "bare": False}, {"mirror": False, "bare": True}):
        assert dome_map(grid, 256, THETA_MAX, 0, **other).ground is None


def test_positions_never_leave_the_dome() -> None:
    found = dome_map(cube.directions("down", 32), 64, THETA_MAX, 0, mirror=False, bare=True)
    assert found.positions.min() >= -0.5
    assert found.positions.max() <= 63.5


def a_map(size: int = 100) -> DomeMap:
    return DomeMap(np.zeros((2, size, size), np.float32), None)


def test_the_cache_builds_once_and_drops_what_was_used_least_recently() -> None:
    cache, built = MapCache(limit=3 * a_map().nbytes), []

    def get(name: str) -> DomeMap:
        return cache.get((name,), lambda: built.append(name) or a_map(), 1)  # type: ignore[func-returns-value]

    for name in ("a", "b", "c", "a", "d", "a", "c", "b"):
        assert get(name).positions.shape == (2, 100, 100)
    assert built == ["a", "b", "c", "d", "b"]
    assert cache.nbytes == 3 * a_map().nbytes


def test_the_cache_does_not_keep_what_would_empty_it() -> None:
    cache = MapCache(limit=3 * a_map().nbytes)
    first = cache.get(("large",), lambda: a_map(150), 1)
    assert cache.nbytes == 0
    assert cache.get(("large",), lambda: a_map(150), 1) is not first
    cache.get(("band of many",), a_map, 8)
    assert cache.nbytes == 0


def test_the_cache_counts_right_with_many_threads() -> None:
    cache = MapCache(limit=5 * a_map().nbytes)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: cache.get((i * i % 11,), a_map, 1), range(400)))
    assert 0 < cache.nbytes <= 5 * a_map().nbytes
    assert cache.nbytes % a_map().nbytes == 0
    assert cache.nbytes == sum(kept.nbytes for kept in cache._maps.values())
