"""How much fine structure skies have at each frequency and direction, and the loss that keeps it to that of photos."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from skyloom_training.data.ccsn import CODES, Photos
from skyloom_training.transport import running_rate

# Side of the tiles that are looked at, pixels; the longest period that photos bound, and that no direction may lead at.
TILE, FINE, LONGEST = 64, 6.0, 16.0
# An amplitude below a third of an 8-bit level is none, and a tenth more than photos have is as much.
LEAST, FREE = 0.3 / 127.5, 0.1
# Means over the skies that a run remembers differ by a tenth from one direction to the next by chance.
LEAD = 0.25
# Luminance, then blue against orange and green against magenta: R, G and B of each.
AXES = ((1 / 3, 1 / 3, 1 / 3), (-1.0, 0.0, 1.0), (-0.5, 1.0, -0.5))
# Close crops of each class that its spectrum is the mean of, and updates of a class before its skies' is trusted.
CROPS, TRUSTED = 64, 20


class Spectrum(nn.Module):
    """The mean amplitude in tiles of skies by class, colour axis and frequency, and its excess over that of photos.

    Enlarging leaves its lattice in what lies between the pixels of a coarser map: weaves and specks that no view tells
    from a photo's grain, as cameras turn and stretch them. Photos' grain has no direction, and less of it the finer it
    is, and next to none that is green or magenta; a mean over many skies tells at once where there is more. One number
    a frequency, so skies keep their own. Nor has the mean of many skies a direction in what is coarser: a chequer of
    8 pixels is less than the clouds of photos, and yet many times what skies that show it have the other way.
    """

    photos: Tensor
    mean: Tensor
    count: Tensor

    def __init__(self, photos: Tensor, rate: float = 0.02) -> None:
        """``photos``: see :func:`photo_spectrum`, [classes, 3, side, side]."""
        super().__init__()
        self.rate = rate
        self.register_buffer("photos", photos)
        self.register_buffer("mean", torch.zeros_like(photos))
        self.register_buffer("count", torch.zeros(len(photos)))

    def loss(self, domes: Tensor, labels: Tensor) -> Tensor:
        """Of domes [N, 3, S, S], after the means have moved toward theirs: downhill is less of what is too much.

        Photos bound it on one side only: a dome may be softer, and its last low-pass makes it so.
        """
        waves = amplitudes(domes, self.photos.shape[-1], disc=True)
        with torch.no_grad():
            for label in labels.unique():
                self.mean[label].lerp_(waves[labels == label].mean(dim=0), running_rate(self.rate, self.count[label]))
                self.count[label] += 1
        steep = (waves * (self.excess() / self.mean.clamp(min=LEAST))[labels]).sum(dim=1)
        periods = _periods(steep.shape[-1])
        # Each by itself: of what photos bound there is twelve times as much.
        return steep[:, periods <= FINE].mean() + steep[:, (periods > FINE) & (periods <= LONGEST)].mean()

    def excess(self) -> Tensor:
        """How much too high the logarithm of the means is, where positive [classes, 3, side, side].

        Fine structure over that of photos, and coarser, up to :data:`LONGEST`, over its own mean of all directions:
        the last low-pass makes fine structure differ by direction, and skies are coarser than the crops of photos.
        0 for what is coarser still, and for classes that are not trusted yet.
        """
        mean, periods = self.mean.clamp(min=LEAST), _periods(self.photos.shape[-1]).to(self.mean)
        fine = torch.log(mean / self.photos) - FREE
        coarse = torch.where(periods <= LONGEST, torch.log(mean / all_round(mean)) - LEAD, 0.0)
        trusted = (self.count >= TRUSTED)[:, None, None, None]
        return torch.where(trusted, torch.relu(torch.where(periods <= FINE, fine, coarse)), 0.0)


def photo_spectrum(photos: Photos, size: int, side: int) -> Tensor:
    """:func:`amplitudes` of close crops of ``size`` pixels by class [classes, 3, side, side], alike in every direction.

    A pixel of a close crop is about one of the dome.
    """
    rng = np.random.default_rng(0)
    spectra = []
    for label in range(len(CODES)):
        crops = photos.close_crops(photos.of_classes(np.repeat(label, CROPS), rng, sharp=True), size, rng)
        spectra.append(amplitudes(torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 127.5 - 1, side).mean(dim=0))
    return all_round(torch.stack(spectra))


def all_round(spectra: Tensor) -> Tensor:
    """Spectra [..., side, side] with each frequency's number the mean of all directions at its radius."""
    ring = _radius(spectra.shape[-1]).round().long().to(spectra.device)
    flat = spectra.flatten(-2)
    total = flat.new_zeros(*flat.shape[:-1], int(ring.max()) + 1).index_add_(-1, ring.flatten(), flat)
    return (total / torch.bincount(ring.flatten()))[..., ring]


def amplitudes(pictures: Tensor, side: int, disc: bool = False) -> Tensor:
    """Mean amplitude along each of :data:`AXES` at each frequency over a picture's tiles [N, 3, side, side].

    Pictures [N, 3, S, S] in [-1, 1], S at least ``side``; a Hann window on each tile, in units of a pixel's deviation:
    white noise has 0.89 (half the square root of pi) of its own everywhere.
    With ``disc`` only tiles within the disc count, if there are any.
    """
    axes = torch.einsum("ac,ncij->naij", torch.tensor(AXES).to(pictures), pictures)
    tiles = axes.unfold(2, side, side).unfold(3, side, side)
    if disc and (inside := _inside(pictures.shape[-1], side)).any():
        tiles = tiles[:, :, inside.to(tiles.device)]
    tiles = tiles.reshape(len(pictures), len(AXES), -1, side, side)
    across = torch.hann_window(side, device=tiles.device)
    window = across[:, None] * across[None, :]
    mean = (tiles * window).sum(dim=(-2, -1), keepdim=True) / window.sum()
    power = torch.fft.fft2((tiles - mean) * window).abs().square() / window.square().sum()
    return torch.sqrt(power + LEAST**2).mean(dim=2)


def _radius(side: int) -> Tensor:
    """Periods in ``side`` pixels of each frequency [side, side], whatever its direction."""
    along = torch.fft.fftfreq(side) * side
    return torch.hypot(along[:, None], along[None, :])


def _periods(side: int) -> Tensor:
    """Pixels that a period of each frequency is long [side, side]; infinite for the mean."""
    return side / _radius(side)


def _inside(size: int, side: int) -> Tensor:
    """Which tiles of a dome lie within its disc [size // side, size // side]."""
    edges = torch.arange(size // side + 1) * (2 * side / size) - 1
    far = torch.maximum(edges[:-1].abs(), edges[1:].abs())
    return torch.hypot(far[:, None], far[None, :]) <= 1
