"""The package compiles as strictly as Unity's own compiler version allows, and its own tests pass on every runtime."""

from __future__ import annotations

import subprocess

import csharp_build
import pytest


@pytest.mark.parametrize("name", ["net", "mono"])
def test_core_compiles_without_a_warning(chain, profile_of, name):
    assert csharp_build.build_core(chain, profile_of(name)).is_file()


@pytest.mark.parametrize(
    ("name", "code", "diagnostic"),
    [
        ("mono", "public record Nine(int X);", "CS0518"),
        ("net", "namespace Ten; public class Eleven { }", "CS8773"),
        ("net", "/// <summary>x</summary>\npublic class A { private int _unused; }", "CS0169"),
        ("net", "public class Undocumented { }", "CS1591"),
    ],
)
def test_the_compiler_is_as_strict_as_it_is_meant_to_be(chain, profile_of, tmp_path, name, code, diagnostic):
    source = tmp_path / "Sample.cs"
    source.write_text(code)
    with pytest.raises(csharp_build.CompileError, match=diagnostic):
        csharp_build.build(chain, profile_of(name), "Sample", [source], options=csharp_build.STRICT)


# What the compiler itself uses where the references have it, and does without otherwise.
COMPILER_MADE = {
    f"System.Runtime.CompilerServices.{name}"
    for name in ("DefaultInterpolatedStringHandler", "NullableAttribute", "NullableContextAttribute")
}


@pytest.fixture(scope="module")
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


def test_core_uses_only_what_dotnet_standard_has(chain, profile_of, foreign_types):
    assert foreign_types(csharp_build.build_core(chain, profile_of("net"))) == []


def test_what_dotnet_standard_lacks_would_be_found(chain, profile_of, foreign_types, tmp_path):
    source = tmp_path / "Sample.cs"
    source.write_text("public record Nine(int X) { public System.DateOnly Day; }")
    sample = csharp_build.build(chain, profile_of("net"), "Sample", [source])
    assert foreign_types(sample) == ["System.DateOnly", "System.Runtime.CompilerServices.IsExternalInit"]


def test_own_tests(driver):
    results = driver.call("unit")
    assert len(results) >= 8
    assert {name: text for name, text in results.items() if text} == {}
