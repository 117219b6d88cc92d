"""The seam report: how far the wrap, the cube edges and the zenith of a picture differ from what stands beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyloom.errors import InvalidInput
from skyloom.imaging.layouts import Rendered
from skyloom.sphere import cube, equirect
from skyloom.sphere.directions import Array, from_angles

Picture32 = NDArray[np.float32]

# A tenth of an 8-bit level on both sides of a ratio, so that a flat picture does not divide nothing by nothing.
FLOOR = 0.1 / 255
# Inner steps are the ones right beside the seam: clouds differ from one side of the sky to the other so much that a
# quarter of the columns of a real panorama would fail against an average of many.
NEIGHBOURS = 1
# Zenith angles of the two rings, degrees, and points on each.
ZENITH_RING, FAR_RING, RING_POINTS = 3.0, 30.0, 720
_RINGS = (ZENITH_RING, FAR_RING)
_LINES = tuple((side, depth) for side in ("top", "bottom", "left", "right") for depth in (0, 1))
# Rows, columns, weights.
_Group = tuple[Array, Array, Array | None]


@dataclass(frozen=True)
class SeamReport:
    """How seamless pictures are; None where they cannot show it.

    Attributes:
        wrap_ratio: mean step across the panorama's wrap over the mean of the inner steps on each side of it; 1 is
            seamless.
        edge_ratio: of the 12 shared cube edges the worst: mean step across it over the mean step inside the two faces
            next to it; 1 is seamless.
        edge_mismatch: mean difference, over all 12 edges, of the two faces' values at the edge itself, each
            extrapolated linearly by the half texel that its border texels stay away from it; [0, 1], 0 is seamless.
        zenith_ratio: variance of colour around a ring 3 degrees from the zenith over that of the ring at 30 degrees;
            a pinched pole stands far above 1.
    """

    wrap_ratio: float | None = None
    edge_ratio: float | None = None
    edge_mismatch: float | None = None
    zenith_ratio: float | None = None


def measure(kind: str, images: Sequence[Picture32]) -> SeamReport:
    """Measure one panorama, one cross, or six faces (in the order of ``cube.FACES``), float (H, W, 3).

    Raises:
        InvalidInput: another kind, or not as many pictures as the kind has.
    """
    if (kind, len(images)) not in (("panorama", 1), ("cross", 1), ("faces", len(cube.FACES))):
        raise InvalidInput("kind", f"{kind} of {len(images)} pictures", "one panorama, one cross or six faces")
    if kind == "panorama":
        named = {"": images[0]}
    else:
        named = cube.split_cross(images[0]) if kind == "cross" else dict(zip(cube.FACES, images, strict=True))
    height, width = next(iter(named.values())).shape[:2]
    meter = SeamMeter(kind, width, height)
    for face, image in named.items():
        meter.add(face, 0, image)
    return meter.report()


def measure_rendered(rendered: Sequence[Rendered]) -> SeamReport:
    """Measure the outputs of one sky: the wrap on its first panorama, the edges on its first faces or cross."""
    reports = []
    for layout in ("panorama", "faces", "cross"):
        first = next((item.output_index for item in rendered if item.layout == layout), None)
        images = {item.face: item.pixels for item in rendered if item.output_index == first}
        if images:
            reports.append(measure(layout, [images[face] for face in (cube.FACES if layout == "faces" else ("",))]))
    return join_reports(reports)


class SeamMeter:
    """Measures pictures that are never whole: it keeps what the report looks at as bands of rows pass by.

    Args:
        kind: panorama, or faces (of which a cross is made too); anything else shows no seam and is not looked at.
        width, height: pixels of one picture.
    """

    def __init__(self, kind: str, width: int, height: int) -> None:
        self._kind = kind
        self._kept: dict[str, _Kept] = {}
        rows, columns = np.broadcast_arrays(np.arange(height)[:, None], np.arange(width)[None, :])
        if kind == "panorama":
            count = min(NEIGHBOURS + 1, width // 2)
            ends = [*range(width - count, width), *range(count)]
            rings = [_ring(*equirect.coordinates(_around(angle), width, height), rows, wrap=True) for angle in _RINGS]
            self._kept[""] = _Kept([(rows[:, ends], columns[:, ends], None), *rings])
        elif kind in ("faces", "cross"):
            for face in cube.FACES:
                lines = [tuple(cube.border_line(grid, *line) for grid in (rows, columns)) for line in _LINES]
                up = _RINGS if face == "up" else ()
                rings = [_ring(*cube.coordinates("up", _around(angle), width)[:2], rows, wrap=False) for angle in up]
                self._kept[face] = _Kept([*((r, c, None) for r, c in lines), *rings])

    def add(self, face: str, first: int, band: Picture32) -> None:
        """Look at the rows from ``first`` on of one picture (``face`` is empty for a panorama), in any order."""
        if face in self._kept:
            self._kept[face].add(first, band)

    def report(self) -> SeamReport:
        """The figures; every band must have passed."""
        if self._kind == "panorama":
            kept = self._kept[""]
            return SeamReport(
                wrap_ratio=_wrap_ratio(kept.get(0)), zenith_ratio=_variance_ratio(kept.get(1), kept.get(2))
            )
        if not self._kept:
            return SeamReport()
        steps = _edge_steps(lambda face, side, depth: self._kept[face].get(_LINES.index((side, depth))))
        across, inner, mismatch = steps.T
        zenith = _variance_ratio(*(self._kept["up"].get(len(_LINES) + ring) for ring in (0, 1)))
        worst = float(((across + FLOOR) / (inner + FLOOR)).max())
        return SeamReport(edge_ratio=worst, edge_mismatch=float(mismatch.mean()), zenith_ratio=zenith)


def join_reports(reports: Sequence[SeamReport]) -> SeamReport:
    """One report of several; what two of them can show is the first one's."""
    known: dict[str, float] = {}
    for report in reports:
        known = {**{name: value for name, value in vars(report).items() if value is not None}, **known}
    return SeamReport(**known)


def edge_steps(faces: dict[str, Picture32]) -> NDArray[np.float64]:
    """Per edge (12, 3): mean step across it, mean inner step beside it, mean mismatch at the edge itself."""
    return _edge_steps(lambda face, side, depth: cube.border_line(faces[face], side, depth).astype(np.float64))


class _Kept:
    """Chosen texels of one picture, in groups of (rows, columns, weights); weights sum over the last axis."""

    def __init__(self, groups: Sequence[_Group]) -> None:
        self._groups = groups
        self._rows = [np.asarray(rows).ravel() for rows, _, _ in groups]
        self._columns = [np.asarray(columns).ravel() for _, columns, _ in groups]
        self._values = [np.zeros((rows.size, 3), np.float32) for rows in self._rows]

    def add(self, first: int, band: Picture32) -> None:
        for rows, columns, values in zip(self._rows, self._columns, self._values, strict=True):
            inside = np.flatnonzero((rows >= first) & (rows < first + len(band)))
            if inside.size:
                values[inside] = band[rows[inside] - first, columns[inside]]

    def get(self, index: int) -> NDArray[np.float64]:
        rows, _, weights = self._groups[index]
        values = self._values[index].astype(np.float64).reshape(*rows.shape, 3)
        return values if weights is None else np.asarray((values * weights[..., None]).sum(axis=-2))


def _wrap_ratio(band: NDArray[np.float64]) -> float:
    """Mean absolute step over the middle of a band of columns (H, N, 3) over the mean of its other steps."""
    steps = np.abs(np.diff(band, axis=1)).mean(axis=(0, 2))
    middle = len(steps) // 2
    return float((steps[middle] + FLOOR) / (np.delete(steps, middle).mean() + FLOOR))


def _edge_steps(line: Callable[[str, str, int], NDArray[np.float64]]) -> NDArray[np.float64]:
    found = []
    for face, side, other, other_side, opposite in cube.EDGES:
        (a, a_in), (b, b_in) = (
            tuple(line(*at, depth) for depth in (0, 1)) for at in ((face, side), (other, other_side))
        )
        if opposite:
            b, b_in = b[::-1], b_in[::-1]
        inner = (np.abs(a - a_in).mean() + np.abs(b - b_in).mean()) / 2
        mismatch = np.abs((1.5 * a - 0.5 * a_in) - (1.5 * b - 0.5 * b_in)).mean()
        found.append((np.abs(a - b).mean(), inner, mismatch))
    return np.array(found)


def _around(zenith: float) -> NDArray[np.float64]:
    """Directions (RING_POINTS, 3) of a ring ``zenith`` degrees from the zenith."""
    azimuth = np.arange(RING_POINTS) * (2 * np.pi / RING_POINTS)
    return np.asarray(from_angles(np.full(RING_POINTS, np.deg2rad(zenith)), azimuth))


def _ring(column: Array, row: Array, picture: Array, wrap: bool) -> _Group:
    """The four texels (N, 4) around each position and their bilinear weights; ``picture`` gives the size (H, W)."""
    height, width = picture.shape
    left, top = np.floor(column).astype(np.intp), np.floor(row).astype(np.intp)
    right, down = column - left, row - top
    columns = np.stack([left, left + 1, left, left + 1], axis=-1)
    rows = np.clip(np.stack([top, top, top + 1, top + 1], axis=-1), 0, height - 1)
    columns = columns % width if wrap else np.clip(columns, 0, width - 1)
    weights = np.stack([(1 - right) * (1 - down), right * (1 - down), (1 - right) * down, right * down], axis=-1)
    return rows, columns, weights


def _variance_ratio(near: NDArray[np.float64], far: NDArray[np.float64]) -> float:
    return float((near.var(axis=0).mean() + FLOOR**2) / (far.var(axis=0).mean() + FLOOR**2))
