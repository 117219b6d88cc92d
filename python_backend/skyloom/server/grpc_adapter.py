"""SkyService behind grpcio: streams written with back pressure, errors turned into rich status, tokens checked."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, NoReturn, TypeVar

import grpc
from grpc_status import rpc_status

from skyloom.errors import SkyloomError
from skyloom.server.service import SkyService
from skyloom.server.status import to_status
from skyloom.v1 import sky_pb2, sky_pb2_grpc

log = logging.getLogger("skyloom.server")
# Answers "is it up?" and nothing else, so probes need no secret.
_OPEN_TO_ALL = ("/grpc.health.v1.Health/",)

Answer = TypeVar("Answer")


class GrpcSkyService(sky_pb2_grpc.SkyServiceServicer):
    """The generated servicer; ``active`` is the number of calls being answered."""

    def __init__(self, service: SkyService, stall_seconds: float) -> None:
        self._service = service
        self._stall_seconds = stall_seconds
        self.active = 0

    async def GetServerInfo(self, request: sky_pb2.GetServerInfoRequest, context: Any) -> sky_pb2.GetServerInfoResponse:
        """See sky.proto."""
        return await self._answer(self._service.get_server_info(request), context)

    async def GenerateSky(self, request: sky_pb2.GenerateSkyRequest, context: Any) -> None:  # type: ignore[override]
        """See sky.proto."""
        await self._stream(
            self._service.generate_sky(request), lambda event: sky_pb2.GenerateSkyResponse(event=event), context
        )

    async def ConvertImage(self, request: sky_pb2.ConvertImageRequest, context: Any) -> None:  # type: ignore[override]
        """See sky.proto."""
        await self._stream(
            self._service.convert_image(request), lambda event: sky_pb2.ConvertImageResponse(event=event), context
        )

    async def GenerateTransition(  # type: ignore[override]
        self, request: sky_pb2.GenerateTransitionRequest, context: Any
    ) -> None:
        """See sky.proto."""
        await self._stream(
            self._service.generate_transition(request),
            lambda event: sky_pb2.GenerateTransitionResponse(event=event),
            context,
        )

    async def WatchJob(self, request: sky_pb2.WatchJobRequest, context: Any) -> None:  # type: ignore[override]
        """See sky.proto."""
        await self._stream(
            self._service.watch_job(request), lambda event: sky_pb2.WatchJobResponse(event=event), context
        )

    async def CancelJob(self, request: sky_pb2.CancelJobRequest, context: Any) -> sky_pb2.CancelJobResponse:
        """See sky.proto."""
        return await self._answer(self._service.cancel_job(request), context)

    async def _answer(self, answer: Awaitable[Answer], context: Any) -> Answer:
        self.active += 1
        try:
            return await answer
        except Exception as error:
            await _abort(error, context)
        finally:
            self.active -= 1

    async def _stream(
        self,
        events: AsyncGenerator[sky_pb2.JobEvent, None],
        wrap: Callable[[sky_pb2.JobEvent], object],
        context: Any,
    ) -> None:
        self.active += 1
        try:
            async with contextlib.aclosing(events):
                async for event in events:
                    try:
                        # Waits for the transport's flow control: a slow reader slows this loop, not the job.
                        await asyncio.wait_for(context.write(wrap(event)), self._stall_seconds)
                    except (asyncio.TimeoutError, TimeoutError):
                        log.info("job %s: a reader took nothing for %g s", event.job_id, self._stall_seconds)
                        await context.abort(grpc.StatusCode.ABORTED, "the stream stalled; watch the job again")
        except (asyncio.CancelledError, grpc.aio.BaseError):
            raise
        except Exception as error:
            await _abort(error, context)
        finally:
            self.active -= 1


class TokenInterceptor(grpc.aio.ServerInterceptor):
    """Lets a call pass only with ``authorization: Bearer TOKEN``; the health service is open to all."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """The method's own handler, or one that refuses."""
        handler = await continuation(handler_call_details)
        if handler is None or handler_call_details.method.startswith(_OPEN_TO_ALL):
            return handler
        for key, value in handler_call_details.invocation_metadata or ():
            given = value.encode() if isinstance(value, str) else value
            if key == "authorization" and hmac.compare_digest(given, self._expected):
                return handler
        return _refusal(handler)


def _refusal(handler: grpc.RpcMethodHandler[Any, Any]) -> grpc.RpcMethodHandler[Any, Any]:
    """A handler of the same shape that answers UNAUTHENTICATED."""

    async def refuse(_: object, context: Any) -> NoReturn:
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, "a valid token is needed: authorization: Bearer TOKEN")
        raise AssertionError("abort returns by raising")

    make: Any = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }[(bool(handler.request_streaming), bool(handler.response_streaming))]
    refusal: grpc.RpcMethodHandler[Any, Any] = make(refuse, handler.request_deserializer, handler.response_serializer)
    return refusal


async def _abort(error: Exception, context: Any) -> NoReturn:
    if not isinstance(error, SkyloomError):
        log.error("a call failed", exc_info=error)
    status = rpc_status.to_status(to_status(error))
    await context.abort(status.code, status.details, status.trailing_metadata)
    raise AssertionError("abort returns by raising")
