"""Augmentation and losses: shapes, limits, gradients, values by hand."""

from __future__ import annotations

import math

import pytest
import torch
from skyloom_training.augment import augment
from skyloom_training.losses import (
    grain,
    hinge_discriminator,
    hinge_generator,
    hue_drift,
    lasting_grain,
    lasting_layout,
    lattice,
    noiseless,
    out_of_range,
    placed,
    uneven,
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


def test_shift_is_of_whole_pixels_and_leaves_the_finest_grain() -> None:
    x = pictures(20, 24)
    y = augment(x, draw(), shift=0.25, colour=0.0)
    inner = y[:, :, 7:17, 7:17]
    # Away from the rim, where it reflects, every patch is one of the picture's or of its mirror image.
    for picture, patch in zip(x, inner, strict=True):
        both = (picture, picture.flip(2))
        candidates = torch.cat([p.unfold(1, 10, 1).unfold(2, 10, 1).flatten(1, 2) for p in both], dim=1)
        assert (candidates - patch[:, None]).abs().amax(dim=(0, 2, 3)).min() < 1e-4


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


def radial(*coefficients: float, side: int = 16) -> torch.Tensor:
    """A dome [1, 3, S, S] whose value is a polynomial in r, by powers 0, 1, 2, ..."""
    place = (2 * torch.arange(side) + 1) / side - 1
    r = torch.hypot(place[:, None], place[None, :])
    return sum(c * r**k for k, c in enumerate(coefficients)).expand(1, 3, side, side)


def test_a_sky_that_pales_toward_the_horizon_is_even() -> None:
    assert uneven(radial(0.7, 0, -0.4, 0, 0, 0, 0.3)[0]).abs().max() < 1e-5


def test_a_ring_and_a_bank_are_uneven_and_what_is_outside_the_disc_is_not() -> None:
    ring = torch.exp(-(((radial(0, 1.0) - 0.4) / 0.08) ** 2))[0]
    rest = uneven(ring)
    assert rest.max() > 0.5 * ring.max()
    assert rest[0].sum().item() == pytest.approx(0, abs=1e-4)  # a residual of a fit with a constant
    assert rest[:, 0, 0].tolist() == [0, 0, 0]
    bank = disc((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), 16)[0]
    torch.testing.assert_close(uneven(bank)[0, 6:10, 8], torch.tensor([-0.5, -0.5, 0.5, 0.5]).sign() * 0.5)


def test_what_two_draws_have_in_common_is_placed() -> None:
    noise = torch.randn(3, 8, 3, 32, 32, generator=draw())
    assert abs(placed(noise[0], noise[1])) < 0.05
    bank = torch.zeros(8, 3, 32, 32)
    bank[:, :, 12:20] = 1.0
    assert placed(bank, bank) == pytest.approx(1, abs=1e-3)
    assert placed(bank, bank.transpose(2, 3)) < 0
    # Nothing to gain from contrast or from a mean, whatever hides a bank from a share of all power.
    assert placed(3 * bank + 5, 3 * bank + 5) == pytest.approx(1, abs=1e-3)
    half = placed(bank + noise[0], bank + noise[1])
    assert 0.02 < half < 0.9
    torch.testing.assert_close(placed(2 * (bank + noise[0]), 2 * (bank + noise[1])), half, rtol=1e-3, atol=1e-3)
    # Each latent by itself: a bank cannot hide behind another latent's opposite, as it does in a mean dome.
    signs = torch.tensor([1.0, -1.0]).repeat(4)[:, None, None, None]
    torch.testing.assert_close(placed(signs * bank, signs * bank), placed(bank, bank))


def test_what_stands_without_noise_is_told_from_what_noise_makes() -> None:
    noise = torch.randn(8, 3, 64, 64, generator=draw())
    line = torch.zeros(8, 3, 64, 64)
    line[:, :, 32] = 1.0
    assert noiseless(noise, torch.full_like(noise, 0.3)) < 1e-3  # even
    rim = torch.hypot(*torch.meshgrid(*2 * [torch.linspace(-1, 1, 64)], indexing="ij")).expand_as(noise)
    assert noiseless(noise, rim) < 0.01  # alike all around
    assert noiseless(line, line) == pytest.approx(0.5, abs=1e-3)
    # A line that noise moves by its width is not in two draws, and yet in every sky.
    moved = line.roll(2, dims=2)
    assert placed(line, moved) < 0.2
    assert noiseless(line, moved) == pytest.approx(0.5, abs=0.05)
    # A trail in the blue counts like a storm.
    torch.testing.assert_close(noiseless(0.1 * line, 0.1 * line), noiseless(line, line), rtol=0.02, atol=0.0)
    none = noiseless(line[:0], line[:0].requires_grad_(True))
    assert none == 0
    none.backward()


def test_lasting_layout_takes_from_what_is_always_there() -> None:
    domes = disc((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), 16).repeat(4, 1, 1, 1).requires_grad_(True)
    average = domes.detach().mean(dim=0)
    lasting_layout(domes, average).backward()
    torch.testing.assert_close(domes.grad, (uneven(average) / (4 * 3 * 256)).expand(4, 3, 16, 16))


def test_what_differs_from_sky_to_sky_does_not_last() -> None:
    domes = torch.cat([torch.rot90(disc((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), 16), k, (2, 3)) for k in range(4)])
    assert lasting_layout(domes, domes.mean(dim=0)).item() == pytest.approx(0, abs=1e-6)


def test_grain_tells_streaks_along_x_from_streaks_along_y() -> None:
    rows = torch.zeros(1, 3, 64, 64)
    rows[:, :, 2::4] = 1.0  # every second of the rows that are looked at: streaks along x change along y
    across, down = grain(rows)[0]
    assert (across.max().item(), down.min().item(), across.shape) == (0.0, 1.0, (16, 16))
    turned = grain(torch.rot90(rows, 1, (2, 3)).roll(2, dims=3))[0]
    torch.testing.assert_close(turned[0], down)


def test_grain_that_is_the_same_after_a_quarter_turn_may_last() -> None:
    average = torch.zeros(2, 16, 16)
    average[0, :8], average[1, :, :8], average[0, 8:], average[1, :, 8:] = 1.0, 1.0, 1.0, 1.0
    assert lasting_grain(average[None], average).item() == pytest.approx(0, abs=1e-7)
    average[1] = 0.0  # now everything changes along x only
    grains = average[None].clone().requires_grad_(True)
    lasting_grain(grains, average).backward()
    assert grains.grad is not None
    torch.testing.assert_close(grains.grad[0, 0], torch.full((16, 16), 0.5 / 512))
    torch.testing.assert_close(grains.grad[0, 1], torch.full((16, 16), -0.5 / 512))


def test_each_dome_may_have_its_own_average_grain() -> None:
    averages = torch.rand(3, 2, 2, 16, 16, generator=torch.Generator().manual_seed(1))
    grains = torch.rand(3, 2, 2, 16, 16, generator=torch.Generator().manual_seed(2))
    one_by_one = [lasting_grain(g, a).item() for g, a in zip(grains.flatten(0, 1), averages.flatten(0, 1), strict=True)]
    assert lasting_grain(grains, averages).item() == pytest.approx(sum(one_by_one) / 6, rel=1e-4)


def test_lattice_sees_what_repeats_and_nothing_else() -> None:
    flat = torch.full((2, 3, 64, 64), 0.3)
    assert lattice(flat).item() == pytest.approx(0, abs=1e-10)
    striped = flat.clone()
    striped[:, :, ::4] += 0.2
    assert lattice(striped).item() == pytest.approx(0.2**2 * 0.25 * 0.75, rel=1e-4)
    noise = 0.2 * torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(3))
    assert lattice(noise).item() < 0.05 * noise.square().mean().item()
