"""Writes the .meta file that Unity wants beside every file of the package; run it after adding one.

GUIDs follow from the path, so that two people who add the same file get the same one. A .meta that exists is kept as it
is: its GUID is what other assets refer to, also after the file was renamed together with its .meta.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
NAME = "com.skyloom.skybox"
_PLAIN = "  externalObjects: {{}}\n  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
_SCRIPT = (
    "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n  executionOrder: 0\n"
    "  icon: {instanceID: 0}\n  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
)
# Unity's own importers of UI Toolkit files, by the ids that every project has them under.
_BUILTIN = "{{fileID: {0}, guid: 0000000000000000e000000000000000, type: 0}}"
_IMPORTERS = {".asmdef": "AssemblyDefinitionImporter", ".md": "TextScriptImporter", ".txt": "TextScriptImporter"}
_SCRIPTED = {".uxml": (13804, ""), ".uss": (12385, "  disableValidation: 0\n")}


def visible(package: Path) -> Iterator[Path]:
    """Files and folders that Unity imports: not what begins with a dot or ends in a tilde, nor what is below it."""
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        hidden = any(part.startswith(".") or part.endswith("~") or part == "__pycache__" for part in parts)
        if not hidden and path.suffix not in (".meta", ".tmp"):
            yield path


def guid(path: Path, package: Path) -> str:
    """32 lower-case hex digits."""
    return hashlib.md5(f"{NAME}/{path.relative_to(package).as_posix()}".encode(), usedforsecurity=False).hexdigest()


def meta_text(path: Path, package: Path) -> str:
    """The content of a path's .meta."""
    head = f"fileFormatVersion: 2\nguid: {guid(path, package)}\n"
    plain = _PLAIN.format()
    if path.is_dir():
        return f"{head}folderAsset: yes\nDefaultImporter:\n{plain}"
    if path.suffix == ".cs":
        return head + _SCRIPT
    if path.name == "package.json":
        return f"{head}PackageManifestImporter:\n{plain}"
    if path.suffix in _SCRIPTED:
        number, more = _SCRIPTED[path.suffix]
        script = "  internalIDToNameTable: []\n  externalObjects: {}\n  serializedVersion: 2\n  userData: \n"
        tail = f"  assetBundleName: \n  assetBundleVariant: \n  script: {_BUILTIN.format(number)}\n{more}"
        return f"{head}ScriptedImporter:\n{script}{tail}"
    return f"{head}{_IMPORTERS.get(path.suffix, 'DefaultImporter')}:\n{plain}"


def meta_of(path: Path) -> Path:
    """Where a path's .meta stands."""
    return path.with_name(path.name + ".meta")


def main() -> None:
    """Write what is missing, remove what belongs to nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path, default=PACKAGE)
    package = parser.parse_args().package
    wanted = {meta_of(path): path for path in visible(package)}
    for meta, path in wanted.items():
        if not meta.exists():
            meta.write_text(meta_text(path, package), encoding="utf-8", newline="\n")
            print(f"wrote {meta.relative_to(package)}")
    for meta in sorted(package.rglob("*.meta")):
        if meta not in wanted:
            meta.unlink()
            print(f"removed {meta.relative_to(package)}")


if __name__ == "__main__":
    main()
