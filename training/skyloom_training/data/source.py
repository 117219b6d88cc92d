"""Where raw pictures lie: a folder or a zip, read one file at a time and never trusted."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

# Bytes of one file, unpacked. No photo is larger; a zip bomb is.
MAX_BYTES = 256 * 2**20
MAX_FILES = 2_000_000
LABELS_FILE = "dataset.json"


class BadFile(ValueError):
    """A file that cannot be used as a picture; the text says why."""


@dataclass(frozen=True)
class Entry:
    """A file of a source: its path with forward slashes, and why it must not be read (empty if it may)."""

    name: str
    problem: str = ""


class FolderSource:
    """Files under a folder, in the order of their names. Links to folders are not followed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = path.resolve()

    def entries(self) -> Iterator[Entry]:
        """Every file but hidden ones and the labels file of the top folder."""
        for folder, folders, files in os.walk(self.path, onerror=_refuse):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            for file in sorted(files):
                name = (Path(folder) / file).relative_to(self.path).as_posix()
                if not file.startswith(".") and name != LABELS_FILE:
                    yield Entry(name, self._problem(name))
            for link in [f for f in folders if (Path(folder) / f).is_symlink()]:
                yield Entry((Path(folder) / link).relative_to(self.path).as_posix(), "link to a folder, not followed")

    def folders(self) -> list[str]:
        """Names of all folders that could be labels, empty ones too."""
        found = [f for folder, folders, _ in os.walk(self.path) for f in folders if not f.startswith(".")]
        return [f for f in found if not os.path.islink(self.path / f)]

    def read(self, name: str) -> bytes:
        """All bytes of a file. Raises BadFile where it cannot be read or is too large."""
        try:
            with (self.path / name).open("rb") as file:
                return _at_most(file.read(MAX_BYTES + 1))
        except OSError as error:
            raise BadFile(f"cannot be read ({error.strerror or error})") from error

    def _problem(self, name: str) -> str:
        path = self.path / name
        if path.is_symlink() and not path.resolve().is_relative_to(self._root):
            return "link out of the folder"
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                return "no regular file"
        except OSError as error:
            return f"cannot be read ({error.strerror or error})"
        return ""


class ZipSource:
    """Files of a zip, in the order of their names. Nothing is unpacked to disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise ValueError(
                f"source: {path} is not a zip ({error}); expected a folder or a zip of pictures"
            ) from error
        if len(self._zip.namelist()) > MAX_FILES:
            raise ValueError(f"source: {path} holds {len(self._zip.namelist())} files; expected at most {MAX_FILES}")

    def entries(self) -> Iterator[Entry]:
        """Every file but hidden ones, macOS companions and the labels file at the top."""
        seen = set()
        for info in sorted(self._zip.infolist(), key=lambda info: info.filename):
            parts = PurePosixPath(info.filename).parts
            if info.is_dir() or info.filename == LABELS_FILE or any(p.startswith(".") and p != ".." for p in parts):
                continue
            if parts and parts[0] == "__MACOSX":
                continue
            problem = self._problem(info)
            yield Entry(info.filename, "the same name twice in the zip" if info.filename in seen else problem)
            seen.add(info.filename)

    def folders(self) -> list[str]:
        """Names of all folders that could be labels, empty ones too."""
        names = [PurePosixPath(info.filename) for info in self._zip.infolist()]
        found = {p for name in names for p in name.parts[:-1]} | {
            n.name for n in names if str(n) + "/" in self._folders()
        }
        return sorted(f for f in found if not f.startswith((".", "/", "__MACOSX")))

    def read(self, name: str) -> bytes:
        """All bytes of a file. Raises BadFile where it cannot be unpacked or is too large."""
        try:
            # Never more than MAX_BYTES in memory, whatever the table of contents says.
            with self._zip.open(name) as file:
                return _at_most(file.read(MAX_BYTES + 1))
        except BadFile:
            raise
        # Wrong checksums, encryption, unknown methods, damaged streams: many errors, one meaning.
        except Exception as error:
            raise BadFile(f"cannot be unpacked ({error})") from error

    def _folders(self) -> set[str]:
        return {info.filename for info in self._zip.infolist() if info.is_dir()}

    @staticmethod
    def _problem(info: zipfile.ZipInfo) -> str:
        path = PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in info.filename.split("/")[0]:
            return "name that leads out of the zip"
        if stat.S_ISLNK(info.external_attr >> 16):
            return "link"
        if info.file_size > MAX_BYTES:
            return f"{info.file_size} bytes when unpacked, more than {MAX_BYTES}"
        return ""


Source = FolderSource | ZipSource


def open_source(path: Path) -> Source:
    """A folder or a zip of pictures.

    Raises:
        ValueError: neither; the message names what is allowed.
    """
    if path.is_dir():
        return FolderSource(path)
    if path.is_file():
        return ZipSource(path)
    raise ValueError(f"source: {str(path)!r} does not exist; expected a folder or a zip of pictures")


def _at_most(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise BadFile(f"more than {MAX_BYTES} bytes")
    return data


def _refuse(error: OSError) -> None:
    raise ValueError(f"source: {error.filename!r} cannot be listed ({error.strerror})")
