"""The package is one that Unity accepts: a .meta for every visible file, unique GUIDs, asmdefs, package.json."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path

import pytest
from skyloom import __version__

PACKAGE = Path(__file__).resolve().parents[2] / "unity_package"
GUID = re.compile(r"^guid: ([0-9a-f]{32})$", re.MULTILINE)


@pytest.fixture(scope="module")
def metas():
    path = PACKAGE / "Tools~" / "write_metas.py"
    spec = importlib.util.spec_from_file_location("write_metas", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _faults(metas, package: Path) -> list[str]:
    """Everything that is wrong with the .meta files of a package."""
    wanted = {metas.meta_of(path) for path in metas.visible(package)}
    present = set(package.rglob("*.meta"))
    faults = [f"{path.name}: missing" for path in sorted(wanted - present)]
    faults += [f"{path.name}: belongs to nothing" for path in sorted(present - wanted)]
    seen: dict[str, str] = {}
    for path in sorted(wanted & present):
        text = path.read_text(encoding="utf-8")
        found = GUID.findall(text)
        if not text.startswith("fileFormatVersion: 2\n") or len(found) != 1 or "Importer:\n" not in text:
            faults.append(f"{path.name}: malformed")
            continue
        if ("folderAsset: yes" in text) != path.with_suffix("").is_dir():
            faults.append(f"{path.name}: folder or file?")
        if found[0] in seen:
            faults.append(f"{path.name}: same GUID as {seen[found[0]]}")
        seen[found[0]] = path.name
    return faults


def test_every_visible_file_has_its_meta(metas):
    assert len(list(metas.visible(PACKAGE))) > 40
    assert _faults(metas, PACKAGE) == []


def test_faults_would_be_found(metas, tmp_path):
    package = tmp_path / "package"
    shutil.copytree(PACKAGE / "Core", package / "Core")
    shutil.copy(PACKAGE / "Core.meta", package)
    assert _faults(metas, package) == []
    (package / "Core" / "New.cs").write_text("")
    (package / "Core" / "Gone.cs.meta").write_text("")
    (package / "Hidden~").mkdir()
    (package / "Hidden~" / "Nothing.cs").write_text("")
    shutil.copy(package / "Core" / "Json.meta", package / "Core" / "Wire.meta")
    (package / "Core" / "AssemblyInfo.cs.meta").write_text("guid: 12")
    assert _faults(metas, package) == [
        "New.cs.meta: missing",
        "Gone.cs.meta: belongs to nothing",
        "AssemblyInfo.cs.meta: malformed",
        "Wire.meta: same GUID as Json.meta",
    ]


def test_package_json():
    package = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    assert package["name"] == "com.skyloom.skybox"
    assert package["unity"] == "2022.3"
    # Python's version may carry a suffix that SemVer spells otherwise.
    assert package["version"] == re.match(r"\d+\.\d+\.\d+", __version__).group()
    assert package["license"] == "Apache-2.0"
    # Git addresses are not allowed in a package's own dependencies.
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["dependencies"].values())
    for name in ("README.md", "CHANGELOG.md", "LICENSE.md"):
        assert (PACKAGE / name).is_file()


# What an assembly may refer to beside the package's own.
UNITYS = {
    "UnityEngine.TestRunner",
    "UnityEditor.TestRunner",
    "Unity.RenderPipelines.Core.Runtime",
    "Unity.RenderPipelines.HighDefinition.Runtime",
}
KEYS = {
    "name", "rootNamespace", "references", "includePlatforms", "excludePlatforms", "allowUnsafeCode",
    "overrideReferences", "precompiledReferences", "autoReferenced", "defineConstraints", "versionDefines",
    "noEngineReferences", "optionalUnityReferences",
}  # fmt: skip


@pytest.fixture(scope="module")
def asmdefs():
    """Content by name, and the folder of each under ``folder``."""
    found = {}
    for path in PACKAGE.rglob("*.asmdef"):
        content = json.loads(path.read_text(encoding="utf-8"))
        assert set(content) <= KEYS, path
        assert path.name == content["name"] + ".asmdef"
        assert content["name"] not in found
        found[content["name"]] = {**content, "folder": path.parent}
    return found


def test_asmdefs(asmdefs):
    assert set(asmdefs) == {"Skyloom.Core", "Skyloom.Editor", "Skyloom.Editor.Hdrp", "Skyloom.Editor.Tests"}
    for name, content in asmdefs.items():
        assert set(content["references"]) <= set(asmdefs) | UNITYS, name
        # Nothing beside Unity's own class library, whatever other packages bring along.
        assert content["overrideReferences"] is True
        assert content["precompiledReferences"] == (["nunit.framework.dll"] if name.endswith("Tests") else [])
        assert content["allowUnsafeCode"] is False
        if name != "Skyloom.Core":
            # Nothing of it gets into a player.
            assert content["includePlatforms"] == ["Editor"]
    core = asmdefs["Skyloom.Core"]
    assert core["noEngineReferences"] is True
    assert core["references"] == []
    assert asmdefs["Skyloom.Editor"]["references"] == ["Skyloom.Core"]
    tests = asmdefs["Skyloom.Editor.Tests"]
    assert tests["defineConstraints"] == ["UNITY_INCLUDE_TESTS"]
    assert tests["autoReferenced"] is False


def test_hdrp_is_compiled_only_where_it_is_installed(asmdefs):
    hdrp = asmdefs["Skyloom.Editor.Hdrp"]
    (define,) = hdrp["versionDefines"]
    assert define["name"] == "com.unity.render-pipelines.high-definition"
    assert hdrp["defineConstraints"] == [define["define"]]
    for path in PACKAGE.rglob("*.cs"):
        uses = "using UnityEngine.Rendering.HighDefinition;" in path.read_text(encoding="utf-8")
        assert uses == (hdrp["folder"] in path.parents), path


def test_every_source_is_in_the_namespace_of_its_assembly(metas, asmdefs):
    for path in (path for path in metas.visible(PACKAGE) if path.suffix == ".cs"):
        owner = next(one for folder in path.parents for one in asmdefs.values() if one["folder"] == folder)
        found = set(re.findall(r"^namespace ([\w.]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
        inside = {name for name in found if (name + ".").startswith(owner["rootNamespace"] + ".")}
        assert found == inside, path


def test_samples_are_there():
    package = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    for sample in package.get("samples", []):
        assert set(sample) == {"displayName", "description", "path"}
        assert (PACKAGE / sample["path"]).is_dir()


def test_no_assembly_is_shipped():
    assert [path for path in PACKAGE.rglob("*") if path.suffix in (".dll", ".so", ".dylib", ".exe")] == []


def test_every_source_says_first_what_it_is():
    for path in PACKAGE.rglob("*.cs"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("// "), path
        assert len(lines) <= 400 or path.name.endswith(".g.cs"), path
        assert "UnityEngine" not in path.read_text(encoding="utf-8") or "Core" not in path.parts, path
