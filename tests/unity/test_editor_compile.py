"""The editor assemblies compile without a warning for every version of Unity that the package is for."""

from __future__ import annotations

import csharp_build
import csharp_editor
import pytest

VERSIONS = list(csharp_editor.VERSIONS)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_assemblies_compile_without_a_warning(chain, profile_of, version):
    built = csharp_editor.build_hdrp(chain, profile_of("net"), version)
    assert [path.stem for path in built[:2]] == ["Skyloom.Editor.Hdrp", "Skyloom.Editor"]


def test_they_compile_for_mono_too(chain, profile_of):
    # Unity's own compiler sees the .NET 4.8 profile, or .NET Standard 2.1.
    assert csharp_editor.build_hdrp(chain, profile_of("mono"))[0].is_file()


def test_the_editor_uses_only_what_dotnet_standard_and_unity_have(chain, profile_of, foreign_types):
    for assembly in csharp_editor.build_hdrp(chain, profile_of("net"))[:2]:
        foreign = foreign_types(assembly)
        assert "UnityEditor.AssetDatabase" in foreign
        assert [name for name in foreign if not name.startswith(("UnityEngine.", "UnityEditor.", "Skyloom."))] == []


@pytest.mark.parametrize("version", VERSIONS[::2])
def test_the_edit_mode_tests_compile(chain, profile_of, version):
    assert csharp_editor.build_edit_mode_tests(chain, profile_of("net"), version).is_file()


@pytest.mark.parametrize(
    ("code", "diagnostic"),
    [
        ("RenderSettings.customReflection = null;", "CS0117"),
        ("AssetDatabase.FindAssets(5, null);", "CS1503"),
        ("#if !UNITY_2022_3_OR_NEWER\n#error no\n#endif\nint unused;", "CS0168"),
    ],
)
def test_the_stubs_are_no_wider_than_unity(chain, profile_of, tmp_path, code, diagnostic):
    source = tmp_path / "Sample.cs"
    head = "using UnityEditor; using UnityEngine; internal static class Sample { internal static void Run() {"
    source.write_text(f"{head}\n{code}\n}}\n}}\n")
    profile = profile_of("net")
    stubs = csharp_editor.build_stubs(chain, profile)
    options = ["-warnaserror+", "-define:UNITY_2022_3_OR_NEWER"]
    with pytest.raises(csharp_build.CompileError, match=diagnostic):
        csharp_build.build(chain, profile, "Sample", [source], references=[stubs], options=options)
