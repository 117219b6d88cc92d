"""Banks: what a dark side of a low sky counts, and that haze, heaps, a sun and real weather count nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from skyloom.sphere import dome
from skyloom_training.banks import DARKER, RINGS, bank_depth, banks, sides
from skyloom_training.data.ccsn import CODES
from skyloom_training.data.procedural import ProceduralSkies
from torch import Tensor

SIDE = 256


@pytest.fixture(scope="module")
def places() -> tuple[Tensor, Tensor]:
    """Zenith angle and azimuth of each place of a dome, degrees."""
    directions, _ = dome.directions(SIDE)
    x, y, z = np.moveaxis(np.asarray(directions, dtype=np.float64), -1, 0)
    zenith, azimuth = np.degrees(np.arccos(np.clip(y, -1, 1))), np.degrees(np.arctan2(x, z))
    return torch.from_numpy(zenith).float(), torch.from_numpy(azimuth).float()


def sky(luminance: Tensor) -> Tensor:
    return luminance.expand(1, 3, SIDE, SIDE)


def test_a_dark_side_counts_by_how_much_darker_it_is_than_a_sky_may_be(places: tuple[Tensor, Tensor]) -> None:
    zenith, azimuth = places
    for turn in (0, 90, 180):
        away = (azimuth - turn + 180) % 360 - 180
        dark = sky(0.2 - 0.6 * (away.abs() < 60) * torch.ones_like(zenith))
        found = sides(dark)[0]
        assert found.shape == (len(RINGS), 16)
        torch.testing.assert_close(found.amin(dim=-1), torch.full((len(RINGS),), -0.6), atol=0.015, rtol=0)
        assert banks(dark).item() >= np.mean([3 * (0.6 - free) ** 2 for free in DARKER])
        assert bank_depth(dark) == pytest.approx(0.6 * 127.5, rel=0.03)
    assert banks(-dark) == 0  # as much brighter is a sun's side


def test_haze_and_heaps_count_nothing(places: tuple[Tensor, Tensor]) -> None:
    zenith, azimuth = places
    haze = sky((zenith / 90) ** 3)
    assert banks(haze) == 0
    assert bank_depth(haze) < 3
    heaps = sky(0.4 * torch.sign(torch.sin(torch.deg2rad(24 * azimuth))))
    assert banks(heaps).item() < 1e-3


def test_descent_fills_the_pit_and_leaves_the_rest(places: tuple[Tensor, Tensor]) -> None:
    zenith, azimuth = places
    pit = torch.exp(-(((zenith - 82) / 10) ** 2) - (azimuth / 30) ** 2)
    made = sky(0.1 - 0.8 * pit).clone().requires_grad_(True)
    (slope,) = torch.autograd.grad(banks(made), made)
    assert banks(made) > 0.05
    shown = slope[0, 0, zenith <= 90]
    assert (shown[pit[zenith <= 90] > 0.7] <= 0).all()
    assert shown.max() == 0  # brighter there, and the rest no darker
    assert banks(made - slope / slope.abs().max() * 0.4) < 0.5 * banks(made)


def test_procedural_skies_have_no_banks() -> None:
    rng = np.random.default_rng(1)
    domes = np.concatenate([ProceduralSkies(0).domes(2, 128, rng, np.full(2, label))[0] for label in range(len(CODES))])
    skies = torch.from_numpy(domes).float() / 127.5 - 1
    assert banks(skies).item() < 2e-3
    assert bank_depth(skies) < 12


def test_all_rings_are_in_the_sky() -> None:
    assert len(DARKER) == len(RINGS)
    assert math.degrees(float(RINGS.max())) < 90
