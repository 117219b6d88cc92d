"""Procedural skies: light and geometry against formulas, determinism, and genera that can be told apart."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from skyloom.sphere import dome as sphere_dome
from skyloom.sphere import perspective
from skyloom_training.data.ccsn import CODES
from skyloom_training.data.procedural import ProceduralSkies
from skyloom_training.data.sky_layers import EARTH, shell
from skyloom_training.data.sky_light import clear_sky, sunlight, zenith
from skyloom_training.data.sky_noise import KINDS, SIDE, NoiseBank
from skyloom_training.data.sky_presets import PRESETS
from skyloom_training.metrics.feature_sets import FeatureNet
from skyloom_training.metrics.probe import fit_linear
from skyloom_training.metrics.seam import seam_ratios, upper_panoramas


@pytest.fixture(scope="module")
def skies() -> ProceduralSkies:
    return ProceduralSkies(3)


def test_zenith_light_by_hand() -> None:
    """Sun at 45 degrees, turbidity 2: chi = (4/9 - 1/60) pi/2; Y = (4.0453 * 2 - 4.9710) tan chi - 0.431 + 2.4192."""
    luminance, x, y = zenith(math.pi / 4, 2.0)
    chi = (4 / 9 - 1 / 60) * math.pi / 2
    assert luminance == pytest.approx(3.1196 * math.tan(chi) + 1.9882, abs=1e-3)
    # The clear zenith is bluer than daylight at 6500 K, (0.3127, 0.3290).
    assert 0.23 < x < 0.28
    assert 0.23 < y < 0.29


def test_clear_sky_is_as_bright_at_the_zenith_as_the_formula_says_and_bluest_away_from_the_sun() -> None:
    up, toward = np.array([1.0], np.float32), np.array([math.sin(0.8)], np.float32)
    rgb = clear_sky(up, toward, 0.8, 3.0)[0]
    assert rgb @ np.array([0.2126, 0.7152, 0.0722]) == pytest.approx(zenith(0.8, 3.0)[0], rel=1e-2)
    assert rgb[2] > 1.5 * rgb[0]
    near, far = clear_sky(np.array([0.6, 0.6], np.float32), np.array([0.98, -0.3], np.float32), 0.7, 2.5)
    assert near.sum() > 2 * far.sum()
    assert far[2] / far[0] > near[2] / near[0]


def test_low_sun_is_dim_and_red() -> None:
    low, high = sunlight(math.radians(3), 3.0), sunlight(math.radians(60), 3.0)
    assert (low < high).all()
    assert low[0] / low[2] > 2 * high[0] / high[2] > 1


@pytest.mark.parametrize("height", [0.5, 4.0, 10.0])
def test_shells_lie_on_a_curved_earth(height: float) -> None:
    y = np.array([1e-3, 0.05, 0.3, 0.8, 1.0], np.float32)
    arc, reach = shell(y, height)
    # Law of cosines: (R + h)² = R² + t² + 2 R t sin(elevation).
    t = reach.astype(np.float64)
    assert np.sqrt(EARTH**2 + t**2 + 2 * EARTH * t * y) - EARTH == pytest.approx(np.full(5, height), rel=1e-3)
    assert arc[-1] == pytest.approx(0, abs=1e-3)
    assert reach[-1] == pytest.approx(height, rel=1e-4)
    # At the horizon: R acos(R / (R + h)), where a flat earth would have none.
    assert shell(np.array([-0.2], np.float32), height)[0][0] == pytest.approx(
        EARTH * math.acos(EARTH / (EARTH + height)), rel=0.1
    )


def test_noise_tiles_and_is_even() -> None:
    """A threshold is a coverage; a period further on lies the same."""
    bank, rng = NoiseBank(1), np.random.default_rng(0)
    u, v = rng.random((2, 40, 50)).astype(np.float32)
    grid = (np.arange(SIDE, dtype=np.float32) / SIDE)[None, :] + np.zeros((SIDE, 1), np.float32)
    for kind in KINDS:
        assert bank.sample(kind, 0, u, v) == pytest.approx(bank.sample(kind, 2, u + 3, v - 2), abs=0.02)
        whole = bank.sample(kind, 1, grid, np.ascontiguousarray(grid.T))
        for share in (0.2, 0.5, 0.9):
            assert (whole < share).mean() == pytest.approx(share, abs=0.01)


def test_there_is_a_preset_for_every_class_in_order() -> None:
    assert tuple(PRESETS) == CODES


def test_same_seeds_same_bytes_and_other_seeds_others(skies: ProceduralSkies) -> None:
    a, labels = skies.batch(4, 24, np.random.default_rng(1))
    b, again = ProceduralSkies(3).batch(4, 24, np.random.default_rng(1))
    assert np.array_equal(a, b)
    assert np.array_equal(labels, again)
    assert (a.shape, a.dtype, labels.dtype) == ((4, 24, 24, 3), np.uint8, np.int64)
    assert not np.array_equal(a, skies.batch(4, 24, np.random.default_rng(2))[0])
    assert not np.array_equal(a, ProceduralSkies(4).batch(4, 24, np.random.default_rng(1))[0])


def test_labels_are_drawn_evenly_or_as_asked(skies: ProceduralSkies) -> None:
    wanted = np.array([5, 0, 10])
    assert skies.batch(3, 8, np.random.default_rng(0), wanted)[1].tolist() == [5, 0, 10]
    domes, labels = skies.domes(2, 32, np.random.default_rng(0), np.array([7, 3]))
    assert (domes.shape, domes.dtype, labels.tolist()) == ((2, 3, 32, 32), np.uint8, [7, 3])
    drawn = skies.batch(220, 8, np.random.default_rng(0))[1]
    assert (np.bincount(drawn, minlength=11) > 5).all()
    assert skies.batch(0, 8, np.random.default_rng(0))[0].shape == (0, 8, 8, 3)


@pytest.mark.parametrize(
    ("n", "size", "labels", "message"),
    [
        (-1, 8, None, "n: -1"),
        (1, 7, None, "size: 7"),
        (2, 8, [0], "expected 2 class indices"),
        (1, 8, [11], "from 0 to 10"),
        (1, 8, [-1], "from 0 to 10"),
    ],
)
def test_bad_arguments_are_named(
    skies: ProceduralSkies, n: int, size: int, labels: list[int] | None, message: str
) -> None:
    given = None if labels is None else np.array(labels)
    for make in (skies.batch, skies.domes):
        with pytest.raises(ValueError, match=message):
            make(n, size, np.random.default_rng(0), given)


def test_view_and_dome_show_the_same_sky(skies: ProceduralSkies) -> None:
    """A view straight at the sky agrees with the dome's texels in its directions, clouds, sun and all."""
    rng = np.random.default_rng(5)
    for label in (0, 6, 7, 9):
        scene = skies.scene(label, rng)
        view = skies.view(scene, 32, 0.7, 0.9, 0.1, 0.9).astype(float)
        column, row, _ = sphere_dome.coordinates(perspective.directions(32, 32, 0.7, 0.9, 0.1, 0.9), 384)
        seen = skies.dome(scene, 384)[row.round().astype(int), column.round().astype(int)].astype(float)
        assert np.corrcoef(view.ravel(), seen.ravel())[0, 1] > 0.9
        assert np.abs(view - seen).mean() < 8


def test_domes_have_no_seam(skies: ProceduralSkies) -> None:
    domes = skies.domes(6, 128, np.random.default_rng(6))[0].astype(np.float32) / 255
    assert np.median(seam_ratios(upper_panoramas(domes, 256))) == pytest.approx(1, abs=0.25)


def test_sun_is_where_the_scene_says(skies: ProceduralSkies) -> None:
    scene = skies.scene(4, np.random.default_rng(7))
    clear = replace(scene, recipe=replace(scene.recipe, layers=()))
    seen = skies.dome(clear, 256).astype(int).sum(axis=2)
    row, column = np.unravel_index(np.argmax(seen), seen.shape)
    level = math.cos(scene.recipe.sun)
    sun = np.array([level * math.sin(scene.azimuth), math.sin(scene.recipe.sun), level * math.cos(scene.azimuth)])
    assert sphere_dome.directions(256)[0][row, column] @ sun > math.cos(math.radians(3))


@pytest.mark.slow
def test_genera_can_be_told_apart(skies: ProceduralSkies) -> None:
    """A linear probe on features names half of unseen views rightly; a guess names one in eleven."""
    net = FeatureNet("efficientnet-lite1", side=64)
    sets = []
    for seed, each in ((1, 12), (2, 5)):
        views, labels = skies.batch(11 * each, 64, np.random.default_rng(seed), np.repeat(np.arange(11), each))
        sets.append((torch.from_numpy(net.features(views)).float(), torch.from_numpy(labels)))
    (x, y), (x_test, y_test) = sets
    mean, std = x.mean(dim=0), x.std(dim=0) + 1e-6
    right = (fit_linear((x - mean) / std, y)((x_test - mean) / std) == y_test).float().mean()
    print(f"probe accuracy {right:.3f} of {len(y_test)} views")
    assert right > 0.5
