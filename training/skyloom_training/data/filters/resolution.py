"""Low resolution: the shorter side in pixels. The seed's rule: below 80 % of what the network draws."""

from __future__ import annotations

from skyloom_training.data.filters.rule import Pixels, Rule


class Resolution(Rule):
    """Keeps pictures whose shorter side has at least ``threshold`` pixels; 205 is 80 % of 256."""

    name, keeps, unit = "resolution", "above", "pixels"
    default, allowed = 205.0, (1.0, 100_000.0)

    def measure(self, pixels: Pixels) -> float:
        """Shorter side in pixels."""
        return float(min(pixels.shape[:2]))
