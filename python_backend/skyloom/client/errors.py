"""What a call to a sky server can raise, and how a gRPC status becomes one of these."""

from __future__ import annotations

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from skyloom.errors import Cancelled, InvalidInput, ModelError, SkyloomError


class SkyServerError(SkyloomError):
    """Base of everything that a server, or the way to it, can make a call fail with.

    Attributes:
        code: the canonical gRPC code's name, e.g. ``UNAVAILABLE``.
        job_id: the job concerned, empty where there is none yet.
        reason: the server's machine-readable reason, e.g. ``SHUTTING_DOWN``; empty where the server gave none.
    """

    reason: str = ""

    def __init__(self, message: str, *, code: str = "UNKNOWN", job_id: str = "") -> None:
        # Not super(): InvalidRequest's next base is InvalidInput, which builds its own message.
        Exception.__init__(self, message)
        self.code = code
        self.job_id = job_id


class InvalidRequest(SkyServerError, InvalidInput):
    """The server refused a value (INVALID_ARGUMENT).

    Attributes:
        violations: ((field, description), ...), at least one.
    """

    def __init__(
        self, violations: tuple[tuple[str, str], ...], *, value: str = "", allowed: str = "", job_id: str = ""
    ) -> None:
        SkyServerError.__init__(self, "; ".join(text for _, text in violations), code="INVALID_ARGUMENT", job_id=job_id)
        self.violations = violations
        self.field = violations[0][0]
        self.value = value
        self.allowed = allowed


class QueueFull(SkyServerError):
    """Too many jobs wait (RESOURCE_EXHAUSTED).

    Attributes:
        retry_after: seconds after which a new try makes sense, as the server sees it.
    """

    def __init__(self, message: str, *, retry_after: float, job_id: str = "") -> None:
        super().__init__(message, code="RESOURCE_EXHAUSTED", job_id=job_id)
        self.retry_after = retry_after


class Unavailable(SkyServerError):
    """No server answers there, it is shutting down (UNAVAILABLE), or it gave up on a stalled stream (ABORTED)."""


class Unauthenticated(SkyServerError):
    """The server wants a token, or another one (UNAUTHENTICATED)."""


class DeadlineExceeded(SkyServerError):
    """The timeout passed. The job, if there is one, goes on unless it was started with ``cancel_on_disconnect``."""


class JobNotFound(SkyServerError):
    """The server does not know the job, or no longer keeps its result (NOT_FOUND)."""


class JobCancelled(SkyServerError, Cancelled):
    """The job was cancelled (CANCELLED)."""


class ServerModelError(SkyServerError, ModelError):
    """The server's model is missing, damaged or not the one asked for (FAILED_PRECONDITION)."""


class ServerFault(SkyServerError):
    """The server failed in a way that it did not foresee (INTERNAL and the like); its log tells more, by job id."""


class CorruptResult(SkyServerError):
    """What arrived is not what the server said it sent: a gap, or a hash that differs."""


def from_rpc_error(error: grpc.RpcError, job_id: str = "") -> SkyServerError:
    """The typed error of a failed call.

    Args:
        error: as raised by grpcio; its status details are read when there are any.
        job_id: used where the status does not name the job.
    """
    if not isinstance(error, grpc.Call):
        return ServerFault(str(error) or type(error).__name__, job_id=job_id)
    code = error.code().name
    message = error.details() or code
    status = _rich_status(error)
    info = error_details_pb2.ErrorInfo()
    retry = error_details_pb2.RetryInfo()
    request = error_details_pb2.BadRequest()
    for detail in status.details if status is not None else ():
        for known in (info, retry, request):
            detail.Unpack(known)
    typed = _typed(code, message, info.metadata.get("job_id", "") or job_id, info, retry, request)
    typed.reason = info.reason
    return typed


def _typed(
    code: str,
    message: str,
    job_id: str,
    info: error_details_pb2.ErrorInfo,
    retry: error_details_pb2.RetryInfo,
    request: error_details_pb2.BadRequest,
) -> SkyServerError:
    # Without details it is the transport that refused: the request is larger than the server takes.
    if code == "INVALID_ARGUMENT" or (code == "RESOURCE_EXHAUSTED" and not info.reason):
        violations = tuple((item.field, item.description) for item in request.field_violations)
        return InvalidRequest(
            violations or (("request", message),),
            value=info.metadata.get("value", ""),
            allowed=info.metadata.get("allowed", ""),
            job_id=job_id,
        )
    if code == "RESOURCE_EXHAUSTED":
        return QueueFull(message, retry_after=retry.retry_delay.ToTimedelta().total_seconds(), job_id=job_id)
    kinds: dict[str, type[SkyServerError]] = {
        "UNAVAILABLE": Unavailable,
        "ABORTED": Unavailable,
        "UNAUTHENTICATED": Unauthenticated,
        "DEADLINE_EXCEEDED": DeadlineExceeded,
        "NOT_FOUND": JobNotFound,
        "CANCELLED": JobCancelled,
        "FAILED_PRECONDITION": ServerModelError,
    }
    return kinds.get(code, ServerFault)(message, code=code, job_id=job_id)


def _rich_status(error: grpc.Call) -> status_pb2.Status | None:
    try:
        status: status_pb2.Status | None = rpc_status.from_call(error)
    except ValueError:
        # A proxy's code that contradicts the details: the code is what the call failed with.
        return None
    return status
