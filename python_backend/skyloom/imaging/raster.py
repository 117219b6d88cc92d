"""One output of a sky as 8-bit pictures: rendered, measured and quantized band by band, never whole in float."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyloom.imaging.layouts import View, views_of
from skyloom.imaging.quantize import rows_to_uint8
from skyloom.imaging.render import DomeRenderer
from skyloom.imaging.seams import SeamMeter
from skyloom.request import OutputSpec
from skyloom.sphere import cube

# No dither in a JPEG: the transform quantises it away at most qualities and pays for it in size at the rest.
DITHERED = ("png",)


@dataclass(frozen=True)
class Raster:
    """A finished picture: its name within the layout, its face or empty, and uint8 (H, W, 3) sRGB."""

    image: str
    face: str
    values: NDArray[np.uint8]


def rasterise(renderer: DomeRenderer, spec: OutputSpec, pool: Executor, meter: SeamMeter | None = None) -> list[Raster]:
    """Every picture of one output, its bands spread over ``pool``; the same values whatever the number of threads.

    A cross is dithered face by face, each face as if it were a picture of its own. ``meter`` sees every band in float.

    Raises:
        ValueError: the dome has NaN or infinity inside its disc.
    """
    renderer.check_finite()
    views = views_of(spec, renderer.theta_max)
    targets, rasters = _targets(spec, views)
    dither = spec.format in DITHERED

    def work(view: View, first: int, last: int) -> None:
        band = np.empty((last - first, view.width, 3), dtype=np.float32)
        renderer.render_band(view, first, last, band)
        if meter is not None:
            meter.add(view.face, first, band)
        # No sample of a renderer leaves [0, 1].
        rows_to_uint8(band, first, targets[view.image][first:last], dither, clipped=True)

    waiting = [pool.submit(work, view, *rows) for view in views for rows in view.bands()]
    try:
        for future in waiting:
            future.result()
    finally:
        for future in waiting:
            future.cancel()
    return rasters


def _targets(spec: OutputSpec, views: list[View]) -> tuple[dict[str, NDArray[np.uint8]], list[Raster]]:
    """Where each view is drawn to, and the pictures that come of it."""
    if spec.layout == "cross":
        cross = np.zeros((3 * spec.size, 4 * spec.size, 3), np.uint8)
        return cube.split_cross(cross), [Raster("cross", "", cross)]
    rasters = [Raster(view.image, view.face, np.empty((view.height, view.width, 3), np.uint8)) for view in views]
    return {raster.image: raster.values for raster in rasters}, rasters
