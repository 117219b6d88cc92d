"""What a run's skies have in common, as running means over many steps, and the losses that mend it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from skyloom_training import losses
from skyloom_training.contrast import NAMES
from skyloom_training.spectrum import Spectrum
from skyloom_training.transport import Transport, running_rate

# Sides of pooled domes: places of the mean dome, and cells of the mean grain.
PLACES, CELLS = 64, 16
# Updates of a group before its mean is trusted.
TRUSTED = 20


class GroupMeans(nn.Module):
    """Running means of vectors of made and of real pictures, by group, and the pull of the ones toward the others.

    A discriminator that sees pictures one by one is slow to notice that a whole group is greener, flatter or smoother
    than its photos; the mean tells at once, and leaves each picture its own (moving-average feature matching, dos
    Santos et al. 2019). With ``scaled`` each number counts in units of its deviation among real pictures.
    """

    means: Tensor
    spread: Tensor
    count: Tensor

    def __init__(self, groups: int, width: int, scaled: bool = False, rate: float = 0.02) -> None:
        super().__init__()
        self.scaled, self.rate = scaled, rate
        self.register_buffer("means", torch.zeros(2, groups, width))
        self.register_buffer("spread", torch.ones(groups, width))
        self.register_buffer("count", torch.zeros(groups))

    @torch.no_grad()
    def follow(self, made: Tensor, real: Tensor, groups: Tensor) -> None:
        """Move the means of the groups that ``groups`` [N] names toward ``made`` and ``real`` [N, width]."""
        for group in groups.unique():
            chosen = groups == group
            rate = running_rate(self.rate, self.count[group])
            for mean, vectors in zip(self.means, (made, real), strict=True):
                mean[group].lerp_(vectors[chosen].mean(dim=0), rate)
            if self.scaled:
                self.spread[group].lerp_((real[chosen] - self.means[1, group]).square().mean(dim=0), rate)
            self.count[group] += 1

    def pull(self, made: Tensor, groups: Tensor) -> Tensor:
        """A loss whose gradient moves ``made`` [N, width] as its groups' means should move; mean over N and width."""
        apart = (self.means[0] - self.means[1]) / self._variance()
        apart = torch.where(self.count[:, None] >= TRUSTED, apart, 0.0)
        return (made * apart[groups]).mean()

    def distance(self) -> Tensor:
        """Root mean square difference of the means, made and real."""
        return ((self.means[0] - self.means[1]).square() / self._variance()).mean().sqrt()

    def _variance(self) -> Tensor:
        # What hardly varies among photos of any group is not worth a pull without bound.
        pooled = self.spread.mean(dim=0)
        return pooled.clamp(min=0.01 * float(pooled.mean())) if self.scaled else torch.ones_like(pooled)


class Sides(nn.Module):
    """How the sides of a sky go together, by class: covariances around the zenith, mean streaks, circles."""

    covariance: Tensor
    streaks: Tensor
    circles: Tensor
    count: Tensor

    def __init__(self, classes: int, rate: float = 0.02) -> None:
        super().__init__()
        self.rate = rate
        places = (len(losses.RINGS), losses.AZIMUTHS)
        self.register_buffer("covariance", torch.zeros(classes, *places, *places))
        self.register_buffer("streaks", torch.zeros(classes, 2, losses.SECTORS, 3))
        self.register_buffer("circles", torch.zeros(classes, 2))
        self.register_buffer("count", torch.zeros(classes))

    def losses(self, domes: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """Losses of domes [N, 3, S, S] by name, after the running means have moved toward theirs."""
        luminance = losses.around(domes)
        around = losses.rings(luminance)
        # Fine ones and broad ones.
        streaks = torch.stack([losses.streaks(losses.pooled(domes, side)) for side in (4 * PLACES, 2 * PLACES)], dim=1)
        powers = losses.circles_and_sides(luminance)
        with torch.no_grad():
            products = torch.einsum("nra,nsb->nrasb", around, around)
            for label in labels.unique():
                rate = running_rate(self.rate, self.count[label])
                self.covariance[label].lerp_(products[labels == label].mean(dim=0), rate)
                self.streaks[label].lerp_(streaks[labels == label].mean(dim=0), rate)
                self.circles[label].lerp_(powers[labels == label].mean(dim=0), rate)
                self.count[label] += 1
            # A covariance of a few skies has a direction by chance.
            trusted = (self.count[labels] >= TRUSTED).float()
            covariance = self.covariance[labels]
        return {
            "directed": (trusted * losses.directed(around, covariance)).mean(),
            "two_sided": (trusted * losses.two_sided(around, covariance)).mean(),
            "streaks": (trusted * losses.lasting_streaks(streaks, self.streaks[labels])).mean(),
            "concentric": (trusted * losses.concentric(powers, self.circles[labels])).mean(),
        }


class MeanDome(nn.Module):
    """What stands in the same place in every sky, and which way the skies of a class are streaked and lie."""

    dome: Tensor
    grain: Tensor

    def __init__(self, classes: int, spectrum: Tensor) -> None:
        """``spectrum``: of photos, see :func:`skyloom_training.spectrum.photo_spectrum`."""
        super().__init__()
        self.register_buffer("dome", torch.zeros(3, PLACES, PLACES))
        self.register_buffer("grain", torch.zeros(classes, 2, 2, CELLS, CELLS))
        self.sides = Sides(classes)
        self.spectrum = Spectrum(spectrum)

    def losses(self, domes: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """Losses of domes [N, 3, S, S] by name, after the running means have moved toward them."""
        fine = losses.pooled(domes, PLACES)
        grains = torch.stack([losses.grain(domes), losses.grain(fine)], dim=1)
        with torch.no_grad():
            self.dome.lerp_(fine.mean(dim=0), 0.01)
            for label in labels.unique():
                self.grain[label].lerp_(grains[labels == label].mean(dim=0), 0.02)
        return {
            "hue": losses.hue_drift(F.avg_pool2d(fine, PLACES // 16)),
            "layout": losses.lasting_layout(fine, self.dome),
            "grain": losses.lasting_grain(grains, self.grain[labels]),
            "lattice": losses.lattice(domes),
            "spectrum": self.spectrum.loss(domes, labels),
            **self.sides.losses(domes, labels),
        }

    def uneven(self) -> Tensor:
        """Mean square of what the mean dome has beyond a smooth change from zenith to horizon."""
        return losses.uneven(self.dome).square().mean()


class Lasting(nn.Module):
    """All the running means of a run."""

    def __init__(self, classes: int, statistics: int, pooled: int, spectrum: Tensor) -> None:
        super().__init__()
        self.dome = MeanDome(classes, spectrum)
        self.palettes = GroupMeans(classes, 6)
        # Wide views of every class, then close ones.
        self.contrasts = GroupMeans(2 * classes, len(NAMES), scaled=True)
        self.features = GroupMeans(2 * classes, statistics, scaled=True)
        # Wide views, then close ones.
        self.pooled = Transport(2, pooled)
