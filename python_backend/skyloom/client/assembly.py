"""Puts a job's events together to a result, and refuses gaps and bytes that do not match their hash."""

from __future__ import annotations

import hashlib

from skyloom import contract
from skyloom.client.errors import CorruptResult
from skyloom.client.results import Event, Image, Progress, Queued, Received, Seams, SkyResult
from skyloom.v1 import sky_pb2


class _Part:
    """The pieces of one image, hashed as they come: the server sends the next one meanwhile."""

    def __init__(self) -> None:
        self.size = 0
        self._pieces: list[bytes] = []
        self._hash = hashlib.sha256()

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        self._pieces.append(piece)
        self._hash.update(piece)

    def whole(self) -> tuple[bytes, str]:
        return b"".join(self._pieces), self._hash.hexdigest()


class Assembly:
    """Collects the events of one job, across dropped and resumed streams.

    Attributes:
        job_id: empty until the first event.
        sequence: of the last event taken, 0 before the first.
        result: None until the summary arrived.
    """

    def __init__(self) -> None:
        self.job_id = ""
        self.sequence = 0
        self.result: SkyResult | None = None
        self._parts: dict[str, _Part] = {}

    def take(self, event: sky_pb2.JobEvent) -> Event | None:
        """Add the next event; returns it as a plain value, None for the summary.

        Raises:
            CorruptResult: an event or a piece of an image is missing, or an image does not match its hash.
        """
        if event.sequence != self.sequence + 1 or (self.job_id and event.job_id != self.job_id):
            raise self._corrupt(f"event {event.job_id}/{event.sequence} after {self.job_id}/{self.sequence}")
        self.job_id = event.job_id
        self.sequence = event.sequence
        kind = event.WhichOneof("kind")
        if kind == "queued":
            return Queued(self.job_id, event.queued.position)
        if kind == "progress":
            return Progress(self.job_id, event.progress.stage, event.progress.detail, event.progress.fraction)
        if kind == "chunk":
            return self._take_chunk(event.chunk)
        if kind == "summary":
            self.result = self._finish(event.summary)
        return None

    def _take_chunk(self, chunk: sky_pb2.ImageChunk) -> Received:
        part = self._parts.setdefault(chunk.image, _Part())
        if chunk.offset != part.size:
            raise self._corrupt(f"{chunk.image}: a piece at byte {chunk.offset} after {part.size} bytes")
        part.add(chunk.data)
        return Received(self.job_id, chunk.image, part.size, chunk.last)

    def _finish(self, summary: sky_pb2.JobSummary) -> SkyResult:
        images = tuple(self._image(info) for info in summary.images)
        recipe = summary.recipe
        request = contract.request_from_recipe(recipe) if summary.HasField("recipe") else None
        transition = None
        if request is not None and summary.HasField("transition"):
            transition = contract.transition_from_message(request, summary.transition)
        return SkyResult(
            job_id=self.job_id,
            images=images,
            request=request,
            model_name=recipe.model.name,
            model_sha256=recipe.model.sha256,
            skyloom_version=recipe.skyloom_version,
            seams=_seams(summary.seams),
            timings=tuple((timing.stage, timing.seconds) for timing in summary.timings),
            detail_sha256=recipe.detail_model.sha256,
            transition=transition,
            positions=tuple(summary.frame_positions),
        )

    def _image(self, info: sky_pb2.ImageInfo) -> Image:
        data, digest = self._parts.pop(info.image, _Part()).whole()
        if len(data) != info.byte_size or digest != info.sha256:
            raise self._corrupt(f"{info.image}: {len(data)} bytes arrived that do not match the server's hash")
        return Image(
            name=info.image,
            layout=contract.layout_name(info.layout),
            face=info.face,
            width=info.width,
            height=info.height,
            format=contract.format_name(info.format),
            data=data,
            sha256=info.sha256,
            output_index=info.output_index,
            frame=info.frame,
        )

    def _corrupt(self, message: str) -> CorruptResult:
        return CorruptResult(message, code="DATA_LOSS", job_id=self.job_id)


def _seams(report: sky_pb2.SeamReport) -> Seams:
    return Seams(
        wrap_ratio=report.wrap_ratio if report.HasField("wrap_ratio") else None,
        edge_ratio=report.edge_ratio if report.HasField("edge_ratio") else None,
        edge_mismatch=report.edge_mismatch if report.HasField("edge_mismatch") else None,
        zenith_ratio=report.zenith_ratio if report.HasField("zenith_ratio") else None,
    )
