"""Augmentation and losses: shapes, limits, gradients, values by hand."""

from __future__ import annotations

import math

import pytest
import torch
from skyloom_training.augment import augment
from skyloom_training.losses import (
    hinge_discriminator,
    hinge_generator,
    hue_drift,
    lasting_asymmetry,
    out_of_range,
)


def pictures(count: int = 6, size: int = 16) -> torch.Tensor:
    return torch.rand(count, 3, size, size, generator=torch.Generator().manual_seed(1)) * 2 - 1


def draw(seed: int = 2) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_zero_ranges_leave_a_picture_or_its_mirror_image() -> None:
    x = pictures(32)
    y = augment(x, draw(), shift=0.0, colour=0.0)
    same = (y - x).abs().amax(dim=(1, 2, 3)) < 1e-5
    mirrored = (y - x.flip(3)).abs().amax(dim=(1, 2, 3)) < 1e-5
    assert bool((same ^ mirrored).all())
    assert 4 < int(mirrored.sum()) < 28  # both happen


def test_shape_stays_and_the_same_draw_gives_the_same_pictures() -> None:
    x = pictures()
    assert torch.equal(augment(x, draw()), augment(x, draw()))
    assert augment(x, draw()).shape == x.shape
    assert not torch.equal(augment(x, draw()), augment(x, draw(3)))


def test_shift_moves_at_most_by_its_share_of_the_width() -> None:
    size, shift = 64, 0.125
    x = torch.zeros(40, 3, size, size)
    x[:, :, 32, 32] = 1
    y = augment(x, draw(), shift=shift, colour=0.0)[:, 0]
    weight = y.sum(dim=(1, 2))
    where = torch.arange(size, dtype=torch.float32)
    for centre in ((y.sum(dim=1) @ where) / weight, (y.sum(dim=2) @ where) / weight):
        moved = (centre - 31.5).abs()
        assert moved.max() <= shift * size + 1
        assert moved.max() > 0.6 * shift * size


def test_colour_change_is_mild() -> None:
    grey = torch.full((50, 3, 8, 8), 0.2)
    y = augment(grey, draw(), shift=0.0, colour=0.15)
    change = (y - grey).abs()
    assert 0.1 < change.max() <= 0.15 + 1e-5
    assert (y.amax(dim=(1, 2, 3)) - y.amin(dim=(1, 2, 3))).max() < 1e-5  # grey stays grey


def test_gradients_pass_through_augmentation() -> None:
    x = pictures(2).requires_grad_(True)
    augment(x, draw()).square().sum().backward()
    assert x.grad is not None
    assert bool(torch.isfinite(x.grad).all())
    assert (x.grad.abs().amax(dim=(1, 2, 3)) > 0).all()


def test_hinge_losses_by_hand() -> None:
    real = [torch.tensor([2.0, 0.5]), torch.tensor([[-1.0]])]
    fake = [torch.tensor([-3.0, 0.0]), torch.tensor([[0.5]])]
    # Scale 1: (0 + 0.5) / 2 + (0 + 1) / 2; scale 2: 2 + 1.5.
    assert hinge_discriminator(real, fake).item() == pytest.approx(0.25 + 0.5 + 2.0 + 1.5)
    assert hinge_generator(fake).item() == pytest.approx(1.5 - 0.5)


def test_losses_want_as_many_scales_on_both_sides() -> None:
    with pytest.raises(ValueError, match="shorter"):
        hinge_discriminator([torch.zeros(1), torch.zeros(1)], [torch.zeros(1)])


def test_excess_over_one_by_hand() -> None:
    assert out_of_range(torch.tensor([0.5, -1.0, 1.5, -3.0])).item() == pytest.approx((0.25 + 4.0) / 4)
    assert math.isclose(out_of_range(torch.linspace(-1, 1, 9)).item(), 0.0)


def disc(north: tuple[float, float, float], rest: tuple[float, float, float], size: int = 16) -> torch.Tensor:
    """A dome whose lower half (north) has one colour and whose upper half has another."""
    dome = torch.tensor(rest)[None, :, None, None].expand(1, 3, size, size).clone()
    dome[:, :, size // 2 :] = torch.tensor(north)[None, :, None, None]
    return dome


def test_hue_drift_by_hand() -> None:
    """Chroma differs by 0.4, 0.2 and 0.2 between halves: a quarter turn brings half of all texels onto the other half,
    a half turn all of them."""
    red, grey = (0.4, -0.2, -0.2), (0.0, 0.0, 0.0)
    excess = (0.3**2 + 2 * 0.1**2) / 3
    assert hue_drift(disc(red, grey)).item() == pytest.approx(1.5 * excess, rel=1e-5)
    assert hue_drift(disc(red, red)).item() == 0
    assert hue_drift(disc((0.5, 0.5, 0.5), (-0.5, -0.5, -0.5))).item() == 0  # light and dark sides are wanted
    assert hue_drift(disc((0.05, 0.0, 0.0), grey)).item() == 0  # within what is free


def test_lasting_asymmetry_pushes_toward_the_quarter_turns() -> None:
    domes = disc((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), 16).repeat(4, 1, 1, 1).requires_grad_(True)
    lasting_asymmetry(domes, domes.detach().mean(dim=0)).backward()
    assert domes.grad is not None
    # Descent takes from the side that is always bright and gives to the other: M - mean of turns is +-0.5.
    expected = 0.5 / (4 * 3 * 256)
    torch.testing.assert_close(domes.grad[0, 0, 8:], torch.full((8, 16), expected))
    torch.testing.assert_close(domes.grad[0, 0, :8], torch.full((8, 16), -expected))


def test_what_differs_from_sky_to_sky_is_no_lasting_asymmetry() -> None:
    domes = torch.cat([torch.rot90(disc((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), 16), k, (2, 3)) for k in range(4)])
    assert lasting_asymmetry(domes, domes.mean(dim=0)).item() == pytest.approx(0, abs=1e-7)
