"""Domes against procedural skies, as wholes: photos show a part of a sky, so nothing else says how the parts lie."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from skyloom_training import losses
from skyloom_training.data.ccsn import CODES
from skyloom_training.data.procedural import ProceduralSkies
from skyloom_training.networks.whole_sky import WholeSkyDiscriminator
from skyloom_training.plane import square_radius, zenith_angles

# Side of the domes that are compared, pixels.
SIDE = 128
# Zenith angle up to which they are: below are haze and ground, which procedural skies make their own way.
LOWEST = math.radians(85.0)
# Side in pixels of the squares whose means are taken off contrails: the glow around a procedural sun is no model.
GLOW = 21
# Luminance in units of its deviation is cut off here, so that a sun is not all there is to see.
CUT = 2.5
# How much the fine and the coarse logits of a dome count for the generator. Where photos show trails they cannot tell
# that all cross the zenith; of other types photos know the fine, and a dome only where the weather is.
TRAILS, OTHERS = (1.0, 1.0), (0.0, 1.0)
# Other types are compared up to this zenith angle: procedural heaps fade toward the horizon, which is no model.
OVERHEAD = math.radians(60.0)
# Deviation of the noise that hides how finely each is drawn: only what is large or strong shows through.
VEIL = 0.3


class WholeSkies(nn.Module):
    """A discriminator of whole domes, and the procedural skies that it knows as real."""

    skies: Tensor

    def __init__(self, classes: int, rate: float, a_class: int) -> None:
        """``rate`` of its Adam; ``a_class`` procedural skies of each class, which take 0.03 s each to draw."""
        super().__init__()
        self.register_buffer("skies", _procedural(classes, a_class), persistent=False)
        self.net = WholeSkyDiscriminator(classes)
        self.adam = torch.optim.Adam(self.net.parameters(), rate, (0.0, 0.99))

    def learn(self, domes: Tensor, mix: Tensor, draw: torch.Generator) -> Tensor:
        """One step of the discriminator with as many procedural skies of the same classes [N, classes]; its loss."""
        rows = torch.randint(self.skies.shape[1], (len(mix),), generator=draw).to(mix.device)
        real = _turned(self.skies[mix.argmax(dim=1), rows].float()[:, None], draw)
        both = torch.cat([_veiled(real, draw), _veiled(compared(domes, _trails(mix)), draw)])
        logits = self.net(_overhead(both, torch.cat([mix, mix])), torch.cat([mix, mix]))
        parts = [logit.split(len(mix)) for logit in logits]
        loss = losses.hinge_discriminator([right for right, _ in parts], [wrong for _, wrong in parts])
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        self.adam.step()
        return loss.detach()

    def loss(self, domes: Tensor, mix: Tensor, draw: torch.Generator) -> Tensor:
        """Hinge loss of the generator of ``domes`` [N, 3, S, S]; the discriminator's gradients are dropped by learn."""
        weights = torch.tensor(OTHERS).repeat(mix.shape[1], 1).to(mix)
        weights[CODES.index("Ct")] = torch.tensor(TRAILS).to(mix)
        logits = self.net(_overhead(_veiled(compared(domes, _trails(mix)), draw), mix), mix)
        counted = zip(logits, (mix @ weights).unbind(dim=1), strict=True)
        return losses.hinge_generator([logit * weight[:, None] for logit, weight in counted])


def compared(domes: Tensor, trails: Tensor) -> Tensor:
    """Domes [N, 3, S, S] as they are compared: [N, 1, 128, 128], 0 below :data:`LOWEST`.

    Luminance without its smooth change from zenith to horizon (1, r² and r⁶), in units of its deviation: neither
    palette nor exposure is left, in which procedural skies are no model. Where ``trails`` [N] is true, what is broad
    is taken off too, so that only trails and clouds are left.
    """
    inside, basis, inverse = (part.to(domes.device) for part in _smooth_change())
    values = losses.pooled(domes.mean(dim=1, keepdim=True), SIDE).flatten(1)[:, inside]
    rest = values - values @ inverse.T @ basis.T
    rest = torch.where(trails[:, None], rest - _broad(rest, inside), rest)
    rest = (rest / (rest.square().mean(dim=1, keepdim=True).sqrt() + 0.02)).clamp(-CUT, CUT)
    out = torch.zeros(len(domes), SIDE * SIDE, device=domes.device)
    out[:, inside] = rest
    return out.reshape(-1, 1, SIDE, SIDE)


def _broad(rest: Tensor, inside: Tensor) -> Tensor:
    """Means over squares of :data:`GLOW` pixels around the places [N, P] that are ``inside`` [128²]."""
    shown = torch.zeros(len(rest) + 1, SIDE * SIDE, device=rest.device)
    shown[:-1, inside], shown[-1, inside] = rest, 1.0
    means = F.avg_pool2d(shown.reshape(-1, 1, SIDE, SIDE), GLOW, 1, GLOW // 2).flatten(1)[:, inside]
    return means[:-1] / means[-1:]


@lru_cache
def _smooth_change() -> tuple[Tensor, Tensor, Tensor]:
    """Which of the places are compared, and there 1, r² and r⁶ [P, 3] with the pseudoinverse [3, P]."""
    r2 = square_radius(SIDE)
    inside = _within(LOWEST).flatten()
    basis = torch.stack([torch.ones_like(r2), r2, r2**3], dim=-1).reshape(-1, 3)[inside]
    return inside, basis, torch.linalg.pinv(basis)


@lru_cache
def _within(zenith_angle: float) -> Tensor:
    """Where the dome is at most ``zenith_angle`` from the zenith [128, 128]."""
    return zenith_angles(SIDE) <= zenith_angle


def _overhead(skies: Tensor, mix: Tensor) -> Tensor:
    """Skies without what is lower than :data:`OVERHEAD`, contrails whole."""
    return skies * (_within(OVERHEAD).to(skies.device) | _trails(mix)[:, None, None, None])


def _trails(mix: Tensor) -> Tensor:
    return mix.argmax(dim=1) == CODES.index("Ct")


@lru_cache(maxsize=1)
def _procedural(classes: int, a_class: int) -> Tensor:
    """Procedural skies as they are compared [classes, a_class, 128, 128], float16; the same in every run."""
    skies, rng, made = ProceduralSkies(0), np.random.default_rng(0), []
    for label in range(classes):
        domes, _ = skies.domes(a_class, SIDE, rng, np.full(a_class, label))
        trails = torch.full((a_class,), label == CODES.index("Ct"))
        made.append(compared(torch.from_numpy(domes).float() / 127.5 - 1, trails)[:, 0].half())
    return torch.stack(made)


def _turned(skies: Tensor, draw: torch.Generator) -> Tensor:
    """Skies turned about the zenith, and every other mirrored: any azimuth is as good, and pixels have no say in it."""
    angle = torch.rand(len(skies), generator=draw) * 2 * math.pi
    mirror = torch.where(torch.rand(len(skies), generator=draw) < 0.5, -1.0, 1.0)
    zero = torch.zeros_like(angle)
    rows = [mirror * angle.cos(), -angle.sin(), zero, mirror * angle.sin(), angle.cos(), zero]
    grid = F.affine_grid(torch.stack(rows, dim=1).reshape(-1, 2, 3), list(skies.shape), align_corners=False)
    return F.grid_sample(skies, grid.to(skies), align_corners=False)


def _veiled(skies: Tensor, draw: torch.Generator) -> Tensor:
    return skies + VEIL * torch.randn(skies.shape, generator=draw).to(skies)
