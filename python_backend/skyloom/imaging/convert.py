"""Conversions between pictures: a panorama, dome, six faces, a cross or a flat photo to any layout.

py360convert is not used: it samples faces at their end points, so that neighbouring faces share their edge texels and
lie up to half a texel off the texel centres that Unity and this project count by; nor does it low-pass what it makes
smaller. The tests compare with it instead.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skyloom.errors import InvalidInput
from skyloom.imaging.exposure import decode_srgb, expose, expose_radiance
from skyloom.imaging.ground import fade_span, ground_colours, ground_weight, mirrored, ring_directions
from skyloom.imaging.kind import check_sizes
from skyloom.imaging.layouts import Named, Rendered, View, gather_cross, name_outputs, views_of
from skyloom.imaging.photo import natural_size, photo_to_dome
from skyloom.imaging.render import DomeRenderer
from skyloom.imaging.resample import Picture32
from skyloom.imaging.sources import FacesSource, PanoramaSource, Source
from skyloom.request import Ground, OutputSpec
from skyloom.sphere import cube
from skyloom.sphere.directions import Array, rotate_about_y, spacing
from skyloom.sphere.dome import THETA_MAX

# Largest dome that a photo is laid on: about as sharp as a panorama of 8192.
LARGEST_PHOTO_DOME = 3072
# Spacing is measured within a band: fewer bands, fewer places where it is measured on one side only.
BAND_PIXELS = 1 << 21


def convert(
    source_kind: str,
    images: Sequence[NDArray[np.float32]],
    outputs: Sequence[OutputSpec],
    rotation: float = 0.0,
    exposure: float = 0.0,
    ground: Ground | None = None,
    clip: bool = True,
) -> list[Rendered]:
    """Every picture of every output, in their order, with unique names.

    Args:
        source_kind: panorama (2:1), dome (a square with theta_max 100 degrees), faces, cross (4:3) or photo.
        images: float32 (H, W, 3); one, or six faces of one size in the order of ``cube.FACES``.
        outputs: what to make.
        rotation: degrees about the vertical; grows content from +Z toward +X.
        exposure: stops; 0 leaves the pixels as they are.
        ground: what replaces the picture below the horizon; None keeps it. A dome and a photo have nothing to keep
            there: None fades them. The dome layout is always without ground.
        clip: true for sRGB pictures in [0, 1]. False for linear radiance: it may be any value from 0 up and keeps its
            range; the colour of ``ground``, sRGB, is taken to linear light.

    Raises:
        InvalidInput: an unknown kind, or pictures whose number, shape or size does not fit it.
    """
    check_sizes(source_kind, [(image.shape[1], image.shape[0]) for image in images], "source")
    if any(image.ndim != 3 or image.shape[2] != 3 for image in images):
        raise InvalidInput("images", [image.shape for image in images], "pictures of three channels")
    prepared, scale = _prepare(images, exposure, clip)
    if ground is not None and not clip:
        linear = decode_srgb(np.array(ground.colour, dtype=np.float32)) / scale
        ground = Ground(ground.mode, (float(linear[0]), float(linear[1]), float(linear[2])))
    if source_kind in ("dome", "photo"):
        picture = prepared[0]
        if source_kind == "photo":
            size = min(natural_size(*picture.shape[:2]), LARGEST_PHOTO_DOME)
            picture = photo_to_dome(picture, size)
        finished = name_outputs(outputs, DomeRenderer(picture, rotation=rotation, ground=ground).render_layout)
    else:
        renderer = _SphereRenderer(_source(source_kind, prepared, outputs), np.deg2rad(rotation).item(), ground)
        finished = name_outputs(outputs, renderer.render_layout)
    for item in finished:
        if scale != 1:
            np.multiply(item.pixels, np.float32(scale), out=item.pixels)
    return finished


def _prepare(images: Sequence[NDArray[np.float32]], exposure: float, clip: bool) -> tuple[list[Picture32], float]:
    """Exposed pictures in [0, 1], and what to multiply them by; a power of two, so that no bit is lost."""
    pictures = [np.asarray(image, dtype=np.float32) for image in images]
    if clip:
        return [expose(np.clip(picture, 0, 1), exposure) for picture in pictures], 1.0
    pictures = [expose_radiance(np.maximum(picture, 0), exposure) for picture in pictures]
    peak = max(float(picture.max()) for picture in pictures)
    scale = 2.0 ** np.ceil(np.log2(peak)) if peak > 1 else 1.0
    return [picture / np.float32(scale) for picture in pictures] if scale != 1 else pictures, float(scale)


def _source(kind: str, pictures: list[Picture32], outputs: Sequence[OutputSpec]) -> Source:
    if kind == "panorama":
        return PanoramaSource(pictures[0])
    faces = cube.split_cross(pictures[0]) if kind == "cross" else dict(zip(cube.FACES, pictures, strict=True))
    return FacesSource(faces, max(_widest(view) for spec in outputs for view in views_of(spec)))


def _widest(view: View) -> float:
    """Largest angle between neighbouring pixels, radians: every layout has it in its middle rows."""
    middle = view.height // 2
    return float(spacing(view.directions(middle - 1, middle + 1)).max())


class _SphereRenderer:
    """Renders the layouts of a picture of the whole sphere; ``rotation`` in radians, ``ground`` None keeps it."""

    def __init__(self, source: Source, rotation: float, ground: Ground | None) -> None:
        self._source = source
        self._rotation = rotation
        self._mirror = ground is not None and ground.mode == "mirror"
        self._haze = None
        if ground is not None and not self._mirror:
            ring = source.colours(ring_directions()).astype(np.float64).mean(axis=0)
            self._haze = ground_colours(ground, ring)

    def render_layout(self, spec: OutputSpec) -> list[Named]:
        """Every picture of one output: (image name, face or empty, float32 (H, W, 3))."""
        return gather_cross(spec, [(view.image, view.face, self._view(view)) for view in views_of(spec)])

    def _view(self, view: View) -> Picture32:
        picture = np.empty((view.height, view.width, 3), dtype=np.float32)
        for first, last in view.bands(BAND_PIXELS):
            directions = rotate_about_y(view.directions(first, last), -self._rotation).astype(np.float32)
            picture[first:last] = self._source.colours(directions) if view.disc else self._on_ground(directions)
            outside = view.outside(first, last)
            if outside is not None:
                picture[first:last][outside] = 0
        return picture

    def _on_ground(self, directions: Array) -> Picture32:
        if self._mirror:
            return self._source.colours(mirrored(directions, THETA_MAX))
        colours = self._source.colours(directions)
        if self._haze is not None:
            weight = ground_weight(directions, fade_span(THETA_MAX))
            below = weight > 0
            share = weight[below][:, None].astype(np.float32)
            colours[below] += share * (self._haze.colours(directions[below]) - colours[below])
        return colours
