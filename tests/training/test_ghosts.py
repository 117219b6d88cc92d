"""Ghosts: fine lines and specks of contrail skies count where no arc is, and nothing else does."""

from __future__ import annotations

import pytest
import torch
from skyloom_training.ghosts import FREE, NEAR, SIDE, ghosts
from skyloom_training.networks.arcs import NUMBERS, arc_map
from torch import Tensor

CONTRAIL, OTHER = torch.tensor([True]), torch.tensor([False])
# One strong arc of median width along z, across the zenith; the second is nowhere.
ARCS = torch.tensor([[1.0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, -9, 0]])


def sky(luminance: Tensor) -> Tensor:
    return luminance.expand(1, 3, *luminance.shape[-2:])


@pytest.fixture(scope="module")
def chequer() -> Tensor:
    """Squares of 4 pixels, brighter and darker by 0.3, in a corner of the sky that no arc crosses."""
    line = (torch.arange(2 * SIDE) // 4) % 2 * 2.0 - 1
    shown = torch.zeros(2 * SIDE, 2 * SIDE)
    shown[100:200, 100:200] = 1
    return 0.3 * line[:, None] * line[None, :] * shown


def test_specks_count_by_their_deviation_where_no_arc_is(chequer: Tensor) -> None:
    found = ghosts(sky(chequer), ARCS, CONTRAIL).item()
    assert found == pytest.approx((0.3 - FREE) * 50**2 / SIDE**2, rel=0.25)
    assert ghosts(sky(-chequer), ARCS, CONTRAIL).item() == pytest.approx(found, rel=0.01)
    across = sky(torch.roll(chequer, 256 - 150, dims=1))
    assert ghosts(across, ARCS, CONTRAIL).item() < 0.9 * found  # a part is by the arc


def test_trails_and_veils_and_other_types_count_nothing(chequer: Tensor) -> None:
    trail = sky(0.8 * arc_map(ARCS, 2 * SIDE)[0, 0])
    assert ghosts(trail, ARCS, CONTRAIL).item() < 1e-4
    assert ghosts(trail, torch.roll(ARCS, 1, dims=1), CONTRAIL).item() > 3e-3  # as a line it is one
    place = torch.linspace(-1, 1, 2 * SIDE)
    veil = sky(0.5 * torch.sin(9 * place)[:, None] + 0.3 * place[None, :])
    assert ghosts(veil, ARCS, CONTRAIL).item() < 1e-4  # at the edge a square is not whole
    assert ghosts(sky(chequer), ARCS, OTHER) == 0
    assert ghosts(sky(chequer), ARCS[:, :0], CONTRAIL) == 0


def test_descent_takes_specks_alone(chequer: Tensor) -> None:
    made = sky(chequer + 0.8 * arc_map(ARCS, 2 * SIDE)[0, 0]).clone().requires_grad_(True)
    (slope,) = torch.autograd.grad(ghosts(made, ARCS, CONTRAIL), made)
    shown = slope[0].sum(dim=0)
    assert (shown * chequer)[110:190, 110:190].min() >= 0  # toward less of it
    assert shown[110:190, 110:190].abs().max() > 0
    middle = shown[:, SIDE - NEAR : SIDE + NEAR]
    assert middle.abs().max() < 0.1 * shown.abs().max()


def test_arcs_are_as_many_numbers_as_here() -> None:
    assert ARCS.shape[1] == 2 * NUMBERS
