"""The projected discriminator: what is frozen, what learns, and what it looks at."""

from __future__ import annotations

import pytest
import torch
from skyloom_training.networks.features import LITE0_CHANNELS, POOLED, Features, moments
from skyloom_training.networks.projected import STATISTICS, ProjectedDiscriminator
from skyloom_training.weights import widened

CLASSES = 11


@pytest.fixture(scope="module")
def discriminator() -> ProjectedDiscriminator:
    torch.manual_seed(0)
    return ProjectedDiscriminator(CLASSES, width=8)


@pytest.fixture
def views() -> torch.Tensor:
    return torch.rand(3, 3, 64, 64, generator=torch.Generator().manual_seed(1)) * 2 - 1


def mix(*labels: int) -> torch.Tensor:
    return torch.eye(CLASSES)[list(labels)]


def test_logits_come_from_four_scales_and_twice_from_raw_colour(
    discriminator: ProjectedDiscriminator, views: torch.Tensor
) -> None:
    logits, classes = discriminator(views, mix(0, 1, 2))
    # 64 pixels: maps of 16, 8, 4 and 2; the two finest are halved 2 and 1 times; colour is pooled to 16 or
    # left whole, and halved twice.
    assert [tuple(logit.shape) for logit in logits] == [(3, 16), (3, 16), (3, 16), (3, 4), (3, 16), (3, 256)]
    assert classes.shape == (3, CLASSES)


def test_moments_are_mean_and_deviation_of_each_channel() -> None:
    views = torch.zeros(1, 3, 4, 4)
    views[0, 0] = 0.5
    views[0, 1, :2] = 1.0
    torch.testing.assert_close(
        moments(views)[0], torch.tensor([0.5, 0.5, 0, 0.001, (8 / 15 / 2) ** 0.5, 0.001]), atol=1e-5, rtol=1e-4
    )
    assert torch.isfinite(torch.autograd.functional.jacobian(moments, views)).all()


def test_statistics_come_with_the_same_judgement(discriminator: ProjectedDiscriminator, views: torch.Tensor) -> None:
    discriminator.eval()  # spectral norm turns its vectors on in training
    logits, classes, statistics = discriminator.judged(views, mix(0, 1, 2))
    again, classes_again = discriminator(views, mix(0, 1, 2))
    for one, other in zip([*logits, classes], [*again, classes_again], strict=True):
        assert torch.equal(one, other)
    assert statistics.shape == (3, STATISTICS)
    maps, pooled = discriminator.features(views)
    torch.testing.assert_close(statistics[:, : 2 * LITE0_CHANNELS[0]], moments(maps[0]))
    torch.testing.assert_close(statistics[:, -POOLED:], pooled)


def test_frozen_features_never_learn_and_the_rest_does(views: torch.Tensor) -> None:
    torch.manual_seed(1)
    discriminator = ProjectedDiscriminator(CLASSES, width=8)
    discriminator.train()
    before = {name: value.clone() for name, value in discriminator.state_dict().items()}
    optimiser = torch.optim.Adam(discriminator.trained_parameters(), 1e-2)
    for _ in range(2):
        logits, classes = discriminator(views, mix(0, 1, 2), torch.tensor([1, 0, 1]))
        loss = torch.stack([logit.square().mean() for logit in logits]).sum() + classes.square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    for name, parameter in discriminator.named_parameters():
        assert (parameter.grad is None) == name.startswith("features."), name
    after = discriminator.state_dict()
    fixed = {name for name in before if torch.equal(before[name], after[name])}
    # The singular vector on a score's side has one number, 1 or -1, and nowhere to go.
    still = {
        name
        for name in fixed
        if not name.startswith("features.") and not name.endswith("score.parametrizations.weight.0._u")
    }
    assert still == {name for name in before if name.endswith("mixer")}
    assert {name for name in before if name.startswith("features.")} <= fixed
    assert sum(name.endswith("running_mean") for name in fixed) > 40  # batch statistics among them


def test_trained_parameters_are_all_but_the_features(discriminator: ProjectedDiscriminator) -> None:
    trained = {id(p) for p in discriminator.trained_parameters()}
    frozen = {id(p) for p in discriminator.features.parameters()}
    assert trained
    assert not trained & frozen
    assert trained | frozen == {id(p) for p in discriminator.parameters()}


def test_features_stay_in_evaluation_mode(views: torch.Tensor) -> None:
    features = Features()
    features.train()
    assert not any(module.training for module in features.modules())
    with torch.no_grad():
        maps, pooled = features(views)
        assert torch.equal(pooled, features(views)[1])
        torch.testing.assert_close(pooled[:1], features(views[:1])[1], atol=1e-4, rtol=1e-4)  # no batch statistics
    assert tuple(m.shape[1] for m in maps) == LITE0_CHANNELS
    assert [m.shape[2] for m in maps] == [16, 8, 4, 2]


def test_unknown_feature_network_is_named() -> None:
    with pytest.raises(ValueError, match="resnet"):
        Features("resnet")


def test_class_matters_to_every_head(discriminator: ProjectedDiscriminator, views: torch.Tensor) -> None:
    discriminator.eval()
    with torch.no_grad():
        one, _ = discriminator(views, mix(0, 0, 0))
        other, _ = discriminator(views, mix(5, 5, 5))
    assert all((a - b).abs().max() > 1e-5 for a, b in zip(one, other, strict=True))


def test_colour_head_sees_a_hue_that_has_no_texture(discriminator: ProjectedDiscriminator) -> None:
    discriminator.eval()
    blue, green = torch.zeros(1, 3, 64, 64), torch.zeros(1, 3, 64, 64)
    blue[:, 2], green[:, 1] = 0.5, 0.5
    with torch.no_grad():
        difference = discriminator(blue, mix(0))[0][-1] - discriminator(green, mix(0))[0][-1]
    assert difference.abs().max() > 1e-3


def test_gradients_reach_the_views(discriminator: ProjectedDiscriminator, views: torch.Tensor) -> None:
    views.requires_grad_(True)
    logits, _ = discriminator(views, mix(0, 1, 2))
    for logit in logits:
        (gradient,) = torch.autograd.grad(logit.sum(), views, retain_graph=True)
        assert gradient.abs().max() > 0


def test_pairs_that_differ_more_score_by_the_spread_alone(views: torch.Tensor) -> None:
    discriminator = ProjectedDiscriminator(CLASSES, width=8).eval()
    for head in (*discriminator.heads, discriminator.colour.head, discriminator.texture.head):
        torch.nn.init.ones_(head.spread.weight)
    alone, _ = discriminator(views, mix(0, 1, 2))
    same, _ = discriminator(views, mix(0, 1, 2), torch.arange(3))
    other, _ = discriminator(views, mix(0, 1, 2), torch.tensor([1, 0, 0]))
    for a, b, c in zip(alone, same, other, strict=True):
        torch.testing.assert_close(a, b)  # a picture beside itself has no spread
        assert (c > a + 1e-4).all()
        torch.testing.assert_close((c - a)[0], (c - a)[1])  # symmetric


def test_heads_of_an_earlier_run_take_a_flag_without_a_change(views: torch.Tensor) -> None:
    old, new = ProjectedDiscriminator(CLASSES, width=8).eval(), ProjectedDiscriminator(CLASSES, 8, flags=1).eval()
    state = {k: v for k, v in old.state_dict().items() if ".spread." not in k and not k.startswith("texture.")}
    new.load_state_dict(widened(new, state))
    flagged = torch.cat([mix(0, 1, 2), torch.tensor([[0.0], [1.0], [1.0]])], dim=1)
    for a, b in zip(old(views, mix(0, 1, 2))[0][:-1], new(views, flagged)[0][:-1], strict=True):
        torch.testing.assert_close(a, b)


def test_a_lattice_of_single_pixels_shows_in_the_texture_head() -> None:
    torch.manual_seed(0)
    discriminator = ProjectedDiscriminator(CLASSES, width=16).eval()
    plain = torch.zeros(1, 3, 64, 64)
    lattice = plain + 0.1 * (-1.0) ** (torch.arange(64)[:, None] + torch.arange(64)[None, :])
    a, b = (discriminator(x, mix(0))[0] for x in (plain, lattice))
    # Pooled to 16 x 16 the lattice is gone; whole it is the strongest thing there.
    torch.testing.assert_close(a[-2], b[-2])
    assert (a[-1] - b[-1]).abs().mean() > 1e-3
