"""The package compiles as strictly as Unity's own compiler version allows, and its own tests pass on every runtime."""

from __future__ import annotations

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
