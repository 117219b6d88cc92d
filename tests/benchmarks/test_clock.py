"""How figures are told: medians, middle ranges, ratios round by round, and the table that they end in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.clock import Spread, Timing, compare
from benchmarks.report import Section, write


def test_a_spread_leaves_the_outermost_tenths_away() -> None:
    found = Spread.of([float(v) for v in range(1, 21)])
    assert (found.median, found.low, found.high, found.count) == (10.5, 3.0, 18.0, 20)
    assert found.text(1, "ms", 10) == "105.0 [30.0 - 180.0] ms"
    assert Spread.of([5.0]).text(0) == "5 [5 - 5]"


def test_ratios_are_those_of_rounds_not_of_medians() -> None:
    slow, fast = Timing(core=[2.0, 4.0, 60.0]), Timing(core=[1.0, 1.0, 10.0])
    assert slow.over(fast).median == 4.0


def test_cases_take_turns_and_warm_rounds_do_not_count() -> None:
    calls: list[str] = []
    found = compare({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 3, warm=1)
    assert sorted(calls[i : i + 2] for i in range(0, 8, 2)) == [["a", "b"]] * 2 + [["b", "a"]] * 2
    assert [len(timing.wall) for timing in found.values()] == [3, 3]
    assert all(value > 0 for timing in found.values() for value in timing.core)


def test_a_report_is_markdown_and_json_of_the_same_figures(tmp_path: Path) -> None:
    section = Section("Title", "Text.", ("a", "b"), [("x | y", "1")], {"one": 1}, "After.")
    write(tmp_path / "report.md", "# Head", [section], {"machine": "m"})
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert text.startswith("# Head\n\n## Title\n\nText.\n\n| a | b |\n|---|---|\n| x \\| y | 1 |\n\nAfter.")
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert data == {"machine": "m", "sections": {"Title": {"one": 1}}}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "report.md"]


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks import __main__ as program

    monkeypatch.setattr("sys.argv", ["benchmarks", "nothing"])
    with pytest.raises(SystemExit):
        program.main()
    assert "invalid choice: 'nothing'" in capsys.readouterr().err
