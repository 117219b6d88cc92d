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
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """A set with six faults a rule."""
    return Planted(tmp_path_factory.mktemp("planted"), each=6, clean=22)


def asked(planted: Planted, settings: Settings) -> list[Record]:
    """What the rules say of the set."""
    source = open_source(planted.folder)
    entries = list(source.entries())
    examined = examine(source, entries, labels_of(source, [e.name for e in entries]), settings)
    assert examined.notes == []
    return examined.records


@pytest.fixture(scope="module")
def found(planted: Planted) -> list[Record]:
    """With default thresholds."""
    return asked(planted, Settings())


def check(planted: Planted, records: list[Record], rule: str) -> None:
    names = {record.name for record in records if rule in [name for name, _ in record.left_out]}
    precision, recall = score(names, planted.truth[rule])
    print(f"{rule}: precision {precision:.3f}, recall {recall:.3f} of {len(planted.truth[rule])}")
    missed = {r.name: r.values.get(rule) for r in records if r.name in planted.truth[rule] - names}
    wrong = {r.name: r.values.get(rule) for r in records if r.name in names - planted.truth[rule]}
    assert min(precision, recall) >= LEAST.get(rule, 0.9), (missed, wrong)


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["format", "resolution", "blur", "grayscale", "text", "faces", "ground"])
def test_rule_finds_its_faults_and_little_else(planted: Planted, found: list[Record], rule: str) -> None:
    check(planted, found, rule)


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["exact-duplicate", "near-duplicate"])
def test_copies_are_found(planted: Planted, rule: str) -> None:
    """Asked alone: of a pair of which one is left out for another fault, the other rightly stays."""
    others = ("resolution", "blur", "grayscale", "text", "faces", "ground")
    check(planted, asked(planted, Settings(skip=others)), rule)


@pytest.mark.slow
def test_hardly_any_clean_sky_is_left_out(planted: Planted, found: list[Record]) -> None:
    faulty = set().union(*planted.truth.values())
    clean = [record for record in found if record.name not in faulty]
    assert len(clean) >= 30
    assert sum(not record.kept for record in clean) <= 0.1 * len(clean), [r for r in clean if not r.kept]
