"""StyleGAN2's networks: shapes, conditions, truncation, mixing, filters, minibatch deviation, projection."""

from __future__ import annotations

import pytest
import torch
from skyloom_training.networks.layers import ModulatedConv
from skyloom_training.networks.residual import ResidualDiscriminator, halve, minibatch_deviation
from skyloom_training.networks.stylegan2 import StyleGenerator, StyleShape, class_mix, enlarge

SMALL = {"z_dim": 16, "w_dim": 24, "embed_dim": 8, "mapping_layers": 2, "channel_base": 128, "channel_max": 16}


def shape(size: int = 16, classes: int = 0) -> StyleShape:
    return StyleShape(size=size, classes=classes, **SMALL)


def some(net: StyleGenerator, count: int = 4) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    mix = class_mix(torch.arange(count) % max(net.shape.classes, 1), net.shape.classes)
    return torch.randn(count, 16), mix, torch.randn(count, net.shape.noise_length)


@pytest.mark.parametrize("classes", [0, 5])
@pytest.mark.parametrize("size", [8, 32])
def test_one_code_for_both_kinds(size: int, classes: int) -> None:
    torch.manual_seed(0)
    generator, discriminator = StyleGenerator(shape(size, classes)), ResidualDiscriminator(shape(size, classes))
    z, mix, noise = some(generator)
    pictures = generator(z, mix, noise)
    assert pictures.shape == (4, 3, size, size)
    (logits,) = discriminator(pictures, mix)
    assert logits.shape == (4, 1)
    logits.sum().backward()
    without = [n for n, p in [*generator.named_parameters(), *discriminator.named_parameters()] if p.grad is None]
    assert without == []


def test_channels_follow_the_base() -> None:
    assert StyleShape(size=64, channel_base=1024, channel_max=128).channels == (128, 128, 64, 32, 16)
    assert shape(16).noise_length == 16 + 64 + 256
    assert shape(16).layers == 6
    for size in (0, 4, 48, 2048):
        with pytest.raises(ValueError, match="size"):
            StyleShape(size=size)
    with pytest.raises(ValueError, match="channel_base"):
        StyleShape(size=64, channel_base=32)


def test_the_class_changes_the_picture_and_the_logit() -> None:
    torch.manual_seed(0)
    generator, discriminator = StyleGenerator(shape(16, 3)), ResidualDiscriminator(shape(16, 3))
    z, _, noise = (x[:1].expand(3, -1) for x in some(generator))
    pictures = generator(z, torch.eye(3), noise)
    assert all((pictures[i] - pictures[j]).abs().max() > 1e-3 for i, j in ((0, 1), (1, 2)))
    logits = discriminator(pictures[:1].expand(3, -1, -1, -1), torch.eye(3))[0]
    assert len(set(logits.flatten().tolist())) == 3
    discriminator.transition.zero_()
    logits = discriminator(pictures[:1].expand(3, -1, -1, -1), torch.eye(3))[0]
    assert logits.max() - logits.min() < 1e-5


def test_projection_is_the_product_of_feature_and_class() -> None:
    """logit(c) - logit(0) is linear in the class weights, as <feature, V c> is."""
    torch.manual_seed(0)
    discriminator = ResidualDiscriminator(shape(16, 3))
    x = torch.randn(1, 3, 16, 16).expand(4, -1, -1, -1)
    mixes = torch.cat([torch.eye(3), torch.tensor([[0.5, 0.25, 0.25]])])
    logits = discriminator(x, mixes)[0].flatten()
    assert logits[3].item() == pytest.approx((logits[:3] @ mixes[3]).item(), abs=1e-4)


def test_truncation_moves_toward_the_tracked_mean() -> None:
    torch.manual_seed(0)
    generator = StyleGenerator(shape())
    z, mix, noise = some(generator, 64)
    w = generator.mapping(z, mix)
    for _ in range(3000):
        generator.mapping.track(w)
    torch.testing.assert_close(generator.mapping.w_avg, w.mean(dim=0), atol=0.01, rtol=0.01)
    torch.testing.assert_close(
        generator.mapping.truncate(w, 0.3), generator.mapping.w_avg + 0.3 * (w - generator.mapping.w_avg)
    )
    spread = [generator(z, mix, noise, psi).var(dim=0).mean().item() for psi in (1.0, 0.5, 0.0)]
    assert spread[0] > spread[1] > spread[2]
    assert torch.equal(generator.mapping.truncate(w, 1.0), w)


def test_mixing_takes_layers_before_the_cut_from_the_first() -> None:
    generator = StyleGenerator(shape())
    first, second = torch.zeros(3, 24), torch.ones(3, 24)
    ws = generator.mixed(first, second, torch.tensor([1, 4, 6]))
    assert ws[:, :, 0].tolist() == [[0, 1, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1], [0] * 6]
    z, mix, noise = some(generator)
    w = generator.mapping(z, mix)
    whole = generator.mixed(w, w.flip(0), torch.full((4,), 6))
    assert torch.equal(generator.synthesis(whole, noise), generator(z, mix, noise))


def test_demodulation_equals_modulated_weights() -> None:
    """x·s -> Conv(W) -> ·d gives what convolving with the demodulated W·s of each picture gives (the paper's form)."""
    torch.manual_seed(0)
    conv = ModulatedConv(6, 5, 3, 8)
    x, w = torch.randn(3, 6, 7, 7), torch.randn(3, 8)
    s = conv.style(w)
    weight = conv.weight * conv.weight_gain * s[:, None, :, None, None]
    weight = weight * torch.rsqrt(weight.square().sum(dim=(2, 3, 4), keepdim=True))
    for i in range(3):
        expected = torch.nn.functional.conv2d(x[i : i + 1], weight[i], padding=1)
        torch.testing.assert_close(conv(x, w)[i : i + 1], expected, atol=1e-4, rtol=1e-3)


def test_filters_keep_the_mean_and_a_flat_picture() -> None:
    flat = torch.full((1, 2, 8, 8), 0.7)
    torch.testing.assert_close(halve(flat), flat[:, :, :4, :4])
    torch.testing.assert_close(enlarge(flat)[:, :, :8, :8], flat)
    line = torch.arange(16.0).expand(1, 1, 16, 16)
    torch.testing.assert_close(halve(line)[0, 0, 0, 1:-1], torch.arange(0.5, 16, 2)[1:-1])
    point = torch.zeros(1, 1, 8, 8)
    point[0, 0, 3, 3] = 1.0
    assert halve(point)[0, 0].max().item() == pytest.approx((3 / 8) ** 2)


def test_minibatch_deviation_is_that_of_each_group() -> None:
    torch.manual_seed(0)
    x = torch.randn(8, 3, 4, 4)
    y = minibatch_deviation(x)
    assert torch.equal(y[:, :3], x)
    for group in (slice(0, 4), slice(4, 8)):
        expected = x[group].std(dim=0, unbiased=False).mean()
        torch.testing.assert_close(y[group, 3], expected.expand(4, 4, 4), atol=1e-4, rtol=1e-4)
    same = minibatch_deviation(x[:1].expand(4, -1, -1, -1))
    assert same[:, 3].abs().max() < 1e-3
    with pytest.raises(ValueError, match="batch: 6"):
        minibatch_deviation(torch.zeros(6, 1, 4, 4))


def test_discriminator_sees_a_collapse() -> None:
    """Pictures of one batch that are all the same give another logit than the same pictures among others."""
    torch.manual_seed(0)
    discriminator = ResidualDiscriminator(shape())
    x = torch.randn(4, 3, 16, 16)
    mix = torch.zeros(4, 0)
    alone = discriminator(x[:1].expand(4, -1, -1, -1), mix)[0][0]
    assert (alone - discriminator(x, mix)[0][0]).abs().item() > 1e-4
