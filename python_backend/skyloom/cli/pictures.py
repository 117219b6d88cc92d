"""Input pictures of a verb: six faces found by their names or in a folder, decoded, and their kind settled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from skyloom.cli.output import EXTENSIONS, FACES
from skyloom.errors import InvalidInput
from skyloom.imaging.codec import DecodedImage, decode
from skyloom.imaging.kind import KINDS, check_shape, guess_kind

_FACE_NAME = re.compile(rf"(?:^|.*[_\-. ])({'|'.join(FACES)})", re.IGNORECASE)


def find_inputs(inputs: Sequence[Path]) -> list[Path]:
    """The files to read: six faces are put in the order front, back, left, right, up, down by their names.

    A folder stands for the six faces in it. Six files whose names tell no face are taken in the order given.

    Raises:
        InvalidInput: a folder without exactly one file of each face.
    """
    if len(inputs) == 1 and inputs[0].is_dir():
        found = [path for path in sorted(inputs[0].iterdir()) if path.suffix.lower() in EXTENSIONS and _face(path)]
        if sorted(map(_face, found)) != sorted(FACES):
            raise InvalidInput("input", str(inputs[0]), f"a folder with one picture each of {', '.join(FACES)}")
        inputs = found
    named = {_face(path): path for path in inputs}
    if len(inputs) == 6 and set(named) == set(FACES):
        return [named[face] for face in FACES]
    return list(inputs)


def read_inputs(inputs: Sequence[Path], kind: str | None, option: str = "from-kind") -> tuple[str, list[DecodedImage]]:
    """(kind, pictures) of the input files; ``kind`` None means: tell it from the shape.

    ``option`` is the name of the option that ``kind`` came from, for messages.

    Raises:
        InvalidInput: an unreadable or damaged picture, or shapes that do not fit (see :mod:`skyloom.imaging.kind`).
    """
    paths = find_inputs(inputs)
    if len(paths) not in (1, 6):
        raise InvalidInput("input", f"{len(paths)} files", "one picture, or the six faces of a sky")
    if kind is not None and kind not in KINDS:
        raise InvalidInput(option, kind, f"one of {', '.join(KINDS)}")
    pictures = [decode(path) for path in paths]
    if kind is None:
        return guess_kind(pictures, option), pictures
    check_shape(kind, pictures, option)
    return kind, pictures


def _face(path: Path) -> str:
    match = _FACE_NAME.fullmatch(path.stem)
    return match.group(1).lower() if match else ""


def complete_kind(incomplete: str) -> list[str]:
    """Kinds of pictures for the shell."""
    return [kind for kind in KINDS if kind.startswith(incomplete.lower())]


def stem_of(inputs: Sequence[Path], kind: str) -> str:
    """Name for outputs in a folder: that of the input, without the face in the name of faces."""
    path = inputs[0]
    if path.is_dir():
        return path.resolve().name or "sky"
    face = _face(path) if kind == "faces" else ""
    return path.stem[: len(path.stem) - len(face)].rstrip("_-. ") or "sky"
