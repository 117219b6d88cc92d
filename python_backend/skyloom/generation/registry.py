"""Which models there are: the folders of a model directory, domes and details, the defaults first."""

from __future__ import annotations

import json
from pathlib import Path

from skyloom.errors import InvalidInput, ModelError
from skyloom.generation.detail import KIND, DetailModel
from skyloom.generation.model import MANIFEST, SkyModel

BUNDLED = Path(__file__).parent / "models"


class ModelRegistry:
    """Models of one directory: each sub-folder with a manifest is a model; the first of each kind is the default.

    A directory without a detail model uses those that come with Skyloom, so that a model of one's own has detail too.

    Args:
        directory: None means the models that come with Skyloom. A single model's own folder is accepted too.

    Raises:
        ModelError: the directory holds no dome model, or a model that is damaged; nothing is skipped silently.
    """

    def __init__(self, directory: Path | None = None, threads: int = 0) -> None:
        root = BUNDLED if directory is None else directory
        single = (root / MANIFEST).is_file()
        folders = [root] if single else sorted(path.parent for path in root.glob(f"*/{MANIFEST}"))
        if not folders:
            raise ModelError(f"{root}: no model here (a model is a folder with {MANIFEST})")
        self._models: dict[str, SkyModel] = {}
        self._details: dict[str, DetailModel] = {}
        for folder in folders:
            self._open(folder, threads)
        if not self._models:
            raise ModelError(f"{root}: no model that makes domes here, only detail")
        if not self._details and directory is not None:
            for folder in sorted(path.parent for path in BUNDLED.glob(f"*/{MANIFEST}")):
                if _is_detail(folder):
                    self._open(folder, threads)

    def models(self) -> tuple[SkyModel, ...]:
        """All models, the default first."""
        return tuple(self._models.values())

    def get(self, name: str = "") -> SkyModel:
        """The model of that name; the default for an empty one.

        Raises:
            InvalidInput: no such model.
        """
        if not name:
            return next(iter(self._models.values()))
        if name not in self._models:
            raise InvalidInput("model", name, f"one of {', '.join(self._models)}")
        return self._models[name]

    def details(self) -> tuple[DetailModel, ...]:
        """All detail models, the default first; possibly none."""
        return tuple(self._details.values())

    def detail(self, name: str = "") -> DetailModel | None:
        """The detail model of that name; for an empty one the default, or None where there is none.

        Raises:
            ModelError: no detail model has that name: the recipe is from another installation.
        """
        if not name:
            return next(iter(self._details.values()), None)
        if name not in self._details:
            known = ", ".join(self._details) or "none"
            raise ModelError(f"there is no detail model {name!r} here; there is {known}")
        return self._details[name]

    def _open(self, folder: Path, threads: int) -> None:
        model: SkyModel | DetailModel
        if _is_detail(folder):
            model = DetailModel(folder, threads)
            taken = model.name in self._details
            self._details[model.name] = model
        else:
            model = SkyModel(folder, threads)
            taken = model.name in self._models
            self._models[model.name] = model
        if taken:
            raise ModelError(f"{folder}: a second model named {model.name!r}")


def _is_detail(folder: Path) -> bool:
    """Whether a manifest is of kind ``detail``; what is wrong with it otherwise is for the models to say."""
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(raw, dict) and raw.get("kind") == KIND
