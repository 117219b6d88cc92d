"""Makes a weather sequence: every frame a sky of its own, with the recipe that makes it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from skyloom.generation import DetailModel, SkyModel
from skyloom.imaging.seams import SeamReport
from skyloom.request import SkyRequest
from skyloom.studio import Picture, Progress, make_sky
from skyloom.transition import Transition, check_transition, frame_request, positions_of


@dataclass(frozen=True)
class Frames:
    """A finished transition.

    Attributes:
        transition: as it was checked. request: its start as it was made, see :class:`skyloom.studio.Sky`.
        pictures: frame by frame, each in the order of the outputs; names end in the frame, ``panorama_0007``.
        positions: of every frame, 0 (start) to 1 (end).
        seams: for each measure the largest of all frames.
        timings: ((stage, seconds of all frames), ...).
    """

    transition: Transition
    request: SkyRequest
    model_name: str
    model_sha256: str
    detail_sha256: str
    pictures: tuple[Picture, ...]
    positions: tuple[float, ...]
    seams: SeamReport
    timings: tuple[tuple[str, float], ...]


def make_transition(
    transition: Transition,
    model: SkyModel,
    progress: Progress | None = None,
    detail_model: DetailModel | None = None,
) -> Frames:
    """Make every frame; frames at the same position are made once.

    ``progress`` is called as by :func:`skyloom.studio.make_sky`, with the frame as its detail.

    Raises:
        InvalidInput: see :func:`check_transition`; also a cloud type that the model does not know.
        ModelError, Cancelled: see :func:`skyloom.studio.make_sky`.
    """
    transition = check_transition(transition)
    model.check_clouds(transition.to_clouds, "to")
    positions = positions_of(transition)
    places = list(dict.fromkeys(positions))
    skies = {}
    for done, position in enumerate(places):
        frame = f"frame {positions.index(position) + 1} of {len(positions)}"
        tell = _part_of(progress, frame, done, len(places)) if progress is not None else None
        sky = make_sky(frame_request(transition, position), model, tell, detail_model)
        # Without its dome: of all frames those would be gigabytes.
        skies[position] = (sky.pictures, sky.seams, sky.timings)
        if done == 0:
            made = sky
    return Frames(
        transition,
        made.request,
        made.model_name,
        made.model_sha256,
        made.detail_sha256,
        tuple(
            replace(picture, image=f"{picture.image}_{frame:04d}", frame=frame)
            for frame, position in enumerate(positions)
            for picture in skies[position][0]
        ),
        positions,
        _worst([seams for _, seams, _ in skies.values()]),
        _added([timings for *_, timings in skies.values()]),
    )


def _part_of(progress: Progress, frame: str, done: int, total: int) -> Progress:
    def tell(stage: str, detail: str, fraction: float) -> None:
        progress(stage, frame, (done + fraction) / total)

    return tell


def _worst(reports: Sequence[SeamReport]) -> SeamReport:
    def largest(value: Callable[[SeamReport], float | None]) -> float | None:
        return max((found for report in reports if (found := value(report)) is not None), default=None)

    return SeamReport(
        wrap_ratio=largest(lambda report: report.wrap_ratio),
        edge_ratio=largest(lambda report: report.edge_ratio),
        edge_mismatch=largest(lambda report: report.edge_mismatch),
        zenith_ratio=largest(lambda report: report.zenith_ratio),
    )


def _added(all_timings: Sequence[tuple[tuple[str, float], ...]]) -> tuple[tuple[str, float], ...]:
    total: dict[str, float] = {}
    for timings in all_timings:
        for stage, seconds in timings:
            total[stage] = total.get(stage, 0.0) + seconds
    return tuple(total.items())
