"""Where pictures go: paths planned and checked before the work, files written all or none after it."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from skyloom.errors import InvalidInput
from skyloom.request import OutputSpec

FACES = ("front", "back", "left", "right", "up", "down")
EXTENSIONS = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg", ".exr": "exr", ".hdr": "hdr"}


def is_folder(output: str) -> bool:
    """Whether ``-o`` names a folder: it ends with a slash or is one."""
    return output.endswith(("/", os.sep)) or Path(output).is_dir()


def format_of(output: str, allowed: Sequence[str]) -> str | None:
    """The format that the extension of ``-o`` asks for; None for a folder.

    Raises:
        InvalidInput: an extension that is not known or not in ``allowed``, or none at all.
    """
    if is_folder(output):
        return None
    found = EXTENSIONS.get(Path(output).suffix.lower())
    if found is None or found not in allowed:
        names = ", ".join(extension for extension, name in EXTENSIONS.items() if name in allowed)
        raise InvalidInput("output", output, f"a file name that ends in {names}, or a folder with a slash at its end")
    return found


def plan(
    output: str, default_stem: str, outputs: Sequence[OutputSpec], format: str | None = None
) -> dict[tuple[int, str], Path]:
    """The path of every picture, by (index into ``outputs``, face name or "").

    One picture gets the path itself; several get its stem and ``_panorama``, ``_front``, ...; a second output of the
    same layout gets ``_panorama-2``. In a folder the stem is ``default_stem`` and the
    extension that of ``format``, else of the output's own.
    """
    folder = is_folder(output)
    base = Path(output) / default_stem if folder else Path(output).with_suffix("")
    suffix = None if folder else Path(output).suffix
    keys = [
        (index, face) for index, spec in enumerate(outputs) for face in (FACES if spec.layout == "faces" else ("",))
    ]
    paths: dict[tuple[int, str], Path] = {}
    seen: dict[str, int] = {}
    for index, face in keys:
        name = face or outputs[index].layout
        seen[name] = seen.get(name, 0) + 1
        label = name if seen[name] == 1 else f"{name}-{seen[name]}"
        tail = "" if len(keys) == 1 else f"_{label}"
        paths[index, face] = base.parent / f"{base.name}{tail}{suffix or '.' + (format or outputs[index].format)}"
    return paths


def plan_frames(
    output: str, default_stem: str, outputs: Sequence[OutputSpec], frames: int
) -> dict[tuple[int, int, str], Path]:
    """The path of every picture of a sequence, by (frame, index into ``outputs``, face name or "").

    As :func:`plan`, with the frame behind the stem: ``NAME_0000.png``, ``NAME_0000_front.png``, ...
    """
    paths: dict[tuple[int, int, str], Path] = {}
    for frame in range(frames):
        base, stem = output, f"{default_stem}_{frame:04d}"
        if not is_folder(output):
            file = Path(output)
            base = str(file.with_name(f"{file.stem}_{frame:04d}{file.suffix}"))
        for (index, face), path in plan(base, stem, outputs).items():
            paths[frame, index, face] = path
    return paths


def check_writable(paths: Sequence[Path], force: bool) -> None:
    """Refuse, before any work, what could not be written after it.

    Raises:
        InvalidInput: a path that exists (without ``force``) or is a folder, the same path twice, or a folder that
            cannot be written to or made.
    """
    taken: set[Path] = set()
    for path in paths:
        if path in taken:
            raise InvalidInput("output", str(path), "a different file for every picture")
        taken.add(path)
        if path.is_dir():
            raise InvalidInput("output", str(path), "a file name, not a folder")
        if os.path.lexists(path) and not force:
            raise InvalidInput("output", str(path), "a file that does not exist yet (--force replaces it)")
    for folder in {path.parent for path in paths}:
        existing = folder
        while not os.path.lexists(existing) and existing != existing.parent:
            existing = existing.parent
        if not existing.is_dir():
            raise InvalidInput("output", str(folder), f"a folder ({existing} is a file)")
        try:
            # Trying is the only test that counts: read-only mounts and ACLs do not show in the mode bits.
            with tempfile.TemporaryFile(dir=existing):
                pass
        except OSError as error:
            raise InvalidInput("output", str(folder), f"a folder that can be written to ({error.strerror})") from None


def write_all(files: Mapping[Path, bytes], force: bool) -> None:
    """Write every file or none: each beside its place first, then all moved; a failure undoes what was done.

    Missing folders are made. What ``force`` replaces is kept aside until all is well.

    Raises:
        InvalidInput: a file turned up in the meantime (without ``force``), or the disk refuses.
    """
    tag = secrets.token_hex(4)
    made_folders: list[Path] = []
    beside: dict[Path, Path] = {}
    kept: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for path, data in files.items():
            _make_folder(path.parent, made_folders)
            beside[path] = path.parent / f".{path.name}.{tag}.part"
            beside[path].write_bytes(data)
        for path, part in beside.items():
            if os.path.lexists(path):
                if not force:
                    raise InvalidInput("output", str(path), "a file that does not exist yet (--force replaces it)")
                aside = path.parent / f".{path.name}.{tag}.old"
                os.replace(path, aside)
                kept[path] = aside
            placed.append(path)
            os.replace(part, path)
    except BaseException as error:
        _undo(beside, kept, placed, made_folders)
        if isinstance(error, OSError):
            where = str(error.filename or "output")
            raise InvalidInput("output", where, f"a place that can be written to ({error.strerror})") from None
        raise
    for aside in kept.values():
        aside.unlink(missing_ok=True)


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir(exist_ok=True)
        made.append(parent)


def _undo(beside: Mapping[Path, Path], kept: Mapping[Path, Path], placed: list[Path], folders: list[Path]) -> None:
    for part in beside.values():
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    for path in placed:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
    for path, aside in kept.items():
        with contextlib.suppress(OSError):
            os.replace(aside, path)
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            folder.rmdir()
