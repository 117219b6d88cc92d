"""Seam report of 20 generated skies: wrap ratio, cube edges, zenith; against the bounds that Skyloom promises."""

from __future__ import annotations

from machine import machine, spread
from skyloom.clouds import CLOUD_NAMES
from skyloom.generation import ModelRegistry
from skyloom.request import OutputSpec, SkyRequest
from skyloom.studio import make_sky

SKIES = 20


def main() -> None:
    """Print one line a sky and the spread of each figure."""
    print(machine())
    model = ModelRegistry().get()
    reports = []
    for number in range(SKIES):
        cloud = CLOUD_NAMES[number % len(CLOUD_NAMES)]
        outputs = (OutputSpec("panorama", 2048), OutputSpec("faces", 512))
        report = make_sky(SkyRequest(((cloud, 1.0),), seed=number, outputs=outputs), model).seams
        reports.append(report)
        print(
            f"{cloud:14} seed {number:2}: wrap {report.wrap_ratio:.3f}  edge ratio {report.edge_ratio:.3f}  "
            f"edge mismatch {report.edge_mismatch:.5f}  zenith {report.zenith_ratio:.3f}"
        )
    for name in ("wrap_ratio", "edge_ratio", "edge_mismatch", "zenith_ratio"):
        values = [getattr(report, name) for report in reports]
        print(f"{name:14} {spread(values, '', 4)}")


if __name__ == "__main__":
    main()
