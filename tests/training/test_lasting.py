"""What skies have in common: running means by group, the pull toward photos, and the losses of whole domes."""

from __future__ import annotations

import math

import pytest
import torch
from skyloom.sphere.dome import THETA_MAX
from skyloom_training import losses
from skyloom_training.config import SKY_LOSSES
from skyloom_training.lasting import CELLS, PLACES, TRUSTED, GroupMeans, MeanDome, Sides


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def settled(means: GroupMeans) -> GroupMeans:
    means.count.fill_(TRUSTED)
    return means


def test_means_are_plain_at_first_and_groups_do_not_mix() -> None:
    means, made, real = GroupMeans(3, 4), drawn(12, 2, 4), drawn(12, 2, 4, seed=1)
    for step in range(12):
        means.follow(made[step], real[step], torch.tensor([0, 2]))
    torch.testing.assert_close(means.means[0, 0], made[:, 0].mean(dim=0))
    torch.testing.assert_close(means.means[1, 2], real[:, 1].mean(dim=0))
    assert means.means[:, 1].abs().max() == 0
    assert means.count.tolist() == [12, 0, 12]


def test_later_a_mean_moves_by_its_rate() -> None:
    means = GroupMeans(1, 2, rate=0.25)
    means.count.fill_(100)
    means.follow(torch.tensor([[4.0, 8.0]]), torch.zeros(1, 2), torch.tensor([0]))
    assert means.means[0, 0].tolist() == [1.0, 2.0]


def test_a_group_is_pulled_toward_its_photos_and_the_others_left_alone() -> None:
    means = settled(GroupMeans(3, 6))
    means.means[0, 1, 2], means.means[1, 1, 2] = 0.1, 0.3  # group 1 is made with too little
    made = torch.zeros(4, 6, requires_grad=True)
    means.pull(made, torch.tensor([0, 1, 1, 2])).backward()
    expected = torch.zeros(4, 6)
    expected[1:3, 2] = -0.2 / 24  # downhill is more of it
    torch.testing.assert_close(made.grad, expected)
    assert means.distance().item() == pytest.approx((0.2**2 / 18) ** 0.5)


def test_a_mean_of_a_few_pictures_pulls_nothing() -> None:
    means = GroupMeans(1, 2)
    for _ in range(TRUSTED - 1):
        means.follow(torch.ones(1, 2), torch.zeros(1, 2), torch.tensor([0]))
    assert means.pull(torch.ones(1, 2), torch.tensor([0])).item() == 0
    means.follow(torch.ones(1, 2), torch.zeros(1, 2), torch.tensor([0]))
    assert means.pull(torch.ones(1, 2), torch.tensor([0])).item() == pytest.approx(1)


def test_scaled_numbers_count_in_deviations_of_photos() -> None:
    """The second number varies ten times as much and is ten times as far off: it pulls a tenth as hard."""
    means, scale = GroupMeans(2, 2, scaled=True), torch.tensor([1.0, 10.0])
    for step in range(400):
        real = drawn(16, 2, seed=step) * scale
        means.follow(real + scale, real, torch.arange(2).repeat(8))
    assert means.distance().item() == pytest.approx(1, rel=0.1)
    made = torch.zeros(2, 2, requires_grad=True)
    means.pull(made, torch.tensor([0, 1])).backward()
    assert made.grad is not None
    torch.testing.assert_close(made.grad[:, 0], 10 * made.grad[:, 1], rtol=0.15, atol=0)


def test_a_number_that_photos_share_pulls_with_a_bound() -> None:
    means = settled(GroupMeans(1, 2, scaled=True))
    means.spread[0] = torch.tensor([1.0, 0.0])
    means.means[0, 0] = 1.0
    assert torch.isfinite(means.pull(torch.ones(1, 2), torch.tensor([0])))
    assert means.distance().item() < 20


def test_pull_brings_the_means_together() -> None:
    """Descent on what is made, as a generator's step is, ends at the photos' means."""
    means, shift = GroupMeans(2, 3, scaled=True), torch.zeros(2, 3, requires_grad=True)
    target, groups = torch.tensor([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]]), torch.arange(2).repeat(8)
    for step in range(1500):
        made, real = shift[groups] + drawn(16, 3, seed=2 * step), target[groups] + drawn(16, 3, seed=2 * step + 1)
        means.follow(made.detach(), real, groups)
        (gradient,) = torch.autograd.grad(means.pull(made, groups), shift)
        shift.data -= 0.05 * gradient
    torch.testing.assert_close(shift.detach(), target, atol=0.35, rtol=0)


def test_mean_dome_finds_a_lens_that_every_sky_has() -> None:
    common = MeanDome(2, torch.ones(2, 3, 32, 32))
    for step in range(300):
        domes = 0.2 * drawn(2, 3, 128, 128, seed=step)
        domes[:, :, 60:68, 100:104] += 1.0
        terms = common.losses(domes, torch.tensor([0, 1]))
    # What a latent places takes a second draw of noise, and a whole sky its discriminator, which no mean has.
    assert {*terms, "banks", "caps", "ghosts", "placed", "noiseless", "unasked", "whole"} == set(SKY_LOSSES)
    found = common.dome.mean(dim=0)
    peak = found.argmax().item()
    assert (peak // PLACES, peak % PLACES) in {(y, x) for y in range(30, 34) for x in (50, 51)}
    assert common.uneven().item() > 1e-4
    assert terms["layout"].item() > 0


def test_streaks_of_one_class_are_not_made_good_by_another() -> None:
    """Class 0 is streaked along x, class 1 along y: together they have no direction, each has one."""
    common, streaks = MeanDome(2, torch.ones(2, 3, 32, 32)), drawn(1, 1, 128, 1).expand(1, 3, 128, 128)
    domes, labels = torch.cat([streaks, streaks.transpose(2, 3)]), torch.tensor([0, 1])
    for _ in range(100):
        terms = common.losses(domes, labels)
    assert terms["grain"].item() > 1e-3
    mixed = MeanDome(2, torch.ones(2, 3, 32, 32))
    for step in range(100):
        mixed.losses(domes if step % 2 else domes.flip(0), labels)
    assert mixed.grain.shape == (2, 2, 2, CELLS, CELLS)
    assert mixed.losses(domes, labels)["grain"].item() < 0.25 * terms["grain"].item()


def test_state_travels() -> None:
    one, other = GroupMeans(2, 3, scaled=True), GroupMeans(2, 3, scaled=True)
    one.follow(drawn(4, 3), drawn(4, 3, seed=1), torch.tensor([0, 1, 1, 0]))
    other.load_state_dict(one.state_dict())
    torch.testing.assert_close(other.pull(drawn(1, 3), torch.tensor([0])), one.pull(drawn(1, 3), torch.tensor([0])))
    assert not list(one.parameters())  # nothing of it is trained


def banks(count: int, turn: float, spread: float, seed: int = 0) -> torch.Tensor:
    """Skies [N, 3, 64, 64] with a band of cloud over the zenith, in a direction of ``turn`` ± ``spread`` radians."""
    place = (2 * torch.arange(PLACES) + 1) / PLACES - 1
    angle = turn + spread * (2 * torch.rand(count, generator=torch.Generator().manual_seed(seed)) - 1)
    away = place[None, :, None] * torch.cos(angle)[:, None, None] - place * torch.sin(angle)[:, None, None]
    return torch.exp(-((away / 0.2) ** 2))[:, None].expand(-1, 3, -1, -1) + 0.05 * drawn(count, 3, PLACES, PLACES)


def test_rings_follow_a_sky_around() -> None:
    """Luminance that grows northward (+z, down the picture) is a cosine of azimuth, as wide as its ring."""
    place = (2 * torch.arange(PLACES) + 1) / PLACES - 1
    sky = place[:, None].expand(1, 3, PLACES, PLACES)
    around = losses.rings(losses.around(sky))[0]
    radius = torch.tan(losses.RINGS / 2) / math.tan(THETA_MAX / 2)
    azimuth = torch.arange(losses.AZIMUTHS) * (2 * math.pi / losses.AZIMUTHS)
    torch.testing.assert_close(around, radius[:, None] * torch.cos(azimuth), atol=1e-5, rtol=0)
    assert losses.rings(losses.around(torch.full((2, 3, PLACES, PLACES), 0.4))).abs().max() < 1e-6


@pytest.mark.parametrize("turn", [0.0, math.pi / 8, 1.0])
def test_banks_of_one_direction_are_found_whatever_it_is(turn: float) -> None:
    one, all_ = Sides(1, rate=0.02), Sides(1, rate=0.02)
    for step in range(30):
        locked = one.losses(banks(8, turn, 0.05, seed=step), torch.zeros(8, dtype=torch.long))
        free = all_.losses(banks(8, turn, math.pi / 2, seed=step), torch.zeros(8, dtype=torch.long))
    assert locked["directed"] > 10 * free["directed"].abs()
    # Across the zenith they lie all the same.
    assert locked["two_sided"] > 0.01
    assert free["two_sided"] > 0.01


def test_a_light_on_one_side_is_neither() -> None:
    place = (2 * torch.arange(PLACES) + 1) / PLACES - 1
    sides = Sides(1)
    for step in range(30):
        angle = torch.rand(8, generator=torch.Generator().manual_seed(step)) * 2 * math.pi
        north, east = torch.cos(angle)[:, None, None], torch.sin(angle)[:, None, None]
        sky = (place[None, :, None] * north + place * east)[:, None].expand(-1, 3, -1, -1)
        terms = sides.losses(sky, torch.zeros(8, dtype=torch.long))
    assert abs(terms["directed"].item()) < 0.05
    assert terms["two_sided"].item() < 1e-4


def test_sides_wait_for_enough_skies_and_classes_do_not_mix() -> None:
    sides, sky = Sides(2), banks(2, 0.3, 0.0)
    for _ in range(TRUSTED - 1):
        terms = sides.losses(sky, torch.tensor([0, 0]))
    assert terms["directed"].item() == terms["two_sided"].item() == 0
    terms = sides.losses(sky, torch.tensor([0, 1]))
    assert terms["directed"].item() > 0
    assert sides.count.tolist() == [TRUSTED, 1]


def test_descent_takes_a_bank_from_the_zenith() -> None:
    sides, weight = Sides(1), torch.ones(1, requires_grad=True)
    for step in range(300):
        # One side against the other is as strong; only the bank can be let go of.
        place = (2 * torch.arange(PLACES) + 1) / PLACES - 1
        sky = weight * banks(4, 0.5, 0.0, seed=step) + torch.rot90(place.expand(4, 3, PLACES, PLACES), step % 4, (2, 3))
        terms = sides.losses(sky, torch.zeros(4, dtype=torch.long))
        loss = 20 * terms["directed"] + 300 * terms["two_sided"]
        if loss.requires_grad:
            (gradient,) = torch.autograd.grad(loss, weight)
            weight.data -= 0.01 * gradient
    assert weight.item() < 0.6


def streets(turn: float, side: int = 256) -> torch.Tensor:
    """A sky [1, 3, side, side] of bands of equal width on a plane overhead, which run along ``turn`` radians from +x.

    The dome shows them as arcs that meet at the horizon.
    """
    place = (2 * torch.arange(side) + 1) / side - 1
    x, z = place[None, :].expand(side, side), place[:, None].expand(side, side)
    radius = torch.hypot(x, z)
    distance = torch.tan((2 * torch.atan(radius * math.tan(THETA_MAX / 2))).clamp(max=math.radians(85)))
    away = distance * (x * math.sin(turn) - z * math.cos(turn)) / radius
    return torch.sin(3 * away).expand(1, 3, side, side)


@pytest.mark.parametrize("turn", [0.0, 0.4, math.pi / 4, math.pi / 2, 2.5])
def test_streets_on_the_cloud_plane_are_streaks_of_their_direction(turn: float) -> None:
    found = losses.streaks(streets(turn))[0]
    # Seen from each eighth: an azimuth of pi/2 is +x, and outward is toward it.
    apart = 2 * (torch.arange(losses.SECTORS) * (2 * math.pi / losses.SECTORS) - (math.pi / 2 - turn))
    # Streets of every width from the zenith to nothing at the horizon: pixels blunt the farthest.
    direction = found[:, :2] / found[:, 2:]
    torch.testing.assert_close(direction, -torch.stack([torch.cos(apart), torch.sin(apart)], dim=1), atol=0.25, rtol=0)
    assert (direction.norm(dim=1) > 0.7).all()
    assert found[:, 2].mean() == pytest.approx(1, abs=1e-4)


def test_what_is_alike_all_around_has_no_common_streaks() -> None:
    place = (2 * torch.arange(PLACES) + 1) / PLACES - 1
    rings = losses.streaks(torch.sin(9 * (place[None, :] ** 2 + place[:, None] ** 2)).expand(1, 3, PLACES, PLACES))
    assert losses.lasting_streaks(rings, rings).item() < 0.01
    # A square of pixels has more of them in the diagonal eighths.
    torch.testing.assert_close(rings[0, :, 0] / rings[0, :, 2], torch.ones(losses.SECTORS), atol=0.02, rtol=0)
    assert losses.streaks(torch.zeros(1, 3, PLACES, PLACES)).norm() == 0
    noise = losses.streaks(drawn(64, 3, PLACES, PLACES)).mean(dim=0, keepdim=True)
    assert losses.lasting_streaks(noise, noise).item() < 0.02


def test_streaks_in_one_place_are_found() -> None:
    """Fingers on the northern horizon, which rings elsewhere would make good in a sum over the whole sky."""
    place = (2 * torch.arange(PLACES) + 1) / PLACES - 1
    azimuth = torch.atan2(place[None, :].expand(PLACES, PLACES), place[:, None].expand(PLACES, PLACES))
    fingers = torch.sin(16 * azimuth) * (azimuth.abs() < math.pi / 8)
    found = losses.streaks(fingers.expand(1, 3, PLACES, PLACES))
    assert found[0, 0, 0] < -6
    assert found[0, 2:7].abs().max() < 0.5
    assert losses.lasting_streaks(found, found).item() > 5


def test_streaks_of_all_directions_are_left_alone() -> None:
    """A class may have streaks, only not always the same way."""
    locked, free = Sides(1), Sides(1)
    for step in range(40):
        label = torch.zeros(8, dtype=torch.long)
        one = locked.losses(banks(8, 1.0, 0.05, seed=step), label)
        any_ = free.losses(banks(8, 1.0, math.pi / 2, seed=step), label)
    assert one["streaks"] > 0.3
    assert abs(any_["streaks"].item()) < 0.1 * one["streaks"].item()


def isotropic(count: int, length: float, seed: int = 0) -> torch.Tensor:
    """Skies [N, 3, 64, 64] that know no zenith: sums of plane waves of a length in radians, read on the sphere."""
    draw = torch.Generator().manual_seed(seed)
    place = (2 * torch.arange(PLACES) + 1) / PLACES - 1
    x, z = place[None, :].expand(PLACES, PLACES), place[:, None].expand(PLACES, PLACES)
    theta, radius = 2 * torch.atan(torch.hypot(x, z) * math.tan(THETA_MAX / 2)), torch.hypot(x, z)
    ways = torch.stack([torch.sin(theta) * x / radius, torch.sin(theta) * z / radius, torch.cos(theta)])
    waves = torch.randn(count, 60, 3, generator=draw)
    waves *= 2 * math.pi / length / waves.norm(dim=2, keepdim=True)
    phase = 2 * math.pi * torch.rand(count, 60, 1, 1, generator=draw)
    sky = torch.cos(torch.einsum("nwc,cij->nwij", waves, ways) + phase).mean(dim=1)
    return sky[:, None].expand(-1, 3, -1, -1)


def circled(count: int, seed: int = 0) -> torch.Tensor:
    """Skies with rings around the zenith, of any width and phase."""
    place = (2 * torch.arange(PLACES) + 1) / PLACES - 1
    radius = torch.hypot(place[None, :].expand(PLACES, PLACES), place[:, None].expand(PLACES, PLACES))
    many, phase = torch.rand(2, count, 1, 1, generator=torch.Generator().manual_seed(seed))
    return torch.sin((6 + 6 * many) * radius + 2 * math.pi * phase)[:, None].expand(-1, 3, -1, -1)


LENGTHS = (0.35, 0.6, 1.0, 1.7, 3.0)


def test_skies_that_know_no_zenith_have_as_many_sides_as_circles() -> None:
    powers = torch.stack([losses.circles_and_sides(losses.around(isotropic(300, n))).mean(dim=0) for n in LENGTHS])
    assert (powers[:, 0] > 0.5 * powers[:, 1]).all()
    assert (powers[:, 0] < 4 * powers[:, 1]).all()
    circles, sides = powers.sum(dim=0)
    assert 1 < circles / sides < losses.MOST_CONCENTRIC


def test_circles_are_all_circles_and_a_paler_horizon_is_none() -> None:
    powers = losses.circles_and_sides(losses.around(circled(20))).mean(dim=0)
    assert powers[0] > 100 * powers[1]
    place = (2 * torch.arange(PLACES) + 1) / PLACES - 1
    squared = place[None, :] ** 2 + place[:, None] ** 2
    paler = (0.2 + 0.5 * squared + 0.3 * squared**3).expand(1, 3, PLACES, PLACES)
    assert losses.circles_and_sides(losses.around(paler))[0, 0] < 0.01 * powers[0]


def test_circles_are_pushed_down_and_sides_up_until_they_are_as_in_a_sky() -> None:
    sides, label = Sides(1), torch.zeros(8, dtype=torch.long)
    weights = torch.tensor([1.0, 0.5], requires_grad=True)
    for step in range(400):
        made = weights[0] * circled(8, seed=step) + weights[1] * isotropic(8, 0.5, seed=step)
        term = sides.losses(made, label)["concentric"]
        if step == TRUSTED:
            (first,) = torch.autograd.grad(term, weights, retain_graph=True)
        if term.requires_grad:
            (gradient,) = torch.autograd.grad(term, weights)
            weights.data -= 0.02 * gradient
    assert first[0] > 0 > first[1]
    ratio = (sides.circles[0, 0] / sides.circles[0, 1]).item()
    assert ratio < 1.3 * losses.MOST_CONCENTRIC
    assert weights[1] > 0.5


def test_skies_without_circles_are_left_alone() -> None:
    sides, label = Sides(1), torch.zeros(8, dtype=torch.long)
    for step in range(100):
        skies = torch.cat([isotropic(2, length, seed=step) for length in (0.35, 0.5, 0.7, 2.0)])
        term = sides.losses(skies, label)["concentric"]
    assert term.item() == 0
