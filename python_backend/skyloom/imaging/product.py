"""Matrix products in parts so small that BLAS keeps them on the thread that asked.

OpenBLAS wakes its other threads for larger ones, and these spin for milliseconds after: twice the core time, for work
that the drawing threads already share among themselves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix32 = NDArray[np.float32]
# Multiplications of one part; OpenBLAS begins to share the work somewhat above 200,000.
LARGEST = 184_000


def product(a: Matrix32, b: Matrix32, out: Matrix32) -> None:
    """``a`` (M, K) times ``b`` (K, N) into ``out`` (M, N), all float32 with contiguous rows."""
    (rows, depth), columns = a.shape, b.shape[1]
    if rows * depth * columns <= LARGEST:
        np.matmul(a, b, out=out)
        return
    # The longer way is cut, so that the parts stay as square as they can.
    if columns >= rows:
        step = max(1, LARGEST // (rows * depth))
        for first in range(0, columns, step):
            np.matmul(a, b[:, first : first + step], out=out[:, first : first + step])
        return
    step = max(1, LARGEST // (columns * depth))
    for first in range(0, rows, step):
        np.matmul(a[first : first + step], b, out=out[first : first + step])
