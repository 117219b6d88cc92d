"""The registry: which folder is a model, the default, and what it says of folders that are none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from skyloom.errors import InvalidInput, ModelError
from skyloom.generation import ModelRegistry

SAMPLE = Path(__file__).parents[1] / "data" / "tiny_model"


def add(root: Path, folder: str, name: str) -> Path:
    path = Path(shutil.copytree(SAMPLE, root / folder))
    manifest = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**manifest, "name": name}))
    return path


def test_first_folder_by_name_is_the_default(tmp_path: Path) -> None:
    add(tmp_path, "b", "storms")
    add(tmp_path, "a", "mild")
    (tmp_path / "notes").mkdir()
    (tmp_path / "readme.md").write_text("not a model")
    registry = ModelRegistry(tmp_path, threads=1)
    assert [model.name for model in registry.models()] == ["mild", "storms"]
    assert registry.get().name == "mild"
    assert registry.get("storms").name == "storms"


def test_a_single_models_own_folder_will_do(tmp_path: Path) -> None:
    folder = add(tmp_path, "a", "mild")
    assert [model.name for model in ModelRegistry(folder, threads=1).models()] == ["mild"]


def test_unknown_model_is_told_the_known_ones(tmp_path: Path) -> None:
    add(tmp_path, "a", "mild")
    with pytest.raises(InvalidInput, match="'wild' is not allowed; expected one of mild"):
        ModelRegistry(tmp_path, threads=1).get("wild")


def test_two_models_of_one_name(tmp_path: Path) -> None:
    add(tmp_path, "a", "mild")
    add(tmp_path, "b", "mild")
    with pytest.raises(ModelError, match="second model named 'mild'"):
        ModelRegistry(tmp_path, threads=1)


@pytest.mark.parametrize("name", ["", "nowhere", "file"])
def test_directory_without_models(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="no model here"):
        ModelRegistry(tmp_path / name)


def test_one_damaged_model_is_not_skipped(tmp_path: Path) -> None:
    add(tmp_path, "a", "mild")
    folder = add(tmp_path, "b", "storms")
    (folder / "synthesis.onnx").write_bytes(b"")
    with pytest.raises(ModelError, match=r"b/synthesis\.onnx: damaged"):
        ModelRegistry(tmp_path, threads=1)
