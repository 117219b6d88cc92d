"""The report of a prepared set in Markdown: counts, thresholds, classes, and links to a picture sheet for each rule."""

from __future__ import annotations

from typing import Any

from skyloom_training.data.filters import RULES


def report(source: str, counts: dict[str, Any], thresholds: dict[str, Any], sheets: dict[str, str]) -> str:
    """Markdown. ``counts`` and ``thresholds`` as in the manifest; ``sheets``: path of each rule's sheet."""
    lines = [f"# Prepared from `{source}`", ""]
    lines.append(f"{counts['files']} files, {counts['kept']} kept. A file can fail several rules; nothing was deleted.")
    lines += [f"\n**{note}**" for note in counts["notes"]]
    if counts["empty_classes"]:
        lines.append(f"\n**No picture is left of: {', '.join(counts['empty_classes'])}.**")
    lines += ["", "| rule | stays if | left out | sheet |", "|---|---|---|---|"]
    for rule in RULES:
        if rule in thresholds or counts["left_out"][rule] or rule in ("format", "exact-duplicate"):
            sheet = f"[sheet]({sheets[rule]})" if rule in sheets else ""
            lines.append(f"| {rule} | {_stays(rule, thresholds.get(rule))} | {counts['left_out'][rule]} | {sheet} |")
    if counts["classes"]:
        lines += ["", "| class | found | kept |", "|---|---|---|"]
        lines += [f"| {name} | {n['found']} | {n['kept']} |" for name, n in counts["classes"].items()]
    return "\n".join(lines) + "\n"


def _stays(rule: str, threshold: dict[str, Any] | None) -> str:
    if threshold is None:
        return {"format": "a photo that can be decoded", "label": "it has a label"}.get(rule, "no copy of it")
    if rule == "near-duplicate":
        return f"more than {threshold['threshold']} {threshold['unit']} away from any other ({threshold['across']})"
    way = "at least" if threshold["keeps"] == "above" else "at most"
    return f"{way} {threshold['threshold']:g} {threshold['unit']}"
