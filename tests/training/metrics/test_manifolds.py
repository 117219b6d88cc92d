"""Precision, recall, density and coverage against the package prdc and against sets whose figures are known."""

from __future__ import annotations

import numpy as np
import prdc
import pytest
from skyloom_training.metrics import neighbours
from skyloom_training.metrics.density_coverage import density_coverage
from skyloom_training.metrics.precision_recall import precision_recall


@pytest.mark.parametrize(("real", "made", "k", "shift"), [(150, 120, 3, 0.0), (90, 200, 5, 0.7), (60, 60, 1, 1.5)])
def test_equal_an_independent_implementation(real: int, made: int, k: int, shift: float) -> None:
    rng = np.random.default_rng(real)
    a, b = rng.normal(size=(real, 10)), rng.normal(size=(made, 10)) * 0.8 + shift
    other = prdc.compute_prdc(real_features=a, fake_features=b, nearest_k=k)
    shares, balls = precision_recall(b, a, k), density_coverage(b, a, k)
    assert shares.precision == pytest.approx(other["precision"], abs=1e-12)
    assert shares.recall == pytest.approx(other["recall"], abs=1e-12)
    assert balls.density == pytest.approx(other["density"], abs=1e-12)
    assert balls.coverage == pytest.approx(other["coverage"], abs=1e-12)
    assert 0 < balls.coverage < 1
    assert (shares.real, shares.made, shares.k, balls.k) == (real, made, k, k)


def test_rows_in_blocks_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(50, 4)), rng.normal(size=(40, 4)) + 0.5
    whole = precision_recall(a, b), density_coverage(a, b)
    monkeypatch.setattr(neighbours, "BLOCK", 7)
    assert (precision_recall(a, b), density_coverage(a, b)) == whole


def test_a_set_against_itself_and_against_one_far_away() -> None:
    a = np.random.default_rng(2).normal(size=(80, 5))
    shares, balls = precision_recall(a, a.copy()), density_coverage(a, a.copy())
    assert (shares.precision, shares.recall, balls.coverage) == (1, 1, 1)
    assert balls.density >= 1
    shares, balls = precision_recall(a + 100, a), density_coverage(a + 100, a)
    assert (shares.precision, shares.recall, balls.density, balls.coverage) == (0, 0, 0, 0)


def test_half_of_the_modes_is_half_the_recall() -> None:
    """Two clusters, one of them made: every made feature is right, half of the real ones are reached."""
    rng = np.random.default_rng(3)
    left, right = rng.normal(size=(60, 3)), rng.normal(size=(60, 3)) + 50
    made = left + 1e-9
    shares, balls = (
        precision_recall(made, np.concatenate([left, right])),
        density_coverage(made, np.concatenate([left, right])),
    )
    assert (shares.precision, shares.recall, balls.coverage) == (1, 0.5, 0.5)


def test_radius_does_not_count_the_feature_itself() -> None:
    line = np.array([[0.0], [1.0], [3.0], [7.0]])
    assert neighbours.radii(line, 1).tolist() == [1, 1, 2, 4]
    assert neighbours.radii(line, 3).tolist() == [7, 6, 4, 7]


@pytest.mark.parametrize("k", [0, 5])
def test_k_beyond_the_set_is_named(k: int) -> None:
    a = np.random.default_rng(4).normal(size=(5, 2))
    for measure in (precision_recall, density_coverage):
        with pytest.raises(ValueError, match=f"k: {k} is not allowed; expected 1 to 4"):
            measure(a, a, k)
