"""Compiles the driver that plays a person at the editor window."""

from __future__ import annotations

from pathlib import Path

from csharp_build import DRIVER, Profile, build, sources
from csharp_editor import build_editor
from csharp_toolchain import ROOT, ToolChain

WINDOW_DRIVER = ROOT / "tests" / "unity" / "window_driver"


def build_window_driver(chain: ToolChain, profile: Profile) -> Path:
    """The program; it shares the description of errors and the runner of unit tests with the core's driver."""
    files = [*sources(WINDOW_DRIVER), DRIVER / "Errors.cs", DRIVER / "UnitRunner.cs"]
    # It may see what is internal to the editor assembly, whose tests have this name.
    return build(chain, profile, "Skyloom.Editor.Tests", files, references=build_editor(chain, profile), program=True)
