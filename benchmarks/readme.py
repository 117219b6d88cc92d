"""The few figures that the README quotes, put between its two marks whenever the benchmarks are run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import Section

BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


def quote(readme: Path, sections: Sequence[Section], facts: dict[str, Any]) -> None:
    """Replace what stands between the marks.

    Raises:
        ValueError: the README has lost its marks.
    """
    text = readme.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{readme}: expected the marks {BEGIN} and {END}, once each")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    part = readme.with_name(readme.name + ".part")
    lines = "\n".join(summary({section.title: section.data for section in sections}, facts))
    part.write_text(f"{before}{BEGIN}\n{lines}\n{END}{after}", encoding="utf-8")
    part.replace(readme)


def summary(data: dict[str, dict[str, Any]], facts: dict[str, Any]) -> list[str]:
    """A table of what was compared with what; medians and the range of the middle 80 % of interleaved rounds."""

    def of(start: str) -> dict[str, Any]:
        return next(values for title, values in data.items() if title.startswith(start))

    def told(spread: dict[str, float], digits: int = 1, scale: float = 1.0) -> str:
        middle, low, high = (f"{spread[key] * scale:.{digits}f}" for key in ("median", "low", "high"))
        return f"{middle} [{low} - {high}]"

    whole, sampling, png = of("A whole request"), of("Sampling"), of("PNG")
    networks, server = of("Networks"), of("The server")
    ours, pillow = png["Skyloom, 1 thread"]["bytes"], png["Pillow, default"]["bytes"]
    size = networks["bytes"]["int8"] / networks["bytes"]["float32"]
    wide = {level: server.get(f"4096x2048, detail {level}") for level in ("off", "standard")}
    large = {name: server["memory"].get(name) for name in ("large", "large, detail")}
    rows = [
        (
            "whole warm request, 2048x1024 and six 512, PNG, detail off",
            f"{told(whole['Skyloom, whole request']['wall_s'], 2)} s",
        ),
        ("the thesis' pipeline rebuilt, over that", f"{told(whole['thesis_over_skyloom']['wall'])} x"),
        (
            "six 1024 faces: py360convert's e2c of 4096x2048, over ours, core time",
            f"{told(sampling['e2c_float32_over_faces'], 2)} x in float32, "
            f"{told(sampling['e2c_uint8_over_faces'], 2)} x in 8 bits",
        ),
        (
            "PNG, 4096x2048: Pillow's default, over ours, one thread",
            f"{told(png['pillow_over_skyloom_1'])} x, our file {ours / pillow:.2f} of its size",
        ),
        (
            "network, float32 over int8, one thread",
            f"{told(networks['float32_over_int8, 1'], 2)} x, {size:.3f} of the size, {networks['psnr_db']:.1f} dB",
        ),
        ("from `skyloom generate` to its first file, cold", f"{told(server['cold_cli_s'], 2)} s"),
        *(
            (
                f"4096x2048 through the server, detail {level}",
                f"{told(found['wall'], 2)} s, gRPC {told(found['share'], 1, 100)} %",
            )
            for level, found in wide.items()
            if found is not None
        ),
        (
            "server's peak, 8192x4096 and six 2048 faces, detail off, and standard",
            " and ".join(f"{peak / 1e6:.0f}" for peak in large.values() if peak is not None) + " MB",
        ),
    ]
    table = ["| | |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in rows)]
    return [f"{facts['machine']}; load average {facts['load']}.", "", *table]
