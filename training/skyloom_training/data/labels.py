"""Labels of pictures: from folders, or from a dataset.json as StyleGAN reads and writes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from skyloom_training.data.source import LABELS_FILE, BadFile, Source


@dataclass(frozen=True)
class Labels:
    """Class names in the order of their index, and the class name of each file (None: it has none).

    ``classes`` is empty for a set without labels; then no file needs one.
    """

    classes: tuple[str, ...]
    of: dict[str, str | None]


def labels_of(source: Source, names: Sequence[str], file: Path | None = None, none: bool = False) -> Labels:
    """The labels file if one is given or lies at the top of the source, else folders: a file's own folder is its label.

    Raises:
        ValueError: the labels file cannot be read or holds something else.
    """
    if none:
        return Labels((), dict.fromkeys(names))
    if file is not None:
        try:
            text = file.read_bytes()
        except OSError as error:
            raise ValueError(
                f"labels: {str(file)!r} cannot be read ({error.strerror}); expected a dataset.json"
            ) from error
        return _from_file(text, str(file), names)
    try:
        found = source.read(LABELS_FILE)
    except BadFile:
        return _from_folders(source, names)
    return _from_file(found, f"{source.path}/{LABELS_FILE}", names)


def dataset_json(files: Sequence[tuple[str, str | None]], classes: Sequence[str]) -> str:
    """``{"labels": [["a/b.png", 0], ...]}`` as StyleGAN reads it; ``classes`` beside it names the indices."""
    if not classes:
        return json.dumps({"labels": None}, indent=1)
    index = {name: i for i, name in enumerate(classes)}
    pairs = [[file, index[label]] for file, label in files if label is not None]
    return json.dumps({"labels": pairs, "classes": list(classes)}, indent=1)


def _from_folders(source: Source, names: Sequence[str]) -> Labels:
    """Class names sorted; a folder that holds no file is a class too, so that its emptiness is noticed."""
    own = {name: PurePosixPath(name).parent.name or None for name in names}
    used = {label for label in own.values() if label is not None}
    if not used:
        return Labels((), dict.fromkeys(names))
    # A folder of folders is not a class.
    outer = {part for name in names for part in PurePosixPath(name).parts[:-2]}
    empty = {folder for folder in source.folders() if folder not in used and folder not in outer}
    return Labels(tuple(sorted(used | empty)), dict(own))


def _from_file(data: bytes, where: str, names: Sequence[str]) -> Labels:
    expected = 'expected {"labels": [["path/in/source.png", 0], ...]}'
    try:
        content: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"labels: {where} is no JSON ({error}); {expected}") from error
    if not isinstance(content, dict) or "labels" not in content:
        raise ValueError(f'labels: {where} has no "labels"; {expected}')
    if content["labels"] is None:
        return Labels((), dict.fromkeys(names))
    pairs = content["labels"]
    if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
        bad = next((pair for pair in pairs if not _is_pair(pair)), pairs) if isinstance(pairs, list) else pairs
        raise ValueError(f"labels: {where} holds {str(bad)[:80]!r}; {expected}")
    count = max((index for _, index in pairs), default=-1) + 1
    classes = content.get("classes", [str(i) for i in range(count)])
    if (
        not isinstance(classes, list)
        or not all(isinstance(c, str) for c in classes)
        or len(set(classes)) != len(classes)
    ):
        raise ValueError(f'labels: {where} has "classes" {str(classes)[:80]!r}; expected different names, one an index')
    if count > len(classes):
        raise ValueError(f"labels: {where} has index {count - 1} and {len(classes)} classes; expected a name for each")
    of = {name: classes[index] for name, index in pairs}
    return Labels(tuple(classes), {name: of.get(name) for name in names})


def _is_pair(pair: Any) -> bool:
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
        return False
    return isinstance(pair[1], int) and not isinstance(pair[1], bool) and 0 <= pair[1] < 100_000
