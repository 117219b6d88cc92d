"""Adaptive discriminator augmentation: geometric and colour pipeline, strength p, overfitting signal (Karras 2020b).

Written from "Training Generative Adversarial Networks with Limited Data", section 3 and appendix B. All pictures of a
batch are changed at once, each by its own draw; everything is differentiable with respect to the pictures.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

# Symlet of six vanishing moments (Daubechies 1992, table 6.3), unit sum: interpolates at twice the side and back. It is
# orthonormal to its own even shifts, so that up and down again with nothing between changes nothing.
SYM6 = (
    0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633, 0.4910559419267466,
    0.787641141030194, 0.3379294217276218, -0.07263752278646252, -0.021060292512300564, 0.04472490177066578,
    0.0017677118642428036, -0.007800708325034148,
)  # fmt: skip
TAPS = tuple(tap / math.sqrt(2.0) for tap in SYM6)
# Fine samples per picture sample are counted from here, so that the filter's middle falls between its two pixels.
OFFSET = 5
# Fine samples kept beyond each edge: what the filter needs on the way back.
EDGE = 10


@dataclass(frozen=True)
class Change:
    """What happens to each picture: ``place`` [N, 3, 3] takes output to input points of [-1, 1]² (x right, y down),
    ``colour`` [N, 3, 4] makes new RGB from old RGB and 1."""

    place: Tensor
    colour: Tensor

    def part(self, start: int, stop: int) -> Change:
        """The changes of some pictures of the batch."""
        return Change(self.place[start:stop], self.colour[start:stop])

    def to(self, device: torch.device) -> Change:
        """The same on another device."""
        return Change(self.place.to(device), self.colour.to(device))


def draw_change(count: int, p: float, generator: torch.Generator, side: int) -> Change:
    """Draw changes for ``count`` pictures of ``side`` pixels, each transformation with probability ``p`` in [0, 1].

    Raises:
        ValueError: p is outside [0, 1].
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p: {p} is not allowed; expected a probability from 0 to 1")
    dice = _Dice(count, p, generator)
    return Change(_draw_place(dice, side), _draw_colour(dice))


def apply_change(x: Tensor, change: Change | None) -> Tensor:
    """Pictures [N, 3, H, W] in [-1, 1] -> the same shape; values may leave the range. None changes nothing."""
    if change is None:
        return x
    return _recolour(_move(x, change.place), change.colour)


class AdaptiveStrength:
    """p that follows the discriminator: up while r_t = E[sign D(real)] is above ``target``, down while it is below.

    Looked at every ``interval`` steps; from 0 to 1 takes ``kimg`` thousand pictures at the fastest (section 3.1).
    """

    def __init__(self, target: float = 0.6, kimg: float = 500.0, interval: int = 4, p: float = 0.0) -> None:
        self.target, self.kimg, self.interval, self.p = target, kimg, interval, p
        self.sign_sum = self.count = 0.0
        self.pictures = self.steps = 0
        self.signal = 0.0

    def see(self, sign_sum: float, count: float, pictures: int) -> None:
        """Take in the sum of signs of ``count`` real logits of a step that showed ``pictures`` real pictures."""
        self.sign_sum += sign_sum
        self.count += count
        self.pictures += pictures
        self.steps += 1
        if self.steps % self.interval == 0:
            self.signal = self.sign_sum / max(self.count, 1.0)
            move = math.copysign(self.pictures / (self.kimg * 1000), self.signal - self.target)
            self.p = min(max(self.p + move, 0.0), 1.0)
            self.sign_sum = self.count = 0.0
            self.pictures = 0

    def state(self) -> dict[str, float]:
        """Plain numbers for a checkpoint."""
        names = ("p", "sign_sum", "count", "pictures", "steps", "signal")
        return {name: float(getattr(self, name)) for name in names}

    def load_state(self, state: dict[str, float]) -> None:
        """Go on from :meth:`state`; KeyError where a number is missing."""
        self.p, self.sign_sum, self.count = state["p"], state["sign_sum"], state["count"]
        self.pictures, self.steps, self.signal = int(state["pictures"]), int(state["steps"]), state["signal"]


class _Dice:
    """Draws for a whole batch; every draw is taken whether it is used or not, so that p does not shift the others."""

    def __init__(self, count: int, p: float, generator: torch.Generator) -> None:
        self.count, self.p, self.generator = count, p, generator

    def uniform(self) -> Tensor:
        return torch.rand(self.count, generator=self.generator)

    def normal(self) -> Tensor:
        return torch.randn(self.count, generator=self.generator)

    def maybe(self, value: Tensor, otherwise: float, p: float | None = None) -> Tensor:
        happens = self.uniform() < (self.p if p is None else p)
        return torch.where(happens, value, torch.full_like(value, otherwise))

    def both(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """A move in two directions is one transformation: it happens in both or in neither."""
        happens = self.uniform() < self.p
        return torch.where(happens, x, 0.0), torch.where(happens, y, 0.0)


def _draw_place(dice: _Dice, side: int) -> Tensor:
    """Pixel blitting, then general geometry; each factor takes output to input, so the first in time comes first."""
    one, zero = torch.ones(dice.count), torch.zeros(dice.count)
    flip = dice.maybe(torch.where(dice.uniform() < 0.5, -one, one), 1.0)
    quarter = dice.maybe(torch.floor(dice.uniform() * 4), 0.0) * (math.pi / 2)
    # Up to an eighth of the side either way, in whole pixels; [-1, 1] has length 2.
    reach = 0.125 * side
    whole_x, whole_y = dice.both(*(((2 * dice.uniform() - 1) * reach).round() * 2 / side for _ in range(2)))
    scale = dice.maybe(torch.exp2(0.2 * dice.normal()), 1.0)
    # Two rotations around the stretching: together as likely as p.
    p_turn = 1 - math.sqrt(1 - dice.p)
    before = dice.maybe((2 * dice.uniform() - 1) * math.pi, 0.0, p_turn)
    stretch = dice.maybe(torch.exp2(0.2 * dice.normal()), 1.0)
    after = dice.maybe((2 * dice.uniform() - 1) * math.pi, 0.0, p_turn)
    shift_x, shift_y = dice.both(*(2 * 0.125 * dice.normal() for _ in range(2)))
    factors = [
        _matrix(flip, zero, zero, zero, one, zero),
        _turn(quarter),
        _matrix(one, zero, whole_x, zero, one, whole_y),
        _matrix(1 / scale, zero, zero, zero, 1 / scale, zero),
        _turn(before),
        _matrix(1 / stretch, zero, zero, zero, stretch, zero),
        _turn(after),
        _matrix(one, zero, shift_x, zero, one, shift_y),
    ]
    place = factors[0]
    for factor in factors[1:]:
        place = place @ factor
    return place


def _draw_colour(dice: _Dice) -> Tensor:
    """Brightness, contrast, luma flip, hue rotation, saturation, multiplied into one affine map of RGB."""
    n = dice.count
    v = torch.full((3,), 1 / math.sqrt(3.0))  # the grey axis
    eye, luma = torch.eye(4), torch.zeros(4, 4)
    luma[:3, :3] = v[:, None] * v[None, :]
    colour = eye.expand(n, 4, 4).clone()
    colour[:, :3, 3] = dice.maybe(0.2 * dice.normal(), 0.0)[:, None]
    contrast = dice.maybe(torch.exp2(0.5 * dice.normal()), 1.0)
    colour = torch.diag_embed(torch.stack([contrast] * 3 + [torch.ones(n)], dim=1)) @ colour
    flip = dice.maybe((dice.uniform() < 0.5).float(), 0.0)[:, None, None]
    colour = (eye - 2 * luma * flip) @ colour
    colour = _hue(dice.maybe((2 * dice.uniform() - 1) * math.pi, 0.0), v) @ colour
    saturation = dice.maybe(torch.exp2(dice.normal()), 1.0)[:, None, None]
    colour = (luma + (eye - luma) * saturation) @ colour
    return colour[:, :3]


def _hue(angle: Tensor, axis: Tensor) -> Tensor:
    """Rotation about the grey axis (Rodrigues), [N, 4, 4]."""
    x, y, z = axis.tolist()
    cross = torch.tensor([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    sin, cos = angle.sin()[:, None, None], angle.cos()[:, None, None]
    out = torch.eye(4).repeat(len(angle), 1, 1)
    out[:, :3, :3] = torch.eye(3) * cos + cross * sin + axis[:, None] * axis[None, :] * (1 - cos)
    return out


def _matrix(a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor, f: Tensor) -> Tensor:
    zero, one = torch.zeros_like(a), torch.ones_like(a)
    return torch.stack([a, b, c, d, e, f, zero, zero, one], dim=1).unflatten(1, (3, 3))


def _turn(angle: Tensor) -> Tensor:
    zero = torch.zeros_like(angle)
    # Sines of quarter turns are whole to the last bit only if rounded: 90 degrees must not blur.
    sin, cos = (torch.where((s.abs() < 1e-6) | (s.abs() > 1 - 1e-6), s.round(), s) for s in (angle.sin(), angle.cos()))
    return _matrix(cos, -sin, zero, sin, cos, zero)


def _move(x: Tensor, place: Tensor) -> Tensor:
    """Sample x at ``place`` of every pixel: at twice the side through SYM6, mirrored beyond the edges."""
    h, w = x.shape[2:]
    up_h, up_w, down_h, down_w = (f(side).to(x.device) for f in (_doubling, _halving) for side in (h, w))
    # Fine sample m shows the picture at m + drift, as the filter is not quite symmetric.
    drift = OFFSET + 0.5 - sum(i * tap for i, tap in enumerate(TAPS))
    ys, xs = (_positions(side, drift, x.device) for side in (h, w))
    points = torch.stack(
        [xs.expand(len(ys), -1), ys[:, None].expand(-1, len(xs)), torch.ones_like(ys[:, None] * xs)], -1
    )
    grid = _mirrored(torch.einsum("nij,hwj->nhwi", place[:, :2].to(points), points), h, w)
    # From [-1, 1] over the picture to [-1, 1] over the fine samples, which go on beyond its edges.
    size = torch.tensor([w, h], device=x.device)
    grid = (grid - drift / size) * (size / (size + EDGE))
    # Filters as matrices: a product of small ones is several times faster on a CPU than a strided convolution.
    fine = up_h @ x.float() @ up_w.t()
    moved = F.grid_sample(fine, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return (down_h @ moved @ down_w.t()).to(x.dtype)


def _mirrored(grid: Tensor, h: int, w: int) -> Tensor:
    """Points far outside, taken back by reflection at the edges of [-1, 1]²; near ones are left to the fine samples."""
    near = 1 + torch.tensor([(EDGE - 2) / w, (EDGE - 2) / h], device=grid.device)
    away = torch.remainder(grid + 1, 4.0)
    return torch.where(grid.abs() <= near, grid, 1 - (away - 2).abs())


def _positions(side: int, drift: float, device: torch.device) -> Tensor:
    """Where in [-1, 1] the fine samples lie that make ``side`` pixels, with what the filter needs beyond the edges."""
    first, last = -OFFSET, 2 * side - 2 + len(TAPS) - 1 - OFFSET
    return (torch.arange(first, last + 1, device=device, dtype=torch.float32) + drift + 0.5) / side - 1


@functools.cache
def _doubling(side: int) -> Tensor:
    """[2 side + 2 EDGE, side]: y[m] = 2 sum_k x[k] f[m - 2k + OFFSET], mirrored at the edges."""
    out = torch.zeros(2 * side + 2 * EDGE, side)
    for m in range(-EDGE, 2 * side + EDGE):
        for i, tap in enumerate(TAPS):
            if (m + OFFSET - i) % 2 == 0:
                k = ((m + OFFSET - i) // 2) % (2 * side)
                out[m + EDGE, min(k, 2 * side - 1 - k)] += 2 * tap
    return out


@functools.cache
def _halving(side: int) -> Tensor:
    """[side, fine samples of :func:`_positions`]: z[j] = sum_m y[m] f[m - 2j + OFFSET], which undoes the doubling."""
    out = torch.zeros(side, 2 * side + len(TAPS) - 2)
    for j in range(side):
        out[j, 2 * j : 2 * j + len(TAPS)] = torch.tensor(TAPS)
    return out


def _recolour(x: Tensor, colour: Tensor) -> Tensor:
    colour = colour.to(x.device, x.dtype)
    return torch.einsum("nij,njhw->nihw", colour[:, :, :3], x) + colour[:, :, 3, None, None]
