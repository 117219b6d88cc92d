"""The seam report: how far the wrap, the cube edges and the zenith of a picture differ from what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from skyloom.errors import InvalidInput
from skyloom.imaging.layouts import Rendered
from skyloom.sphere import cube, equirect
from skyloom.sphere.directions import from_angles

Picture32 = NDArray[np.float32]

# A tenth of an 8-bit level on both sides of a ratio, so that a flat picture does not divide nothing by nothing.
FLOOR = 0.1 / 255
# Inner steps are the ones right beside the seam: clouds differ from one side of the sky to the other so much that a
# quarter of the columns of a real panorama would fail against an average of many.
NEIGHBOURS = 1
# Zenith angles of the two rings, degrees, and points on each.
ZENITH_RING, FAR_RING, RING_POINTS = 3.0, 30.0, 720


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
    if kind == "panorama" and len(images) == 1:
        return SeamReport(wrap_ratio=wrap_ratio(images[0]), zenith_ratio=_zenith_ratio_of_panorama(images[0]))
    if kind == "cross" and len(images) == 1:
        return _of_faces(cube.split_cross(images[0]))
    if kind == "faces" and len(images) == len(cube.FACES):
        return _of_faces(dict(zip(cube.FACES, images, strict=True)))
    raise InvalidInput("kind", f"{kind} of {len(images)} pictures", "one panorama, one cross or six faces")


def measure_rendered(rendered: Sequence[Rendered]) -> SeamReport:
    """Measure the outputs of one sky: the wrap on its first panorama, the edges on its first faces or cross."""
    report = SeamReport()
    for layout in ("cross", "faces", "panorama"):
        first = next((item.output_index for item in rendered if item.layout == layout), None)
        if first is None:
            continue
        images = {item.face: item.pixels for item in rendered if item.output_index == first}
        order = cube.FACES if layout == "faces" else ("",)
        found = measure(layout, [images[face] for face in order])
        # A later layout fills what an earlier one left open, and says more of what both can show.
        known = {name: value for name, value in vars(found).items() if value is not None}
        report = SeamReport(**{**vars(report), **known})
    return report


def wrap_ratio(panorama: Picture32) -> float:
    """Mean absolute step from the last to the first column over the mean of the inner steps beside it."""
    count = min(NEIGHBOURS + 1, panorama.shape[1] // 2)
    band = np.concatenate([panorama[:, -count:], panorama[:, :count]], axis=1)
    steps = np.abs(np.diff(band.astype(np.float64), axis=1)).mean(axis=(0, 2))
    inner = np.delete(steps, count - 1)
    return float((steps[count - 1] + FLOOR) / (inner.mean() + FLOOR))


def edge_steps(faces: dict[str, Picture32]) -> NDArray[np.float64]:
    """Per edge (12, 3): mean step across it, mean inner step beside it, mean mismatch at the edge itself."""
    found = []
    for face, side, other, other_side, opposite in cube.EDGES:
        lines = []
        for name, which in ((face, side), (other, other_side)):
            near, far = (cube.border_line(faces[name], which, depth).astype(np.float64) for depth in (0, 1))
            lines.append((near, far))
        (a, a_in), (b, b_in) = lines
        if opposite:
            b, b_in = b[::-1], b_in[::-1]
        inner = (np.abs(a - a_in).mean() + np.abs(b - b_in).mean()) / 2
        mismatch = np.abs((1.5 * a - 0.5 * a_in) - (1.5 * b - 0.5 * b_in)).mean()
        found.append((np.abs(a - b).mean(), inner, mismatch))
    return np.array(found)


def _of_faces(faces: dict[str, Picture32]) -> SeamReport:
    across, inner, mismatch = edge_steps(faces).T
    worst = float(((across + FLOOR) / (inner + FLOOR)).max())
    return SeamReport(
        edge_ratio=worst, edge_mismatch=float(mismatch.mean()), zenith_ratio=_zenith_ratio_of_up(faces["up"])
    )


def _zenith_ratio_of_panorama(panorama: Picture32) -> float:
    height, width = panorama.shape[:2]
    # One column more on each side, so that bilinear reading wraps.
    wrapped = np.concatenate([panorama[:, -1:], panorama, panorama[:, :1]], axis=1)

    def ring(zenith: float) -> NDArray[np.float64]:
        column, row = equirect.coordinates(_ring(zenith), width, height)
        return _read(wrapped, column + 1, row)

    return _variance_ratio(ring(ZENITH_RING), ring(FAR_RING))


def _zenith_ratio_of_up(up: Picture32) -> float:
    def ring(zenith: float) -> NDArray[np.float64]:
        column, row, _ = cube.coordinates("up", _ring(zenith), up.shape[0])
        return _read(up, column, row)

    return _variance_ratio(ring(ZENITH_RING), ring(FAR_RING))


def _ring(zenith: float) -> NDArray[np.float64]:
    azimuth = np.arange(RING_POINTS) * (2 * np.pi / RING_POINTS)
    return np.asarray(from_angles(np.full((1, 1), np.deg2rad(zenith)), azimuth[None, :]))


def _read(image: Picture32, column: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.float64]:
    source = np.ascontiguousarray(image, dtype=np.float32)
    x, y = column.astype(np.float32), row.astype(np.float32)
    colours = cv2.remap(source, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(colours, dtype=np.float64).reshape(-1, source.shape[2])


def _variance_ratio(near: NDArray[np.float64], far: NDArray[np.float64]) -> float:
    return float((near.var(axis=0).mean() + FLOOR**2) / (far.var(axis=0).mean() + FLOOR**2))
