"""Losses and what they look at, one function a formula."""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F

from skyloom_training.plane import ring_radius, square_radius, zenith_angles

# Zenith angles of the rings on which a sky is followed around, and places on each.
RINGS, AZIMUTHS = torch.deg2rad(torch.arange(10.0, 90.0, 10.0)), 16
# Side of the pooled domes that rings are read from, pixels.
COARSE = 32
# The same where what latents place is looked for, which may be as thin as a trail.
FINE_RINGS, FINE_AZIMUTHS, FINE_SIDE = torch.deg2rad(torch.arange(5.0, 90.0, 5.0)), 48, 64
# Parts around the zenith in which streaks are counted.
SECTORS = 8
# How much more of a sky may be the same all around than a wave around it has. Isotropic fields of waves 20 to 170
# degrees long on the sphere, all lengths alike, have 1.8; of one length, up to 3.7.
MOST_CONCENTRIC = 2.0


def hinge_discriminator(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """Hinge loss of the discriminator, mean over the logits of a scale, summed over scales (Lim & Ye 2017)."""
    return torch.stack([F.relu(1 - r).mean() + F.relu(1 + f).mean() for r, f in zip(real, fake, strict=True)]).sum()


def hinge_generator(fake: list[Tensor]) -> Tensor:
    """Hinge loss of the generator, summed over scales."""
    return torch.stack([-f.mean() for f in fake]).sum()


def out_of_range(x: Tensor) -> Tensor:
    """Mean squared excess of |x| over 1: keeps the sum of colour layers where a picture can show it."""
    return F.relu(x.abs() - 1).square().mean()


def hue_drift(coarse: Tensor, free: float = 0.1) -> Tensor:
    """Mean squared excess over ``free`` of the difference in chroma between one side of a dome and the others.

    Views are judged one by one, so nothing else keeps a sky from being a sunset in the north and noon in the south.
    Domes pooled to [N, 3, 16, 16], compared with themselves turned by quarter circles, which keeps the zenith angle.
    """
    chroma = coarse - coarse.mean(dim=1, keepdim=True)
    turns = [F.relu((chroma - torch.rot90(chroma, k, (2, 3))).abs() - free).square().mean() for k in (1, 2)]
    return torch.stack(turns).sum()


def uneven(average: Tensor) -> Tensor:
    """What a mean dome [3, S, S] has beyond a smooth change from zenith to horizon: its residual, 0 outside the disc.

    The change is the least-squares fit of 1, r² and r⁶: a sky may pale toward the horizon, and quickly near it.
    """
    side = average.shape[-1]
    inside, basis, inverse = (part.to(average.device) for part in _smooth_change(side))
    values = average.reshape(len(average), -1)[:, inside].T
    rest = values - basis @ (inverse @ values)
    out = torch.zeros(len(average), side * side, device=average.device)
    out[:, inside] = rest.T
    return out.reshape(average.shape)


@lru_cache
def _smooth_change(side: int) -> tuple[Tensor, Tensor, Tensor]:
    """Which of S² places are in the disc, and there 1, r² and r⁶ [P, 3] with the pseudoinverse [3, P]."""
    r2 = square_radius(side)
    inside = (r2 <= 1).flatten()
    basis = torch.stack([torch.ones_like(r2), r2, r2**3], dim=-1).reshape(-1, 3)[inside]
    return inside, basis, torch.linalg.pinv(basis)


def lasting_layout(coarse: Tensor, average: Tensor) -> Tensor:
    """Pushes the mean dome [3, S, S] (a running average, updated by the caller) toward a smooth one.

    ``coarse`` are domes pooled to [N, 3, S, S]. The gradient is that of |uneven(M)|² / 2: it removes what stands in
    the same place in every sky, such as a bank in the north or a ring of cloud, and leaves what differs between skies.
    """
    return (coarse.mean(dim=0) * uneven(average)).mean()


def grain(domes: Tensor) -> Tensor:
    """How much domes [N, 3, S, S] change along x and along y, place by place: [N, 2, 16, 16]."""
    step = min(4, domes.shape[-1] // 16)
    next_, corner = step // 2, domes[:, :, ::step, ::step]
    across = (domes[:, :, ::step, next_::step] - corner).abs()
    down = (domes[:, :, next_::step, ::step] - corner).abs()
    both = torch.stack([across.mean(dim=1), down.mean(dim=1)], dim=1)
    return F.avg_pool2d(both, both.shape[-1] // 16)


def lasting_grain(grains: Tensor, average: Tensor) -> Tensor:
    """Pushes mean :func:`grain` [..., 2, C, C] (running averages, one for each of grains) toward its quarter turns.

    It removes what skies have in common in one direction only: smooth to the left, or streaks along one axis. A quarter
    turn makes what changes along x change along y.
    """
    turns = [torch.rot90(average if k % 2 == 0 else average.flip(-3), k, (-2, -1)) for k in range(4)]
    return (grains * (average - torch.stack(turns).mean(dim=0))).mean()


def lattice(domes: Tensor, period: int = 8) -> Tensor:
    """Mean square of what repeats every ``period`` pixels all over a dome [N, 3, S, S]: traces of enlarging."""
    n, c, side, _ = domes.shape
    fold = domes.reshape(n, c, side // period, period, side // period, period).mean(dim=(2, 4))
    return (fold - fold.mean(dim=(2, 3), keepdim=True)).square().mean()


def pooled(domes: Tensor, side: int) -> Tensor:
    """Domes [N, C, S, S] at ``side``, a divisor or a multiple of S; a dome of fewer pixels repeats them."""
    times = domes.shape[-1] // side
    return F.avg_pool2d(domes, times) if times else F.interpolate(domes, side)


def around(domes: Tensor) -> Tensor:
    """Luminance of domes [N, 3, S, S] at the rings of :data:`RINGS`: [N, R, A].

    It is taken from domes pooled to :data:`COARSE`, so a place is about as wide as the next is far.
    """
    return at_rings(pooled(domes.mean(dim=1, keepdim=True), COARSE), RINGS, AZIMUTHS)[:, 0]


def at_rings(domes: Tensor, angles: Tensor, azimuths: int) -> Tensor:
    """Domes [N, C, S, S] along rings at zenith ``angles`` [R]: [N, C, R, A], bilinear."""
    azimuth = torch.arange(azimuths) * (2 * math.pi / azimuths)
    radius = ring_radius(angles)
    places = torch.stack([radius[:, None] * torch.sin(azimuth), radius[:, None] * torch.cos(azimuth)], dim=-1)
    return F.grid_sample(domes, places.to(domes).expand(len(domes), -1, -1, -1), align_corners=False)


def rings(luminance: Tensor) -> Tensor:
    """How :func:`around` [..., R, A] goes around a sky: with mean 0 a ring."""
    return luminance - luminance.mean(dim=-1, keepdim=True)


def placed(one: Tensor, other: Tensor) -> Tensor:
    """Share of what goes around the zenith that domes [N, C, S, S] have in common with those of another noise.

    Kernels that are not the same in all directions make a bank across the zenith of a start that has none. No noise
    moves it: seen from below, every sky of such a latent has an arch in the same place, and no view tells, as cameras
    look any way. The product of two draws is the square of what they have in common, on the mean: without bias, and
    for every latent by itself. Each pair counts as much, a trail in the blue like a bank of storm; colours one by one.
    """
    first, second = (_fine_rings(x) for x in (one, other))
    common = (first * second).mean(dim=(1, 2, 3))
    return (common / ((first.square() + second.square()).mean(dim=(1, 2, 3)) / 2 + 1e-6)).mean()


def noiseless(domes: Tensor, still: Tensor) -> Tensor:
    """Share of what goes around the zenith in domes [N, C, S, S] and in ``still``, those without noise, that is still.

    A thin line that noise moves by its own width is no longer what two draws have in common; without noise it is there.
    0 if there are none.
    """
    if not len(still):
        return still.sum()
    power, without = (_fine_rings(x).square().mean(dim=(1, 2, 3)) for x in (domes, still))
    return (without / (power + without + 1e-6)).mean()


def unasked(gains: Tensor, others: Tensor) -> Tensor:
    """Mean square of what skies that are no contrails take of arcs: gains [N, C] where ``others`` [N]."""
    return (gains.square() * others[:, None].to(gains)).sum() / max(gains.numel(), 1)


def _fine_rings(domes: Tensor) -> Tensor:
    """How domes [N, C, S, S] go around the zenith, colour by colour, on rings fine enough for a trail [N, C, R, A]."""
    return rings(at_rings(pooled(domes, FINE_SIDE), FINE_RINGS, FINE_AZIMUTHS))


def circles_and_sides(luminance: Tensor) -> Tensor:
    """Power of what of :func:`around` [N, R, A] is the same all around, and mean power of a wave around: [N, 2].

    Of each ring the mean, and the cosines and sines of one and two periods, all of unit length; each without its smooth
    change from zenith to horizon (1, r² and r⁶ as in :func:`uneven`), as every sky may pale toward the horizon.
    """
    radius = ring_radius(RINGS)
    basis = torch.stack([torch.ones_like(radius), radius**2, radius**6], dim=1)
    rest = (torch.eye(len(radius)) - basis @ torch.linalg.pinv(basis)).to(luminance)
    level = torch.full((AZIMUTHS, 1), AZIMUTHS**-0.5).to(luminance)
    waves = torch.cat([level, _wave(1, luminance), _wave(2, luminance)], dim=1)
    power = torch.einsum("rs,nsa,aw->nrw", rest, luminance, waves).square().sum(dim=1)
    return torch.stack([power[:, 0], power[:, 1:].mean(dim=1)], dim=1)


def concentric(powers: Tensor, average: Tensor) -> Tensor:
    """Pushes mean :func:`circles_and_sides` [N, 2] (running averages) toward no more circles than a sky has.

    A net that knows how far a place is from the zenith, and little else, draws rings around it. By sky [N]: downhill
    of half the squared logarithm of circles over :data:`MOST_CONCENTRIC` times sides, where it is positive, so that
    circles become weaker and sides stronger.
    """
    average = average.clamp(min=1e-6)
    excess = F.relu(torch.log(average[:, 0] / (MOST_CONCENTRIC * average[:, 1])))
    return excess * (powers[:, 0] / average[:, 0] - powers[:, 1] / average[:, 1])


def directed(around: Tensor, covariance: Tensor) -> Tensor:
    """Pushes the covariances [N, R, A, R, A] of :func:`rings` [N, R, A] toward their turns about the zenith.

    No direction is then better than another for a bank, a line or a light: only differences of azimuth count. By sky
    [N], in units of the covariance's trace, so that skies of little contrast count as others do.
    """
    turns = [covariance.roll((k, k), (2, 4)) for k in range(AZIMUTHS)]
    locked = (covariance - torch.stack(turns).mean(dim=0)) / _trace(covariance).square()[:, None, None, None, None]
    return torch.einsum("nra,nrasb,nsb->n", around, locked, around)


def two_sided(around: Tensor, covariance: Tensor) -> Tensor:
    """Pushes down what stands on two opposite sides of :func:`rings` [N, R, A], where it is more than a sky has.

    A bank across the zenith is a second harmonic around it. A smooth field's power there is sin²(zenith angle) of that
    of the first, which is one side against the other; 0.1 + 0.3 sin² is above that. By sky [N].
    """
    powers = []
    for harmonic in (1, 2):
        wave = _wave(harmonic, around)
        powers.append(torch.einsum("nrarb,ac,bc->nr", covariance, wave, wave))
    excess = F.relu(powers[1] - (0.1 + 0.3 * torch.sin(RINGS).square()).to(around) * powers[0])
    across = (around @ _wave(2, around)).square().sum(dim=2)
    return (across * excess / _trace(covariance).square()[:, None]).sum(dim=1)


def streaks(domes: Tensor) -> Tensor:
    """Which way, and how much, skies [N, 3, S, S] are streaked in each eighth around the zenith: [N, 8, 3].

    Of luminance's gradient p on the plane of the clouds, the sums of p_r² - p_a² and of 2 p_r p_a over an eighth, r
    outward and a around, and that of p², each over an eighth of that of p² in the whole sky: (-1, 0, 1) are streets
    that run outward, (1, 0, 1) rings, (0, ±1, 1) between, (0, 0, 1) a sky without any, and the third number is how
    much happens there. On the dome streets are arcs that meet at the horizon; a stereographic dome keeps angles, and
    the plane shrinks what is radial by the cosine of the zenith angle.
    """
    luminance = domes.mean(dim=1)
    side = luminance.shape[-1]
    place = ((2 * torch.arange(side, device=domes.device) + 1) / side - 1).to(luminance)
    x, z = place[None, :].expand(side, side)[1:-1, 1:-1], place[:, None].expand(side, side)[1:-1, 1:-1]
    radius = torch.hypot(x, z).clamp(min=1e-6)
    zenith_angle = zenith_angles(side)[1:-1, 1:-1].to(radius)
    sector = ((torch.atan2(x, z) / (2 * math.pi) + 1) * SECTORS + 0.5).long() % SECTORS
    parts = F.one_hot(sector, SECTORS).to(luminance) * (zenith_angle <= RINGS[-1])[..., None]
    along_x = luminance[:, 1:-1, 2:] - luminance[:, 1:-1, :-2]
    along_z = luminance[:, 2:, 1:-1] - luminance[:, :-2, 1:-1]
    outward = (along_x * x + along_z * z) / radius * torch.cos(zenith_angle)
    around = (along_z * x - along_x * z) / radius
    products = torch.stack([outward**2 - around**2, 2 * outward * around, outward**2 + around**2], dim=1)
    sums = torch.einsum("ncij,ijk->nkc", products, parts)
    return SECTORS * sums / (sums[:, :, 2].sum(dim=1) + 1e-6)[:, None, None]


def lasting_streaks(streaks: Tensor, average: Tensor) -> Tensor:
    """Pushes mean :func:`streaks` [N, ..., 8, 3] (running averages) toward what is alike all around and its own mirror.

    By sky [N]: downhill of half the square, so that no direction is common, whatever each sky's own is.
    """
    common = average.mean(dim=-2, keepdim=True) * torch.tensor([1.0, 0.0, 1.0]).to(average)
    return (streaks * (average - common)).mean(dim=-2).flatten(1).sum(dim=1)


def _trace(covariance: Tensor) -> Tensor:
    return torch.einsum("nrara->n", covariance).clamp(min=1e-6)


def _wave(harmonic: int, like: Tensor) -> Tensor:
    """Cosine and sine [A, 2] of a harmonic around a ring, of unit length."""
    angle = torch.arange(AZIMUTHS) * (2 * math.pi * harmonic / AZIMUTHS)
    return torch.stack([torch.cos(angle), torch.sin(angle)], dim=1).to(like) * (2 / AZIMUTHS) ** 0.5
