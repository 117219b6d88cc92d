"""A contact sheet for every rule: what it left out, and what it nearly left out, to judge a threshold by eye."""

from __future__ import annotations

from bisect import insort

import cv2
import numpy as np
from numpy.typing import NDArray

from skyloom_training.data.examine import Record
from skyloom_training.data.filters.rule import Rule

Pixels = NDArray[np.uint8]
CELL, COLUMNS, ROWS = 112, 12, 4
EACH = COLUMNS * ROWS
_GREY = 235


class Nearest:
    """Keeps thumbnails of the pictures nearest to each rule's threshold, on both sides."""

    def __init__(self, rules: list[Rule]) -> None:
        self._rules = {rule.name: rule for rule in rules}
        # Distance from the threshold, a running number against ties, value, thumbnail.
        self._kept: dict[tuple[str, bool], list[tuple[float, int, float, Pixels]]] = {}
        self._count = 0

    def watch(self, record: Record, pixels: Pixels) -> None:
        """See a picture with the values of its record."""
        small = cell(pixels)
        for name, value in record.values.items():
            rule = self._rules.get(name)
            if rule is None:
                continue
            self._count += 1
            row = self._kept.setdefault((name, rule.rejects(value)), [])
            insort(row, (abs(value - rule.threshold), self._count, value, small))
            del row[EACH:]

    def sheet(self, rule: str) -> Pixels | None:
        """RGB: pictures left out, nearest to the threshold first, then those kept; None if none is left out."""
        out, kept = self._kept.get((rule, True), []), self._kept.get((rule, False), [])
        if not out:
            return None
        cells = [[(f"{value:.3g}", small) for _, _, value, small in row] for row in (out, kept)]
        return stacked([("left out, nearest to the threshold first", cells[0]), ("kept, nearest first", cells[1])])


def cell(pixels: Pixels) -> Pixels:
    """Shrunk into a square of CELL with gray margins."""
    height, width = pixels.shape[:2]
    scale = CELL / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    out = np.full((CELL, CELL, 3), _GREY, np.uint8)
    top, left = (CELL - small.shape[0]) // 2, (CELL - small.shape[1]) // 2
    out[top : top + small.shape[0], left : left + small.shape[1]] = small
    return out


def stacked(parts: list[tuple[str, list[tuple[str, Pixels]]]]) -> Pixels:
    """Headed blocks of captioned cells, one under the other, RGB."""
    rows = []
    for title, cells in parts:
        head = np.full((26, CELL * COLUMNS, 3), 255, np.uint8)
        rows.append(_write(head, f"{title}: {len(cells)}", (6, 18), 0.5))
        for start in range(0, len(cells), COLUMNS):
            line = np.full((CELL, CELL * COLUMNS, 3), 255, np.uint8)
            for column, (caption, small) in enumerate(cells[start : start + COLUMNS]):
                line[:, column * CELL : (column + 1) * CELL] = _write(small.copy(), caption, (4, CELL - 6), 0.38)
            rows.append(line)
    return np.concatenate(rows)


def _write(picture: Pixels, text: str, at: tuple[int, int], scale: float) -> Pixels:
    # Hershey fonts know ASCII only.
    plain = text.encode("ascii", "replace").decode()
    for colour, thick in (((255, 255, 255), 3), ((0, 0, 0), 1)):
        cv2.putText(picture, plain, at, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thick, cv2.LINE_AA)
    return picture
