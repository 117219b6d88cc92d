"""Seam report of 20 generated skies: wrap, cube edges and zenith."""

from __future__ import annotations

from skyloom.clouds import CLOUD_NAMES
from skyloom.request import OutputSpec, SkyRequest
from skyloom.studio import make_sky

from benchmarks.clock import Spread
from benchmarks.report import Section
from benchmarks.skies import model

SKIES = 20
OUTPUTS = (OutputSpec("panorama", 2048), OutputSpec("faces", 512))
_MEANING = {
    "wrap_ratio": "step across the panorama's wrap over its neighbours; 1 is seamless",
    "edge_ratio": "worst of 12 cube edges, step across it over steps beside it; 1 is seamless",
    "edge_mismatch": "the two faces' values at their edge, mean difference in [0, 1]; 0 is seamless",
    "zenith_ratio": "variance around the zenith over that 30 degrees off; a pinch stands far above 1",
}


def sections() -> list[Section]:
    """All types in turn, seeds 0 to 19, detail off."""
    found: dict[str, list[float]] = {name: [] for name in _MEANING}
    for seed in range(SKIES):
        request = SkyRequest(((CLOUD_NAMES[seed % len(CLOUD_NAMES)], 1.0),), seed=seed, outputs=OUTPUTS, detail="off")
        report = make_sky(request, model()).seams
        for name, values in found.items():
            values.append(getattr(report, name))
    rows = [
        (name, _MEANING[name], f"{Spread.of(values).text(4)}", f"{min(values):.4f} to {max(values):.4f}")
        for name, values in found.items()
    ]
    return [
        Section(
            "Seams",
            f"{SKIES} skies, seeds 0 to {SKIES - 1}, all types, 2048x1024 and six 512 faces.",
            ("figure", "what", "median [middle 80 %]", "least to most"),
            rows,
            {name: {**Spread.of(v).as_dict(), "least": min(v), "most": max(v)} for name, v in found.items()},
        )
    ]
