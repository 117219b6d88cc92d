"""The probe: the linear classifier on made-up features, and the whole of it on pictures with and without classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from skyloom.generation.detail import DetailModel
from skyloom_training.data.ccsn import SIDE, Photos
from skyloom_training.metrics import probe as probe_file
from skyloom_training.metrics.generated import generated_views
from skyloom_training.metrics.probe import fit_linear, judge_features, probe
from tiny_net import tiny_generator
from torch.nn import functional as F

DATA = Path(__file__).parents[1] / "data"


def blobs(count: int, spread: float, seed: int, classes: int = 11) -> tuple[torch.Tensor, torch.Tensor]:
    draw = torch.Generator().manual_seed(seed)
    centres = torch.randn(classes, 20, generator=torch.Generator().manual_seed(0)) * 3
    y = torch.randint(0, classes, (count,), generator=draw)
    return centres[y] + spread * torch.randn(count, 20, generator=draw), y


def test_linear_classifier_separates_blobs() -> None:
    classify = fit_linear(*blobs(400, 1.0, seed=1))
    x, y = blobs(400, 1.0, seed=2)
    assert (classify(x) == y).float().mean() > 0.95


def test_rare_classes_weigh_as_much_as_common_ones() -> None:
    """Two blobs that overlap, one 20 times as large: their border lies in the middle all the same."""
    draw = torch.Generator().manual_seed(3)
    x = torch.cat([torch.randn(2000, 1, generator=draw), torch.randn(100, 1, generator=draw) + 2])
    y = torch.cat([torch.zeros(2000, dtype=torch.long), torch.ones(100, dtype=torch.long)])
    classify = fit_linear(x, y, decay=1e-4)
    line = torch.linspace(-2, 4, 601)[:, None]
    border = line[classify(line).argmax()].item()
    assert border == pytest.approx(1.0, abs=0.3)


def colours(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Noisy pictures (N, 400, 400, 3), each class with a colour and a pattern of its own."""
    labels = np.arange(count) % 11
    base = np.random.default_rng(0).integers(40, 216, (11, 3))
    waves = 40 * np.sin(np.arange(SIDE)[None, :] * (0.05 + 0.04 * labels[:, None]))
    pictures = base[labels][:, None, None, :] + waves[:, :, None, None] + rng.normal(0, 10, (count, SIDE, SIDE, 1))
    return np.clip(pictures, 0, 255).astype(np.uint8), labels


def test_probe_names_classes_that_look_different(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_file, "JUDGE_SIZE", 64)  # a ninth of the time
    rng = np.random.default_rng(5)
    photos, made = (Photos(*colours(count, rng), np.full(count, SIDE), np.ones(count)) for count in (44, 22))
    crops = torch.from_numpy(made.crops(np.arange(22), 96, rng))
    report = probe(photos, crops.permute(0, 3, 1, 2).float() / 127.5 - 1, torch.from_numpy(made.labels))
    assert report.generated > 0.8
    assert report.real > 0.8
    assert report.times_chance == pytest.approx(11 * report.generated)
    assert (report.real_views, report.generated_views) == (9, 22)
    assert np.mean(list(report.by_class.values())) == pytest.approx(report.generated)
    assert list(report.by_class) == list(probe_file.CODES)


def test_probe_is_at_chance_on_label_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many pictures, and averages in the judge's place, since only the labels matter here."""
    monkeypatch.setattr(
        probe_file, "judge_features", lambda views: torch.nn.functional.adaptive_avg_pool2d(views, 4).flatten(1)
    )
    rng = np.random.default_rng(6)
    pixels, labels = rng.integers(0, 256, (330, SIDE, SIDE, 3), np.uint8), rng.integers(0, 11, 330)
    photos = Photos(pixels, labels, np.full(330, SIDE), np.ones(330))
    draw = torch.Generator().manual_seed(7)
    views = torch.rand(2200, 3, 16, 16, generator=draw) * 2 - 1
    report = probe(photos, views, torch.randint(0, 11, (2200,), generator=draw), view_size=16)
    assert report.times_chance == pytest.approx(1.0, abs=0.35)
    assert report.real < 0.3


def test_judge_is_another_network_than_the_trainers() -> None:
    views = torch.rand(3, 3, 48, 48, generator=torch.Generator().manual_seed(8)) * 2 - 1
    features = judge_features(views, batch=2)
    assert features.shape == (3, 1280)
    assert not features.requires_grad
    torch.testing.assert_close(features[2:], judge_features(views[2:]), atol=1e-3, rtol=1e-3)
    assert probe_file.JUDGE == "efficientnet-lite2"


def test_generated_views_are_seeded_and_in_order_of_class() -> None:
    generator = tiny_generator()
    views, close, labels = generated_views(generator, 3, 24, psi=0.5, seed=4)
    assert views.shape == (33, 3, 24, 24)
    assert labels.tolist() == [i for i in range(11) for _ in range(3)]
    assert views.abs().max() <= 1
    assert close.shape == views.shape
    assert not torch.equal(close, views)
    assert torch.equal(views, generated_views(generator, 3, 24, psi=0.5, seed=4)[0])
    assert not torch.equal(views, generated_views(generator, 3, 24, psi=0.5, seed=5)[0])


def test_views_through_the_detail_network_look_the_same_way() -> None:
    """The small network is hardly taught, and enlarges little better than repeating pixels would."""
    generator = tiny_generator()
    plain = generated_views(generator, 2, 24, seed=4)
    fine = generated_views(generator, 2, 24, seed=4, detail=DetailModel(DATA / "tiny_detail", threads=1))
    for bare, detailed in zip(plain[:2], fine[:2], strict=True):
        assert detailed.shape == bare.shape
        assert not torch.equal(detailed, bare)
        # Above the horizon and below it, left and right: turned or shifted by a few degrees they would differ more.
        apart = (F.avg_pool2d(detailed, 4) - F.avg_pool2d(bare, 4)).abs().mean()
        assert apart < 0.15 * (bare - bare.flip(3)).abs().mean()
    assert torch.equal(fine[2], plain[2])
