"""Eleven presets, one a cloud genus: which layers a procedural sky is made of, drawn at random within the genus."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Layer:
    """Clouds on one shell over the ground.

    Attributes:
        height: of the base, km over the ground.
        noise: kind of the noise bank, sampled once in ``period`` km, ``stretch`` times longer along its wind.
        coverage: share of the layer that is cloud; ``soft``: width of its edges, in the same unit.
        opacity: of its densest parts; ``contrast``: how much thicker parts are darker from below.
        light: share of full sunlight that comes through or off it; ``thick``: km from base to top, 0 for a sheet, drawn
            in so many ``slices``.
        patches: how strongly a slow noise of five periods gathers the cloud in fields.
        detail: share of a finer noise that frays the edges; ``warp``: km by which a slow noise bends it.
        skylight: share of the sky's mean light that it scatters; ``overcast``: darker toward the horizon.
        trails: straight trails, (angle, distance, width, start, end) in km.
    """

    height: float
    noise: str
    period: float
    coverage: float
    soft: float = 0.1
    opacity: float = 0.95
    contrast: float = 0.4
    light: float = 0.7
    thick: float = 0.0
    slices: int = 3
    stretch: float = 1.0
    patches: float = 0.0
    detail: float = 0.0
    warp: float = 0.0
    overcast: float = 0.0
    skylight: float = 0.55
    trails: tuple[tuple[float, float, float, float, float], ...] = ()


@dataclass(frozen=True)
class Recipe:
    """A sky: sun's elevation in radians, turbidity, layers from low to high, and what else is seen.

    ``tower``: mean width in radians of thunderclouds at the horizon, 0 for none; ``halo``, ``veiled_sun``, ``rain``:
    how strong, [0, 1]; ``clear``: whether the horizon is that of a clear sky.
    """

    sun: float
    turbidity: float
    layers: tuple[Layer, ...]
    exposure: float = 1.0
    tower: float = 0.0
    halo: float = 0.0
    veiled_sun: float = 0.0
    rain: float = 0.0
    clear: bool = field(default=True)


Rng = np.random.Generator


def _sun(rng: Rng, low: float = 14, high: float = 65) -> float:
    return math.radians(rng.uniform(low, high))


def _altocumulus(rng: Rng) -> Recipe:
    u = rng.uniform
    heaps = Layer(
        u(3.0, 4.5), "cells", u(13, 22), u(0.4, 0.62), soft=0.3, opacity=0.8, contrast=0.6, light=u(0.6, 0.75),
        stretch=u(1.0, 1.35), patches=u(0.3, 0.6), detail=0.25, thick=0.15,
    )  # fmt: skip
    return Recipe(_sun(rng), u(2.2, 4.0), (heaps,))


def _altostratus(rng: Rng) -> Recipe:
    u = rng.uniform
    veil = Layer(
        u(3.5, 5.0), "rolls", u(18, 34), 1.1, soft=0.6, opacity=0.97, contrast=u(0.4, 0.6), light=u(0.26, 0.36),
        stretch=u(1.5, 3.0), warp=2.0, overcast=0.6, skylight=0.5,
    )  # fmt: skip
    return Recipe(_sun(rng, 20), u(3.0, 5.0), (veil,), veiled_sun=u(0.5, 1.0))


def _cirrocumulus(rng: Rng) -> Recipe:
    u = rng.uniform
    grains = Layer(
        u(7.5, 9.5), "cells", u(10, 16), u(0.35, 0.55), soft=0.5, opacity=u(0.5, 0.7), contrast=0.0, light=0.8,
        stretch=u(1.0, 1.5), patches=u(0.5, 0.9), detail=0.15, warp=0.5,
    )  # fmt: skip
    veil = Layer(9.8, "fibres", 60, 0.4, soft=0.9, opacity=0.25, contrast=0.0, light=0.8, warp=2.0)
    return Recipe(_sun(rng, 20), u(2.0, 3.2), (grains, veil))


def _cirrostratus(rng: Rng) -> Recipe:
    u = rng.uniform
    veil = Layer(
        u(8, 10), "soft", u(60, 120), 0.9, soft=1.3, opacity=u(0.55, 0.8), contrast=0.0, light=u(0.4, 0.5), warp=3.0
    )
    threads = Layer(
        10.5, "fibres", u(50, 90), 0.5, soft=0.9, opacity=0.45, contrast=0.0, light=0.6, stretch=2.0, warp=3.0
    )
    return Recipe(_sun(rng, 25), u(2.2, 3.8), (veil, threads), halo=u(0.4, 1.0), veiled_sun=u(0.3, 0.6))


def _cirrus(rng: Rng) -> Recipe:
    u = rng.uniform
    strands = Layer(
        u(8.5, 10.5), "fibres", u(24, 48), u(0.2, 0.4), soft=0.9, opacity=u(0.8, 0.98), contrast=0.0, light=0.85,
        stretch=u(1.3, 2.5), patches=u(0.6, 1.0), warp=u(1.0, 3.0), detail=0.2,
    )  # fmt: skip
    wisps = Layer(
        11.0, "fibres", u(14, 26), u(0.1, 0.3), soft=0.9, opacity=0.6, contrast=0.0, light=0.8, stretch=2.0, warp=1.0,
        patches=0.5,
    )  # fmt: skip
    return Recipe(_sun(rng, 15), u(2.0, 3.0), (strands, wisps))


def _contrail(rng: Rng) -> Recipe:
    u = rng.uniform
    angle, trails = u(0, math.pi), []
    for _ in range(int(rng.integers(2, 7))):
        age = rng.random() ** 1.5
        start = u(-40, 0) if rng.random() < 0.3 else -400.0
        trails.append((angle + rng.normal(0, 0.4), u(-18, 18), 0.1 + 0.7 * age, start, 400.0))
    high = Layer(
        10.0, "fractal", 9.0, 0.8, soft=0.6, opacity=0.95, contrast=0.0, light=0.9, warp=0.25, trails=tuple(trails)
    )
    wisps = Layer(
        11.0, "fibres", u(30, 60), u(0.0, 0.15), soft=0.9, opacity=0.3, contrast=0.0, light=0.7, stretch=2.0, warp=2.0,
        patches=0.4,
    )  # fmt: skip
    return Recipe(_sun(rng, 12), u(1.9, 2.8), (high, wisps))


def _cumulonimbus(rng: Rng) -> Recipe:
    u = rng.uniform
    base = Layer(
        u(0.8, 1.2), "puffs", u(12, 20), u(0.45, 0.65), soft=0.25, opacity=0.9, contrast=0.8, light=u(0.16, 0.26),
        patches=0.6, detail=0.3, skylight=0.35,
    )  # fmt: skip
    return Recipe(_sun(rng, 18, 50), u(2.8, 4.5), (base,), tower=u(0.55, 0.9), exposure=0.9)


def _cumulus(rng: Rng) -> Recipe:
    u = rng.uniform
    heaps = Layer(
        u(0.8, 1.5), "puffs", u(7, 12), u(0.22, 0.42), soft=0.1, opacity=0.8, contrast=0.5, light=u(0.75, 0.95),
        thick=u(0.25, 0.5), slices=7, patches=u(0.1, 0.3), detail=0.12,
    )  # fmt: skip
    return Recipe(_sun(rng, 20), u(2.0, 3.5), (heaps,))


def _nimbostratus(rng: Rng) -> Recipe:
    u = rng.uniform
    scud = Layer(
        u(0.4, 0.7), "fractal", u(3, 6), u(0.3, 0.5), soft=0.6, opacity=0.75, contrast=0.3, light=0.02, stretch=1.5,
        skylight=0.15, detail=0.2,
    )  # fmt: skip
    sheet = Layer(
        u(0.9, 1.5), "fractal", u(6, 12), 1.5, soft=0.9, opacity=1.0, contrast=u(0.4, 0.7), light=u(0.06, 0.1),
        warp=1.0, overcast=0.7, stretch=u(1.0, 1.8), skylight=0.2,
    )  # fmt: skip
    return Recipe(_sun(rng, 20, 50), u(4, 6), (scud, sheet), rain=u(0.3, 1.0), clear=False)


def _stratocumulus(rng: Rng) -> Recipe:
    u = rng.uniform
    lumps = Layer(
        u(1.0, 1.8), "puffs", u(9, 16), u(0.7, 0.9), soft=0.3, opacity=0.85, contrast=u(0.75, 0.9), light=u(0.5, 0.65),
        thick=0.25, stretch=u(1.3, 2.2), detail=0.2, skylight=0.45,
    )  # fmt: skip
    return Recipe(_sun(rng, 15, 55), u(2.5, 4.0), (lumps,), exposure=0.95)


def _stratus(rng: Rng) -> Recipe:
    u = rng.uniform
    sheet = Layer(
        u(0.25, 0.5), "soft", u(2, 5), 1.4, soft=1.0, opacity=1.0, contrast=u(0.2, 0.4), light=u(0.18, 0.28), warp=0.5,
        overcast=u(0.2, 0.5), skylight=0.4,
    )  # fmt: skip
    return Recipe(_sun(rng, 15, 50), u(4, 7), (sheet,), clear=False)


# In the order of skyloom_training.data.ccsn.CODES: the class index.
PRESETS: dict[str, Callable[[Rng], Recipe]] = {
    "Ac": _altocumulus,
    "As": _altostratus,
    "Cc": _cirrocumulus,
    "Cs": _cirrostratus,
    "Ci": _cirrus,
    "Ct": _contrail,
    "Cb": _cumulonimbus,
    "Cu": _cumulus,
    "Ns": _nimbostratus,
    "Sc": _stratocumulus,
    "St": _stratus,
}
