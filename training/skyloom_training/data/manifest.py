"""The manifest of a prepared set: what was kept, what was left out and why, under which thresholds. JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from skyloom_training.data.examine import Examined, Record, Settings
from skyloom_training.data.filters import RULES
from skyloom_training.data.labels import Labels

FORMAT = "skyloom-prepared-1"


def counts(examined: Examined, labels: Labels) -> dict[str, Any]:
    """Files, kept, left out by rule (a file can fail several), and of each class how many were found and kept."""
    records = examined.records
    by_rule = Counter(rule for record in records for rule in {rule for rule, _ in record.left_out})
    found, kept = (Counter(r.label for r in some) for some in (records, [r for r in records if r.kept]))
    return {
        "files": len(records),
        "kept": sum(record.kept for record in records),
        "left_out": {rule: by_rule[rule] for rule in RULES},
        "classes": {name: {"found": found[name], "kept": kept[name]} for name in labels.classes},
        "empty_classes": [name for name in labels.classes if not kept[name]],
        "notes": examined.notes,
    }


def thresholds(settings: Settings) -> dict[str, Any]:
    """Of every rule that was asked."""
    of_pictures: dict[str, Any] = {
        rule.name: {"threshold": rule.threshold, "unit": rule.unit, "keeps": rule.keeps} for rule in settings.rules()
    }
    of_sets = {
        "near-duplicate": {"threshold": settings.near, "unit": "bits of 256", "across": settings.across},
        "ground": {"threshold": settings.sky, "unit": "share of the height that is sky", "keeps": "above"},
    }
    return of_pictures | {name: rule for name, rule in of_sets.items() if name not in settings.skip}


def manifest(source: str, examined: Examined, labels: Labels, settings: Settings, files: dict[str, str]) -> str:
    """JSON text. ``files``: the path in the prepared set of each kept picture that was written."""
    content = {
        "format": FORMAT,
        "source": source,
        "skipped_rules": list(settings.skip),
        "max_pixels": settings.max_pixels,
        "rules": thresholds(settings),
        "counts": counts(examined, labels),
        "classes": list(labels.classes),
        "pictures": [_picture(record, files.get(record.name)) for record in examined.records],
    }
    return json.dumps(content, indent=1)


def _picture(record: Record, file: str | None) -> dict[str, Any]:
    return {
        "name": record.name,
        "label": record.label,
        "kept": record.kept,
        "file": file,
        "size": record.size,
        "sky": record.sky,
        "values": record.values,
        "duplicate_of": record.twin,
        "left_out": [{"rule": rule, "why": why} for rule, why in record.left_out],
    }
