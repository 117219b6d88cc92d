"""Classifier score and perceptual path length against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skyloom_training.metrics.inception_score import classifier_score
from skyloom_training.metrics.path_length import PerceptualFeatures, path_length


def test_score_of_sure_and_varied_answers_is_the_number_of_classes() -> None:
    sure = np.eye(7)[np.arange(70) % 7]
    assert classifier_score(sure, splits=1).mean == pytest.approx(7)
    assert classifier_score(np.full((30, 7), 1 / 7)).mean == pytest.approx(1)
    assert classifier_score(np.eye(7)[np.zeros(20, int)]).mean == pytest.approx(1)


def test_score_of_half_sure_answers() -> None:
    """Two classes, each answer (p, 1-p) or (1-p, p): KL = log 2 - H(p)."""
    p = 0.9
    rows = np.array([[p, 1 - p], [1 - p, p]] * 50)
    entropy = -(p * np.log(p) + (1 - p) * np.log(1 - p))
    found = classifier_score(rows, splits=1)
    assert found.mean == pytest.approx(np.exp(np.log(2) - entropy))
    assert (found.splits, found.pictures, found.std) == (1, 100, 0)
    assert classifier_score(rows, splits=10).std > 0


@pytest.mark.parametrize("bad", [np.ones((4, 3)), np.array([[1.5, -0.5]]), np.ones(3), np.full((2, 2), np.nan)])
def test_what_is_no_probability_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="probabilities"):
        classifier_score(bad, splits=1)


def test_more_splits_than_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="splits: 10"):
        classifier_score(np.eye(4))


def test_path_length_of_a_linear_generator() -> None:
    """G(w) = A w with features as they are: every step is |A (b - a)|² long, wherever it is taken."""
    draw = torch.Generator().manual_seed(0)
    matrix = torch.randn(12, 5, generator=draw, dtype=torch.float64)
    w = torch.randn(400, 5, generator=draw, dtype=torch.float64)
    lengths = ((w[1::2] - w[0::2]) @ matrix.T).square().sum(dim=1)
    low, high = torch.quantile(lengths, torch.tensor([0.01, 0.99], dtype=torch.float64))
    kept = lengths[(lengths >= low) & (lengths <= high)]
    found = path_length(lambda z: (z @ matrix.T).reshape(-1, 3, 2, 2), w, lambda x: x.flatten(1))
    assert found.mean == pytest.approx(float(kept.mean()), rel=1e-6)
    assert found.error == pytest.approx(float(kept.std() / len(kept) ** 0.5), rel=1e-6)
    assert (found.pairs, found.step) == (len(kept), 1e-4)


def test_path_length_does_not_depend_on_the_batch_and_shrinks_with_the_path() -> None:
    w = torch.randn(24, 4, generator=torch.Generator().manual_seed(1))
    basis = torch.randn(4, 3 * 16 * 16, generator=torch.Generator().manual_seed(2)) * 0.3
    features = PerceptualFeatures("efficientnet-lite2", side=32)

    def draw(z: torch.Tensor) -> torch.Tensor:
        return torch.tanh(z @ basis).reshape(-1, 3, 16, 16)

    small, other = (path_length(draw, w, features, step=1e-2, batch=batch) for batch in (3, 12))
    assert small.mean == pytest.approx(other.mean, rel=1e-3)
    # Ends that lie ten times nearer: about a hundredth.
    near = path_length(draw, w[:1] + 0.1 * (w - w[:1]), features, step=1e-2)
    assert small.mean > 10 * near.mean > 0
    still = path_length(lambda z: torch.zeros(len(z), 3, 16, 16), w, features)
    assert (still.mean, still.error) == (0, 0)


def test_perceptual_features_have_unit_length_at_each_scale() -> None:
    for name in ("efficientnet-lite0", "efficientnet-lite1"):
        found = PerceptualFeatures(name, side=64)(torch.rand(2, 3, 40, 40) * 2 - 1)
        assert torch.allclose(found.square().sum(dim=1), torch.full((2,), 4.0), atol=1e-4)


@pytest.mark.parametrize(("latents", "step"), [(1, 1e-4), (4, 0.0), (4, 1.0)])
def test_bad_paths_are_refused(latents: int, step: float) -> None:
    with pytest.raises(ValueError, match="w and step"):
        path_length(lambda z: z, torch.zeros(latents, 3), lambda x: x, step)


def test_pictures_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        path_length(lambda z: z * float("nan"), torch.ones(4, 3), lambda x: x)
