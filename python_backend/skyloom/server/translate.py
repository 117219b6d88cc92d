"""Job events and server facts as messages of the contract, and conversion requests out of them."""

from __future__ import annotations

import math

from skyloom import __version__, contract
from skyloom.clouds import CLOUD_TYPES
from skyloom.errors import InvalidInput
from skyloom.imaging.codec import MAX_PIXELS
from skyloom.request import EXPOSURE_LIMIT, MAX_OUTPUTS, SIZE_LIMITS, check_output
from skyloom.server.config import ServerConfig
from skyloom.server.core import ConvertRequest, DetailSummary, JobResult, ModelSummary
from skyloom.server.jobs import CHUNK_BYTES, Chunk, Event, Progressed, Queued
from skyloom.studio import Picture
from skyloom.transition import MAX_FRAMES, MAX_TRANSITION_PIXELS
from skyloom.v1 import sky_pb2

FACE_COUNT = 6


def event_message(job_id: str, sequence: int, event: Event) -> sky_pb2.JobEvent:
    """The message of one event."""
    message = sky_pb2.JobEvent(job_id=job_id, sequence=sequence)
    if isinstance(event, Queued):
        message.queued.CopyFrom(sky_pb2.JobQueued(position=event.position))
    elif isinstance(event, Progressed):
        message.progress.CopyFrom(sky_pb2.JobProgress(stage=event.stage, detail=event.detail, fraction=event.fraction))
    elif isinstance(event, Chunk):
        chunk = message.chunk
        chunk.image, chunk.offset, chunk.last = event.picture.image, event.offset, event.last
        chunk.data = event.data
    else:
        message.summary.CopyFrom(summary_message(event.result))
    return message


def summary_message(result: JobResult) -> sky_pb2.JobSummary:
    """The summary of a finished job; a conversion has no recipe."""
    seams = result.seams
    summary = sky_pb2.JobSummary(
        images=[_image_info(picture) for picture in result.pictures],
        seams=sky_pb2.SeamReport(
            wrap_ratio=seams.wrap_ratio,
            edge_ratio=seams.edge_ratio,
            edge_mismatch=seams.edge_mismatch,
            zenith_ratio=seams.zenith_ratio,
        ),
        timings=[sky_pb2.StageTiming(stage=stage, seconds=seconds) for stage, seconds in result.timings],
    )
    if result.request is not None:
        summary.recipe.CopyFrom(
            contract.recipe_from_request(
                result.request,
                model_name=result.model_name,
                model_sha256=result.model_sha256,
                skyloom_version=__version__,
                detail_sha256=result.detail_sha256,
            )
        )
    if result.transition is not None:
        summary.transition.CopyFrom(contract.transition_to_message(result.transition))
        summary.frame_positions.extend(result.positions)
    return summary


def convert_request(message: sky_pb2.ConvertImageRequest, max_upload_bytes: int) -> ConvertRequest:
    """The checked conversion of a message; the pictures themselves are decoded, and refused, in the job.

    Raises:
        InvalidInput: names the first field that is out of range.
    """
    source = contract.source_name(message.source)
    wanted = FACE_COUNT if source == "faces" else 1
    if len(message.images) != wanted:
        raise InvalidInput("images", len(message.images), f"{wanted} for a conversion from {source}")
    size = sum(len(image) for image in message.images)
    if size > max_upload_bytes:
        raise InvalidInput("images", f"{size} bytes", f"at most {max_upload_bytes} bytes")
    if not 1 <= len(message.outputs) <= MAX_OUTPUTS:
        raise InvalidInput("outputs", len(message.outputs), f"from 1 to {MAX_OUTPUTS} outputs")
    _check_range("rotation", message.rotation_degrees, 360.0)
    _check_range("exposure", message.exposure_ev, EXPOSURE_LIMIT)
    ground = contract.ground_from_message(message.ground) if message.HasField("ground") else None
    for channel in ground.colour if ground is not None else ():
        if not 0.0 <= channel <= 1.0:
            raise InvalidInput("ground.colour", channel, "a number from 0 to 1")
    return ConvertRequest(
        images=tuple(message.images),
        source=source,
        outputs=tuple(check_output(output) for output in contract.outputs_from_messages(message.outputs)),
        rotation=message.rotation_degrees,
        exposure=message.exposure_ev,
        ground=ground,
    )


def info_message(
    models: tuple[ModelSummary, ...],
    details: tuple[DetailSummary, ...],
    thumbnails: dict[str, bytes],
    config: ServerConfig,
) -> sky_pb2.GetServerInfoResponse:
    """Everything that a client may want to know before it asks; ``thumbnails`` by cloud name, possibly none."""
    return sky_pb2.GetServerInfoResponse(
        skyloom_version=__version__,
        api_version=contract.API_VERSION,
        models=[_model_info(model) for model in models],
        detail_models=[
            sky_pb2.DetailModelInfo(
                ref=sky_pb2.ModelRef(name=detail.name, sha256=detail.sha256),
                factor=detail.factor,
                licence=detail.licence,
            )
            for detail in details
        ],
        cloud_types=[
            sky_pb2.CloudTypeInfo(
                genus=contract.genus_number(cloud.name),
                name=cloud.name,
                code=cloud.code,
                description=cloud.description,
                thumbnail_png=thumbnails.get(cloud.name, b""),
            )
            for cloud in CLOUD_TYPES
        ],
        limits=sky_pb2.Limits(
            sizes=[
                sky_pb2.SizeLimit(layout=contract.layout_number(layout), min=low, max=high)
                for layout, (low, high) in SIZE_LIMITS.items()
            ],
            max_outputs=MAX_OUTPUTS,
            max_chunk_bytes=CHUNK_BYTES,
            queue_capacity=config.queue_capacity,
            job_retention_seconds=int(config.retention_seconds),
            max_upload_bytes=config.max_upload_bytes,
            max_input_pixels=MAX_PIXELS,
            max_frames=MAX_FRAMES,
            max_transition_pixels=MAX_TRANSITION_PIXELS,
        ),
    )


def _model_info(model: ModelSummary) -> sky_pb2.ModelInfo:
    return sky_pb2.ModelInfo(
        ref=sky_pb2.ModelRef(name=model.name, sha256=model.sha256),
        dome_size=model.dome_size,
        theta_max_degrees=model.theta_max,
        clouds=[contract.genus_number(cloud) for cloud in model.clouds],
        licence=model.licence,
    )


def _image_info(picture: Picture) -> sky_pb2.ImageInfo:
    return sky_pb2.ImageInfo(
        image=picture.image,
        layout=contract.layout_number(picture.layout),
        face=picture.face,
        width=picture.width,
        height=picture.height,
        format=contract.format_number(picture.format),
        byte_size=len(picture.data),
        sha256=picture.sha256,
        output_index=picture.output_index,
        frame=picture.frame,
    )


def _check_range(field: str, value: float, bound: float) -> None:
    if not (math.isfinite(value) and -bound <= value <= bound):
        raise InvalidInput(field, value, f"a number from {-bound:g} to {bound:g}")
