"""What a picture shows, told from its shape and its empty corners: panorama, dome, faces, cross or photo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skyloom.errors import InvalidInput
from skyloom.imaging.codec import DecodedImage

KINDS = ("panorama", "dome", "faces", "cross", "photo")
# JPEG leaves a little noise in areas of one colour.
_EVEN = 0.03


def guess_kind(pictures: Sequence[DecodedImage], field: str = "from-kind") -> str:
    """One of ``KINDS``, where the shape leaves no doubt.

    Six equal squares are faces; width twice the height is a panorama; 4:3 with empty cells is a cross; a square with
    empty corners is a dome; what is neither square, 4:3 nor 2:1 can only be a photo.

    Raises:
        InvalidInput: it could be more than one of them, or the number of pictures fits none.
    """
    if len(pictures) == 6:
        check_shape("faces", pictures, field)
        return "faces"
    if len(pictures) != 1:
        raise InvalidInput(field, f"{len(pictures)} pictures", "one picture, or six faces")
    height, width = pictures[0].pixels.shape[:2]
    shape = f"a {width}x{height} picture"
    if width == 2 * height:
        return "panorama"
    if 3 * width == 4 * height and width % 4 == 0:
        if _empty(pictures[0], _cross_cells(width // 4)):
            return "cross"
        raise InvalidInput(field, shape, f"--{field} cross or photo, since 4:3 with no empty cells could be either")
    if width == height:
        if _empty(pictures[0], _outside_disc(width)):
            return "dome"
        raise InvalidInput(field, shape, f"--{field} dome or photo, or all six faces, since a square could be any")
    return "photo"


def check_shape(kind: str, pictures: Sequence[DecodedImage], field: str = "from-kind") -> None:
    """Refuse pictures that cannot be of ``kind``.

    Raises:
        InvalidInput: unknown kind, wrong number of pictures, or a wrong shape.
    """
    check_sizes(kind, [(picture.pixels.shape[1], picture.pixels.shape[0]) for picture in pictures], field)


def check_sizes(kind: str, shapes: Sequence[tuple[int, int]], field: str = "from-kind") -> None:
    """As :func:`check_shape`, for pictures known by their (width, height)."""
    if kind not in KINDS:
        raise InvalidInput(field, kind, f"one of {', '.join(KINDS)}")
    shown = ", ".join(f"{width}x{height}" for width, height in shapes)
    if len(shapes) != (6 if kind == "faces" else 1):
        number = "six square pictures of one size for faces" if kind == "faces" else f"one picture for a {kind}"
        raise InvalidInput(field, f"{len(shapes)} pictures", number)
    width, height = shapes[0]
    if kind == "faces":
        if width != height or len(set(shapes)) != 1:
            raise InvalidInput(field, shown, "six square pictures of one size for faces")
        return
    wanted = {"panorama": (width == 2 * height, "2:1"), "cross": (3 * width == 4 * height and width % 4 == 0, "4:3")}
    fits, ratio = wanted.get(kind, (width == height, "1:1") if kind == "dome" else (True, ""))
    if not fits:
        raise InvalidInput(field, shown, f"{ratio} for a {kind}")


def _empty(picture: DecodedImage, area: NDArray[np.bool_]) -> bool:
    """Whether the area is transparent, or of one colour."""
    if picture.alpha is not None and bool((picture.alpha[area] == 0).all()):
        return True
    inside = picture.pixels[area]
    return bool((np.abs(inside - np.median(inside, axis=0)) < _EVEN).mean() > 0.995)


def _cross_cells(side: int) -> NDArray[np.bool_]:
    """Cells of a 4:3 cross that hold no face: true in (3 * side, 4 * side)."""
    cells = np.ones((3, 4), bool)
    cells[1, :] = False
    cells[:, 1] = False
    return np.repeat(np.repeat(cells, side, axis=0), side, axis=1)


def _outside_disc(side: int) -> NDArray[np.bool_]:
    """True in (side, side) outside the inscribed disc, one pixel left free for soft rims."""
    across = (np.arange(side) + 0.5) / side * 2 - 1
    return np.asarray(across[None, :] ** 2 + across[:, None] ** 2 > (1 + 3 / side) ** 2)
