"""Telling what a picture shows from its shape, and asking where the shape leaves a doubt."""

from __future__ import annotations

import numpy as np
import pytest
from skyloom.errors import InvalidInput
from skyloom.imaging.codec import DecodedImage, FileInfo
from skyloom.imaging.kind import check_shape, guess_kind


def picture(width: int, height: int, empty: np.ndarray | None = None, alpha: bool = False) -> DecodedImage:
    pixels = np.random.default_rng(width + height).random((height, width, 3), np.float32)
    mask = None
    if empty is not None:
        if alpha:
            mask = np.where(empty, 0, 1).astype(np.float32)
        else:
            pixels[empty] = (0.2, 0.3, 0.4)
    return DecodedImage(pixels, mask, FileInfo("png", width, height, 8, False))


def cross_cells(side: int) -> np.ndarray:
    empty = np.ones((3 * side, 4 * side), bool)
    empty[side : 2 * side] = False
    empty[:, side : 2 * side] = False
    return empty


def corners(side: int) -> np.ndarray:
    y, x = np.mgrid[0:side, 0:side] + 0.5 - side / 2
    return np.hypot(x, y) > side / 2 + 1


@pytest.mark.parametrize("alpha", [False, True])
def test_sure_shapes(alpha: bool) -> None:
    assert guess_kind([picture(64, 32)]) == "panorama"
    assert guess_kind([picture(16, 16)] * 6) == "faces"
    assert guess_kind([picture(64, 48, cross_cells(16), alpha)]) == "cross"
    assert guess_kind([picture(64, 64, corners(64), alpha)]) == "dome"
    assert guess_kind([picture(60, 40)]) == "photo"
    assert guess_kind([picture(40, 60)]) == "photo"


@pytest.mark.parametrize("size", [(64, 48), (64, 64)])
def test_doubtful_shapes_are_asked_about(size: tuple[int, int]) -> None:
    with pytest.raises(InvalidInput, match=r"--from-kind (cross|dome) or photo"):
        guess_kind([picture(*size)])
    with pytest.raises(InvalidInput, match="--kind"):
        guess_kind([picture(*size)], "kind")


@pytest.mark.parametrize(
    ("kind", "sizes"),
    [
        ("panorama", [(64, 33)]),
        ("panorama", [(64, 32)] * 2),
        ("cross", [(64, 47)]),
        ("cross", [(66, 50)]),
        ("dome", [(64, 63)]),
        ("faces", [(16, 16)] * 5),
        ("faces", [(16, 16)] * 5 + [(32, 32)]),
        ("faces", [(16, 32)] * 6),
        ("photo", [(16, 32)] * 6),
        ("sphere", [(64, 32)]),
    ],
)
def test_wrong_shapes_are_refused(kind: str, sizes: list[tuple[int, int]]) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_shape(kind, [picture(*size) for size in sizes])
    assert caught.value.field == "from-kind"


def test_right_shapes_pass() -> None:
    check_shape("photo", [picture(17, 40)])
    check_shape("dome", [picture(64, 64)])
    check_shape("cross", [picture(64, 48)])
    check_shape("faces", [picture(16, 16)] * 6)
