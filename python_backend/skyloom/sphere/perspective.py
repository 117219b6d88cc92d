"""The pinhole camera: yaw from +Z toward +X, pitch up from the horizon, roll, and a horizontal field of view."""

from __future__ import annotations

import numpy as np

from skyloom.sphere.directions import Array, normalise


def camera_axes(yaw: float, pitch: float, roll: float = 0.0) -> tuple[Array, Array, Array]:
    """Unit vectors (forward, right, up) of a camera, radians. Positive roll tips the camera's right side down."""
    level = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
    vertical = np.array([0.0, 1.0, 0.0])
    right = np.array([np.cos(yaw), 0.0, -np.sin(yaw)])
    forward = np.cos(pitch) * level + np.sin(pitch) * vertical
    up = np.cos(pitch) * vertical - np.sin(pitch) * level
    return forward, np.cos(roll) * right - np.sin(roll) * up, np.cos(roll) * up + np.sin(roll) * right


def directions(
    width: int,
    height: int,
    yaw: float,
    pitch: float,
    roll: float,
    fov: float,
    rows: tuple[int, int] | None = None,
) -> Array:
    """Unit directions (H, W, 3) float64 of the texels of a view; ``fov`` is horizontal, radians, in (0, pi)."""
    first, last = rows or (0, height)
    forward, right, up = camera_axes(yaw, pitch, roll)
    reach = np.tan(fov / 2)
    a = (((2 * np.arange(width) + 1) / width - 1) * reach)[None, :, None]
    b = ((1 - (2 * np.arange(first, last) + 1) / height) * reach * height / width)[:, None, None]
    return normalise(forward + a * right + b * up)


def coordinates(
    directions: Array, width: int, height: int, yaw: float, pitch: float, roll: float, fov: float
) -> tuple[Array, Array, Array]:
    """Index coordinates (column, row) of directions (..., 3) in a view, and a mask, true where the view shows them."""
    forward, right, up = camera_axes(yaw, pitch, roll)
    depth = directions @ forward
    ahead = depth > 1e-6
    safe = np.where(ahead, depth, 1) * np.tan(fov / 2)
    column = (1 + (directions @ right) / safe) * (width / 2) - 0.5
    row = height / 2 - (directions @ up) / safe * (width / 2) - 0.5
    shown = ahead & (column >= -0.5) & (column <= width - 0.5) & (row >= -0.5) & (row <= height - 0.5)
    return column, row, shown
