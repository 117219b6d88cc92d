"""Positions by formula: those of the exact geometry, for every face, band and rotation."""

from __future__ import annotations

import numpy as np
import pytest
from skyloom.imaging.ground import fade_span
from skyloom.imaging.planes import Affine, PlaneBand, face_band, largest_ratio, panorama_band
from skyloom.sphere import cube, dome, equirect
from skyloom.sphere.directions import rotate_about_y, spacing

DEPTH = fade_span(dome.THETA_MAX)
SIZE, DISC = 256, 64
# Index coordinates of the pictures themselves: nothing is enlarged.
TAN = np.tan(dome.THETA_MAX / 2)
SKY, GROUND = (Affine((s / 2 / TAN,) * 2, ((s - 1) / 2,) * 2) for s in (SIZE, DISC))


def check(found: PlaneBand, directions: np.ndarray) -> None:
    """Every pixel reads the dome above the fade's end, and the ground disc below it, where the geometry says."""
    shows_ground = np.ones(directions.shape[:2], bool)
    shows_ground[: found.sky_rows] = False
    if found.below is not None:
        shows_ground[found.ground_row : found.sky_rows] = found.below
    elevation = np.arcsin(directions[..., 1])
    sure = np.abs(elevation + DEPTH) > 1e-6
    np.testing.assert_array_equal(shows_ground[sure], (elevation < -DEPTH)[sure])
    for positions, size, part, flip, mask in (
        (found.sky, SIZE, slice(0, found.sky_rows), 1, ~shows_ground),
        (found.ground, DISC, slice(found.ground_row, len(directions)), -1, shows_ground),
    ):
        if positions is None:
            assert not mask.any()
            continue
        column, row, _ = dome.coordinates(directions[part] * np.array([1, flip, 1]), size)
        for mine, exact in zip(positions, (column, row), strict=True):
            np.testing.assert_allclose(mine[mask[part]], exact[mask[part]], atol=1e-4)


@pytest.mark.parametrize("rotation", [0.0, 0.7, -3.0])
@pytest.mark.parametrize("rows", [(0, 64), (10, 30), (31, 37), (40, 64)])
def test_panorama(rows: tuple[int, int], rotation: float) -> None:
    turned = rotate_about_y(equirect.directions(128, 64, rows), -rotation)
    check(panorama_band(128, 64, rows, rotation, DEPTH, SKY, GROUND), turned)


@pytest.mark.parametrize("rotation", [0.0, 0.7, -3.0])
@pytest.mark.parametrize("rows", [(0, 64), (0, 20), (35, 40), (41, 64)])
@pytest.mark.parametrize("face", cube.FACES)
def test_faces(face: str, rows: tuple[int, int], rotation: float) -> None:
    turned = rotate_about_y(cube.directions(face, 64, rows), -rotation)
    check(face_band(face, 64, rows, rotation, DEPTH, SKY, GROUND), turned)


def test_the_ratio_is_bounded_by_what_the_geometry_measures() -> None:
    """The formula is used only where no pixel spans more than a texel, so its bound must hold, and not by much."""
    for directions, pixel in ((equirect.directions(512, 256), np.pi / 256), (cube.directions("front", 256), 2 / 256)):
        sky = directions[..., 1] > -np.sin(DEPTH)
        measured = (spacing(directions) / dome.texel_angle(directions, SIZE))[sky].max()
        assert measured <= largest_ratio(pixel, DEPTH, SIZE, dome.THETA_MAX) < 1.05 * measured


def test_ratios_are_those_that_spacing_measures() -> None:
    density = SIZE / 2 / TAN
    for rows in ((0, 64), (20, 40)):
        found = panorama_band(128, 64, rows, 0.7, DEPTH, SKY, GROUND, density)
        exact = equirect.directions(128, 64, rows)[: found.sky_rows]
        np.testing.assert_allclose(found.ratio, np.pi / 64 / dome.texel_angle(exact, SIZE), rtol=1e-5)
    for face in cube.FACES[:5]:
        found = face_band(face, 64, (0, 64), 0.7, DEPTH, SKY, GROUND, density)
        exact = cube.directions(face, 64)[: found.sky_rows]
        # Central differences over two pixels are shorter than the arc by a little, the border's are one-sided.
        measured = spacing(exact) / dome.texel_angle(exact, SIZE)
        np.testing.assert_allclose(found.ratio[1:-1, 1:-1], measured[1:-1, 1:-1], rtol=2e-3)
