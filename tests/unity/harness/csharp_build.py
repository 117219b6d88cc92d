"""Compiles the package and the test driver for .NET 8 and for mono, and says how to run what comes out."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from csharp_compiler import CompileError, compile_file
from csharp_toolchain import ROOT, ToolChain

__all__ = ["CompileError", "Profile", "build", "build_core", "build_driver", "profiles", "sources"]

PACKAGE = ROOT / "unity_package"
DRIVER = ROOT / "tests" / "unity" / "driver"
OUTPUT = ROOT / "build" / "csharp"
# What Unity 2022.3 to 6000.x compile with.
OPTIONS = ("-langversion:9.0", "-nologo", "-nostdlib+", "-noconfig", "-optimize+", "-deterministic+", "-warn:4")
STRICT = ("-warnaserror+", "-doc:documentation.xml")
# Assemblies that .NET Standard 2.1 spreads its types over; the compiler needs where they really are.
NET = (
    *("System.Private.CoreLib", "System.Private.Uri", "System.Runtime", "System.Collections", "System.Linq"),
    *("System.Net.Http", "System.Net.Primitives", "System.Diagnostics.Process", "System.ComponentModel.Primitives"),
    *("System.Security.Cryptography", "System.Runtime.InteropServices", "System.Threading", "System.Console"),
    *("System.Threading.Tasks", "System.Runtime.Extensions", "System.Net.WebHeaderCollection", "System.IO.FileSystem"),
    *("System.Net.Requests", "System.Memory", "System.Reflection.Metadata", "System.Collections.Immutable"),
    *("System.Net.Sockets", "Microsoft.Win32.Primitives", "System.ObjectModel", "System.Collections.Concurrent"),
    *("System.ComponentModel", "System.Reflection", "System.Threading.Thread", "System.Text.Encoding.Extensions"),
    *("System.Threading.Overlapped", "System.Diagnostics.StackTrace", "System.Runtime.Numerics", "netstandard"),
    *("System.IO.Compression", "System.Private.Xml", "System.Threading.Tasks.Parallel"),
)
MONO = ("mscorlib", "System", "System.Core", "System.Numerics", "System.Net.Http", "System.Xml")


@dataclass(frozen=True)
class Profile:
    """One runtime: ``name`` is net or mono, ``run`` what stands before a program's path."""

    name: str
    references: tuple[Path, ...]
    run: tuple[str, ...]


def profiles(chain: ToolChain) -> list[Profile]:
    """The runtimes that this machine can run; .NET always, mono where it is installed."""
    found = [Profile("net", _existing(chain.framework, NET), (str(chain.dotnet), "exec"))]
    if chain.mono is not None:
        found.append(Profile("mono", _existing(chain.mono_framework, MONO), (str(chain.mono),)))
    return found


def _existing(folder: Path, names: Iterable[str]) -> tuple[Path, ...]:
    return tuple(folder / f"{name}.dll" for name in names if (folder / f"{name}.dll").is_file())


def sources(folder: Path) -> list[Path]:
    """The C# files below a folder, sorted."""
    return sorted(folder.rglob("*.cs"))


def build(
    chain: ToolChain,
    profile: Profile,
    name: str,
    files: Sequence[Path],
    *,
    references: Sequence[Path] = (),
    program: bool = False,
    options: Sequence[str] = (),
) -> Path:
    """Compile ``files`` to NAME.dll (NAME.exe for a program on mono); what did not change is not compiled again.

    Raises:
        CompileError: errors, or warnings where ``options`` make them errors.
    """
    suffix = ".exe" if program and profile.name == "mono" else ".dll"
    arguments = [*OPTIONS, *options, "-target:" + ("exe" if program else "library")]
    arguments += [f"-r:{path}" for path in (*profile.references, *references)]
    digest = hashlib.sha256("\n".join(arguments).encode())
    for path in (*files, *references):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    folder = OUTPUT / profile.name / f"{name}-{digest.hexdigest()[:16]}"
    target = folder / (name + suffix)
    if not target.is_file():
        fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        response = fresh / "compile.rsp"
        lines = [*arguments, f"-out:{fresh / target.name}", *map(str, files)]
        response.write_text("\n".join(lines), encoding="utf-8")
        compile_file(chain, response)
        for reference in references:
            shutil.copy(reference, fresh)
        if program and profile.name == "net":
            _write_runtime_config(fresh / f"{name}.runtimeconfig.json")
        if not folder.exists():
            fresh.rename(folder)
        _forget_old(folder, name)
    # Its time is when it was last wanted: what a running test uses is not forgotten.
    os.utime(folder)
    return target


def _forget_old(folder: Path, name: str) -> None:
    """Keep a few earlier builds: drivers share a name, and a branch may be switched back to."""
    siblings = [path for path in folder.parent.glob(f"{name}-*") if path != folder]
    for path in sorted(siblings, key=lambda path: path.stat().st_mtime)[:-9]:
        shutil.rmtree(path, ignore_errors=True)


def _write_runtime_config(path: Path) -> None:
    content = {
        "runtimeOptions": {
            "tfm": "net8.0",
            "rollForward": "Major",
            "framework": {"name": "Microsoft.NETCore.App", "version": "8.0.0"},
            "configProperties": {"System.Globalization.Invariant": True},
        }
    }
    path.write_text(json.dumps(content), encoding="utf-8")


def build_core(chain: ToolChain, profile: Profile) -> Path:
    """Skyloom.Core as strictly as it can be: warnings and bad documentation are errors."""
    return build(chain, profile, "Skyloom.Core", sources(PACKAGE / "Core"), options=STRICT)


def build_driver(chain: ToolChain, profile: Profile, generated: Path) -> Path:
    """The program that the tests talk to; ``generated`` holds the messages of the test's own protos."""
    files = [*sources(DRIVER), *sources(generated)]
    return build(chain, profile, "Skyloom.Core.Tests", files, references=[build_core(chain, profile)], program=True)
