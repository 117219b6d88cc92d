"""The core that really makes skies: studio.make_sky with the models of a folder."""

from __future__ import annotations

from pathlib import Path

from skyloom.errors import InvalidInput, ModelError
from skyloom.generation import ModelRegistry, SkyModel
from skyloom.request import Camera, OutputSpec, SkyRequest
from skyloom.server.core import ConvertRequest, JobResult, ModelSummary
from skyloom.studio import Progress, make_sky

_THUMBNAIL = OutputSpec("perspective", 160, camera=Camera(yaw=0.0, pitch=25.0, fov=80.0))
_THUMBNAIL_SEED = 7


class StudioCore:
    """See :class:`skyloom.server.core.Core`."""

    def __init__(self, registry: ModelRegistry) -> None:
        self._registry = registry

    def models(self) -> tuple[ModelSummary, ...]:
        """The usable models, the default first."""
        return tuple(
            ModelSummary(model.name, model.sha256, model.dome_size, model.theta_max, model.classes, model.licence)
            for model in self._registry.models()
        )

    def check(self, request: SkyRequest, model_sha256: str) -> None:
        """Refuse a model that is not there, is not the one asked for, or was not taught a cloud type of the mix."""
        model = self._model(request)
        for name, _ in request.clouds:
            if name not in model.classes:
                raise InvalidInput("cloud", name, f"a type that model {model.name} knows: {', '.join(model.classes)}")
        if model_sha256 and model.sha256 != model_sha256.lower():
            raise ModelError(f"the model {model.name} is {model.sha256}, not {model_sha256} as the request wants")

    def generate(self, request: SkyRequest, progress: Progress) -> JobResult:
        """Make a sky."""
        sky = make_sky(request, self._model(request), progress)
        return JobResult(sky.pictures, sky.seams, sky.timings, sky.request, sky.model_name, sky.model_sha256)

    def convert(self, request: ConvertRequest, progress: Progress) -> JobResult:
        """Convert pictures; needs no model."""
        # Only here: most servers never convert, and the converter takes its time to import.
        from skyloom.server.conversion import convert_pictures

        return convert_pictures(request, progress)

    def thumbnail(self, cloud: str) -> bytes:
        """A small perspective view of one cloud type."""
        request = SkyRequest(clouds=((cloud, 1.0),), seed=_THUMBNAIL_SEED, outputs=(_THUMBNAIL,))
        return make_sky(request, self._model(request), _no_progress).pictures[0].data

    def _model(self, request: SkyRequest) -> SkyModel:
        return self._registry.get(request.model)


def load_core(model_dir: Path | None) -> StudioCore:
    """Open the models of a folder, or those that come with Skyloom.

    Raises:
        ModelError: no model, or a damaged one.
    """
    return StudioCore(ModelRegistry(model_dir))


def _no_progress(stage: str, detail: str, fraction: float) -> None:
    pass
