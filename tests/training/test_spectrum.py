"""Fine structure by frequency: power by hand, photos' spectra, and a loss that takes away what is too much only."""

from __future__ import annotations

import math

import pytest
import torch
from skyloom_training.data.ccsn import CODES
from skyloom_training.spectrum import FREE, LEAD, LEAST, TRUSTED, Spectrum, all_round, amplitudes, photo_spectrum
from tiny_net import made_up_photos

SIDE = 32


def grain(count: int, deviation: float, size: int = 64, seed: int = 0, channels: int = 1) -> torch.Tensor:
    """Pictures of white noise, grey by default, of three channels coloured."""
    noise = torch.randn(count, channels, size, size, generator=torch.Generator().manual_seed(seed))
    return (deviation * noise).expand(-1, 3, -1, -1)


def weave(
    count: int, strength: float, size: int = 64, period: int = 4, colour: tuple[float, float, float] = (1, 1, 1)
) -> torch.Tensor:
    """Pictures of upright bars, grey by default."""
    bars = strength * torch.cos(2 * math.pi * torch.arange(size) / period)
    return torch.tensor(colour)[None, :, None, None] * bars.expand(count, 3, size, size)


def settled(photos: torch.Tensor) -> Spectrum:
    spectrum = Spectrum(photos, rate=1.0)
    spectrum.count.fill_(TRUSTED)
    return spectrum


def test_white_noise_is_alike_at_every_frequency() -> None:
    waves, *colours = amplitudes(grain(200, 0.1), SIDE).mean(dim=0)
    assert waves.shape == (SIDE, SIDE)
    for colour in colours:
        torch.testing.assert_close(colour, torch.full((SIDE, SIDE), LEAST))
    expected = 0.1 * math.sqrt(math.pi) / 2  # of a Rayleigh variable with mean square 0.01
    inner = waves[2 : SIDE // 2 - 1, 2 : SIDE // 2 - 1]  # the mean, and what is its own mirror, have other laws
    assert inner.mean().item() == pytest.approx(expected, rel=0.01)
    assert (inner / expected - 1).abs().max() < 0.15


def test_bars_are_one_frequency_and_flat_pictures_have_none() -> None:
    waves = amplitudes(weave(1, 0.2), SIDE)[0, 0]
    assert divmod(int(waves.argmax()), SIDE) in ((0, SIDE // 4), (0, 3 * SIDE // 4))
    flat = torch.tensor([0.3, 0.5, -0.2])[None, :, None, None].expand(2, 3, 64, 64)
    torch.testing.assert_close(amplitudes(flat, SIDE), torch.full((2, 3, SIDE, SIDE), LEAST))


@pytest.mark.parametrize(
    ("colour", "axis"), [((1, 1, 1), 0), ((-1, 0, 1), 1), ((1, 0, -1), 1), ((-1, 2, -1), 2), ((1, -2, 1), 2)]
)
def test_each_colour_has_its_axis(colour: tuple[float, float, float], axis: int) -> None:
    most = amplitudes(weave(1, 0.2, colour=colour), SIDE)[0].amax(dim=(1, 2))
    assert most[axis] > 0.2
    for other in {0, 1, 2} - {axis}:
        assert most[other].item() == pytest.approx(LEAST, rel=1e-3)


def test_corners_beyond_the_disc_do_not_count() -> None:
    domes = torch.zeros(1, 3, 256, 256)
    domes[:, :, :32, :32] = grain(1, 0.5, size=32)
    assert amplitudes(domes, SIDE).max() > amplitudes(domes, SIDE, disc=True).max()
    assert amplitudes(domes, SIDE, disc=True).max().item() == pytest.approx(LEAST)
    # Where no tile fits, all count.
    assert amplitudes(grain(1, 0.5), 64, disc=True).max() > LEAST


def test_spectra_of_photos_are_by_class_and_without_direction() -> None:
    spectra = photo_spectrum(made_up_photos(), 64, SIDE)
    assert spectra.shape == (len(CODES), 3, SIDE, SIDE)
    for turned in (spectra.transpose(2, 3), spectra.roll(-1, 3).flip(3)):
        torch.testing.assert_close(spectra, turned)
    assert not torch.equal(spectra[0], spectra[1])
    assert torch.equal(spectra, photo_spectrum(made_up_photos(), 64, SIDE))


def descended(spectrum: Spectrum, domes: torch.Tensor) -> torch.Tensor:
    """Amplitudes of ``domes`` after many steps down the loss."""
    domes = domes.clone().requires_grad_(True)
    descent = torch.optim.SGD([domes], 10)
    for _ in range(800):
        descent.zero_grad()
        spectrum.loss(domes, torch.zeros(len(domes), dtype=torch.long)).backward()
        descent.step()
    return amplitudes(domes.detach(), SIDE).mean(dim=0)


def test_only_what_is_too_much_is_pushed_down() -> None:
    photos = amplitudes(grain(200, 0.02), SIDE).mean(dim=0).expand(2, -1, -1, -1).clone()
    domes, spectrum = grain(4, 0.02, seed=1) + weave(4, 0.1), settled(photos)
    first, last = amplitudes(domes, SIDE).mean(dim=0), descended(spectrum, domes)
    bars = (0, 0, SIDE // 4)
    assert first[bars] > 10 * photos[0][bars]
    assert last[bars] < 1.5 * photos[0][bars]
    # Periods above 16 and other fine frequencies stay; windows leak, and four skies have directions by chance.
    assert (last / first - 1)[0, :2, :2].abs().max() < 0.5
    assert (last / first - 1)[0, 4:-4, SIDE // 2].abs().max() < 0.3
    assert spectrum.excess()[1].max() == 0


def test_a_weave_of_green_and_purple_goes_and_brightness_stays() -> None:
    photos = amplitudes(grain(200, 0.04, channels=3), SIDE).mean(dim=0).expand(2, -1, -1, -1).clone()
    domes = grain(4, 0.02, seed=1) + weave(4, 0.25, colour=(-0.5, 0.5, -0.5))
    first, last = amplitudes(domes, SIDE).mean(dim=0), descended(settled(photos), domes)
    bars = (2, 0, SIDE // 4)
    assert first[bars] > 10 * photos[0][bars]
    assert last[bars] < 2 * photos[0][bars]
    brightness = (last / first - 1)[0].abs()
    assert brightness[:4, :4].max() < 0.1
    assert brightness[4:-4, SIDE // 2].max() < 0.3


def test_softer_skies_and_classes_seen_too_little_are_left_alone() -> None:
    photos = amplitudes(grain(50, 0.05), SIDE).mean(dim=0).expand(2, -1, -1, -1).clone()
    soft = grain(50, 0.03, seed=2).clone().requires_grad_(True)
    spectrum = settled(photos)
    spectrum.loss(soft, torch.ones(50, dtype=torch.long)).backward()
    assert soft.grad is not None
    assert soft.grad.abs().max() == 0
    spectrum = Spectrum(photos)
    sharp = grain(2, 0.5)
    for step in range(TRUSTED):
        assert spectrum.excess().max() == 0, step
        spectrum.loss(sharp, torch.tensor([0, 0]))
    excess = spectrum.excess()
    assert excess[0].max().item() == pytest.approx(math.log(10) - FREE, abs=0.5)
    assert excess[1].max() == 0
    # Long waves are not its business, and white noise has no direction.
    assert excess[:, :, :2, :2].max() == 0
    assert excess[0, 0, :4, :4].max() < 0.2


def test_no_direction_leads_in_what_is_coarser_than_grain() -> None:
    bars = (0, 0, SIDE // 8)
    chequered, even = grain(50, 0.02, seed=3) + weave(50, 0.05, period=8), grain(200, 0.02, seed=4)
    # Photos have far more of it, so that only the direction can be wrong.
    photos = amplitudes(grain(50, 0.5), SIDE).mean(dim=0).expand(2, -1, -1, -1).clone()
    spectrum = settled(photos)
    spectrum.loss(even, torch.zeros(200, dtype=torch.long))
    assert spectrum.excess().max() == 0
    first = amplitudes(chequered, SIDE).mean(dim=0)
    spectrum.loss(chequered, torch.zeros(50, dtype=torch.long))
    expected = torch.log(first[bars] / all_round(first)[bars]) - LEAD
    assert expected > 0.5
    assert spectrum.excess()[0][bars].item() == pytest.approx(expected.item(), rel=1e-4)
    last = descended(settled(photos), chequered[:4])
    assert last[bars] < 0.5 * first[bars]
    assert last[bars] < 1.5 * all_round(last)[bars]


def test_a_mean_of_all_directions_keeps_each_radius() -> None:
    along = torch.fft.fftfreq(SIDE) * SIDE
    radius = torch.hypot(along[:, None], along[None, :])
    torch.testing.assert_close(all_round(radius.round()[None]), radius.round()[None])
    waves = torch.rand(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(5))
    round_ = all_round(waves)
    assert round_.mean().item() == pytest.approx(waves.mean().item(), rel=1e-5)
    torch.testing.assert_close(round_, round_.transpose(2, 3))
    torch.testing.assert_close(all_round(round_), round_)
