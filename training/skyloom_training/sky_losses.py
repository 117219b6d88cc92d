"""All the losses that whole domes have, by the names that :data:`skyloom_training.config.SKY_LOSSES` weighs."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from skyloom_training import losses
from skyloom_training.banks import banks
from skyloom_training.caps import caps
from skyloom_training.data.ccsn import CODES
from skyloom_training.ghosts import ghosts
from skyloom_training.lasting import MeanDome
from skyloom_training.whole_skies import WholeSkies


class Domes(NamedTuple):
    """A step's domes [N, 3, S, S], their labels [N], and the first of each pair once more [N / 2, 3, S, S].

    Of these every other has other noise, the rest have none. ``gains`` [N, C] is what the domes ask of arcs, and
    ``arcs`` [N, 9 K] the numbers of these.
    """

    skies: Tensor
    labels: Tensor
    moved: Tensor
    gains: Tensor
    arcs: Tensor


def sky_losses(domes: Domes, common: MeanDome, whole: WholeSkies, draw: torch.Generator) -> dict[str, Tensor]:
    """Losses by name, after the running means of ``common`` have moved toward the domes'."""
    skies, trails = domes.skies, domes.labels == CODES.index("Ct")
    return {
        **common.losses(skies, domes.labels),
        "placed": losses.placed(skies[::4], domes.moved[::2]),
        "noiseless": losses.noiseless(skies[2::4], domes.moved[1::2]),
        "caps": caps(skies),
        "banks": banks(skies),
        "unasked": losses.unasked(domes.gains, ~trails),
        "ghosts": ghosts(skies, domes.arcs, trails),
        "whole": whole.loss(skies, F.one_hot(domes.labels, len(CODES)).float(), draw),
    }
