"""Fixtures of the C# tests: the tool chain, the compiled driver on every runtime, messages to test with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
for folder in (HERE / "harness", HERE.parents[1] / "protos"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

import csharp_build  # noqa: E402
import csharp_driver  # noqa: E402
import csharp_editor  # noqa: E402
import csharp_toolchain  # noqa: E402
import window_build  # noqa: E402
import window_editor  # noqa: E402

IN_CI = bool(os.environ.get("CI"))
# What the compiler itself uses where the references have it, and does without otherwise.
COMPILER_MADE = {
    f"System.Runtime.CompilerServices.{name}"
    for name in ("DefaultInterpolatedStringHandler", "NullableAttribute", "NullableContextAttribute")
}


@pytest.fixture(scope="session")
def chain() -> csharp_toolchain.ToolChain:
    """The tool chain; skips without one, but not in CI."""
    try:
        return csharp_toolchain.tool_chain()
    except csharp_toolchain.Missing as missing:
        if IN_CI:
            raise
        pytest.skip(f"no C# tool chain: {missing}")


@pytest.fixture(scope="session")
def profile_of(chain):
    """A runtime by its name, net or mono; skips where it is not installed, but not in CI."""

    def find(name: str) -> csharp_build.Profile:
        for profile in csharp_build.profiles(chain):
            if profile.name == name:
                return profile
        if IN_CI:
            raise RuntimeError("CI tests on mono too: apt-get install mono-runtime libmono-system-net-http4.0-cil")
        pytest.skip(f"{name} is not installed here")

    return find


@pytest.fixture(scope="session")
def codec_messages(tmp_path_factory):
    """Descriptor of the test's own proto, and the folder of the C# code generated from it."""
    import generate_csharp

    descriptor = generate_csharp.read_descriptor("codec_test/v1/everything.proto", HERE / "protos")
    folder = tmp_path_factory.mktemp("generated")
    (folder / "Everything.g.cs").write_text(generate_csharp.csharp_code(descriptor), encoding="utf-8")
    return descriptor, folder


@pytest.fixture(scope="session", params=["net", "mono"])
def driver(request, chain, profile_of, codec_messages):
    """A running driver, once on .NET and once on mono."""
    profile = profile_of(request.param)
    program = csharp_build.build_driver(chain, profile, codec_messages[1])
    running = csharp_driver.Driver([*profile.run, str(program)], request.param)
    assert running.call("runtime") == request.param
    yield running
    running.close()


@pytest.fixture(scope="session", params=["net", "mono"])
def editor_command(request, chain, profile_of):
    """The command line of the make-believe editor, once on .NET and once on mono."""
    profile = profile_of(request.param)
    return [*profile.run, str(csharp_editor.build_editor_driver(chain, profile))]


@pytest.fixture(scope="session")
def _running_editor(editor_command, request):
    running = csharp_driver.Driver(editor_command, "net" if "exec" in editor_command else "mono")
    assert running.call("runtime") == running.runtime
    yield running
    running.close()


@pytest.fixture
def editor(_running_editor, tmp_path):
    """A running editor with a project of its own, which ``editor_project`` is."""
    _running_editor.call("newScene")
    _running_editor.call("project", path=str(tmp_path))
    return _running_editor


@pytest.fixture(scope="session")
def window_command(request, chain, profile_of):
    """The command line of the make-believe editor with the window: on .NET, or on the runtime that a test names."""
    profile = profile_of(getattr(request, "param", "net"))
    return [*profile.run, str(window_build.build_window_driver(chain, profile))]


@pytest.fixture
def open_window(window_command, tmp_path):
    """Opens a project's window that uses the server at an address, "" for the project's own."""
    opened = []

    def start(address: str = "", token: str = "", **more) -> window_editor.WindowEditor:
        window = window_editor.WindowEditor(window_command, tmp_path / "project", **more)
        opened.append(window)
        if address:
            window.use_server(address, token)
        window.call("open")
        return window

    yield start
    for window in opened:
        window.finish()


@pytest.fixture(scope="session")
def foreign_types(chain, profile_of):
    """Names of the types that an assembly uses and .NET Standard 2.1 does not have."""
    profile = profile_of("net")
    checker = csharp_build.build(
        chain, profile, "ApiCheck", csharp_build.sources(csharp_build.DRIVER.parent / "apicheck"), program=True
    )

    def check(assembly):
        command = [*profile.run, str(checker), str(assembly), str(chain.framework / "netstandard.dll")]
        found = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.split()
        return sorted(set(found) - COMPILER_MADE)

    return check
