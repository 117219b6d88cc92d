"""Products in parts against numpy's own, for shapes that are cut along either side."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skyloom.imaging import product as module
from skyloom.imaging.product import LARGEST, product


@settings(max_examples=40, deadline=None)
@given(rows=st.integers(1, 90), depth=st.integers(1, 40), columns=st.integers(1, 900), seed=st.integers(0, 99))
def test_parts_make_the_whole(rows: int, depth: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.random((rows, depth), np.float32), rng.random((depth, columns), np.float32)
    for left, right in ((a, b), (b.T.copy(), a.T.copy())):
        out = np.full((len(left), right.shape[1]), np.nan, np.float32)
        product(left, right, out)
        np.testing.assert_allclose(out, left.astype(float) @ right, rtol=1e-5)


def test_out_may_be_a_part_of_something_larger() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.random((32, 15), np.float32), rng.random((15, 2000), np.float32)
    large = np.zeros((64, 2100), np.float32)
    product(a, b, large[32:, 50:2050])
    np.testing.assert_allclose(large[32:, 50:2050], a @ b, rtol=1e-5)
    assert not large[:32].any()
    assert not large[:, :50].any()
    assert not large[:, 2050:].any()


def test_no_part_is_large_enough_to_be_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def watched(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
        asked.append(a.shape[0] * a.shape[1] * b.shape[1])
        out[:] = a @ b

    monkeypatch.setattr(module.np, "matmul", watched)
    for shape in ((32, 15, 6240), (70_000, 33, 3)):
        rows, depth, columns = shape
        out = np.empty((rows, columns), np.float32)
        product(np.ones((rows, depth), np.float32), np.ones((depth, columns), np.float32), out)
        assert (out == depth).all()
    assert max(asked) <= LARGEST
    assert sum(asked) == 32 * 15 * 6240 + 70_000 * 33 * 3
