"""The sky dome: a stereographic disc, zenith in the middle, the azimuth of +Z pointing down and +X pointing right."""

from __future__ import annotations

import numpy as np

from skyloom.sphere.directions import Array

THETA_MAX = float(np.deg2rad(100.0))


def directions(size: int, theta_max: float = THETA_MAX, rows: tuple[int, int] | None = None) -> tuple[Array, Array]:
    """Directions (S, S, 3) float64 of the texels of a dome and a mask (S, S), true inside the disc (r <= 1).

    Texels outside the disc get the direction that the projection gives them; it lies below the rim.
    """
    first, last = rows or (0, size)
    scale = np.tan(theta_max / 2)
    x = ((2 * np.arange(size) + 1) / size - 1)[None, :]
    z = ((2 * np.arange(first, last) + 1) / size - 1)[:, None]
    square = x * x + z * z
    rho2 = square * scale * scale
    ring = 2 * scale / (1 + rho2)
    x, z = np.broadcast_arrays(x, z)
    return np.stack([x * ring, (1 - rho2) / (1 + rho2), z * ring], axis=-1), square <= 1.0


def coordinates(directions: Array, size: int, theta_max: float = THETA_MAX) -> tuple[Array, Array, Array]:
    """Index coordinates (column, row) of directions (..., 3), and a mask, true where the dome shows the direction.

    Source: r = tan(theta / 2) / tan(theta_max / 2), u = 0.5 + 0.5 r sin(phi), v from the top = 0.5 + 0.5 r cos(phi);
    for unit vectors tan(theta / 2) sin(phi) = x / (1 + y). Near -Y coordinates are huge but finite.
    """
    x, y, z = directions[..., 0], directions[..., 1], directions[..., 2]
    scale = np.tan(theta_max / 2).item()
    denominator = np.maximum(1 + y, 1e-6) * scale
    across, down = x / denominator, z / denominator
    # Same threshold as theta <= theta_max, without the trigonometry.
    inside = y >= np.cos(theta_max).item()
    return (across + 1) * (size / 2) - 0.5, (down + 1) * (size / 2) - 0.5, inside


def texel_angle(directions: Array, size: int, theta_max: float = THETA_MAX) -> Array:
    """Angle in radians that one texel of the dome spans at directions (..., 3); the same both ways (conformal).

    Source: d(theta) / d(r) = 2 tan(theta_max / 2) cos^2(theta / 2); a texel is 2 / S of r; 2 cos^2(theta / 2) = 1 + y.
    """
    return np.asarray((1 + directions[..., 1]) * (np.tan(theta_max / 2).item() * 2 / size))
