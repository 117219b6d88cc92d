"""The pictures of each layout: their names, sizes and the directions that their pixels show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyloom.errors import InvalidInput
from skyloom.request import LAYOUTS, OutputSpec
from skyloom.sphere import cube, dome, equirect, perspective
from skyloom.sphere.directions import Array

# Pixels that are worked on at once: bounds memory, keeps cv2.remap below its limit of 32767 rows, and a band and its
# positions in the cache from one step to the next.
BAND_PIXELS = 1 << 18


# Image name, face or empty, pixels float32 (H, W, 3).
Named = tuple[str, str, NDArray[np.float32]]


@dataclass(frozen=True)
class View:
    """One picture to render: its geometry is named by ``image`` and ``key`` and given in bands of rows.

    ``disc`` is true for a dome, whose corners show nothing and stay 0.
    """

    image: str
    face: str
    width: int
    height: int
    key: tuple[object, ...]
    directions: Callable[[int, int], Array]
    disc: bool = False

    def bands(self, pixels: int = 0) -> list[tuple[int, int]]:
        """Rows (first, past last) of the bands that the picture is worked on in, of BAND_PIXELS or ``pixels``."""
        step = max(1, (pixels or BAND_PIXELS) // self.width)
        return [(first, min(first + step, self.height)) for first in range(0, self.height, step)]

    def outside(self, first: int, last: int) -> NDArray[np.bool_] | None:
        """Mask (rows, W) of the pixels in rows [first, last) that show nothing, for a disc."""
        if not self.disc:
            return None
        across = (2 * np.arange(self.width) + 1) / self.width - 1
        return np.asarray(across[None, :] ** 2 + across[first:last, None] ** 2 > 1.0)


def views_of(spec: OutputSpec, theta_max: float = dome.THETA_MAX) -> list[View]:
    """The pictures that a layout is rendered as; a cross is rendered as its six faces. ``theta_max`` in radians.

    Raises:
        InvalidInput: unknown layout.
    """
    size = spec.size
    if spec.layout == "panorama":
        height = size // 2
        return [
            View("panorama", "", size, height, (size,), lambda a, b: equirect.directions(size, height, (a, b))),
        ]
    if spec.layout in ("faces", "cross"):
        return [_face(face, size) for face in cube.FACES]
    if spec.layout == "dome":
        key = (size, theta_max)
        return [View("dome", "", size, size, key, lambda a, b: dome.directions(size, theta_max, (a, b))[0], disc=True)]
    if spec.layout == "perspective":
        width, height = perspective_size(size)
        yaw, pitch, fov = (float(np.deg2rad(v)) for v in (spec.camera.yaw, spec.camera.pitch, spec.camera.fov))
        return [
            View(
                "perspective",
                "",
                width,
                height,
                (size, yaw, pitch, fov),
                lambda a, b: perspective.directions(width, height, yaw, pitch, 0.0, fov, (a, b)),
            )
        ]
    raise InvalidInput("layout", spec.layout, f"one of {', '.join(LAYOUTS)}")


def perspective_size(width: int) -> tuple[int, int]:
    """(width, height) of a 16:9 view; the height is rounded to an even number."""
    return width, max(2, 2 * round(width * 9 / 32))


def _face(face: str, size: int) -> View:
    return View(face, face, size, size, (face, size), lambda a, b: cube.directions(face, size, (a, b)))


@dataclass(frozen=True)
class Rendered:
    """One finished picture: ``image`` is unique among the outputs, ``pixels`` float32 (H, W, 3)."""

    image: str
    layout: str
    face: str
    output_index: int
    pixels: NDArray[np.float32]


class Names:
    """Unique names for the pictures of one sky: the second of the same name gets the suffix ``-2``, and so on."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """The name that the next picture called ``name`` bears."""
        count = self._seen[name] = self._seen.get(name, 0) + 1
        return name if count == 1 else f"{name}-{count}"


def name_outputs(outputs: Sequence[OutputSpec], render: Callable[[OutputSpec], list[Named]]) -> list[Rendered]:
    """Render every output; see :class:`Names`."""
    names = Names()
    return [
        Rendered(names.unique(name), spec.layout, face, index, pixels)
        for index, spec in enumerate(outputs)
        for name, face, pixels in render(spec)
    ]


def gather_cross(spec: OutputSpec, pictures: list[Named]) -> list[Named]:
    """Put the six faces together when the layout is a cross; other layouts pass through."""
    if spec.layout != "cross":
        return pictures
    return [("cross", "", cube.assemble_cross({face: pixels for _, face, pixels in pictures}))]
