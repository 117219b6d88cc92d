"""Prepares a data set: asks the rules, writes what is kept with labels, manifest and report, whole or not at all."""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from skyloom_training.data.decode import decode
from skyloom_training.data.examine import Examined, Progress, Record, Settings, examine
from skyloom_training.data.labels import Labels, dataset_json, labels_of
from skyloom_training.data.manifest import counts, manifest, thresholds
from skyloom_training.data.report import report
from skyloom_training.data.sheet import EACH, Nearest, cell, stacked
from skyloom_training.data.source import LABELS_FILE, BadFile, Entry, Source, open_source

Pixels = NDArray[np.uint8]
PICTURES = "pictures"


@dataclass(frozen=True)
class Output:
    """What is written of the kept pictures.

    Attributes:
        pictures: whether they are written at all, or only named in the manifest.
        side: their side in pixels, cut square from the middle; 0: as they are, plain files byte for byte.
        cut_ground: whether the rows below the sky are cut off.
    """

    pictures: bool = True
    side: int = 0
    cut_ground: bool = False


def prepare(
    path: Path,
    out: Path | None,
    settings: Settings,
    output: Output = Output(),
    labels_file: Path | None = None,
    no_labels: bool = False,
    progress: Progress = lambda entries, count: entries,
) -> dict[str, Any]:
    """Examine the pictures of a folder or zip and write folder ``out``; None writes nothing. Returns the counts.

    ``out`` gets manifest.json, report.md, sheets/ and pictures/ with dataset.json. It is made beside, as ``out``.part,
    and renamed when it is whole: a run that is killed leaves no ``out``, and the next one begins anew.

    Raises:
        ValueError: no such source, bad labels, nothing to keep, ``out`` exists.
        OSError: the disk is full or cannot be written; nothing stays behind.
    """
    source = open_source(path)
    if out is not None:
        _check_out(path, out)
    entries = list(source.entries())
    if labels_file is not None and isinstance(source.path, Path):
        entries = [e for e in entries if (source.path / e.name).resolve() != labels_file.resolve()]
    if not entries:
        raise ValueError(f"source: {str(path)!r} holds no file; expected pictures")
    labels = labels_of(source, [entry.name for entry in entries], labels_file, no_labels)
    nearest, sheets = Nearest(settings.rules()), _Others()

    def watch(record: Record, pixels: Pixels) -> None:
        nearest.watch(record, pixels)
        sheets.watch(record, pixels)

    examined = examine(source, entries, labels, settings, progress, watch)
    found = counts(examined, labels)
    if out is None:
        return found
    if not found["kept"]:
        raise ValueError(f"source: no picture of {str(path)!r} is kept ({_most(found)}); nothing is written")
    part = out.with_name(out.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        files = _write_pictures(part, source, examined, labels, output) if output.pictures else {}
        drawn = _write_sheets(part, nearest, sheets, settings, examined)
        _write(
            part / "report.md", report(str(path), found, thresholds(settings), drawn).encode(errors="backslashreplace")
        )
        _write(part / "manifest.json", manifest(str(path), examined, labels, settings, files).encode())
        os.rename(part, out)
    except OSError as error:
        raise OSError(f"out: {out} cannot be written ({error.strerror or error}); nothing is left of it") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return found


def _check_out(path: Path, out: Path) -> None:
    if out.exists() or out.is_symlink():
        raise ValueError(f"out: {str(out)!r} exists; expected a new folder")
    if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
        raise ValueError(f"out: {str(out)!r} lies in the source; expected a folder elsewhere")


def _write_pictures(part: Path, source: Source, examined: Examined, labels: Labels, output: Output) -> dict[str, str]:
    files: dict[str, str] = {}
    taken: set[str] = set()
    written: list[tuple[str, str | None]] = []
    for record in examined.records:
        if not record.kept:
            continue
        data, ending = _encoded(source, record, output)
        file = _free_name(record, ending, taken)
        target = part / PICTURES / file
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, data)
        files[record.name] = f"{PICTURES}/{file}"
        written.append((file, record.label))
    _write(part / PICTURES / LABELS_FILE, dataset_json(written, labels.classes).encode())
    return files


def _encoded(source: Source, record: Record, output: Output) -> tuple[bytes, str]:
    """Bytes and ending of a kept picture."""
    try:
        data = source.read(record.name)
        cut = output.cut_ground and record.sky is not None and record.sky < 1
        if record.plain and not output.side and not cut:
            return data, PurePosixPath(record.name).suffix.lower()
        pixels = decode(data).pixels
    except BadFile as error:
        raise ValueError(f"source: {record.name} changed while it was read ({error}); run it again") from error
    if cut and record.sky is not None:
        pixels = pixels[: max(1, int(record.sky * len(pixels)))]
    file = io.BytesIO()
    Image.fromarray(square(pixels, output.side) if output.side else pixels).save(file, "PNG")
    return file.getvalue(), ".png"


def square(pixels: Pixels, side: int) -> Pixels:
    """The middle square of a picture, resized to ``side``; antialiased."""
    least = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - least) // 2, (pixels.shape[1] - least) // 2
    cut = Image.fromarray(np.ascontiguousarray(pixels[top : top + least, left : left + least]))
    return np.asarray(cut.resize((side, side), Image.Resampling.LANCZOS))


def _free_name(record: Record, ending: str, taken: set[str]) -> str:
    """label/stem.ending, numbered where that is taken (also by other case, which some disks do not tell apart)."""
    folder = f"{_safe(record.label)}/" if record.label is not None else ""
    stem, number = _safe(PurePosixPath(record.name).stem), 1
    file = f"{folder}{stem}{ending}"
    while file.casefold() in taken:
        number += 1
        file = f"{folder}{stem}-{number}{ending}"
    taken.add(file.casefold())
    return file


def _safe(text: str) -> str:
    """As a file name: nothing that leads elsewhere or that a common disk refuses."""
    return re.sub(r'[\x00-\x1f/\\:*?"<>|]|^\.+|[. ]+$', "_", text)[:120] or "_"


class _Others:
    """Thumbnails for the rules that have no number a picture: labels, copies, ground."""

    def __init__(self) -> None:
        self._small: dict[str, Pixels] = {}

    def watch(self, record: Record, pixels: Pixels) -> None:
        if record.kept or any(rule == "label" for rule, _ in record.left_out):
            self._small[record.name] = cell(pixels)

    def sheet(self, rule: str, records: Iterable[Record]) -> Pixels | None:
        cells: list[tuple[str, Pixels]] = []
        for record in records:
            if len(cells) >= 2 * EACH or rule not in [name for name, _ in record.left_out]:
                continue
            pair = [record.name, record.twin] if "duplicate" in rule else [record.name]
            cells += [(self._caption(name), self._small[name]) for name in pair if name in self._small]
        what = "left out, each beside what it repeats" if "duplicate" in rule else "left out"
        return stacked([(what, cells)]) if cells else None

    @staticmethod
    def _caption(name: str) -> str:
        return "/".join(PurePosixPath(name).parts[-2:])[-16:]


def _write_sheets(
    part: Path, nearest: Nearest, others: _Others, settings: Settings, examined: Examined
) -> dict[str, str]:
    drawn = {rule.name: nearest.sheet(rule.name) for rule in settings.rules()}
    for rule in ("label", "exact-duplicate", "near-duplicate", "ground"):
        drawn[rule] = others.sheet(rule, examined.records)
    files = {}
    for rule, sheet in drawn.items():
        if sheet is not None:
            files[rule] = f"sheets/{rule}.jpg"
            (part / "sheets").mkdir(exist_ok=True)
            _, data = cv2.imencode(".jpg", sheet[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
            _write(part / files[rule], data.tobytes())
    return files


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)


def _most(found: dict[str, Any]) -> str:
    worst = sorted(((n, rule) for rule, n in found["left_out"].items() if n), reverse=True)
    return ", ".join(f"{rule} {n}" for n, rule in worst[:3]) or "no rule was asked"


def shown(entries: Iterable[Entry], count: int) -> Iterable[Entry]:
    """Progress on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if not console.is_terminal:
        yield from entries
        return
    yield from track(entries, "examining", count, console=console)
