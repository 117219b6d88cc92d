"""From a dome to pictures: the one way from directions to colours, through which every layout of a sky goes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from skyloom.errors import InvalidInput
from skyloom.imaging.exposure import expose
from skyloom.imaging.ground import (
    fade_span,
    ground_colours,
    ring_directions,
    wave_basis,
)
from skyloom.imaging.laying import lay_ground
from skyloom.imaging.layouts import Rendered, View, gather_cross, name_outputs, views_of
from skyloom.imaging.maps import GROUND_DISC_SIZE, DomeMap, MapCache, dome_map
from skyloom.imaging.planes import Affine, PlaneBand, face_band, largest_ratio, panorama_band
from skyloom.imaging.resample import SAME_SIZE, Ladder, Picture32
from skyloom.request import Ground, OutputSpec
from skyloom.sphere import dome as dome_geometry
from skyloom.sphere.directions import Array

THETA_MAX_DEGREES = 100.0
MIN_DOME = 8
CORNER_ROWS = 256
# Domes whose corners are remembered; those of a larger one would take too much memory.
LARGEST_KEPT = 1024

_MAPS = MapCache()


class DomeRenderer:
    """A dome made ready: exposed, its corners filled, the ground laid in. Safe to share between threads.

    Args:
        dome: float32 (S, S, 3), [0, 1] sRGB; only texels whose centre lies in the disc are read.
        theta_max: zenith angle of the rim, degrees.
        rotation: degrees about the vertical; grows content from +Z toward +X.
        ground: what stands below the horizon. Its colour is not exposed: it is shown as asked for.
        exposure: stops; 0 leaves the pixels as they are.

    Raises:
        InvalidInput: the dome is not square RGB of at least 8 x 8, or ``theta_max`` is not from 91 to 170 degrees.
    """

    def __init__(
        self,
        dome: NDArray[np.float32],
        *,
        theta_max: float = THETA_MAX_DEGREES,
        rotation: float = 0.0,
        ground: Ground | None = None,
        exposure: float = 0.0,
    ) -> None:
        if dome.ndim != 3 or dome.shape[0] != dome.shape[1] or dome.shape[2] != 3 or dome.shape[0] < MIN_DOME:
            raise InvalidInput("dome", dome.shape, f"a square RGB picture, {MIN_DOME} pixels or more")
        self.ground = ground or Ground()
        self.theta_max = float(np.deg2rad(theta_max))
        self.rotation = float(np.deg2rad(rotation))
        self.size = int(dome.shape[0])
        fade_span(self.theta_max)
        filled = expose(fill_corners(np.asarray(dome, dtype=np.float32)), exposure)
        self._finite = bool(np.isfinite(filled).all())
        self._bare = Ladder(filled)
        self._sky = self._bare
        self._below: Ladder | None = None
        if self.ground.mode != "mirror":
            haze = ground_colours(self.ground, self._ring(filled))
            self._sky = Ladder(lay_ground(filled, haze, self.theta_max))
            self._below = Ladder(haze.colours_of(_ground_disc_basis()))

    def check_finite(self) -> None:
        """Raise ValueError where the dome has NaN or infinity in its disc: no picture of it could be written."""
        if not self._finite:
            raise ValueError("pixels must be finite")

    def render(self, directions: Array) -> Picture32:
        """Colours float32 (H, W, 3) in [0, 1] at a grid of unit directions (H, W, 3)."""
        return self._colours(self._map(directions))

    def render_view(self, view: View) -> Picture32:
        """One view; a dome is shown bare, without ground, with 0 outside its disc."""
        picture = np.empty((view.height, view.width, 3), dtype=np.float32)
        for first, last in view.bands():
            self.render_band(view, first, last, picture[first:last])
        return picture

    def render_band(self, view: View, first: int, last: int, out: Picture32) -> None:
        """Rows [first, last) of a view, one of its ``bands()``, into ``out`` float32 (rows, W, 3), contiguous."""
        plane = self._plane(view, first, last)
        if plane is not None:
            self._read_plane(plane, out)
            return
        mirror = self.ground.mode == "mirror"
        key = (view.image, *view.key, first, last, self.size, self.theta_max, self.rotation, mirror)
        found = _MAPS.get(key, lambda: self._map_of_rows(view, first, last), len(view.bands()))
        out[:] = self._colours(found, view.disc)
        outside = view.outside(first, last)
        if outside is not None:
            out[outside] = 0

    def render_layout(self, spec: OutputSpec) -> list[tuple[str, str, Picture32]]:
        """Every picture of one output: (image name, face or empty, float32 (H, W, 3))."""
        pictures = [(view.image, view.face, self.render_view(view)) for view in views_of(spec, self.theta_max)]
        return gather_cross(spec, pictures)

    def _plane(self, view: View, first: int, last: int) -> PlaneBand | None:
        """Positions by formula, where there is one: a panorama or a face above a ground."""
        if self._below is None or not (view.face or view.image == "panorama"):
            return None
        depth = fade_span(self.theta_max)
        pixel = 2 / view.width if view.face else np.pi / view.height
        enlarged = largest_ratio(pixel, depth, self.size, self.theta_max) <= SAME_SIZE
        # Enlarged, the dome is read as it is stored; made smaller, by index coordinates, which every rung understands.
        sky = Affine.of(self.size, self.theta_max, self._sky.rung() if enlarged else None)
        density = None if enlarged else self.size / 2 / np.tan(self.theta_max / 2)
        ground = Affine.of(GROUND_DISC_SIZE, dome_geometry.THETA_MAX, self._below.rung())
        rows, turn = (first, last), self.rotation
        if view.face:
            return face_band(view.face, view.width, rows, turn, depth, sky, ground, density)
        return panorama_band(view.width, view.height, rows, turn, depth, sky, ground, density)

    def _read_plane(self, band: PlaneBand, out: Picture32) -> None:
        if band.sky is not None and band.ratio is None:
            self._sky.rung().read(*band.sky, out[: band.sky_rows])
        elif band.sky is not None:
            out[: band.sky_rows] = self._sky.sample(np.stack(band.sky), band.ratio)
        if band.ground is None or self._below is None:
            return
        if band.below is None:
            self._below.rung().read(*band.ground, out[band.ground_row :])
            return
        ground, mixed = self._below.rung().read(*band.ground), band.sky_rows - band.ground_row
        np.copyto(out[band.ground_row : band.sky_rows], ground[:mixed], where=band.below[..., None])
        out[band.sky_rows :] = ground[mixed:]

    def _map(self, directions: Array, bare: bool = False, rows: tuple[int, int] | None = None) -> DomeMap:
        mirror = self.ground.mode == "mirror"
        return dome_map(directions, self.size, self.theta_max, self.rotation, mirror, bare, rows)

    def _map_of_rows(self, view: View, first: int, last: int) -> DomeMap:
        # A row more on each side, so that the map does not depend on where bands begin.
        top, bottom = max(0, first - 1), min(view.height, last + 1)
        return self._map(view.directions(top, bottom), view.disc, (first - top, last - top))

    def _colours(self, where: DomeMap, bare: bool = False) -> Picture32:
        colours = (self._bare if bare else self._sky).sample(where.positions, where.minification)
        if self._below is not None and where.ground is not None and where.ground_positions is not None:
            first, last = where.ground
            mask = where.ground_mask
            np.copyto(colours[first:last], self._below.sample(where.ground_positions), where=mask is None or mask)
        return colours

    def _ring(self, filled: Picture32) -> Array:
        """Mean colours (A, 3) just above the horizon; bilinear is enough for a mean."""
        column, row, _ = dome_geometry.coordinates(ring_directions(), self.size, self.theta_max)
        ring = cv2.remap(filled, column.astype(np.float32), row.astype(np.float32), cv2.INTER_LINEAR)
        return np.asarray(np.asarray(ring, dtype=np.float64).mean(axis=0))


def render(
    dome: NDArray[np.float32],
    directions: Array,
    *,
    theta_max: float = THETA_MAX_DEGREES,
    rotation: float = 0.0,
    ground: Ground | None = None,
    exposure: float = 0.0,
) -> Picture32:
    """Colours float32 (H, W, 3) in [0, 1] that a dome (S, S, 3) shows at unit directions (H, W, 3). Angles in degrees.

    The grid should be one of neighbouring pixels: its spacing decides how far the dome is low-passed.
    Arguments and errors: see :class:`DomeRenderer`, which is cheaper when several pictures are made of one dome.
    """
    renderer = DomeRenderer(dome, theta_max=theta_max, rotation=rotation, ground=ground, exposure=exposure)
    return renderer.render(directions)


def render_layout(
    dome: NDArray[np.float32],
    spec: OutputSpec,
    *,
    theta_max: float = THETA_MAX_DEGREES,
    rotation: float = 0.0,
    ground: Ground | None = None,
    exposure: float = 0.0,
) -> list[tuple[str, str, Picture32]]:
    """The pictures of one output: (image name, face or empty, float32 (H, W, 3)). See :class:`DomeRenderer`."""
    renderer = DomeRenderer(dome, theta_max=theta_max, rotation=rotation, ground=ground, exposure=exposure)
    return renderer.render_layout(spec)


def render_outputs(
    dome: NDArray[np.float32],
    outputs: Sequence[OutputSpec],
    *,
    theta_max: float = THETA_MAX_DEGREES,
    rotation: float = 0.0,
    ground: Ground | None = None,
    exposure: float = 0.0,
) -> list[Rendered]:
    """The pictures of all outputs, with unique names, in their order. See :class:`DomeRenderer`."""
    renderer = DomeRenderer(dome, theta_max=theta_max, rotation=rotation, ground=ground, exposure=exposure)
    return name_outputs(outputs, renderer.render_layout)


@lru_cache(maxsize=1)
def _ground_disc_basis() -> Picture32:
    """Basis of the haze on the disc (GROUND_DISC_SIZE, GROUND_DISC_SIZE, 2 HAZE_WAVES + 1) around the nadir."""
    upper: Array = dome_geometry.directions(GROUND_DISC_SIZE)[0]
    return wave_basis(upper * np.array([1, -1, 1]))


def fill_corners(dome: Picture32) -> Picture32:
    """A copy of a dome (S, S, 3) whose texels outside the disc repeat the nearest texel inside it."""
    size = dome.shape[0]
    filled: Picture32 = dome.copy()
    # In bands of rows: the positions of a dome of 4096 would take half a gigabyte at once.
    for first in range(0, size, CORNER_ROWS):
        outside, inside = _corners(size, first) if size <= LARGEST_KEPT else _corners.__wrapped__(size, first)
        filled.reshape(-1, 3)[outside] = dome.reshape(-1, 3).take(inside, axis=0)
    return filled


@lru_cache(maxsize=16)
def _corners(size: int, first: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Texels outside the disc in ``CORNER_ROWS`` rows from ``first``, and those that they repeat; flat indices (K,)."""
    across = (2 * np.arange(size) + 1) / size - 1
    x, z = np.broadcast_arrays(across[None, :], across[first : first + CORNER_ROWS, None])
    radius = np.hypot(x, z)
    outside = radius > 1.0
    # Stepping in by half a texel's diagonal keeps the rounded texel's centre in the disc.
    shrink = (1 - np.sqrt(2) / size) / radius[outside]
    column, row = (np.rint((c[outside] * shrink + 1) * size / 2 - 0.5).astype(np.intp) for c in (x, z))
    return np.flatnonzero(outside) + first * size, row * size + column
