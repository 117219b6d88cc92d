"""The layers of the generator against explicit formulas."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from skyloom_training.networks.generator import GeneratorShape, noise_maps
from skyloom_training.networks.layers import Linear, ModulatedConv, activate, smooth
from tiny_net import TINY, inputs, tiny_generator
from torch.nn import functional as F


def weight_demodulated(layer: ModulatedConv, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """StyleGAN2's own order (Karras et al. 2020, eq. 1 and 3): weights scaled per sample, one grouped convolution."""
    n, inputs_, height, width = x.shape
    style = layer.style(w)
    style = style / style.square().mean(dim=1, keepdim=True).sqrt()
    weight = (layer.weight * layer.weight_gain)[None] * style[:, None, :, None, None]
    weight = weight / (weight.square().sum(dim=(2, 3, 4), keepdim=True) + 1e-8).sqrt()
    grouped = weight.reshape(n * weight.shape[1], inputs_, *weight.shape[3:])
    y = F.conv2d(x.reshape(1, n * inputs_, height, width), grouped, padding=layer.padding, groups=n)
    return y.reshape(n, -1, height, width) + layer.bias[None, :, None, None]


@pytest.mark.parametrize("kernel", [1, 3])
def test_activation_scaling_equals_weight_demodulation(kernel: int) -> None:
    torch.manual_seed(1)
    layer = ModulatedConv(6, 5, kernel, w_dim=7)
    with torch.no_grad():
        layer.bias.normal_()
        x, w = torch.randn(4, 6, 9, 9), torch.randn(4, 7)
        torch.testing.assert_close(layer(x, w), weight_demodulated(layer, x, w), atol=1e-5, rtol=1e-5)


def test_demodulation_gives_unit_variance() -> None:
    torch.manual_seed(2)
    layer = ModulatedConv(64, 48, 3, w_dim=16)
    with torch.no_grad():
        y = layer(torch.randn(8, 64, 24, 24), 3 * torch.randn(8, 16))
    inner = y[:, :, 1:-1, 1:-1]
    assert inner.var(dim=(0, 2, 3)).mean().item() == pytest.approx(1.0, abs=0.1)


def test_noise_enters_by_channel_with_its_strength() -> None:
    torch.manual_seed(3)
    layer = ModulatedConv(3, 4, 3, w_dim=5, noisy=True)
    assert layer.noise_strength is not None
    with torch.no_grad():
        x, w, noise = torch.randn(2, 3, 8, 8), torch.randn(2, 5), torch.randn(2, 1, 8, 8)
        added = layer(x, w, noise) - layer(x, w)
    torch.testing.assert_close(added, noise * layer.noise_strength[None, :, None, None], atol=1e-5, rtol=1e-5)


def test_activation_keeps_the_second_moment() -> None:
    x = torch.randn(200_000, generator=torch.Generator().manual_seed(4))
    assert activate(x).square().mean().item() == pytest.approx(1.0, abs=0.02)


def test_learning_rate_multiplier_leaves_the_output_as_it_is() -> None:
    torch.manual_seed(5)
    slow = Linear(8, 3, bias=1.0, lr_multiplier=0.1)
    with torch.no_grad():
        x = torch.randn(4, 8)
        plain = F.linear(x, slow.weight * 0.1 / 8**0.5, torch.ones(3))
        torch.testing.assert_close(slow(x), plain)


def test_shape_says_how_large_the_dome_is() -> None:
    real = GeneratorShape()
    assert (real.dome, real.noise_sides, real.noise_length) == (256, (4, 8, 16, 32, 64, 128), 21840)
    z, mix, noise = inputs(2)
    assert TINY.noise_length == 4 * 4 + 8 * 8 + 16 * 16
    assert tiny_generator()(z, mix, noise).shape == (2, 3, TINY.dome, TINY.dome) == (2, 3, 32, 32)


def test_noise_vector_is_cut_coarse_first() -> None:
    coarse, fine = noise_maps(torch.arange(20.0)[None], (2, 4))
    assert coarse.tolist() == [[[[0.0, 1.0], [2.0, 3.0]]]]
    assert fine.shape == (1, 1, 4, 4)
    assert fine.flatten().tolist() == list(range(4, 20))


def test_latent_class_and_noise_all_matter() -> None:
    generator = tiny_generator()
    z, mix, noise = inputs(1)
    dome = generator(z, mix, noise)
    for changed in ((-z, mix, noise), (z, mix.roll(1, dims=1), noise), (z, mix, -noise)):
        assert (generator(*changed) - dome).abs().max() > 1e-3


def test_one_dome_does_not_see_the_others_of_its_batch() -> None:
    generator = tiny_generator()
    z, mix, noise = inputs(3)
    alone = torch.cat([generator(z[i : i + 1], mix[i : i + 1], noise[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(generator(z, mix, noise), alone, atol=1e-5, rtol=1e-5)


def test_low_pass_is_binomial_and_keeps_what_is_flat() -> None:
    point = torch.zeros(1, 3, 5, 5)
    point[0, 1, 2, 2] = 16
    spread = smooth(point)
    assert spread[0, 1, 1:4, 1:4].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert spread[0, [0, 2]].abs().max() == 0
    assert spread.sum() == 16
    torch.testing.assert_close(smooth(torch.full((2, 3, 8, 8), 0.7)), torch.full((2, 3, 8, 8), 0.7))


def test_a_stationary_net_has_no_places_but_the_distance_from_the_zenith() -> None:
    """With an even sky of features, every place gives the same: nothing leaks in from the edges of small maps."""
    shape = replace(TINY, channels=(16, 16, 8), layout=2, stationary=True)
    net = tiny_generator(seed=5, shape=shape).synthesis
    start = net.start()
    torch.testing.assert_close(start, torch.rot90(start, 1, (2, 3)))
    distances = torch.tensor([4.5, 2.5, 2.5, 4.5])  # r² of the first row
    steps = (start[0, :, 0] - start[0, :, :1, 1]) / (distances - 2.5)
    torch.testing.assert_close(start[0, :, 1, 1], start[0, :, 0, 1] - 2 * steps[:, 0], atol=1e-4, rtol=1e-4)
    net.keep_slope(0.25)
    mean = start.mean(dim=(2, 3), keepdim=True)
    torch.testing.assert_close(net.start(), mean + 0.25 * (start - mean))
    net.keep_slope(0.0)
    torch.testing.assert_close(net.start(), mean.expand_as(start))
    with torch.no_grad():
        w = torch.randn(1, shape.w_dim, generator=torch.Generator().manual_seed(1))
        dome = net(w, torch.zeros(1, shape.noise_length))
    inside = dome[:, :, 4:-4, 4:-4]
    lattice = inside[:, :, :2, :2].repeat(1, 1, inside.shape[2] // 2, inside.shape[3] // 2)
    torch.testing.assert_close(inside, lattice, atol=1e-4, rtol=1e-4)
