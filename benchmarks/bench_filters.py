"""Precision and recall of every discard rule on a set with planted faults; seeds and counts are printed beside them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from machine import machine
from skyloom_training.data.examine import Settings, examine
from skyloom_training.data.labels import labels_of
from skyloom_training.data.source import open_source

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from planted_set import Planted, score

SEEDS, EACH, CLEAN = (1, 2, 3), 6, 22


def main() -> None:
    """One line a rule: its figures for each seed, then what went wrong by name."""
    print(machine())
    print(f"{EACH} planted faults a rule, {CLEAN} clean skies, seeds {SEEDS}; thresholds are the defaults")
    lines: dict[str, list[str]] = {}
    wrong: list[str] = []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            planted = Planted(Path(folder), EACH, CLEAN, seed)
            source = open_source(Path(folder))
            entries = list(source.entries())
            labels = labels_of(source, [entry.name for entry in entries])
            records = examine(source, entries, labels, Settings()).records
        for rule, truth in planted.truth.items():
            found = {record.name for record in records if rule in [name for name, _ in record.left_out]}
            precision, recall = score(found, truth)
            lines.setdefault(rule, []).append(f"{precision:.3f} / {recall:.3f}")
            values = {record.name: record.values.get(rule) for record in records}
            wrong += [f"seed {seed} {rule}: missed {name} ({values[name]})" for name in sorted(truth - found)]
            wrong += [f"seed {seed} {rule}: wrongly {name} ({values[name]})" for name in sorted(found - truth)]
    print(f"{'rule':16} precision / recall, one pair a seed")
    for rule, pairs in lines.items():
        print(f"{rule:16} {'   '.join(pairs)}")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()
