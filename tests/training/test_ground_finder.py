"""Where the sky ends: the rule on masks drawn by hand, the clustering on made-up landscapes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skyloom_training.data.ground import GRID, ground_cells, sky_rows


def mask(*ground: tuple[int, int, int]) -> np.ndarray:
    """One mask (1, 16, 16): ground in rows first to last (exclusive), in so many columns from the left."""
    cells = np.zeros((1, GRID, GRID), bool)
    for first, last, columns in ground:
        cells[0, first:last, :columns] = True
    return cells


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        (mask(), 16),  # nothing but sky
        (mask((12, 16, 16)), 10),  # a flat horizon, two rows of margin
        (mask((9, 12, 3), (12, 16, 16)), 7),  # a tree of three cells stands out of it
        (mask((9, 12, 2), (12, 16, 16)), 10),  # a mast of two cells is too thin
        (mask((4, 6, 16)), 16),  # a dark cloud with sky below it
        (mask((4, 6, 16), (13, 16, 16)), 11),  # the same above a horizon
        (mask((13, 16, 7)), 16),  # less than half of what lies below: not ground
        (mask((1, 16, 16)), 0),  # the margin ends at the top
        (mask((0, 16, 16)), 0),
    ],
)
def test_sky_ends_above_the_ground(cells: np.ndarray, rows: int) -> None:
    assert sky_rows(cells).tolist() == [rows]


def test_pictures_are_judged_one_by_one() -> None:
    assert sky_rows(np.concatenate([mask((12, 16, 16)), mask(), mask((8, 16, 16))])).tolist() == [10, 16, 6]


def landscape(rng: np.random.Generator, horizon: int) -> np.ndarray:
    """Soft blue and white blobs above the horizon (in pixels), fine dark texture below."""
    soft = cv2.resize(rng.random((6, 6, 1)).astype(np.float32), (256, 256), interpolation=cv2.INTER_CUBIC)[..., None]
    picture = np.clip(soft, 0, 1) * (255, 255, 255) + (1 - np.clip(soft, 0, 1)) * (70, 130, 210)
    blades = rng.integers(0, 110, (128, 256, 3)) * (0.5, 1.0, 0.3)
    picture[horizon:] = np.repeat(blades, 2, axis=0)[horizon:]
    return picture.astype(np.uint8)


def test_ground_is_found_in_landscapes_without_labels() -> None:
    rng = np.random.default_rng(4)
    horizons = np.array([256] * 20 + [rng.integers(9, 15) * 16 for _ in range(20)])
    found = sky_rows(ground_cells(np.stack([landscape(rng, h) for h in horizons])))
    assert (found[:20] == GRID).all()
    first_ground = horizons[20:] // 16
    assert (found[20:] <= first_ground - 1).all()  # never a row of ground in the sky
    given_away = first_ground - found[20:]  # two rows of margin, and what a feature's field of view adds
    assert given_away.max() <= 7
    assert np.median(given_away) <= 5
