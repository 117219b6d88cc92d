"""Sections of a report: tables in Markdown, and the same figures in JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Section:
    """A heading, sentences, one table, and the raw figures."""

    title: str
    text: str
    head: Sequence[str] = ()
    rows: list[Sequence[str]] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    after: str = ""

    def markdown(self) -> str:
        """The section as it stands in the document."""
        lines = [f"## {self.title}", "", self.text, ""]
        if self.head:
            lines += ["| " + " | ".join(self.head) + " |", "|" + "---|" * len(self.head)]
            lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in self.rows]
            lines.append("")
        if self.after:
            lines += [self.after, ""]
        return "\n".join(lines)


def write(path: Path, head: str, sections: Sequence[Section], facts: dict[str, Any]) -> None:
    """Write ``path`` (Markdown) and the same name with .json beside it, each in one move."""
    text = "\n".join([head, "", *(section.markdown() for section in sections)])
    data = {**facts, "sections": {section.title: section.data for section in sections}}
    for target, content in ((path, text), (path.with_suffix(".json"), json.dumps(data, indent=1) + "\n")):
        part = target.with_name(target.name + ".part")
        part.write_text(content, encoding="utf-8")
        part.replace(target)
