"""Local contrast: deviations of known pictures, what counts and what does not, and that its pull makes it a photo's."""

from __future__ import annotations

import math

import pytest
import torch
from skyloom_training.contrast import NAMES, contrasts
from skyloom_training.lasting import TRUSTED, GroupMeans
from skyloom_training.metrics.view_contrast import view_contrast

SIDE = 96


@pytest.fixture
def noise() -> torch.Tensor:
    """White noise of deviation 0.2, the same in all channels [4, 3, 96, 96]."""
    return 0.2 * torch.randn(4, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(0)).expand(-1, 3, -1, -1)


def test_white_noise_has_its_own_deviation_in_luminance_and_none_in_blue(noise: torch.Tensor) -> None:
    found = contrasts(noise)
    assert found.shape == (4, len(NAMES))
    luminance, blue = found[:, [0, 2]], found[:, [1, 3]]
    torch.testing.assert_close(luminance, torch.full((4, 2), math.log(0.2)), atol=0.03, rtol=0)
    torch.testing.assert_close(blue, torch.full((4, 2), math.log(0.5 / 127.5)))


def test_brighter_or_bluer_as_a_whole_counts_nothing_and_twice_the_contrast_log_two(noise: torch.Tensor) -> None:
    tint = torch.tensor([-0.2, 0.0, 0.3])[:, None, None]
    torch.testing.assert_close(contrasts(noise + tint + 0.1), contrasts(noise), atol=1e-3, rtol=0)
    twice = contrasts(2 * noise) - contrasts(noise)
    torch.testing.assert_close(twice[:, [0, 2]], torch.full((4, 2), math.log(2)), atol=1e-3, rtol=0)


def test_blue_against_white_is_contrast_of_both_axes_and_a_soft_edge_is_less_of_the_fine() -> None:
    across = torch.linspace(-1, 1, SIDE).expand(1, 1, SIDE, SIDE)
    mixed = [0.5 + 0.5 * torch.tanh(across * steep) for steep in (200, 2)]
    blue = torch.tensor([-0.6, -0.2, 0.3])[:, None, None]
    hard, soft = (contrasts(blue + (0.8 - blue) * share)[0] for share in mixed)
    assert (hard[:4] > math.log(0.05)).all()
    assert (hard - soft)[:2].min() > 1
    assert (hard - soft)[:2].min() > (hard - soft)[2:4].max()


def test_slopes_are_what_is_more_at_the_bottom(noise: torch.Tensor) -> None:
    down = torch.linspace(0, 1, SIDE)[:, None]
    pale = torch.tensor([0.5, 0.3, 0.1])[:, None, None] * down
    found = contrasts(noise + pale) - contrasts(noise)
    torch.testing.assert_close(found[:, 4], torch.full((4,), 0.3), atol=1e-4, rtol=0)
    torch.testing.assert_close(found[:, 5], torch.full((4,), -0.4), atol=1e-4, rtol=0)
    across = contrasts(noise + pale.transpose(1, 2)) - contrasts(noise)
    torch.testing.assert_close(across[:, 4:], torch.zeros(4, 2), atol=1e-4, rtol=0)


def test_the_figures_are_in_levels(noise: torch.Tensor) -> None:
    pale = torch.tensor([0.5, 0.3, 0.1])[:, None, None] * torch.linspace(0, 1, SIDE)[:, None]
    found = view_contrast(torch.cat([noise + pale, 2 * noise + pale]))
    assert found["luminance_fine"] == pytest.approx(127.5 * 0.2 * 2**0.5, rel=0.03)
    assert found["luminance_broad"] > found["luminance_fine"]
    assert found["luminance_slope"] == pytest.approx(0.3 * 127.5, abs=2.5)
    assert found["blue_slope"] == pytest.approx(-0.4 * 127.5, abs=0.1)


def test_descent_on_the_pull_brings_the_mean_to_that_of_photos(noise: torch.Tensor) -> None:
    means, share = GroupMeans(1, len(NAMES), scaled=True, rate=0.2), torch.tensor(0.3, requires_grad=True)
    adam, group = torch.optim.Adam([share], 0.02), torch.zeros(4, dtype=torch.long)
    strong = torch.tensor([0.5, 0.8, 1.2, 1.5])[:, None, None, None]
    for _ in range(10 * TRUSTED):
        made = contrasts(share * strong * noise)
        means.follow(made.detach(), contrasts(strong * noise), group)
        adam.zero_grad()
        means.pull(made, group).backward()
        adam.step()
    assert share.item() == pytest.approx(1.0, abs=0.1)
