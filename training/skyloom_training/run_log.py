"""The log of a run: one JSON object a line, figures rounded to four places, whole after every line."""

from __future__ import annotations

import json
from typing import TextIO


def write_line(log: TextIO, **figures: float) -> None:
    """Append ``figures`` to an open log."""
    print(json.dumps({name: round(figure, 4) for name, figure in figures.items()}), file=log, flush=True)
