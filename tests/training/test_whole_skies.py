"""Whole domes against procedural ones: what is compared, and that a discriminator tells layouts, not palettes."""

from __future__ import annotations

import math

import pytest
import torch
from skyloom_training.data.ccsn import CODES
from skyloom_training.whole_skies import CUT, SIDE, WholeSkies, _turned, compared
from torch.nn import functional as F


@pytest.fixture(scope="module")
def place() -> tuple[torch.Tensor, torch.Tensor]:
    """Columns and rows from -1 to 1."""
    line = (2 * torch.arange(SIDE) + 1) / SIDE - 1
    return line[None, :].expand(SIDE, SIDE), line[:, None].expand(SIDE, SIDE)


def weather(count: int, side: int = 2 * SIDE, seed: int = 0) -> torch.Tensor:
    noise = torch.randn(count, 1, 12, 12, generator=torch.Generator().manual_seed(seed))
    return 0.3 * F.interpolate(noise, side, mode="bicubic").expand(-1, 3, -1, -1)


def test_neither_palette_nor_exposure_nor_haze_is_compared(place: tuple[torch.Tensor, torch.Tensor]) -> None:
    skies = weather(3, SIDE)
    r2 = place[0] ** 2 + place[1] ** 2
    tinted = skies * 1.7 + torch.tensor([0.2, -0.1, 0.4])[:, None, None] + 0.3 * r2 - 0.2 * r2**3
    for trails, tolerance in ((torch.zeros(3).bool(), 0.1), (torch.ones(3).bool(), 0.2)):
        torch.testing.assert_close(compared(tinted, trails), compared(skies, trails), atol=tolerance, rtol=0)


def test_a_sky_is_compared_above_85_degrees_in_units_of_its_deviation(place: tuple[torch.Tensor, torch.Tensor]) -> None:
    skies = weather(2)
    skies[0, :, 60:70, 200:210] = 40.0  # a sun
    seen = compared(skies, torch.zeros(2).bool())
    assert seen.shape == (2, 1, SIDE, SIDE)
    zenith_angle = torch.rad2deg(2 * torch.atan(torch.hypot(*place) * math.tan(math.radians(50))))
    assert not seen[:, :, zenith_angle > 85.5].any()
    assert seen[1, 0][zenith_angle < 84.5].std() == pytest.approx(1, abs=0.15)
    assert seen.abs().max() == CUT


def test_of_trails_only_what_is_thin_is_compared(place: tuple[torch.Tensor, torch.Tensor]) -> None:
    trail = torch.exp(-((place[0] * SIDE / 4).square()))
    glow = torch.exp(-4 * ((place[0] - 0.3).square() + place[1].square()))
    skies = torch.stack([trail, trail + 2 * glow])[:, None].expand(-1, 3, -1, -1)
    alone, glowing = compared(skies, torch.ones(2).bool())[:, 0]
    assert torch.corrcoef(torch.stack([alone.flatten(), glowing.flatten()]))[0, 1] > 0.9
    alone, glowing = compared(skies, torch.zeros(2).bool())[:, 0]
    assert torch.corrcoef(torch.stack([alone.flatten(), glowing.flatten()]))[0, 1] < 0.6


def test_turned_skies_are_the_same_skies_from_elsewhere() -> None:
    skies = compared(weather(40), torch.zeros(40).bool())
    turned = _turned(skies, torch.Generator().manual_seed(1))
    assert (turned - skies).abs().mean() > 0.3
    line = (2 * torch.arange(SIDE) + 1) / SIDE - 1
    radius = torch.hypot(line[None, :], line[:, None])
    for low, high in ((0.0, 0.25), (0.25, 0.5), (0.5, 0.7)):  # what lies on a ring stays on it
        ring = (radius >= low) & (radius < high)
        torch.testing.assert_close(turned[:, 0, ring].mean(dim=1), skies[:, 0, ring].mean(dim=1), atol=0.03, rtol=0)


def test_skies_that_bear_a_line_along_the_pixels_are_told_and_mended() -> None:
    """The generator's gradient takes the line out: it goes the other way than the line."""
    torch.manual_seed(0)
    whole = WholeSkies(11, rate=3e-3, a_class=1)
    assert whole.skies.shape == (11, 1, SIDE, SIDE)
    whole.skies = compared(weather(44, seed=5), torch.ones(44).bool()).reshape(11, 4, SIDE, SIDE).half()
    draw, mix = torch.Generator().manual_seed(2), torch.eye(11)[[CODES.index("Ct")] * 6]
    line = torch.zeros(2 * SIDE, 2 * SIDE)
    line[:, SIDE - 12 : SIDE + 12] = 2.0
    losses = [whole.learn(weather(6, seed=50 + i % 4) + line, mix, draw).item() for i in range(50)]
    assert sum(losses[-5:]) < 0.6 * sum(losses[:5])
    domes = (weather(6, seed=90) + line).requires_grad_(True)
    (gradient,) = torch.autograd.grad(whole.loss(domes, mix, draw), domes)
    across = gradient.mean(dim=(0, 1))[64:-64].mean(dim=0)
    inside, beside = across[SIDE - 12 : SIDE + 12].mean(), across[80 : SIDE - 24].mean()
    assert inside > 0
    assert inside > 1.5 * beside.abs()


def test_of_types_without_trails_only_where_the_weather_is_overhead_counts() -> None:
    torch.manual_seed(0)
    whole = WholeSkies(11, rate=1e-3, a_class=1).eval()
    line = (2 * torch.arange(SIDE) + 1) / SIDE - 1
    zenith_angle = torch.rad2deg(2 * torch.atan(torch.hypot(line[None, :], line[:, None]) * math.tan(math.radians(50))))

    def gradient(code: str) -> torch.Tensor:
        skies = weather(2, SIDE).requires_grad_(True)
        mix = torch.eye(11)[[CODES.index(code)] * 2]
        seen = whole.loss(skies, mix, torch.Generator().manual_seed(4))
        # Each pixel also tells the whole dome's deviation and smooth change, so nothing has no gradient at all.
        return torch.autograd.grad(seen, skies)[0].square().mean(dim=(0, 1))

    trails, heaps = gradient("Ct"), gradient("Cu")
    low, high = (zenith_angle > 62) & (zenith_angle < 84), zenith_angle < 58
    assert heaps[low].mean() < 0.1 * heaps[high].mean()
    assert trails[low].mean() > 0.3 * trails[high].mean()
    whole.net.fine.forward = lambda x, mix: x.new_zeros(len(x), 64)  # type: ignore[method-assign]
    torch.testing.assert_close(gradient("Cu"), heaps)
    assert (gradient("Ct") - trails).abs().max() > 0.01 * trails.max()
