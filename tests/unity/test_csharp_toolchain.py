"""The tool chain: a machine's own .NET SDK is preferred, and what cannot be installed is said clearly."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import csharp_toolchain
import pytest

posix_only = pytest.mark.skipif(os.name != "posix", reason="a shell script stands for dotnet")


def _fake_dotnet(folder: Path, sdk: str, runtime: str) -> Path:
    """A machine with one SDK and one runtime, as far as it is looked at."""
    compiler = folder / "sdk" / sdk / "Roslyn" / "bincore" / "csc.dll"
    compiler.parent.mkdir(parents=True)
    compiler.touch()
    (folder / "shared" / "Microsoft.NETCore.App" / runtime).mkdir(parents=True)
    program = folder / "dotnet"
    program.write_text(f"#!/bin/sh\necho '3.1.100 [{folder}/gone]'\necho '{sdk} [{folder}/sdk]'\n")
    program.chmod(0o755)
    return program


@posix_only
def test_an_sdk_is_used_where_there_is_one(monkeypatch, tmp_path):
    program = _fake_dotnet(tmp_path, "9.0.100-preview.2", "9.0.0-preview.2")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("SKYLOOM_IGNORE_DOTNET", raising=False)
    chain = csharp_toolchain.tool_chain()
    assert chain.dotnet == program
    assert chain.compiler[:2] == (str(program), "exec")
    assert Path(chain.compiler[2]).name == "csc.dll"
    assert chain.framework.name == "9.0.0-preview.2"


@posix_only
def test_an_sdk_that_is_too_old_is_not_used(monkeypatch, tmp_path, chain):
    _fake_dotnet(tmp_path, "6.0.400", "6.0.8")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert csharp_toolchain._sdk() is None


def test_a_failed_installation_says_what_failed(monkeypatch, tmp_path):
    monkeypatch.setattr(csharp_toolchain, "FOLDER", tmp_path / "tools")
    monkeypatch.setattr(csharp_toolchain, "PYTHON_PINS", ("skyloom-no-such-package==0",))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(csharp_toolchain.Missing, match="skyloom-no-such-package"):
        csharp_toolchain._installed()
    # The next run tries again.
    assert not (tmp_path / "tools" / "pins.txt").exists()


def test_an_installation_that_stands_is_not_touched(monkeypatch, chain):
    def refuse(command):
        raise AssertionError(f"{command} was run")

    monkeypatch.setattr(csharp_toolchain, "_run", refuse)
    assert csharp_toolchain.tool_chain() == chain
    assert chain.dotnet.exists()
    assert Path(chain.compiler[0]).exists() or chain.compiler[0] == sys.executable
