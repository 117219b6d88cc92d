"""Adaptive augmentation: exact moves and colours, gradients, statistics, and a p that follows the signal."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from skyloom_training import ada
from skyloom_training.ada import AdaptiveStrength, Change, apply_change, draw_change


def draw(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def place(*rows: tuple[float, float, float]) -> Change:
    matrix = torch.tensor([*rows, (0.0, 0.0, 1.0)])[None]
    return Change(matrix, torch.eye(4)[None, :3])


def blob(side: int = 32) -> torch.Tensor:
    """A blob off the middle, of another size in each channel; nothing near the edge."""
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    return torch.stack([torch.exp(-((x - 12.0) ** 2 + (y - 18.0) ** 2) / s) for s in (8, 12, 18)])[None]


def test_filter_is_orthonormal_to_its_even_shifts() -> None:
    taps = torch.tensor(ada.SYM6, dtype=torch.float64)
    assert taps.sum().item() == pytest.approx(math.sqrt(2), abs=1e-9)
    for k in range(6):
        assert (taps[2 * k :] * taps[: 12 - 2 * k]).sum().item() == pytest.approx(float(k == 0), abs=1e-9)
    # Six vanishing moments: its alternating version is blind to polynomials up to the fifth degree.
    signed = taps * torch.tensor([(-1.0) ** i for i in range(12)], dtype=torch.float64)
    for power in range(6):
        assert (signed * torch.linspace(-1, 1, 12, dtype=torch.float64) ** power).sum().item() == pytest.approx(
            0, abs=1e-8
        )


@given(st.integers(4, 20), st.integers(4, 20), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_nothing_happens_at_p_0(half_height: int, half_width: int, seed: int) -> None:
    x = torch.randn(3, 3, 2 * half_height, 2 * half_width, generator=draw(seed))
    change = draw_change(3, 0.0, draw(seed), 2 * half_width)
    torch.testing.assert_close(apply_change(x, change), x, atol=2e-4, rtol=0)
    assert apply_change(x, None) is x


def test_moves_are_the_moves_that_they_say() -> None:
    x = blob()
    close = {"atol": 0.012, "rtol": 0.0}  # of 1; bilinear at twice the side
    torch.testing.assert_close(apply_change(x, place((-1, 0, 0), (0, 1, 0))), x.flip(3), **close)
    torch.testing.assert_close(apply_change(x, place((0, -1, 0), (1, 0, 0))), torch.rot90(x, 1, (2, 3)), **close)
    # The output at x shows the input at x + 4 pixels.
    torch.testing.assert_close(apply_change(x, place((1, 0, 8 / 32), (0, 1, 0))), x.roll(-4, 3), **close)
    torch.testing.assert_close(apply_change(x, place((1, 0, 0), (0, 1, -8 / 32))), x.roll(4, 2), **close)
    smaller = apply_change(x, place((2, 0, 0), (0, 2, 0)))
    assert smaller[..., 8:24, 8:24].sum().item() == pytest.approx(x.sum().item() / 4, rel=0.02)


def test_what_comes_in_beyond_the_edge_is_mirrored() -> None:
    x = torch.linspace(-1, 1, 32).expand(1, 3, 32, 32).contiguous()
    moved = apply_change(x, place((1, 0, 16 / 32), (0, 1, 0)))  # 8 pixels to the left
    expected = torch.cat([x[..., 8:], x[..., 24:].flip(3)], dim=3)
    torch.testing.assert_close(moved[..., 1:-1], expected[..., 1:-1], atol=0.03, rtol=0)
    far = apply_change(torch.rand(1, 3, 16, 16, generator=draw()), place((1, 0, 7.3), (0, 1, -5.9)))
    assert far.min() > -0.3
    assert far.max() < 1.3


def test_colours() -> None:
    x = torch.rand(200, 3, 4, 4, generator=draw(1)) * 2 - 1
    change = draw_change(200, 1.0, draw(2), 4)
    matrix, shift = change.colour[:, :, :3], change.colour[:, :, 3]
    still = Change(torch.eye(3).expand(200, 3, 3), change.colour)
    expected = torch.einsum("nij,njhw->nihw", matrix, x) + shift[:, :, None, None]
    torch.testing.assert_close(apply_change(x, still), expected, atol=2e-4, rtol=1e-4)
    # Brightness alone shifts, contrast and luma flip alone change the grey axis: both stay grey.
    grey = torch.ones(3) / math.sqrt(3)
    along = matrix @ grey
    torch.testing.assert_close(along, (along @ grey)[:, None] * grey, atol=1e-5, rtol=1e-5)
    flipped = ((along @ grey) < 0).float().mean().item()
    assert 0.35 < flipped < 0.65  # the luma flip is a coin
    gain = (along @ grey).abs().log2()
    assert gain.std().item() == pytest.approx(0.5, abs=0.08)  # contrast


def test_how_often_and_how_much() -> None:
    places = draw_change(4000, 0.3, draw(3), 64).place
    untouched = (places == torch.eye(3)).flatten(1).all(1).float().mean().item()
    # flip (half of it does nothing), quarter turn (a quarter does nothing), whole and fractional shift, scale, stretch,
    # and two rotations that are together as likely as p.
    expected = (1 - 0.15) * (1 - 0.225) * 0.7**2 * 0.7 * 0.7 * 0.7
    assert untouched == pytest.approx(expected, abs=0.03)
    whole = draw_change(4000, 1.0, draw(4), 64).place
    size = torch.linalg.det(whole[:, :2, :2]).abs().log2() / -2  # of the picture: the inverse of its sampling
    assert size.mean().item() == pytest.approx(0, abs=0.02)
    assert size.std().item() == pytest.approx(0.2, abs=0.01)
    assert (torch.linalg.det(whole[:, :2, :2]) < 0).float().mean().item() == pytest.approx(0.5, abs=0.04)


def test_p_outside_0_to_1_is_refused() -> None:
    for p in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="p: "):
            draw_change(2, p, draw(), 8)


def test_gradient_goes_through_to_the_pictures() -> None:
    change = draw_change(2, 1.0, draw(5), 8)
    x = torch.randn(2, 3, 8, 8, generator=draw(6), requires_grad=True)
    direction = torch.randn(2, 3, 8, 8, generator=draw(7))
    weight = torch.randn(2, 3, 8, 8, generator=draw(8))
    (gradient,) = torch.autograd.grad((apply_change(x, change) * weight).sum(), x)
    # The pipeline is affine in the pictures: a difference of any length gives the derivative.
    apart = (apply_change(x + direction, change) - apply_change(x, change)) * weight
    assert (gradient * direction).sum().item() == pytest.approx(apart.sum().item(), rel=1e-3)
    assert (gradient.flatten(1).abs().sum(1) > 0).all()


def test_a_part_of_a_batch_is_changed_as_in_the_whole() -> None:
    x, change = torch.randn(6, 3, 8, 8, generator=draw(9)), draw_change(6, 0.8, draw(10), 8)
    whole = apply_change(x, change)
    torch.testing.assert_close(apply_change(x[2:4], change.part(2, 4)), whole[2:4])


def test_strength_follows_the_signal() -> None:
    rising = AdaptiveStrength(target=0.6, kimg=0.1, interval=4)
    for _ in range(4):
        assert rising.p == 0.0
        rising.see(sign_sum=9.0, count=10.0, pictures=5)
    assert rising.signal == pytest.approx(0.9)
    assert rising.p == pytest.approx(20 / 100)
    for _ in range(4):
        rising.see(sign_sum=2.0, count=10.0, pictures=5)
    assert rising.signal == pytest.approx(0.2)
    assert rising.p == pytest.approx(0.0)
    for _ in range(400):
        rising.see(sign_sum=10.0, count=10.0, pictures=5)
    assert rising.p == 1.0


def test_strength_goes_on_from_its_state_in_mid_interval() -> None:
    whole, first = (AdaptiveStrength(kimg=0.1) for _ in range(2))
    for i in range(3):
        whole.see(i, 4.0, 5)
        first.see(i, 4.0, 5)
    second = AdaptiveStrength(kimg=0.1)
    second.load_state(first.state())
    for i in range(3):
        whole.see(i, 4.0, 5)
        second.see(i, 4.0, 5)
    assert whole.state() == second.state()
    assert whole.p > 0 or whole.signal < 0.6
