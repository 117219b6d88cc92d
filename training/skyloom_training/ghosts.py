"""Ghosts: fine structure in contrail skies where no arc of chance is, lines along pixels and chequers of specks."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from skyloom_training import losses
from skyloom_training.networks.arcs import arc_map

# Side of the domes that are looked at, and of the squares in which what is fine is told from what is broad.
SIDE, SQUARE = 256, 9
# How strong an arc must be near a place for it to be a trail's, and how near in pixels.
STRONG, NEAR = 0.02, 5
# Deviation that fine structure may have, in [-1, 1]: veils and streaks of cirrus are within.
FREE = 0.03


def ghosts(domes: Tensor, numbers: Tensor, trails: Tensor) -> Tensor:
    """Mean excess of the deviation of fine luminance over :data:`FREE`, away from arcs.

    Domes [N, 3, S, S], the arcs' ``numbers`` [N, 9 K], and which skies are contrails [N]; 0 where none is, or no arcs.
    A type that must have lines gets them where its kernels make them, beside those that noise places.
    """
    if not numbers.shape[1] or not bool(trails.any()):
        return domes.new_zeros(())
    fine = _fine(losses.pooled(domes[trails].mean(dim=1, keepdim=True), SIDE))
    away = 1 - F.max_pool2d((arc_map(numbers[trails], SIDE) > STRONG).float(), 2 * NEAR + 1, 1, NEAR)
    return (F.relu(fine - FREE) * away.to(fine)).mean()


def _fine(luminance: Tensor) -> Tensor:
    """Deviation of what squares do not have as a whole [N, 1, S, S]."""
    rest = luminance - _mean(luminance)
    return (_mean(rest.square()) + 1e-6).sqrt()


def _mean(x: Tensor) -> Tensor:
    return F.avg_pool2d(x, SQUARE, 1, SQUARE // 2, count_include_pad=False)
