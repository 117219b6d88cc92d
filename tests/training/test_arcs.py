"""Arcs of noise: great circles of any direction, and nothing to a net that has just grown them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from skyloom.sphere import dome
from skyloom_training import checkpoint, losses
from skyloom_training.loop import Trainer
from skyloom_training.networks.arcs import NUMBERS, WIDTH, Arcs, arc_map
from skyloom_training.networks.generator import Generator
from tiny_net import TINY, made_up_photos, tiny_generator, tiny_options

SIDE = 256


def one(normal: tuple[float, float, float], along: tuple[float, float, float] = (0, 0, 0)) -> torch.Tensor:
    """Numbers of a strong arc of median width, which ends only where 0.8 behind the viewer."""
    return torch.tensor([[*normal, *along, 0.0, 5.0, 0.0]])


def upward(side: int = SIDE) -> tuple[np.ndarray, np.ndarray]:
    """Directions of the pixels that are above the horizon, and which those are."""
    directions, _ = dome.directions(side)
    return np.asarray(directions), np.asarray(directions)[..., 1] > 0


@pytest.mark.parametrize("normal", [(1, 0, 0), (0.3, 0.8, -0.5), (-0.6, 0.4, 0.2), (0.1, 0.99, 0.3)])
def test_an_arc_is_the_great_circle_of_its_normal(normal: tuple[float, float, float]) -> None:
    drawn = arc_map(one(normal), SIDE)[0, 0].numpy()
    directions, above = upward()
    unit = np.array(normal) / np.linalg.norm(normal)
    degrees = np.degrees(np.arcsin(np.abs(directions @ unit)))
    half = np.degrees(2 * WIDTH) * np.sqrt(np.log(2))  # where a ridge is half as high, at the zenith
    inside = above & (drawn > 0.5)
    assert inside.any()
    assert degrees[inside].max() < 1.1 * half
    far = above & (degrees > 6 * half)
    assert drawn[far].max() < 1e-3


def test_its_width_is_that_of_a_line_on_the_dome() -> None:
    """Across the zenith along z, every row has the same profile on the plane: half as wide an angle at the horizon."""
    drawn = arc_map(one((1.0, 0.0, 0.0)), SIDE)[0, 0]
    widths = drawn.sum(dim=1)[16:-16] * 2 / SIDE * np.tan(dome.THETA_MAX / 2)
    strength = torch.sigmoid(torch.tensor(3 * 4.7)) * torch.sigmoid(torch.tensor(8 * 0.8))
    torch.testing.assert_close(widths[SIDE // 2 - 16], np.sqrt(np.pi) * WIDTH * strength, rtol=0.02, atol=0)
    assert widths.std() < 0.02 * widths.mean()


def test_an_arc_ends_along_its_direction() -> None:
    full = arc_map(torch.tensor([[1.0, 0, 0, 0, 0, 1.0, 0, 5.0, 0.8]]), SIDE)[0, 0]  # ends at the zenith
    assert full[: SIDE // 4].max() < 0.02  # z < 0 is the upper half
    assert full[SIDE // 2 + 32 :].max() > 0.8


def test_no_arc_falls_between_pixels_and_without_noise_there_is_none() -> None:
    thin = torch.tensor([[0.3, 0.5, -0.8, 0, 0, 0, -9.0, 5.0, 0.0]])
    assert arc_map(thin, 64).amax() > 0.5
    still = arc_map(torch.zeros(2, 3 * NUMBERS), 32)
    torch.testing.assert_close(still, still[:, :, :1, :1].expand_as(still), rtol=5e-3, atol=0)


def test_arcs_have_no_direction_in_common() -> None:
    numbers = torch.randn(6000, NUMBERS, generator=torch.Generator().manual_seed(0))
    mean = arc_map(numbers, 16).mean(dim=0)[0]
    turned = torch.stack([torch.rot90(mean, k) for k in range(4)])
    assert (mean - turned.mean(dim=0)).abs().max() < 0.25 * mean[4:12, 4:12].mean()


def test_arcs_add_up_and_follow_w() -> None:
    draw = torch.Generator().manual_seed(2)
    numbers = torch.randn(2, 2 * NUMBERS, generator=draw)
    both = arc_map(numbers, 32)
    torch.testing.assert_close(both, arc_map(numbers[:, :NUMBERS], 32) + arc_map(numbers[:, NUMBERS:], 32))
    layer, w = Arcs(8, 5), torch.randn(2, 8, generator=draw)
    assert not layer(w, both).any()
    torch.nn.init.normal_(layer.gain.weight)
    torch.testing.assert_close(layer(w, both), layer.gain(w)[:, :, None, None] * both)


def test_a_net_that_has_just_grown_arcs_makes_the_domes_it_made(tmp_path: Path) -> None:
    photos = made_up_photos()
    plain = replace(TINY, tail=6, layout=2, stationary=True)
    first = Trainer(tiny_options(tmp_path / "first", shape=plain), photos)
    checkpoint.save(first.path, first.state())
    grown = Trainer(tiny_options(tmp_path / "grown", shape=replace(plain, arcs=3), seed=7), photos)
    grown.start_from(first.path)
    draw = torch.Generator().manual_seed(1)
    z, mix = torch.randn(2, plain.z_dim, generator=draw), torch.eye(plain.classes)[:2]
    noise = torch.randn(2, replace(plain, arcs=3).noise_length, generator=draw)
    torch.testing.assert_close(
        grown.average(z, mix, noise), first.average(z, mix, noise[:, : plain.noise_length]), atol=1e-6, rtol=1e-6
    )
    with pytest.raises(ValueError, match="does not grow"):
        Trainer(tiny_options(tmp_path / "back", shape=plain), photos).start_from(_saved(grown))


def _saved(trainer: Trainer) -> Path:
    checkpoint.save(trainer.path, trainer.state())
    return trainer.path


def test_arcs_are_drawn_where_w_asks_for_them() -> None:
    shape = replace(TINY, tail=6, layout=2, arcs=1)
    net: Generator = tiny_generator(seed=2, shape=shape)
    for layer in (net.synthesis.arcs, net.synthesis.tail_arcs):
        assert layer is not None
        torch.nn.init.constant_(layer.gain.bias, 20.0)
    draw = torch.Generator().manual_seed(3)
    w, noise = torch.randn(1, shape.w_dim, generator=draw), torch.randn(1, shape.noise_length, generator=draw)
    noise[:, -NUMBERS:] = one((0.0, 0.2, 1.0))
    with torch.no_grad():
        with_arc = net.synthesis(w, noise)
        noise[:, -NUMBERS:] = one((0.0, 0.2, -1.0))
        mirrored = net.synthesis(w, noise)
    changed = (with_arc - mirrored).abs().mean(dim=1)[0]
    where = (arc_map(one((0.0, 0.2, 1.0)), changed.shape[-1]) + arc_map(one((0.0, 0.2, -1.0)), changed.shape[-1]))[0, 0]
    assert changed[where > 0.5].mean() > 3 * changed[where < 0.01].mean()


def test_only_other_types_are_to_ask_for_no_arcs() -> None:
    net = tiny_generator(shape=replace(TINY, arcs=2))
    layers = [layer for layer in (net.synthesis.arcs, net.synthesis.tail_arcs) if layer is not None]
    for layer in layers:
        torch.nn.init.normal_(layer.gain.weight)
    w = torch.randn(3, TINY.w_dim, generator=torch.Generator().manual_seed(0))
    gains = net.synthesis.arc_gains(w)
    torch.testing.assert_close(gains[:, : layers[0].gain.weight.shape[0]], layers[0].gain(w))
    trail, others = torch.tensor([False, False, False]), torch.tensor([False, True, False])
    assert losses.unasked(gains, trail) == 0
    assert losses.unasked(gains, others).item() == pytest.approx(gains[1].square().mean().item() / 3, rel=1e-5)
    gains.requires_grad_()
    (slope,) = torch.autograd.grad(losses.unasked(gains, others), gains)
    assert slope[1].abs().min() > 0
    assert not slope[[0, 2]].any()


def test_a_net_without_arcs_asks_for_none() -> None:
    gains = tiny_generator().synthesis.arc_gains(torch.zeros(2, TINY.w_dim))
    assert gains.shape == (2, 0)
    assert losses.unasked(gains, torch.tensor([True, True])) == 0
