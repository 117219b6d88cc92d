"""The six cube faces: Unity's 6 Sided slots and their axes, the Cubemap names, the 12 shared edges, the 4:3 cross.

LEFT is +X: Unity's slot called Left holds what a viewer facing +Z sees on the right. The same pictures are the faces
of a Cubemap asset (AXIS gives the names), because in a left-handed frame the usual cube rule is un-mirrored inside.
"""

from __future__ import annotations

import numpy as np

from skyloom.sphere.directions import Array

FACES = ("front", "back", "left", "right", "up", "down")
AXIS = {"front": "+Z", "back": "-Z", "left": "+X", "right": "-X", "up": "+Y", "down": "-Y"}

# Per face: the direction of its centre, of growing columns, and of growing rows (downwards).
FRAMES: dict[str, tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]] = {
    "front": ((0, 0, 1), (1, 0, 0), (0, -1, 0)),
    "back": ((0, 0, -1), (-1, 0, 0), (0, -1, 0)),
    "left": ((1, 0, 0), (0, 0, -1), (0, -1, 0)),
    "right": ((-1, 0, 0), (0, 0, 1), (0, -1, 0)),
    "up": ((0, 1, 0), (1, 0, 0), (0, 0, 1)),
    "down": ((0, -1, 0), (1, 0, 0), (0, 0, -1)),
}

# Column and row of each face in the horizontal cross (4 x 3 cells): middle row -X, +Z, +X, -Z.
CROSS_CELLS = {"up": (1, 0), "right": (0, 1), "front": (1, 1), "left": (2, 1), "back": (3, 1), "down": (1, 2)}


def directions(face: str, size: int, rows: tuple[int, int] | None = None, margin: int = 0) -> Array:
    """Unit directions (S + 2 margin, S + 2 margin, 3) float64 of the texels of a face.

    ``margin`` texels continue the face's plane on every side; ``rows`` picks a band, in rows of the face itself.
    """
    first, last = rows or (-margin, size + margin)
    forward, right, down = (np.array(vector, dtype=np.float64) for vector in FRAMES[face])
    a = ((2 * np.arange(-margin, size + margin) + 1) / size - 1)[None, :, None]
    b = ((2 * np.arange(first, last) + 1) / size - 1)[:, None, None]
    return np.asarray((forward + a * right + b * down) / np.sqrt(1 + a * a + b * b))


def coordinates(face: str, directions: Array, size: int) -> tuple[Array, Array, Array]:
    """Index coordinates (column, row) of directions (..., 3) on a face, and a mask, true in front of its plane.

    The face itself is where both coordinates lie in [-0.5, S - 0.5]; beyond that is its plane, continued. Behind the
    plane (mask false) coordinates are 0.
    """
    forward, right, down = (np.array(vector, dtype=directions.dtype) for vector in FRAMES[face])
    depth = directions @ forward
    ahead = depth > 1e-6
    safe = np.where(ahead, depth, 1)
    column = ((directions @ right) / safe + 1) * (size / 2) - 0.5
    row = ((directions @ down) / safe + 1) * (size / 2) - 0.5
    return np.where(ahead, column, 0), np.where(ahead, row, 0), ahead


def face_index(directions: Array) -> Array:
    """Index into FACES (uint8) of the face that shows each direction (..., 3): the axis of its largest component."""
    x, y, z = directions[..., 0], directions[..., 1], directions[..., 2]
    ax, ay, az = np.abs(x), np.abs(y), np.abs(z)
    names = [
        np.where(z > 0, FACES.index("front"), FACES.index("back")),
        np.where(x > 0, FACES.index("left"), FACES.index("right")),
        np.where(y > 0, FACES.index("up"), FACES.index("down")),
    ]
    return np.select([(az >= ax) & (az >= ay), ax >= ay], names[:2], names[2]).astype(np.uint8)


def border_line(image: Array, side: str, depth: int = 0) -> Array:
    """The line of texels (S, ...) of a face ``depth`` texels from one ``side``: top, bottom, left or right."""
    at = {"top": depth, "bottom": -1 - depth, "left": depth, "right": -1 - depth}[side]
    return image[at] if side in ("top", "bottom") else image[:, at]


def _side_vectors(face: str) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """Side -> (the way out of the face across it, the way its line of texels runs)."""
    _, right, down = FRAMES[face]
    left, up = (tuple(-c for c in vector) for vector in (right, down))
    return {"top": (up, right), "bottom": (down, right), "left": (left, down), "right": (right, down)}


def _shared_edges() -> tuple[tuple[str, str, str, str, bool], ...]:
    edges = []
    for i, face in enumerate(FACES):
        for side, (outward, along) in _side_vectors(face).items():
            other = next(name for name in FACES if FRAMES[name][0] == outward)
            if FACES.index(other) < i:
                continue
            for other_side, (back, other_along) in _side_vectors(other).items():
                if back == FRAMES[face][0]:
                    edges.append((face, side, other, other_side, along != other_along))
    return tuple(edges)


# (face, side, other face, other side, whether the other line runs the opposite way), all 12.
EDGES = _shared_edges()


def assemble_cross(faces: dict[str, Array]) -> Array:
    """Put six faces (S, S, C) into the 4:3 cross (3 S, 4 S, C); the six empty cells are 0."""
    front = faces["front"]
    size = front.shape[0]
    cross = np.zeros((3 * size, 4 * size, *front.shape[2:]), dtype=front.dtype)
    for face, (column, row) in CROSS_CELLS.items():
        cross[row * size : (row + 1) * size, column * size : (column + 1) * size] = faces[face]
    return cross


def split_cross(cross: Array) -> dict[str, Array]:
    """Cut a 4:3 cross (3 S, 4 S, C) into its six faces (S, S, C), views of the input.

    Raises:
        ValueError: the picture is not 4:3 with a whole face size.
    """
    height, width = cross.shape[:2]
    size = height // 3
    if size < 1 or height != 3 * size or width != 4 * size:
        raise ValueError(f"a cross is 4:3 with a whole number of pixels per face, not {width}x{height}")
    return {
        face: cross[row * size : (row + 1) * size, column * size : (column + 1) * size]
        for face, (column, row) in CROSS_CELLS.items()
    }
