"""How densely an output samples a dome: whether it needs more texels than the dome has."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from skyloom.imaging.ground import TURN_DEGREES, fade_span
from skyloom.imaging.layouts import views_of
from skyloom.request import Ground, OutputSpec
from skyloom.sphere import dome
from skyloom.sphere.directions import spacing

# Side of the grid that stands for a picture: its directions change so smoothly that a coarse grid has the extremes.
_GRID = 64


def seen_depth(spec: OutputSpec, ground: Ground, theta_max: float) -> float:
    """How far below the horizon, in radians, an output shows the dome; ``theta_max`` in radians.

    A dome is shown to its rim, other layouts to where the ground has taken over; a mirror goes on a third of its turn.
    """
    if spec.layout == "dome":
        return theta_max - np.pi / 2
    if ground.mode == "mirror":
        return float(min(np.deg2rad(TURN_DEGREES), theta_max - np.pi / 2))
    return fade_span(theta_max)


@lru_cache(maxsize=256)
def texels_wanted(spec: OutputSpec, ground: Ground, size: int, theta_max: float) -> float:
    """Pixels of an output per texel of a dome of ``size``, one way, where it is densest; above 1 the dome is enlarged.

    Directions that show the ground alone do not count; 0 where an output shows nothing else. ``theta_max`` in radians.
    """
    coarse = min(spec.size, _GRID)
    lowest = -np.sin(seen_depth(spec, ground, theta_max))
    densest = 0.0
    for view in views_of(replace(spec, size=coarse), theta_max):
        directions = view.directions(0, view.height)
        texels = dome.texel_angle(directions, size, theta_max) / np.maximum(spacing(directions), 1e-9)
        # What a mirror shows below the horizon is as dense as above it.
        densest = max(densest, float(texels[directions[..., 1] >= lowest].max(initial=0.0)))
    return densest * spec.size / coarse
