"""Functions on the sphere through every pair of representations, by an independent interpolator (SciPy's splines)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.ndimage import map_coordinates
from scipy.special import sph_harm_y
from skyloom.sphere import cube, dome, equirect, perspective
from skyloom.sphere.directions import azimuth_of, zenith_of

# Texels around the equator that every representation is given, about.
AROUND = 512
PAD = 12
CAMERA = (0.7, 0.5, 0.2, np.deg2rad(80))
VIEW = (160, 90)

Function = Callable[[np.ndarray], np.ndarray]


def harmonic(directions: np.ndarray) -> np.ndarray:
    """A sum of real spherical harmonics up to degree 8, values within about [-1, 1]."""
    theta, phi = zenith_of(directions), azimuth_of(directions)
    terms = [(1, 0), (2, 1), (3, 2), (5, 5), (6, 3), (8, 0), (8, 7)]
    total = sum(np.real(sph_harm_y(n, m, theta, phi)) + np.imag(sph_harm_y(n, m, theta, phi + 0.3)) for n, m in terms)
    return np.asarray(total) / 3


def checker(directions: np.ndarray) -> np.ndarray:
    """A checker of directions with edges soft enough to be sampled: 8 cells of 8 around, about 4 texels of slope."""
    waves = [np.sin(4 * np.pi * directions[..., i]) for i in range(3)]
    return np.tanh(3 * waves[0] * waves[1] * waves[2])


def shown_by(kind: str) -> np.ndarray:
    """Directions that a representation is asked for, (N, 3)."""
    if kind == "panorama":
        return equirect.directions(AROUND, AROUND // 2).reshape(-1, 3)
    if kind == "dome":
        grid, inside = dome.directions(AROUND // 2)
        return grid[inside]
    if kind == "faces":
        return np.concatenate([cube.directions(face, AROUND // 4).reshape(-1, 3) for face in cube.FACES])
    return perspective.directions(*VIEW, *CAMERA).reshape(-1, 3)


def read(image: np.ndarray, column: np.ndarray, row: np.ndarray, pad: int) -> np.ndarray:
    return map_coordinates(image, [row + pad, column + pad], order=3, mode="nearest")


def through(kind: str, function: Function, directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a picture of ``function`` in a representation says at ``directions`` (N, 3), and a mask of what it shows."""
    if kind == "panorama":
        width, height = AROUND, AROUND // 2
        image = function(equirect.directions(width, height))
        # Beyond a pole the picture continues upside down, half a turn further.
        over = np.roll(image, width // 2, axis=1)
        image = np.concatenate([over[:PAD][::-1], image, over[-PAD:][::-1]])
        image = np.pad(image, ((0, 0), (PAD, PAD)), mode="wrap")
        column, row = equirect.coordinates(directions, width, height)
        return read(image, column, row, PAD), np.ones(len(directions), bool)
    if kind == "dome":
        size = AROUND // 2
        column, row, inside = dome.coordinates(directions, size)
        # The rim touches the picture's border: a wider dome with the same texels gives the neighbours.
        wider = size + 2 * PAD
        grid, _ = dome.directions(wider, 2 * np.arctan(np.tan(dome.THETA_MAX / 2) * wider / size))
        return read(function(grid), column, row, PAD), inside
    if kind == "faces":
        size = AROUND // 4
        found = np.zeros(len(directions))
        which = cube.face_index(directions)
        for index, face in enumerate(cube.FACES):
            mine = which == index
            column, row, _ = cube.coordinates(face, directions[mine], size)
            found[mine] = read(function(cube.directions(face, size, margin=PAD)), column, row, PAD)
        return found, np.ones(len(directions), bool)
    width, height = VIEW
    column, row, shown = perspective.coordinates(directions, width, height, *CAMERA)
    # The outermost texels have no neighbours to be interpolated from.
    shown &= (column >= PAD) & (column <= width - 1 - PAD) & (row >= PAD) & (row <= height - 1 - PAD)
    return read(function(perspective.directions(width, height, *CAMERA)), column, row, 0), shown


KINDS = ("panorama", "dome", "faces", "perspective")
# Largest error of one trip, of functions that fill [-1, 1]; the measured ones are 0.6 to 0.75 of these. With the
# harmonic a shift of every picture by 1e-5 texels would be found.
BOUNDS: dict[str, dict[str, float]] = {
    "harmonic": {"panorama": 1.3e-7, "dome": 7e-7, "faces": 3.7e-7, "perspective": 8e-8},
    "checker": {"panorama": 1.1e-3, "dome": 6e-3, "faces": 1.6e-3, "perspective": 3.2e-4},
}


@pytest.mark.parametrize("function", [harmonic, checker])
@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_every_pair(function: Function, source: str, target: str) -> None:
    wanted = shown_by(target)
    found, shown = through(source, function, wanted)
    assert shown.sum() > 500
    assert np.abs(found - function(wanted))[shown].max() < BOUNDS[function.__name__][source]
