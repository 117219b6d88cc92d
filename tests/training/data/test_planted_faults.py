"""Every rule finds what is planted for it: precision and recall, printed and held to a bound."""

from __future__ import annotations

import pytest
from planted_set import Planted, score
from skyloom_training.data.examine import Record, Settings, examine
from skyloom_training.data.labels import labels_of
from skyloom_training.data.source import open_source

# Faces are small, blurred and of any pose; text stands before clouds of its own colour.
LEAST = {"faces": 0.8, "text": 0.8}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Planted, list[Record]]:
    """A planted set and what the rules say of it, with their default thresholds."""
    folder = tmp_path_factory.mktemp("planted")
    planted = Planted(folder, each=6, clean=22)
    source = open_source(folder)
    entries = list(source.entries())
    examined = examine(source, entries, labels_of(source, [e.name for e in entries]), Settings())
    assert examined.notes == []
    return planted, examined.records


@pytest.mark.slow
@pytest.mark.parametrize(
    "rule",
    ["format", "resolution", "blur", "grayscale", "text", "faces", "exact-duplicate", "near-duplicate", "ground"],
)
def test_rule_finds_its_faults_and_little_else(found: tuple[Planted, list[Record]], rule: str) -> None:
    planted, records = found
    names = {record.name for record in records if rule in [name for name, _ in record.left_out]}
    precision, recall = score(names, planted.truth[rule])
    print(f"{rule}: precision {precision:.3f}, recall {recall:.3f} of {len(planted.truth[rule])}")
    missed = {r.name: r.values.get(rule) for r in records if r.name in planted.truth[rule] - names}
    wrong = {r.name: r.values.get(rule) for r in records if r.name in names - planted.truth[rule]}
    assert min(precision, recall) >= LEAST.get(rule, 0.9), (missed, wrong)


@pytest.mark.slow
def test_hardly_any_clean_sky_is_left_out(found: tuple[Planted, list[Record]]) -> None:
    planted, records = found
    faulty = set().union(*planted.truth.values())
    clean = [record for record in records if record.name not in faulty]
    assert len(clean) >= 30
    assert sum(not record.kept for record in clean) <= 0.1 * len(clean), [r for r in clean if not r.kept]
