"""The README's table: made of what the benchmarks found, put between its marks and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.readme import BEGIN, END, quote
from benchmarks.report import Section

SPREAD = {"median": 2.0, "low": 1.5, "high": 2.5, "count": 3}
SECTIONS = [
    Section(
        "A whole request, warm",
        "",
        data={"Skyloom, whole request": {"wall_s": SPREAD}, "thesis_over_skyloom": {"wall": SPREAD}},
    ),
    Section("Sampling, one thread", "", data={"e2c_uint8_over_faces": SPREAD, "e2c_float32_over_faces": SPREAD}),
    Section(
        "PNG, 4096x2048, lossless",
        "",
        data={"Skyloom, 1 thread": {"bytes": 115}, "Pillow, default": {"bytes": 100}, "pillow_over_skyloom_1": SPREAD},
    ),
    Section(
        "Networks", "", data={"bytes": {"int8": 30, "float32": 100}, "float32_over_int8, 1": SPREAD, "psnr_db": 41.23}
    ),
    Section(
        "The server",
        "",
        data={
            "4096x2048, detail off": {"wall": SPREAD, "share": {**SPREAD, "median": 0.034}},
            "4096x2048, detail standard": {"wall": SPREAD, "share": {**SPREAD, "median": 0.012}},
            "cold_cli_s": SPREAD,
            "memory": {"large": 470e6, "large, detail": 910e6},
        },
    ),
]
FACTS = {"machine": "a machine", "load": "0.1"}


def test_what_stands_between_the_marks_is_replaced(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nSTALE\n{END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        quote(readme, SECTIONS, FACTS)
    text = readme.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\na machine; load average 0.1.\n")
    assert text.endswith(f"\n{END}\nafter\n")
    assert "STALE" not in text
    for found in ("2.0 [1.5 - 2.5] x, our file 1.15", "0.300 of the size, 41.2 dB", "470 and 910 MB"):
        assert found in text
    for share in ("3.4 [150.0 - 250.0] %", "1.2 [150.0 - 250.0] %"):
        assert f"2.00 [1.50 - 2.50] s, gRPC {share}" in text
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_a_readme_without_marks_is_left_alone(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="marks"):
        quote(readme, SECTIONS, FACTS)
    assert readme.read_text(encoding="utf-8") == "no marks"


def test_the_readme_of_this_repository_has_its_marks() -> None:
    text = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert (text.count(BEGIN), text.count(END)) == (1, 1)
