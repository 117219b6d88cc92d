"""Seam ratio, zenith variance and circles, against the backend's seam report and pictures whose figures are known."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from skyloom.imaging import seams
from skyloom.sphere import dome, equirect
from skyloom_training import losses
from skyloom_training.metrics.circles import circles_over_sides
from skyloom_training.metrics.placed import placed_share
from skyloom_training.metrics.seam import seam_ratios, upper_panoramas
from skyloom_training.metrics.zenith import zenith_ratios
from skyloom_training.networks.generator import Generator
from tiny_net import TINY


def smooth(directions: np.ndarray) -> np.ndarray:
    """A sky without a seam: colours from low polynomials of the direction."""
    x, y, z = np.moveaxis(directions, -1, 0)
    return np.stack([0.5 + 0.3 * x * y, 0.5 + 0.2 * z - 0.1 * x, 0.4 + 0.4 * y * z], axis=-1).astype(np.float32)


def test_seam_ratio_is_the_one_of_the_backends_report() -> None:
    rng = np.random.default_rng(0)
    pictures = rng.random((3, 32, 64, 3)).astype(np.float32)
    pictures[1] = smooth(equirect.directions(64, 32))
    expected = [seams.measure("panorama", [picture]).wrap_ratio for picture in pictures]
    assert seam_ratios(pictures).tolist() == pytest.approx(expected, rel=1e-6)
    assert expected[1] == pytest.approx(1, abs=0.1)


def test_seam_ratio_sees_a_seam() -> None:
    ramp = np.broadcast_to(np.linspace(0, 1, 64, dtype=np.float32)[None, None, :, None], (1, 32, 64, 3))
    # The step across is 1, the inner ones 1/63.
    floor = 0.1 / 255
    assert seam_ratios(ramp)[0] == pytest.approx((1 + floor) / (1 / 63 + floor), rel=1e-5)
    assert seam_ratios(np.full((1, 8, 16, 3), 0.5, np.float32)) == pytest.approx([1])


def test_panorama_of_a_dome_shows_what_the_directions_show() -> None:
    domes = smooth(dome.directions(256)[0]).transpose(2, 0, 1)[None]
    found = upper_panoramas(domes, 128)
    expected = smooth(equirect.directions(128, 64, rows=(0, 32)))
    assert found.shape == (1, 32, 128, 3)
    assert np.abs(found[0] - expected).max() < 2e-3
    assert seam_ratios(found) == pytest.approx([1], abs=0.1)


def test_zenith_ratio_of_a_linear_sky_is_that_of_the_radii() -> None:
    """Colour linear in x alone: variance around a ring goes with sin² of its zenith angle."""
    x = dome.directions(512)[0][..., 0]
    one = np.repeat((0.5 + 0.4 * x)[None], 3, axis=0).astype(np.float32)
    expected = (np.sin(np.deg2rad(3)) / np.sin(np.deg2rad(30))) ** 2
    assert zenith_ratios(one[None])[0] == pytest.approx(expected, rel=0.02)


def test_zenith_ratio_sees_a_pinched_pole_as_the_backends_report_does() -> None:
    """Stripes by azimuth run into the pole: as strong at 3 degrees as at 30."""
    directions = dome.directions(1024)[0]
    stripes = 0.5 + 0.4 * np.sin(3 * np.arctan2(directions[..., 0], directions[..., 2]))
    domes = np.repeat(stripes[None, None], 3, axis=1).astype(np.float32)
    found = zenith_ratios(domes)[0]
    assert found == pytest.approx(1, abs=0.1)
    around = equirect.directions(1024, 512)
    panorama = 0.5 + 0.4 * np.sin(3 * np.arctan2(around[..., 0], around[..., 2]))
    other = seams.measure("panorama", [np.repeat(panorama[..., None], 3, axis=2).astype(np.float32)]).zenith_ratio
    assert found == pytest.approx(other, abs=0.1)


def test_circles_are_told_from_sides_and_from_paling_toward_the_horizon() -> None:
    directions = dome.directions(256)[0]
    x, y, z = np.moveaxis(directions, -1, 0)
    radius = np.hypot(x, z) / (1 + y)
    side, rings, paler = x * np.cos(6 * y), np.cos(6 * np.pi * radius), radius**2

    def skies(*parts: np.ndarray) -> np.ndarray:
        return np.stack([np.repeat(part[None], 3, axis=0) for part in parts]).astype(np.float32)

    assert circles_over_sides(skies(side)) < 0.01
    assert circles_over_sides(skies(side + rings)) > 3
    # The fit takes 1, r² and r⁶ of the stereographic radius away.
    assert circles_over_sides(skies(side + 3 * paler)) < 0.01
    # Means over skies, not means of ratios: the fainter sky counts for less.
    both = circles_over_sides(skies(side + rings, 0.1 * side))
    assert both == pytest.approx(circles_over_sides(skies(side + rings)) / 1.01, rel=1e-3)
    with pytest.raises(ValueError, match="nothing changes"):
        circles_over_sides(np.zeros((1, 3, 64, 64), np.float32))


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="panoramas: shape"):
        seam_ratios(np.zeros((2, 4, 3), np.float32))
    with pytest.raises(ValueError, match="domes: shape"):
        zenith_ratios(np.zeros((1, 8, 8, 3), np.float32))
    with pytest.raises(ValueError, match="multiple of 32"):
        circles_over_sides(np.zeros((1, 3, 40, 40), np.float32))


def test_noise_alone_places_where_there_is_no_slope_and_nothing_else_does_where_there_is_no_noise() -> None:
    torch.manual_seed(0)
    generator = Generator(replace(TINY, layout=2, stationary=True)).eval()
    found = placed_share(generator, 22)
    assert 0.05 < found < 0.95
    assert found == placed_share(generator, 22)
    assert found != placed_share(generator, 22, seed=1)
    flat = copy.deepcopy(generator)
    flat.synthesis.keep_slope(0.0)
    assert abs(placed_share(flat, 66)) < 0.05
    with torch.no_grad():
        for name, parameter in generator.named_parameters():
            if name.endswith(("noise_strength", "synthesis.layout")):
                parameter.zero_()
    assert placed_share(generator, 11) == pytest.approx(1, abs=1e-3)


def test_descent_on_the_loss_of_two_draws_takes_away_what_is_placed() -> None:
    torch.manual_seed(0)
    generator = Generator(replace(TINY, layout=2, stationary=True))
    first = placed_share(generator, 22)
    adam = torch.optim.Adam(generator.parameters(), 5e-3)
    for _ in range(60):
        w = generator.mapping(torch.randn(8, TINY.z_dim), torch.eye(TINY.classes)[torch.arange(8) % TINY.classes])
        one, other = (generator.synthesis(w, torch.randn(8, generator.shape.noise_length)) for _ in range(2))
        adam.zero_grad()
        losses.placed(one, other).backward()
        adam.step()
    assert placed_share(generator, 22) < 0.5 * first
