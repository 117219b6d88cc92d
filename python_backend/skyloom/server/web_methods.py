"""The methods that gRPC-Web callers can reach: each path's request type and the messages that answer it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, NamedTuple, NoReturn, TypeVar

import grpc
from google.protobuf.message import Message
from google.rpc import code_pb2
from grpc_health.v1 import health, health_pb2

from skyloom.server.service import SkyService
from skyloom.server.web_frames import Refusal
from skyloom.v1 import sky_pb2

Answers = AsyncGenerator[Message, None]
Request = TypeVar("Request")

_SKY = "/" + sky_pb2.DESCRIPTOR.services_by_name["SkyService"].full_name
_HEALTH = "/" + health.SERVICE_NAME


class Method(NamedTuple):
    """``open_to_all`` methods need no token; ``answer`` yields one message for a unary method."""

    request: type[Message]
    answer: Callable[[Any], Answers]
    open_to_all: bool = False


def methods_of(service: SkyService, servicer: health.aio.HealthServicer) -> dict[str, Method]:
    """All methods by path: the sky service's, and the health service's Check (a page can poll it)."""

    async def check(request: health_pb2.HealthCheckRequest) -> Message:
        answer: Message = await servicer.Check(request, _Aborting())
        return answer

    return {
        f"{_SKY}/GetServerInfo": Method(sky_pb2.GetServerInfoRequest, _unary(service.get_server_info)),
        f"{_SKY}/GenerateSky": Method(
            sky_pb2.GenerateSkyRequest, _stream(service.generate_sky, sky_pb2.GenerateSkyResponse)
        ),
        f"{_SKY}/ConvertImage": Method(
            sky_pb2.ConvertImageRequest, _stream(service.convert_image, sky_pb2.ConvertImageResponse)
        ),
        f"{_SKY}/GenerateTransition": Method(
            sky_pb2.GenerateTransitionRequest,
            _stream(service.generate_transition, sky_pb2.GenerateTransitionResponse),
        ),
        f"{_SKY}/WatchJob": Method(sky_pb2.WatchJobRequest, _stream(service.watch_job, sky_pb2.WatchJobResponse)),
        f"{_SKY}/CancelJob": Method(sky_pb2.CancelJobRequest, _unary(service.cancel_job)),
        f"{_HEALTH}/Check": Method(health_pb2.HealthCheckRequest, _unary(check), open_to_all=True),
    }


def _unary(function: Callable[[Request], Awaitable[Message]]) -> Callable[[Request], Answers]:
    async def answer(request: Request) -> Answers:
        yield await function(request)

    return answer


def _stream(
    function: Callable[[Request], AsyncGenerator[sky_pb2.JobEvent, None]], response: Callable[..., Message]
) -> Callable[[Request], Answers]:
    async def answer(request: Request) -> Answers:
        async with contextlib.aclosing(function(request)) as events:
            async for event in events:
                yield response(event=event)

    return answer


class _Aborting:
    """What the health servicer uses of a grpcio context."""

    async def abort(self, code: grpc.StatusCode, details: str = "") -> NoReturn:
        number = int(code.value[0])
        raise Refusal(number, details or code_pb2.Code.Name(number))
