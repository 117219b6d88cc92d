"""The core that really makes skies: studio.make_sky with the models of a folder."""

from __future__ import annotations

from pathlib import Path

from skyloom.domes import resolve_detail
from skyloom.errors import ModelError
from skyloom.generation import DetailModel, ModelRegistry, SkyModel
from skyloom.request import Camera, OutputSpec, SkyRequest
from skyloom.server.core import ConvertRequest, DetailSummary, JobResult, ModelSummary
from skyloom.studio import Progress, make_sky
from skyloom.transition import Transition

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

    def detail_models(self) -> tuple[DetailSummary, ...]:
        """The detail models, the default first."""
        return tuple(
            DetailSummary(model.name, model.sha256, model.factor, model.licence) for model in self._registry.details()
        )

    def check(self, request: SkyRequest, model_sha256: str, detail_sha256: str = "") -> None:
        """Refuse a model that is not there, is not the one asked for, or was not taught a cloud type of the mix."""
        model = self._model(request)
        model.check_clouds(request.clouds)
        if request.blend is not None:
            model.check_clouds(request.blend.clouds, "blend.clouds")
        if model_sha256 and model.sha256 != model_sha256.lower():
            raise ModelError(f"the model {model.name} is {model.sha256}, not {model_sha256} as the request wants")
        detail = self._detail(request)
        resolved = resolve_detail(request, detail, model.dome_size, model.theta_max)
        if resolved.detail == "off" or detail is None:
            return
        if detail_sha256 and detail.sha256 != detail_sha256.lower():
            raise ModelError(
                f"the detail model {detail.name} is {detail.sha256}, not {detail_sha256} as the request wants"
            )

    def generate(self, request: SkyRequest, progress: Progress) -> JobResult:
        """Make a sky."""
        sky = make_sky(request, self._model(request), progress, self._detail(request))
        return JobResult(
            sky.pictures, sky.seams, sky.timings, sky.request, sky.model_name, sky.model_sha256, sky.detail_sha256
        )

    def transition(self, transition: Transition, progress: Progress) -> JobResult:
        """Make the frames of a transition."""
        from skyloom.frames import make_transition

        start = transition.start
        made = make_transition(transition, self._model(start), progress, self._detail(start))
        return JobResult(
            made.pictures,
            made.seams,
            made.timings,
            made.request,
            made.model_name,
            made.model_sha256,
            made.detail_sha256,
            made.transition,
            made.positions,
        )

    def convert(self, request: ConvertRequest, progress: Progress) -> JobResult:
        """Convert pictures; needs no model."""
        # Only here: most servers never convert, and the converter takes its time to import.
        from skyloom.server.conversion import convert_pictures

        return convert_pictures(request, progress)

    def thumbnail(self, cloud: str) -> bytes:
        """A small perspective view of one cloud type."""
        request = SkyRequest(clouds=((cloud, 1.0),), seed=_THUMBNAIL_SEED, outputs=(_THUMBNAIL,), detail="off")
        return make_sky(request, self._model(request), _no_progress).pictures[0].data

    def _model(self, request: SkyRequest) -> SkyModel:
        return self._registry.get(request.model)

    def _detail(self, request: SkyRequest) -> DetailModel | None:
        return None if request.detail == "off" else self._registry.detail(request.detail_model)


def load_core(model_dir: Path | None) -> StudioCore:
    """Open the models of a folder, or those that come with Skyloom.

    Raises:
        ModelError: no model, or a damaged one.
    """
    return StudioCore(ModelRegistry(model_dir))


def _no_progress(stage: str, detail: str, fraction: float) -> None:
    pass
