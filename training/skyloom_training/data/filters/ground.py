"""Ground: pictures that show too little sky above it. The finder looks at a whole set at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skyloom_training.data.ground import GRID, ground_cells, sky_rows

SIDE = 256
# Of 16 rows; as in the training of the first sky.
FEWEST_ROWS = 6
# Below this there are too few pictures to tell what stands low in them from what stands high.
FEWEST_PICTURES = 32
# Pictures that are clustered together: more would need a gigabyte for every two thousand.
CHUNK = 3000


def sky_shares(thumbs: NDArray[np.uint8], seed: int = 1) -> NDArray[np.float64]:
    """Share of each picture, from the top, that is free of ground; pictures uint8 (N, 256, 256, 3), N >= 32.

    Large sets are looked at in parts drawn at random, each of which is like the whole.
    """
    order = np.random.default_rng(seed).permutation(len(thumbs))
    parts = np.array_split(order, -(-len(order) // CHUNK))
    shares = np.empty(len(thumbs))
    for part in map(np.sort, parts):
        shares[part] = sky_rows(ground_cells(np.ascontiguousarray(thumbs[part]), seed))
    return shares / GRID
