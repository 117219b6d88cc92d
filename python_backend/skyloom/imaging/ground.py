"""What stands below the horizon: haze, a colour, or the sky mirrored; all smooth at the horizon and at the nadir."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyloom.errors import InvalidInput
from skyloom.imaging.product import product
from skyloom.request import Ground
from skyloom.sphere.directions import Array

# Waves around the horizon that the haze keeps, and where their taper is at 0.6. Fewer, and the haze does not fit the
# clouds that it meets; wave k is down to a third 57 / k degrees further down, so that none is drawn out to the nadir.
HAZE_WAVES = 16
HAZE_TAPER = 8.0
# Elevations in degrees of the ring that gives the haze its colour.
HAZE_RING = (0.5, 1.5, 2.5, 3.5)
HAZE_RING_SAMPLES = 256
# The fade is complete this many degrees below the horizon (sooner where the dome ends sooner).
FADE_DEGREES = 9.0
# How fast it begins: a third is done at this share of the way, all but a twentieth at three times as much.
FADE_PACE = 2 / 9
# Mirror: scale of the soft turn below the horizon, and where the reflection has become exact. Degrees. A wider turn
# is smoother, but draws the horizon out into taller upright streaks.
TURN_DEGREES = 1.0
EXACT_MIRROR_DEGREES = 30.0


def fade_span(theta_max: float) -> float:
    """Radians below the horizon over which the ground takes over; stays inside a dome that ends at ``theta_max``.

    Raises:
        InvalidInput: the dome does not reach below the horizon, or reaches too far for a disc.
    """
    if not np.deg2rad(91.0) <= theta_max <= np.deg2rad(170.0):
        raise InvalidInput("theta_max", float(np.rad2deg(theta_max)), "from 91 to 170 degrees")
    return float(min(np.deg2rad(FADE_DEGREES), 0.9 * (theta_max - np.pi / 2)))


def ground_weight(directions: Array, span: float) -> Array:
    """Share of the ground (...) at directions (..., 3): 0 from the horizon up, 1 from ``span`` radians below it on.

    1 - (1 + t / p) exp(-t / p) (1 - s(t)) of the depth t in spans, with p = ``FADE_PACE`` and s the quintic smoothstep
    6 t^5 - 15 t^4 + 10 t^3: it starts at the horizon with slope 0 and ends so gently that no lower edge is seen.
    """
    t = np.clip(-np.arcsin(np.clip(directions[..., 1], -1, 1)) / span, 0, 1)
    return np.asarray(1 - (1 + t / FADE_PACE) * np.exp(-t / FADE_PACE) * (1 - _smoothstep(t)))


def _smoothstep(t: Array) -> Array:
    """6 t^5 - 15 t^4 + 10 t^3: from 0 to 1 with two continuous derivatives at both ends; t in [0, 1]."""
    return np.asarray(t * t * t * (t * (6 * t - 15) + 10))


def mirrored(directions: Array, theta_max: float) -> Array:
    """Directions (..., 3) whose sky colour the mirror shows: those above the horizon as they are.

    A depth t below the horizon shows the elevation f(t) = t - 2 k (1 - exp(-t / k)) (1 - s(t)), where s goes smoothly
    from 0 at the horizon to 1 at ``EXACT_MIRROR_DEGREES``. f'(0) = -1 continues the sky without a crease: it first
    goes on downwards by 0.31 k, then turns; from there on it becomes the exact reflection f(t) = t.
    """
    y = np.clip(directions[..., 1], -1, 1)
    below = y < 0
    if not below.any():
        return directions
    depth = -np.arcsin(np.where(below, y, 0))
    turn = min(np.deg2rad(TURN_DEGREES), theta_max - np.pi / 2)
    t = np.clip(depth / np.deg2rad(EXACT_MIRROR_DEGREES), 0, 1)
    soft = 2 * turn * (1 - np.exp(-depth / turn)) * (1 - _smoothstep(t))
    elevation = depth - soft
    ring = np.cos(elevation) / np.maximum(np.cos(depth), 1e-9)
    shown = np.stack([directions[..., 0] * ring, np.sin(elevation), directions[..., 2] * ring], axis=-1)
    return np.where(below[..., None], shown, directions).astype(directions.dtype)


@dataclass(frozen=True)
class Haze:
    """A smooth colour of direction for the lower half of the sphere.

    ``waves`` complex (K, 3): the colour at azimuth phi on the horizon is Re(sum_k waves[k] exp(i k phi)). Below, wave k
    shrinks as tan(alpha / 2)^k with alpha the angle from the nadir: the harmonic function with these border values,
    hence smooth everywhere, the nadir included.
    """

    waves: NDArray[np.complex128]

    def colours(self, directions: Array) -> NDArray[np.float32]:
        """Colours float32 (..., 3) in [0, 1] at directions (..., 3); above the horizon the colour of the horizon."""
        return self.colours_of(wave_basis(directions))

    def colours_of(self, basis: NDArray[np.float32]) -> NDArray[np.float32]:
        """Colours float32 (..., 3) in [0, 1] for a basis (..., 2 HAZE_WAVES + 1) from :func:`wave_basis`."""
        waves = np.zeros((HAZE_WAVES + 1, 3), dtype=np.complex128)
        waves[: len(self.waves)] = self.waves
        weights = np.concatenate([waves.real, -waves.imag[1:]]).astype(np.float32)
        flat = basis.reshape(-1, basis.shape[-1])
        colours = np.empty((len(flat), 3), np.float32)
        product(flat, weights, colours)
        return np.clip(colours, 0, 1, out=colours).reshape(*basis.shape[:-1], 3)


def wave_basis(directions: Array) -> NDArray[np.float32]:
    """What the waves of a haze are at directions (..., 3): float32 (..., 2 HAZE_WAVES + 1), real parts, then imaginary.

    zeta = (z + i x) / (1 - y) is tan(alpha / 2) exp(i phi), so wave k is zeta^k.
    """
    x, y, z = (directions[..., i].astype(np.float64) for i in range(3))
    zeta = (z + 1j * x) / np.maximum(1 - y, 1e-9)
    zeta = zeta / np.maximum(1, np.abs(zeta))
    powers = np.stack([zeta**k for k in range(HAZE_WAVES + 1)], axis=-1)
    return np.concatenate([powers.real, powers.imag[..., 1:]], axis=-1).astype(np.float32)


def haze_of_ring(ring: Array) -> Haze:
    """The haze that continues a ring of horizon colours (A, 3) at azimuths 2 pi i / A: its lowest waves, tapered."""
    spectrum = np.fft.rfft(np.asarray(ring, dtype=np.float64), axis=0)[: HAZE_WAVES + 1] / len(ring)
    spectrum[1:] *= 2
    # The forward transform has exp(-i k phi): its coefficients are those of exp(+i k phi) in Re(...).
    taper = np.exp(-0.5 * (np.arange(len(spectrum)) / HAZE_TAPER) ** 2)
    return Haze(spectrum * taper[:, None])


def ring_directions() -> Array:
    """Directions (len(HAZE_RING), HAZE_RING_SAMPLES, 3) of the ring that gives the haze its colour."""
    azimuth = np.arange(HAZE_RING_SAMPLES) * (2 * np.pi / HAZE_RING_SAMPLES)
    elevation = np.deg2rad(np.array(HAZE_RING))[:, None]
    flat = np.cos(elevation)
    return np.stack(
        np.broadcast_arrays(flat * np.sin(azimuth), np.sin(elevation), flat * np.cos(azimuth)),
        axis=-1,
    )


def ground_colours(ground: Ground, ring: Array) -> Haze:
    """The smooth colour below the horizon for ``fade`` (from the horizon ring (A, 3)) and ``colour``."""
    if ground.mode == "colour":
        return Haze(np.array([ground.colour], dtype=np.complex128))
    return haze_of_ring(ring)
