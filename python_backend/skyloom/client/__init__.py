"""The Python client of a sky server.

>>> from skyloom.client import SkyClient
>>> from skyloom.request import OutputSpec, SkyRequest
>>> with SkyClient("127.0.0.1:50051") as client:  # doctest: +SKIP
...     sky = client.generate(SkyRequest(clouds=(("cumulus", 1.0),), seed=7, outputs=(OutputSpec("panorama", 2048),)))
...     Path("sky.png").write_bytes(sky["panorama"].data)
"""

from skyloom.client.client import SkyClient
from skyloom.client.errors import (
    CorruptResult,
    DeadlineExceeded,
    InvalidRequest,
    JobCancelled,
    JobNotFound,
    QueueFull,
    ServerFault,
    ServerModelError,
    SkyServerError,
    Unauthenticated,
    Unavailable,
)
from skyloom.client.results import (
    CloudTypeInfo,
    DetailModelInfo,
    Event,
    Image,
    Limits,
    ModelInfo,
    Progress,
    Queued,
    Received,
    Seams,
    ServerInfo,
    SkyResult,
)

__all__ = [
    "CloudTypeInfo",
    "CorruptResult",
    "DeadlineExceeded",
    "DetailModelInfo",
    "Event",
    "Image",
    "InvalidRequest",
    "JobCancelled",
    "JobNotFound",
    "Limits",
    "ModelInfo",
    "Progress",
    "QueueFull",
    "Queued",
    "Received",
    "Seams",
    "ServerFault",
    "ServerInfo",
    "ServerModelError",
    "SkyClient",
    "SkyResult",
    "SkyServerError",
    "Unauthenticated",
    "Unavailable",
]
