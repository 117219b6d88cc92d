"""Draws a procedural sky: cloud layers at their heights over a curved earth, lit by sun and sky."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyloom_training.data.sky_light import clear_sky, sunlight
from skyloom_training.data.sky_noise import NoiseBank
from skyloom_training.data.sky_presets import Layer, Recipe

Array = NDArray[np.float32]
EARTH = 6371.0
# Distance in km at which the air has taken 63 % of a cloud's own light and put the horizon's in its place.
CLEAR_AIR = 90.0
# Luminance in kcd/m² that the film takes to 1 - 1/e.
EXPOSURE = 10.5
TOWERS = 4


@dataclass(frozen=True)
class Scene:
    """A recipe, the sun's azimuth in radians from +Z toward +X, and the seed of where each layer lies on its noise."""

    recipe: Recipe
    azimuth: float
    seed: int


@dataclass
class _View:
    """What every layer needs of the directions: their parts, the sun, and the light behind and around."""

    x: Array
    y: Array
    z: Array
    to_sun: Array
    sun: tuple[float, float, float]
    sunlight: Array
    ambient: Array
    horizon: Array


def draw(scene: Scene, bank: NoiseBank, directions: Array) -> Array:
    """Unit directions (..., 3) -> sRGB float32 (..., 3) in [0, 1]."""
    recipe = scene.recipe
    rng = np.random.default_rng(scene.seed)
    x, y, z = np.moveaxis(directions, -1, 0)
    level = math.cos(recipe.sun)
    sun = (level * math.sin(scene.azimuth), math.sin(recipe.sun), level * math.cos(scene.azimuth))
    to_sun = x * np.float32(sun[0]) + y * np.float32(sun[1]) + z * np.float32(sun[2])
    sky = clear_sky(y, to_sun, recipe.sun, recipe.turbidity)
    light = sunlight(recipe.sun, recipe.turbidity)
    ambient = _ambient(recipe)
    view = _View(x, y, z, to_sun, sun, light, ambient, _horizon(recipe, ambient, light, x, z, scene.azimuth))
    colour, through = np.zeros_like(sky), np.ones(x.shape, np.float32)
    wind = rng.uniform(0, 2 * math.pi)
    for layer in recipe.layers:
        colour, through = _add(layer, bank, view, wind, rng, colour, through)
    if recipe.tower:
        cover, shade = _tower(recipe, bank, view, rng)
        colour, through = colour + (through * cover)[..., None] * shade, through * (1 - cover)
    colour += through[..., None] * (sky + _sun_glare(view, recipe))
    colour += _seen_through(recipe, view)
    below = np.clip(-y / np.float32(0.12), 0, 1)[..., None]
    # Clouds near the horizon end in haze, and below it the haze darkens to ground.
    haze = np.exp(-np.maximum(y, 0) / np.float32(0.022))[..., None] * np.float32(0.8)
    colour = colour * (1 - haze) + view.horizon * haze
    colour = colour * (1 - below) + view.horizon * np.float32(0.55) * below
    return _film(colour * np.float32(recipe.exposure))


def shell(y: Array, height: float) -> tuple[Array, Array]:
    """Ground arc and line of sight, km, to a shell ``height`` km up, for sines of elevation ``y``.

    Triangle of observer, earth's centre, shell: t = sqrt((R y)² + 2 R h + h²) - R y, arc = R atan2(t cos, R + t y).
    Directions below the horizon are taken as the horizon.
    """
    up = np.maximum(y, np.float32(1e-3)).astype(np.float64)
    reach = np.sqrt((EARTH * up) ** 2 + 2 * EARTH * height + height**2) - EARTH * up
    arc = EARTH * np.arctan2(reach * np.sqrt(1 - np.minimum(up * up, 1)), EARTH + reach * up)
    return arc.astype(np.float32), reach.astype(np.float32)


def _add(
    layer: Layer, bank: NoiseBank, view: _View, wind: float, rng: np.random.Generator, colour: Array, through: Array
) -> tuple[Array, Array]:
    """Lay a layer behind what is drawn so far, slice by slice from its base up."""
    # Layers of a sky are drawn out by nearly the same wind.
    turn, place, variant = wind + rng.normal(0, 0.25), rng.random(6).astype(np.float32), int(rng.integers(1 << 16))
    where = _Ground(layer, bank, turn, place, variant)
    flat = np.maximum(np.sqrt(view.x**2 + view.z**2), np.float32(1e-6))
    sine, cosine = view.x / flat, view.z / flat
    slices = layer.slices if layer.thick else 1
    middle = shell(view.y, layer.height + layer.thick / 2)[0]
    slow = where.slow(sine * middle, cosine * middle)
    relief = where.relief(sine * middle, cosine * middle, view.sun) if layer.thick else None
    for index in range(slices):
        rise = index / max(slices - 1, 1)
        arc, reach = shell(view.y, layer.height + rise * layer.thick)
        east, north = sine * arc, cosine * arc
        # Heaps narrow toward their tops.
        density = where.density(east, north, slow) - np.float32(rise * 0.9 * min(layer.coverage, 0.5))
        cover = _step(density / np.float32(layer.soft) + np.float32(0.5)) * np.float32(layer.opacity)
        if layer.trails:
            cover = cover * where.trails(east, north)
        shade = _shade(layer, view, density, relief, rise)
        air = np.exp(-reach / np.float32(CLEAR_AIR))[..., None]
        shade = shade * air + view.horizon * (1 - air)
        colour = colour + (through * cover)[..., None] * shade
        through = through * (1 - cover)
    return colour, through


class _Ground:
    """A layer's noise over the ground: positions in km east and north."""

    def __init__(self, layer: Layer, bank: NoiseBank, turn: float, place: Array, variant: int) -> None:
        self.layer, self.bank, self.variant, self.place = layer, bank, variant, place
        self.cos, self.sin = np.float32(math.cos(turn)), np.float32(math.sin(turn))

    def slow(self, east: Array, north: Array) -> tuple[Array | float, Array | float]:
        """What changes little from slice to slice: the bend in km, and how much more cloud the fields have."""
        layer, place = self.layer, self.place
        bend: Array | float = 0.0
        fields: Array | float = 0.0
        if layer.warp:
            scale = np.float32(1 / (layer.period * 0.8))
            bent = self.bank.sample("soft", self.variant + 1, east * scale + place[4], north * scale + place[5])
            bend = (bent - np.float32(0.5)) * np.float32(2 * layer.warp)
        if layer.patches:
            scale = np.float32(1 / (5 * layer.period))
            value = self.bank.sample("soft", self.variant, east * scale + place[2], north * scale + place[3])
            fields = np.float32(layer.patches) * (value - np.float32(0.5))
        return bend, fields

    def density(self, east: Array, north: Array, slow: tuple[Array | float, Array | float] = (0.0, 0.0)) -> Array:
        """Above 0 where there is cloud; how far above says how thick."""
        layer = self.layer
        u, v = self._position(east, north, slow[0])
        value = self.bank.sample(layer.noise, self.variant, u, v)
        if layer.detail:
            finer = self.bank.sample("fractal", self.variant + 1, u * np.float32(4.3), v * np.float32(4.3))
            value = value + np.float32(layer.detail) * (finer - np.float32(0.5))
        return np.asarray(value + slow[1] - np.float32(1 - layer.coverage))

    def relief(self, east: Array, north: Array, sun: tuple[float, float, float]) -> Array:
        """How much thicker the cloud is a little way toward the sun: there, this side lies in its shade."""
        layer = self.layer
        step = 0.03 * layer.period
        here = self.bank.sample(layer.noise, self.variant, *self._position(east, north, 0.0))
        there = self._position(east + np.float32(step * sun[0]), north + np.float32(step * sun[2]), 0.0)
        return self.bank.sample(layer.noise, self.variant, *there) - here

    def _position(self, east: Array, north: Array, bend: Array | float) -> tuple[Array, Array]:
        """On the noise, in its periods."""
        along, across = self.cos * east + self.sin * north + bend, self.cos * north - self.sin * east + bend
        scale = np.float32(1 / self.layer.period)
        return along * scale / np.float32(self.layer.stretch) + self.place[0], across * scale + self.place[1]

    def trails(self, east: Array, north: Array) -> Array:
        """How much of a straight trail is seen, [0, 1]."""
        seen = np.zeros_like(east)
        rough = self.bank.sample("fractal", self.variant, east / np.float32(24), north / np.float32(24)) - np.float32(
            0.5
        )
        for angle, distance, width, start, end in self.layer.trails:
            cos, sin = np.float32(math.cos(angle)), np.float32(math.sin(angle))
            along, across = cos * east + sin * north, cos * north - sin * east
            aside = (across - np.float32(distance) + rough * np.float32(1.2 * width)) / np.float32(width)
            # A young trail begins behind its aircraft and widens from there.
            grown = np.clip((along - np.float32(start)) / np.float32(30), 0.02, 1)
            line = np.exp(-((aside / np.maximum(grown, 0.35)) ** 2)) * np.clip(grown * 8, 0, 1)
            seen = np.maximum(seen, line * ((along > start) & (along < end)) * np.float32(0.35 + 0.65 / (1 + width)))
        return seen


def _shade(layer: Layer, view: _View, density: Array, relief: Array | None, rise: float) -> Array:
    """Light of a layer, linear RGB: sun that passes, sky that it scatters, bright rims toward the sun."""
    thick = np.clip(density / np.float32(max(layer.coverage, 0.3)), 0, 1)
    lit = np.float32(layer.light) * (1 - np.float32(layer.contrast * (1 - rise)) * thick)
    if relief is not None:
        lit = lit * (1 - np.clip(relief * np.float32(1.6), -0.3, 0.45))
    if layer.overcast:
        # CIE overcast sky: three times as bright at the zenith as at the horizon.
        lit = lit * (1 + np.float32(layer.overcast) * (np.clip(view.y, 0, 1) - np.float32(0.6)))
    rim = np.maximum(view.to_sun, 0) ** 24 * (1 - thick) * np.float32(0.5 * layer.light)
    scattered = np.float32(layer.skylight * (1 + 0.5 * rise))
    return (lit + rim)[..., None] * view.sunlight * np.float32(0.75) + view.ambient * scattered


def _tower(recipe: Recipe, bank: NoiseBank, view: _View, rng: np.random.Generator) -> tuple[Array, Array]:
    """Thunderclouds that stand off all around: cover [0, 1] and light; built in azimuth and elevation."""
    turn = rng.uniform(0, 2 * math.pi)
    azimuth = np.arctan2(view.x, view.z)
    cover, shade = np.zeros_like(view.x), np.zeros((*view.x.shape, 3), np.float32)
    for index in range(TOWERS):
        width, top = np.float32(recipe.tower * rng.uniform(0.7, 1.1)), np.float32(rng.uniform(0.45, 0.95))
        centre = turn + index * 2 * math.pi / TOWERS + rng.uniform(-0.4, 0.4)
        place, variant = rng.random(2).astype(np.float32), int(rng.integers(1 << 16))
        aside = (azimuth - np.float32(centre) + np.float32(math.pi)) % np.float32(2 * math.pi) - np.float32(math.pi)
        high = np.arcsin(np.clip(view.y, -1, 1)) / top
        grain = np.float32(0.42)
        lumps = bank.sample("puffs", variant, aside * grain + place[0], high * top * grain + place[1])
        lit = lumps - bank.sample(
            "puffs", variant, aside * grain + place[0], high * top * grain + place[1] + np.float32(0.02)
        )
        anvil = np.exp(-(((high - np.float32(0.9)) / np.float32(0.14)) ** 2)) * np.float32(0.8)
        inside = np.minimum(np.float32(0.75) + anvil - np.abs(aside / width), (np.float32(1.05) - high) * 2)
        body = inside + np.float32(0.75) * (lumps - np.float32(0.6))
        here = _step(body / np.float32(0.09) + np.float32(0.5)) * (view.y > -0.05)
        # Bright above, where the sun still reaches, dark toward the base; brighter on the side away from the sun.
        facing = np.float32(0.6 - 0.25 * math.cos(centre - math.atan2(view.sun[0], view.sun[2])))
        bright = np.clip(np.float32(0.08) + high, 0.08, 1.0) * np.clip(0.4 + 0.55 * lumps + 1.2 * lit, 0.15, 1.4)
        own = (bright * facing)[..., None] * view.sunlight + view.ambient * np.float32(0.3)
        shade = shade * (1 - here)[..., None] + own * here[..., None]
        cover = cover + here - cover * here
    air = np.float32(0.85)
    return cover, shade / np.maximum(cover, np.float32(1e-3))[..., None] * air + view.horizon * (1 - air)


def _sun_glare(view: _View, recipe: Recipe) -> Array:
    """The disc, and the aureole that lens and haze put around it."""
    angle = np.arccos(np.clip(view.to_sun, -1, 1))
    disc = np.float32(60) * (angle < 0.012) + np.float32(2.2) * np.exp(-angle / np.float32(0.035))
    around = np.float32(0.04 * recipe.turbidity) * np.exp(-angle / np.float32(0.2))
    return (disc + around)[..., None] * view.sunlight


def _seen_through(recipe: Recipe, view: _View) -> Array:
    """The sun behind a veil, as through ground glass, and the halo of ice 22 degrees around it."""
    glow = np.zeros((*view.x.shape, 1), np.float32)
    if recipe.veiled_sun:
        angle = np.arccos(np.clip(view.to_sun, -1, 1))[..., None]
        glow = np.float32(recipe.veiled_sun) * (
            np.float32(0.5) * np.exp(-angle / np.float32(0.06)) + np.float32(0.12) * np.exp(-angle / np.float32(0.3))
        )
    if recipe.halo:
        past = np.rad2deg(np.arccos(np.clip(view.to_sun, -1, 1)))[..., None] - np.array([21.6, 22.0, 22.4], np.float32)
        ring = np.clip(past + 1, 0, 1) * np.exp(-np.maximum(past, 0) / np.float32(1.8))
        glow = glow + np.float32(0.055 * recipe.halo) * ring
    return glow * view.sunlight


def _ambient(recipe: Recipe) -> Array:
    """Mean light of the whole sky, linear RGB (3,): what falls on a cloud's shaded side."""
    y = np.linspace(0.1, 1, 6, dtype=np.float32)
    away = np.float32(math.sin(recipe.sun)) * y
    return np.asarray(clear_sky(y, away, recipe.sun, recipe.turbidity).mean(axis=0))


def _horizon(recipe: Recipe, ambient: Array, light: Array, x: Array, z: Array, azimuth: float) -> Array:
    """Light of the haze at the horizon in each direction, linear RGB (..., 3); darker under a closed cover."""
    if not recipe.clear:
        grey = ambient.mean() * np.float32(0.5) + light * np.float32(0.17 - 0.06 * recipe.rain)
        return np.broadcast_to(grey, (*x.shape, 3)).astype(np.float32)
    flat = np.maximum(np.sqrt(x * x + z * z), np.float32(1e-6))
    toward = (x * np.float32(math.sin(azimuth)) + z * np.float32(math.cos(azimuth))) / flat
    level = np.full(x.shape, 0.06, np.float32)
    return clear_sky(level, toward * np.float32(math.cos(recipe.sun)), recipe.sun, recipe.turbidity)


def _film(linear: Array) -> Array:
    """Exposure that saturates like film, then the sRGB curve."""
    value = 1 - np.exp(-linear / np.float32(EXPOSURE))
    curved = np.float32(1.055) * np.maximum(value, np.float32(1e-6)) ** np.float32(1 / 2.4) - np.float32(0.055)
    return np.where(value <= 0.0031308, np.float32(12.92) * value, curved)


def _step(x: Array) -> Array:
    x = np.clip(x, 0, 1)
    return x * x * (3 - 2 * x)
