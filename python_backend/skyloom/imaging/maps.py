"""Where on the dome each pixel of a view lies, computed once and kept in a bounded cache."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyloom.imaging.ground import fade_span, mirrored
from skyloom.sphere import dome
from skyloom.sphere.directions import Array, rotate_about_y, spacing

GROUND_DISC_SIZE = 64
CACHE_BYTES = 256 << 20


@dataclass(frozen=True)
class DomeMap:
    """A band of a view on a dome.

    Attributes:
        positions: float32 (2, h, w), columns and rows on the dome.
        minification: float32 (h, w), dome texels that one pixel spans; None where the dome is enlarged everywhere.
        ground: rows (first, past last) that hold pixels below the dome, or None.
        ground_positions: float32 (2, rows, w) on the ground disc.
        ground_mask: bool (rows, w, 1), the pixels that show the ground disc.
    """

    positions: NDArray[np.float32]
    minification: NDArray[np.float32] | None
    ground: tuple[int, int] | None = None
    ground_positions: NDArray[np.float32] | None = None
    ground_mask: NDArray[np.bool_] | None = None

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        parts = (self.positions, self.minification, self.ground_positions, self.ground_mask)
        return sum(part.nbytes for part in parts if part is not None)


def dome_map(
    directions: Array,
    size: int,
    theta_max: float,
    rotation: float,
    mirror: bool,
    bare: bool,
    rows: tuple[int, int] | None = None,
) -> DomeMap:
    """Map directions (h, w, 3) onto a dome of ``size`` texels, turned by ``rotation`` radians.

    ``mirror`` reflects directions below the horizon; ``bare`` leaves the ground away and clamps to the rim. ``rows``
    picks those to map: the others only tell how far apart their neighbours lie.
    """
    source = rotate_about_y(directions, -rotation).astype(np.float32)
    if mirror and not bare:
        source = mirrored(source, theta_max)
    apart = spacing(source)
    if rows is not None:
        source, apart = source[rows[0] : rows[1]], apart[rows[0] : rows[1]]
    column, row, _ = dome.coordinates(source, size, theta_max)
    positions = np.stack([column, row]).astype(np.float32)
    np.clip(positions, -0.5, size - 0.5, out=positions)
    ratio = apart / np.maximum(dome.texel_angle(source, size, theta_max), 1e-6)
    below = source[..., 1] < -np.sin(fade_span(theta_max)).item()
    if not bare:
        # The ground disc is smooth: nothing there can alias.
        ratio = np.where(below, 0, ratio)
    minification = ratio.astype(np.float32) if ratio.max(initial=0) > 1 else None
    covered = np.flatnonzero(below.any(axis=1))
    if mirror or bare or not covered.size:
        return DomeMap(positions, minification)
    first, last = int(covered[0]), int(covered[-1]) + 1
    lower = source[first:last] * np.array([1, -1, 1], dtype=np.float32)
    across, down, _ = dome.coordinates(lower, GROUND_DISC_SIZE, dome.THETA_MAX)
    ground = np.clip(np.stack([across, down]).astype(np.float32), -0.5, GROUND_DISC_SIZE - 0.5)
    return DomeMap(positions, minification, (first, last), ground, below[first:last, :, None])


class MapCache:
    """Least recently used maps, at most ``limit`` bytes; what is larger than half of it is not kept. Thread-safe."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self.limit = limit
        self._maps: OrderedDict[tuple[object, ...], DomeMap] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[object, ...], build: Callable[[], DomeMap], whole: int) -> DomeMap:
        """The map under ``key``, built if need be; ``whole`` is how many such maps the whole view needs."""
        with self._lock:
            found = self._maps.get(key)
            if found is not None:
                self._maps.move_to_end(key)
                return found
        # Built outside the lock: two threads may build the same map, which is only a waste of time.
        made = build()
        if made.nbytes * whole <= self.limit // 2:
            with self._lock:
                if key not in self._maps:
                    self._maps[key] = made
                    self._bytes += made.nbytes
                while self._bytes > self.limit:
                    _, dropped = self._maps.popitem(last=False)
                    self._bytes -= dropped.nbytes
        return made

    @property
    def nbytes(self) -> int:
        """Bytes held now."""
        return self._bytes
