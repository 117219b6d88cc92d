"""Compiles the editor assemblies against hand-written stubs of Unity, and the driver that runs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from csharp_build import PACKAGE, STRICT, Profile, build, build_core, sources
from csharp_toolchain import ROOT, ToolChain

STUBS = ROOT / "tests" / "unity" / "stubs"
EDITOR_DRIVER = ROOT / "tests" / "unity" / "editor_driver"
SHARED = ROOT / "tests" / "unity" / "driver" / "Errors.cs"

_2022 = (
    *("UNITY_EDITOR", "UNITY_2021_3_OR_NEWER", "UNITY_2022_1_OR_NEWER"),
    *("UNITY_2022_2_OR_NEWER", "UNITY_2022_3_OR_NEWER"),
)
_6000_0 = (*_2022, "UNITY_2023_1_OR_NEWER", "UNITY_2023_2_OR_NEWER", "UNITY_2023_3_OR_NEWER", "UNITY_6000_0_OR_NEWER")
# What each version of Unity defines, as far as the package or the stubs ask for it.
VERSIONS = {
    "2022.3": _2022,
    "6000.0": _6000_0,
    "6000.3": (*_6000_0, "UNITY_6000_1_OR_NEWER", "UNITY_6000_2_OR_NEWER", "UNITY_6000_3_OR_NEWER"),
}
OLDEST = "2022.3"


def _defines(version: str, *more: str) -> tuple[str, ...]:
    return tuple(f"-define:{name}" for name in (*VERSIONS[version], *more))


def build_stubs(chain: ToolChain, profile: Profile, version: str = OLDEST) -> Path:
    """UnityEngine and UnityEditor in one assembly, with the fakes behind them."""
    apart = (STUBS / "Hdrp", STUBS / "NUnit")
    files = [path for path in sources(STUBS) if not any(folder in path.parents for folder in apart)]
    # Fields that only a real editor would read or write; events that a fake never raises.
    options = [*_defines(version), "-nowarn:0067,0169,0414,0649"]
    return build(chain, profile, "UnityStubs", files, options=options)


def build_editor(chain: ToolChain, profile: Profile, version: str = OLDEST) -> list[Path]:
    """Skyloom.Editor and what it refers to, itself first; warnings are errors."""
    references = [build_core(chain, profile), build_stubs(chain, profile, version)]
    options = [*STRICT, *_defines(version)]
    return [
        build(chain, profile, "Skyloom.Editor", sources(PACKAGE / "Editor"), references=references, options=options),
        *references,
    ]


def build_hdrp(chain: ToolChain, profile: Profile, version: str = OLDEST) -> list[Path]:
    """Skyloom.Editor.Hdrp and what it refers to, itself first."""
    references = build_editor(chain, profile, version)
    unity = references[-1]
    stubs = build(chain, profile, "UnityHdrpStubs", sources(STUBS / "Hdrp"), references=[unity])
    references = [*references, stubs]
    options = [*STRICT, *_defines(version, "SKYLOOM_HDRP")]
    return [
        build(chain, profile, "Skyloom.Editor.Hdrp", sources(PACKAGE / "Hdrp"), references=references, options=options),
        *references,
    ]


def build_edit_mode_tests(chain: ToolChain, profile: Profile, version: str = OLDEST) -> Path:
    """The tests for a real editor; they are compiled here, never run."""
    references = build_editor(chain, profile, version)
    nunit = build(chain, profile, "NUnitStubs", sources(STUBS / "NUnit"))
    options = ["-warnaserror+", *_defines(version, "UNITY_INCLUDE_TESTS")]
    files = sources(PACKAGE / "Tests" / "Editor")
    return build(chain, profile, "Skyloom.Editor.Tests", files, references=[*references, nunit], options=options)


def build_editor_driver(chain: ToolChain, profile: Profile) -> Path:
    """The program that runs the editor's code on the fakes."""
    files: Sequence[Path] = [*sources(EDITOR_DRIVER), SHARED]
    references = build_hdrp(chain, profile)
    return build(chain, profile, "Skyloom.Editor.Tests", files, references=references, program=True)
