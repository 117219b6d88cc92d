"""Compares ways of doing one thing: interleaved, so that what else the machine does hits all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Spread:
    """A median and the range that the middle 80 % of the values lie in."""

    median: float
    low: float
    high: float
    count: int

    @staticmethod
    def of(values: Sequence[float]) -> Spread:
        """Of one or more values."""
        ordered = sorted(values)
        cut = int(0.1 * len(ordered))
        kept = ordered[cut : len(ordered) - cut]
        return Spread(statistics.median(ordered), kept[0], kept[-1], len(ordered))

    def text(self, digits: int = 2, unit: str = "", scale: float = 1.0) -> str:
        """``median [low - high] unit``."""
        middle, low, high = (f"{value * scale:.{digits}f}" for value in (self.median, self.low, self.high))
        return f"{middle} [{low} - {high}]{' ' if unit else ''}{unit}"

    def as_dict(self) -> dict[str, float]:
        """For JSON."""
        return {"median": self.median, "low": self.low, "high": self.high, "count": self.count}


@dataclass(frozen=True)
class Took:
    """Wall and core seconds of one run, as a case that runs in another process says itself."""

    wall: float
    core: float


@dataclass
class Timing:
    """Wall and core seconds of every round of one case; core seconds are those of all threads of its process."""

    wall: list[float] = field(default_factory=list)
    core: list[float] = field(default_factory=list)

    def over(self, other: Timing, clock: str = "core") -> Spread:
        """How many times as long as ``other`` this took, round by round."""
        pairs = zip(getattr(self, clock), getattr(other, clock), strict=True)
        return Spread.of([a / b for a, b in pairs])

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"wall_s": Spread.of(self.wall).as_dict(), "core_s": Spread.of(self.core).as_dict()}


def compare(cases: dict[str, Callable[[], object]], rounds: int, warm: int = 1) -> dict[str, Timing]:
    """Run every case once a round, in turn; the first ``warm`` rounds are not counted.

    Every other round goes backwards, so that no case always finds the cache as the same other one left it.
    """
    timings = {name: Timing() for name in cases}
    order = list(cases)
    for index in range(-warm, rounds):
        for name in order if index % 2 else reversed(order):
            wall, core = time.perf_counter(), time.process_time()
            result = cases[name]()
            core, wall = time.process_time() - core, time.perf_counter() - wall
            took = result if isinstance(result, Took) else Took(wall, core)
            if index >= 0:
                timings[name].wall.append(took.wall)
                timings[name].core.append(max(took.core, 1e-9))
    return timings
