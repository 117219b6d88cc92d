"""Reads the answer of GetServerInfo into plain values."""

from __future__ import annotations

from skyloom import contract
from skyloom.client.results import CloudTypeInfo, DetailModelInfo, Limits, ModelInfo, ServerInfo
from skyloom.v1 import sky_pb2


def server_info(message: sky_pb2.GetServerInfoResponse) -> ServerInfo:
    """The plain values of ``message``; cloud types and layouts that this version does not know are left out."""
    limits = message.limits
    return ServerInfo(
        skyloom_version=message.skyloom_version,
        api_version=message.api_version,
        models=tuple(_model(model) for model in message.models),
        cloud_types=tuple(
            CloudTypeInfo(cloud.name, cloud.code, cloud.description, cloud.thumbnail_png)
            for cloud in message.cloud_types
        ),
        limits=Limits(
            sizes=tuple(
                (contract.layout_name(size.layout), size.min, size.max)
                for size in limits.sizes
                if size.layout in sky_pb2.Layout.values()
            ),
            max_outputs=limits.max_outputs,
            max_chunk_bytes=limits.max_chunk_bytes,
            queue_capacity=limits.queue_capacity,
            job_retention_seconds=limits.job_retention_seconds,
            max_upload_bytes=limits.max_upload_bytes,
            max_input_pixels=limits.max_input_pixels,
            max_frames=limits.max_frames,
            max_transition_pixels=limits.max_transition_pixels,
        ),
        detail_models=tuple(
            DetailModelInfo(detail.ref.name, detail.ref.sha256, detail.factor, detail.licence)
            for detail in message.detail_models
        ),
    )


def _model(model: sky_pb2.ModelInfo) -> ModelInfo:
    return ModelInfo(
        name=model.ref.name,
        sha256=model.ref.sha256,
        dome_size=model.dome_size,
        theta_max=model.theta_max_degrees,
        clouds=tuple(contract.genus_name(genus) for genus in model.clouds if genus in sky_pb2.CloudGenus.values()),
        licence=model.licence,
    )
