"""Which models there are: the folders of a model directory, the default first."""

from __future__ import annotations

from pathlib import Path

from skyloom.errors import InvalidInput, ModelError
from skyloom.generation.model import MANIFEST, SkyModel

BUNDLED = Path(__file__).parent / "models"


class ModelRegistry:
    """Models of one directory: each sub-folder with a manifest is a model; the first by name is the default.

    Args:
        directory: None means the models that come with Skyloom. A single model's own folder is accepted too.

    Raises:
        ModelError: the directory holds no model, or one that is damaged; nothing is skipped silently.
    """

    def __init__(self, directory: Path | None = None, threads: int = 0) -> None:
        root = BUNDLED if directory is None else directory
        single = (root / MANIFEST).is_file()
        folders = [root] if single else sorted(path.parent for path in root.glob(f"*/{MANIFEST}"))
        if not folders:
            raise ModelError(f"{root}: no model here (a model is a folder with {MANIFEST})")
        self._models: dict[str, SkyModel] = {}
        for folder in folders:
            model = SkyModel(folder, threads)
            if model.name in self._models:
                raise ModelError(f"{folder}: a second model named {model.name!r}")
            self._models[model.name] = model

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
