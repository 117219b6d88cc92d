"""Banks: how much darker one side of a low sky is than the rest, where haze makes real skies even."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from skyloom_training import losses

# Zenith angles at which a sky is followed around, and how much darker one side may be there, in [-1, 1]: twice what
# photographed panoramas without a storm have. At 0.12 low, skies had half the slopes from side to side of CCSN's views.
RINGS = torch.deg2rad(torch.tensor([60.0, 70.0, 80.0, 86.0]))
DARKER = (0.45, 0.35, 0.25, 0.25)


def sides(domes: Tensor) -> Tensor:
    """Luminance of sides of domes [N, 3, S, S], each some 65 degrees wide, less the median at that zenith angle.

    [N, R, A] at :data:`RINGS`: heaps and gaps are narrower and even out, a bank or a pit does not. No gradient goes to
    the median, or the one place that has it would be made darker.
    """
    around = losses.at_rings(losses.pooled(domes.mean(dim=1, keepdim=True), losses.COARSE), RINGS, losses.AZIMUTHS)
    broad = F.avg_pool1d(F.pad(around[:, 0], (1, 1), mode="circular"), 3, 1)
    return broad - broad.median(dim=-1, keepdim=True).values.detach()


def banks(domes: Tensor) -> Tensor:
    """Squared excess of darkness of :func:`sides` over :data:`DARKER`, summed around; mean over rings and domes.

    A view of 60 degrees does not tell that the sky beyond it is brighter, so noise laid dark banks and pits on the
    horizon of every type alike. Brighter may be where the sun is.
    """
    apart = sides(domes)
    darker = F.relu(-apart - torch.tensor(DARKER).to(apart)[:, None])
    return darker.square().sum(dim=-1).mean()


def bank_depth(domes: Tensor) -> float:
    """Median over domes [N, 3, S, S] of the darkest of :func:`sides` at 80 degrees, in 8-bit levels below the median.

    Of seven photographed panoramas six are within 19, the seventh, under a storm, has 51; procedural skies have 4.
    """
    return float(-sides(domes)[:, 2].amin(dim=-1).median()) * 127.5
