"""Caps: what a hole or a heap at the zenith counts, and that haze, contrast and weather elsewhere count nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from skyloom.sphere.dome import THETA_MAX
from skyloom_training.caps import CAPS, FREE, FREE_DETAIL, SIDE, cap_contrasts, cap_details, capped_share, caps
from skyloom_training.data.ccsn import CODES
from skyloom_training.data.procedural import ProceduralSkies
from torch import Tensor


@pytest.fixture(scope="module")
def angle() -> Tensor:
    """Zenith angle of each place of a dome, degrees."""
    line = (2 * torch.arange(2 * SIDE) + 1) / (2 * SIDE) - 1
    return torch.rad2deg(2 * torch.atan(torch.hypot(line[None, :], line[:, None]) * math.tan(THETA_MAX / 2)))


def streets(angle: Tensor) -> Tensor:
    """A sky of stripes [1, 3, S, S], as many at the zenith as around."""
    return torch.sin(torch.arange(angle.shape[1]) * 0.7).expand(1, 3, *angle.shape)


def test_a_cap_counts_by_its_contrast_in_units_of_the_deviation(angle: Tensor) -> None:
    sky = streets(angle)
    assert cap_contrasts(sky).abs().max() < 0.15
    assert caps(sky) == 0
    hole = sky - 2.0 * (angle <= 28)
    luminance, chroma = cap_contrasts(hole)[0]
    deviation = hole.mean(dim=1)[:, angle <= 80].std().item()
    assert luminance[1].item() == pytest.approx(-2.0 / deviation, rel=0.1)
    assert luminance.abs().argmax() == 1
    assert not chroma.any()
    torch.testing.assert_close(cap_contrasts(3 * hole + 5)[0, 0], luminance, rtol=0.05, atol=0.01)
    torch.testing.assert_close(cap_contrasts(-hole)[0, 0], -luminance)
    assert caps(hole).item() >= (luminance.abs() - FREE).clamp(min=0).square().sum().item() > 0


def test_a_cloud_as_bright_as_the_blue_around_it_is_a_cap_by_its_chroma(angle: Tensor) -> None:
    sky = streets(angle)
    blue = torch.tensor([-0.5, 0.0, 0.5])[:, None, None] * (angle > 54)
    luminance, chroma = cap_contrasts(sky + blue)[0]
    assert luminance.abs().max() < 0.15
    assert chroma[3] < -1
    assert caps(sky + blue) > 0.1


def test_a_cloud_in_an_even_sky_is_a_cap_by_its_detail(angle: Tensor) -> None:
    even = streets(angle) * (0.1 + 0.9 * (angle <= 54))
    assert cap_contrasts(even).abs().max() < 0.15
    found = cap_details(even)[0]
    assert found[3].item() == pytest.approx(math.log(10), abs=0.5)
    torch.testing.assert_close(cap_details(even + 3), found[None], rtol=0.01, atol=0.02)
    assert caps(even).item() == pytest.approx((found - FREE_DETAIL).clamp(min=0).square().sum().item(), rel=1e-4)


def test_the_share_is_of_skies_not_of_caps(angle: Tensor) -> None:
    sky = streets(angle)
    skies = torch.cat([sky, sky - 2.0 * (angle <= 28), sky + 3.0 * (angle <= 28), sky])
    assert capped_share(skies) == 0.5
    assert capped_share(skies, most=10.0) == 0


def test_a_cap_beside_the_zenith_is_weather(angle: Tensor) -> None:
    hole = 2.0 * (angle <= 28).roll(angle.shape[0] // 4, 0)
    assert caps(streets(angle) - hole) == 0


def test_mending_a_hole_fills_it_and_leaves_contrast_alone(angle: Tensor) -> None:
    sky = (streets(angle) - 2.0 * (angle <= 28)).requires_grad_(True)
    (gradient,) = torch.autograd.grad(caps(sky), sky)
    inside, below, outside = ((angle <= 14), (angle >= 49) & (angle <= 57), angle > 85)
    assert (gradient[0, :, inside] < 0).all()  # downhill is brighter
    assert (gradient[0, :, below] > 0).all()
    assert not gradient[0, :, outside].any()
    assert gradient.sum().item() == pytest.approx(0, abs=1e-5)  # exposure has no say


def test_few_procedural_skies_have_a_cap() -> None:
    rng = np.random.default_rng(3)
    labels = np.repeat(np.arange(len(CODES)), 6)
    domes, _ = ProceduralSkies(0).domes(len(labels), SIDE, rng, labels)
    assert capped_share(torch.from_numpy(domes).float() / 127.5 - 1) < 0.3


def test_caps_are_within_their_rings() -> None:
    assert all(0 < cap < start < end <= 80 for cap, start, end in CAPS)
