"""The way from made features to photos': the Fréchet distance, its descent, and what it waits for."""

from __future__ import annotations

import pytest
import torch
from skyloom_training import transport
from skyloom_training.metrics.frechet import frechet_distance
from skyloom_training.transport import Transport
from torch import Tensor


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def followed(made: Tensor, real: Tensor, monkeypatch: pytest.MonkeyPatch, directions: int = 128) -> Transport:
    """A transport that has seen rows of ``made`` and ``real`` [N, D], forty at a time, as one group."""
    monkeypatch.setattr(transport, "DIRECTIONS", directions)
    carrier = Transport(1, made.shape[1], rate=1e-9)
    for part, other in zip(made.split(40), real.split(40), strict=True):
        carrier.follow(part, other, torch.zeros(40, dtype=torch.long))
    return carrier


def test_the_way_left_is_the_frechet_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    made, real = drawn(4000, 6) @ drawn(6, 6, seed=1) + 1, drawn(4000, 6, seed=2) @ drawn(6, 6, seed=3)
    carrier = followed(made, real, monkeypatch)
    trace = real.var(dim=0).sum()
    assert carrier.distance() * trace == pytest.approx(frechet_distance(made.numpy(), real.numpy()), rel=0.03)


def test_vectors_are_pulled_along_the_best_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of independent numbers it is known: shift by the means' difference, stretch by the ratio of deviations."""
    wide = torch.tensor([3.0, 1.0, 0.5])
    carrier = followed(drawn(4000, 3) + 2, drawn(4000, 3, seed=1) * wide, monkeypatch)
    made = torch.tensor([[2.0, 2.0, 2.0], [3.0, 3.0, 3.0]], requires_grad=True)
    carrier.pull(made, torch.zeros(2, dtype=torch.long)).backward()
    target = (made.detach() - 2) * wide
    expected = (made.detach() - target) / wide.square().sum() / 2
    assert made.grad is not None
    torch.testing.assert_close(made.grad, expected, atol=0.02, rtol=0)


def test_descent_makes_what_is_too_alike_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TRUSTED", 400)
    monkeypatch.setattr(transport, "EVERY", 5)
    mixer, carrier = torch.eye(4) * 0.3, Transport(1, 4, rate=0.05)
    mixer.requires_grad_(True)
    target, group = drawn(4, 4, seed=9), torch.zeros(40, dtype=torch.long)
    for step in range(800):
        made, real = drawn(40, 4, seed=2 * step) @ mixer, drawn(40, 4, seed=2 * step + 1) @ target
        carrier.follow(made.detach(), real, group)
        loss = carrier.pull(made, group)
        (gradient,) = torch.autograd.grad(loss, mixer)
        mixer.data -= 0.2 * gradient
    found, wanted = (m.detach().T @ m.detach() for m in (mixer, target))
    assert (found - wanted).norm() < 0.25 * wanted.norm()


def test_only_directions_in_which_photos_differ_are_pulled(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = torch.tensor([3.0, 2.0, 0.1])
    carrier = followed(0.5 * drawn(4000, 3), drawn(4000, 3, seed=1) * wide, monkeypatch, directions=2)
    made = torch.ones(1, 3, requires_grad=True)
    carrier.pull(made, torch.zeros(1, dtype=torch.long)).backward()
    assert made.grad is not None
    assert (made.grad[0, :2] < -0.05).all()
    assert made.grad[0, 2].abs() < 0.01


def test_groups_do_not_mix_and_few_views_pull_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TRUSTED", 400)
    carrier = Transport(2, 3)
    for step in range(50):
        # Group 1 has a tenth as many views: not enough.
        groups = torch.tensor([0] * 10 + [1])
        carrier.follow(drawn(11, 3, seed=step), 3 * drawn(11, 3, seed=100 + step), groups)
    made = torch.ones(2, 3, requires_grad=True)
    carrier.pull(made, torch.tensor([0, 1])).backward()
    assert made.grad is not None
    assert made.grad[0].abs().min() > 0
    assert made.grad[1].abs().max() == 0


def test_state_travels(monkeypatch: pytest.MonkeyPatch) -> None:
    one = followed(drawn(4000, 5), 2 * drawn(4000, 5, seed=1), monkeypatch)
    other = Transport(1, 5)
    other.load_state_dict(one.state_dict())
    made, group = drawn(3, 5, seed=2), torch.zeros(3, dtype=torch.long)
    torch.testing.assert_close(other.pull(made, group), one.pull(made, group))
    assert not list(one.parameters())  # nothing of it is trained
