"""Losses, one function a formula."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F


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
    place = (2 * torch.arange(side) + 1) / side - 1
    r2 = place[:, None] ** 2 + place[None, :] ** 2
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
