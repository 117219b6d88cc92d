"""Fréchet and kernel distance against closed forms and other ways to compute them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from skyloom_training.metrics.frechet import frechet_distance
from skyloom_training.metrics.kernel import kernel_distance


def moments(mean: np.ndarray, covariance: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Features [count, D] with exactly this mean and (unbiased) covariance."""
    raw = np.random.default_rng(seed).normal(size=(count, len(mean)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw.T))).T
    return white @ np.linalg.cholesky(covariance).T + mean


def test_two_gaussians_equal_the_closed_form() -> None:
    """Diagonal covariances: |mu|² + sum (sigma_a - sigma_b)²."""
    sigma_a, sigma_b = np.array([1.0, 2.0, 0.5, 3.0]), np.array([2.0, 2.0, 1.5, 0.1])
    mean = np.array([1.0, -2.0, 0.0, 4.0])
    a, b = moments(mean, np.diag(sigma_a**2), 300, 1), moments(np.zeros(4), np.diag(sigma_b**2), 200, 2)
    assert frechet_distance(a, b) == pytest.approx((mean**2).sum() + ((sigma_a - sigma_b) ** 2).sum(), rel=1e-9)


@pytest.mark.parametrize(("n", "m", "width"), [(400, 300, 12), (20, 25, 40), (30, 200, 60)])
def test_equals_the_matrix_square_root_of_scipy(n: int, m: int, width: int) -> None:
    """Also where there are fewer features than columns, so that covariances are singular."""
    rng = np.random.default_rng(n)
    a, b = rng.normal(size=(n, width)) @ rng.normal(size=(width, width)), rng.normal(size=(m, width)) + 0.3
    cov_a, cov_b = np.cov(a.T), np.cov(b.T)
    root = scipy.linalg.sqrtm(cov_a @ cov_b + 0j)
    other = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(cov_a + cov_b) - 2 * np.trace(root).real
    assert frechet_distance(a, b) == pytest.approx(other, rel=1e-5)


@given(seed=st.integers(0, 2**16), rows=st.integers(2, 40), width=st.integers(1, 30), shift=st.floats(-5, 5))
@settings(deadline=None, max_examples=40)
def test_frechet_is_zero_to_itself_symmetric_and_sees_a_shift(seed: int, rows: int, width: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(rows, width)), rng.normal(size=(rows + 3, width))
    assert frechet_distance(a, a[::-1]) == pytest.approx(0, abs=1e-9 * width)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-8, abs=1e-9)
    assert frechet_distance(a, a + shift) == pytest.approx(width * shift**2, rel=1e-6, abs=1e-8)


def naive_mmd(a: np.ndarray, b: np.ndarray, unbiased: bool = True) -> float:
    """Sums over pairs, one by one, as in the definition."""

    def kernel(x: np.ndarray, y: np.ndarray) -> float:
        return float((x @ y / len(x) + 1) ** 3)

    def own(x: np.ndarray) -> float:
        pairs = [(i, j) for i in range(len(x)) for j in range(len(x)) if i != j or not unbiased]
        return sum(kernel(x[i], x[j]) for i, j in pairs) / len(pairs)

    return own(a) + own(b) - 2 * sum(kernel(x, y) for x in a for y in b) / (len(a) * len(b))


@pytest.mark.parametrize("unbiased", [True, False])
def test_kernel_distance_of_whole_sets_is_the_definition(unbiased: bool) -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(17, 6)), rng.normal(size=(17, 6)) + 0.5
    found = kernel_distance(a, b, subsets=2, subset_size=17, unbiased=unbiased)
    assert found.mean == pytest.approx(naive_mmd(a, b, unbiased), rel=1e-10)
    assert found.std == pytest.approx(0, abs=1e-12)
    assert (float(found), found.subsets, found.subset_size) == (found.mean, 2, 17)


def test_kernel_distance_of_subsets_is_the_mean_of_theirs() -> None:
    """More rows than one block, unequal sets: the same subsets, drawn again here and summed the slow way."""
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(1500, 4)), rng.normal(size=(1100, 4)) * 1.5
    found = kernel_distance(a, b, subsets=3, subset_size=12, seed=9)
    draw = np.random.default_rng(9)
    chosen = [[draw.choice(len(x), 12, replace=False) for _ in range(3)] for x in (a, b)]
    values = [naive_mmd(a[i], b[j]) for i, j in zip(*chosen, strict=True)]
    assert found.mean == pytest.approx(np.mean(values), rel=1e-9)
    assert found.std == pytest.approx(np.std(values), rel=1e-9)


def test_kernel_distance_to_itself_is_zero_and_unbiased_between_halves() -> None:
    rng = np.random.default_rng(5)
    a = rng.normal(size=(4000, 8))
    assert kernel_distance(a[:300], a[:300], subsets=1, subset_size=300, unbiased=False).mean == pytest.approx(
        0, abs=1e-12
    )
    # Two draws of one distribution: near 0 for few and for many rows, unlike a biased estimate.
    for size in (20, 200, 1000):
        found = kernel_distance(a[:2000], a[2000:], subset_size=size)
        assert abs(found.mean) < 4 * found.std / np.sqrt(found.subsets) + 0.01
    assert kernel_distance(a[:40], a[2000:2040], subset_size=20, unbiased=False).mean > 0.1


@pytest.mark.parametrize("measure", [frechet_distance, kernel_distance])
def test_bad_features_are_named(measure: object) -> None:
    good = np.zeros((5, 3))
    for bad, message in [
        (np.zeros((5, 4)), "3 and 4 columns"),
        (np.zeros((1, 3)), r"b has shape \(1, 3\)"),
        (np.zeros(3), "b has shape"),
        (np.full((5, 3), np.nan), "b holds a value that is not finite"),
    ]:
        with pytest.raises(ValueError, match=message):
            measure(good, bad)  # type: ignore[operator]


@pytest.mark.parametrize(("given", "message"), [({"subset_size": 6}, "subset_size: 6"), ({"subsets": 0}, "subsets: 0")])
def test_bad_subsets_are_named(given: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kernel_distance(np.zeros((5, 3)), np.zeros((9, 3)), **given)
