"""Light of a clear sky: the analytic model of Preetham, Shirley and Smits (1999), in linear sRGB, kcd/m²."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

# Perez coefficients A to E as (slope, offset) in turbidity, for Y, x and y. Preetham et al. 1999, appendix A.2.
_PEREZ = np.array(
    [
        [(0.1787, -1.4630), (-0.3554, 0.4275), (-0.0227, 5.3251), (0.1206, -2.5771), (-0.0670, 0.3703)],
        [(-0.0193, -0.2592), (-0.0665, 0.0008), (-0.0004, 0.2125), (-0.0641, -0.8989), (-0.0033, 0.0452)],
        [(-0.0167, -0.2608), (-0.0950, 0.0092), (-0.0079, 0.2102), (-0.0441, -1.6537), (-0.0109, 0.0529)],
    ]
)
# Zenith chromaticity: rows T², T, 1; columns theta³, theta², theta, 1.
_ZENITH_X = np.array(
    [[0.00166, -0.00375, 0.00209, 0.0], [-0.02903, 0.06377, -0.03202, 0.00394], [0.11693, -0.21196, 0.06052, 0.25886]]
)
_ZENITH_Y = np.array(
    [[0.00275, -0.00610, 0.00317, 0.0], [-0.04214, 0.08970, -0.04153, 0.00516], [0.15346, -0.26756, 0.06670, 0.26688]]
)
# CIE XYZ to linear sRGB, D65 (IEC 61966-2-1).
_TO_RGB = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
# Wavelengths in micrometres that stand for red, green and blue.
_WAVES = np.array([0.68, 0.55, 0.44])
# Luminance of a white surface in full sun outside the air, kcd/m²: 128 klx / pi.
_SUN_WHITE = 40.7


def zenith(sun_elevation: float, turbidity: float) -> tuple[float, float, float]:
    """Luminance Y in kcd/m² and chromaticity x, y at the zenith; the sun's elevation in radians."""
    theta = np.pi / 2 - sun_elevation
    chi = (4 / 9 - turbidity / 120) * (np.pi - 2 * theta)
    luminance = (4.0453 * turbidity - 4.9710) * np.tan(chi) - 0.2155 * turbidity + 2.4192
    powers, haze = np.array([theta**3, theta**2, theta, 1.0]), np.array([turbidity**2, turbidity, 1.0])
    return float(max(luminance, 0.05)), float(haze @ _ZENITH_X @ powers), float(haze @ _ZENITH_Y @ powers)


def clear_sky(up: Array, to_sun: Array, sun_elevation: float, turbidity: float) -> Array:
    """Linear sRGB (..., 3), kcd/m², of directions with sine of elevation ``up`` (...) and cosine to the sun ``to_sun``.

    Turbidity 2 (clear) to 8 (haze); directions below the horizon get the horizon's light.
    """
    theta_sun = np.pi / 2 - sun_elevation
    high = np.maximum(up, np.float32(0.03))
    gamma = np.arccos(np.clip(to_sun, -1, 1))
    square = to_sun * to_sun
    parts = []
    for at_zenith, lines in zip(zenith(sun_elevation, turbidity), _PEREZ, strict=True):
        a, b, c, d, e = (np.float32(slope * turbidity + offset) for slope, offset in lines)
        here = (1 + a * np.exp(b / high)) * (1 + c * np.exp(d * gamma) + e * square)
        above = (1 + a * np.exp(b)) * (1 + c * np.exp(d * theta_sun) + e * np.cos(theta_sun) ** 2)
        parts.append(here * np.float32(at_zenith / above))
    luminance, x, y = parts
    y = np.maximum(y, 0.05)
    tristimulus = np.stack([luminance * x / y, luminance, luminance * (1 - x - y) / y], axis=-1)
    return np.maximum(tristimulus @ _TO_RGB.T.astype(np.float32), 0.0).astype(np.float32)


def sunlight(sun_elevation: float, turbidity: float) -> Array:
    """What a white surface that faces the sun sends back, linear sRGB (3,), kcd/m²: reddened and dimmed by the air.

    Rayleigh exp(-0.008735 l^-4.08 m) and aerosol exp(-beta l^-1.3 m), beta = 0.04608 T - 0.04586 (Preetham et al. 1999,
    appendix A.1); relative air mass m of Kasten and Young (1989).
    """
    degrees = float(np.rad2deg(max(sun_elevation, 0.0)))
    mass = 1 / (np.sin(np.deg2rad(degrees)) + 0.50572 * (degrees + 6.07995) ** -1.6364)
    aerosol = max(0.04608 * turbidity - 0.04586, 0.0)
    passed = np.exp(-mass * (0.008735 * _WAVES**-4.08 + aerosol * _WAVES**-1.3))
    return (_SUN_WHITE * passed).astype(np.float32)
