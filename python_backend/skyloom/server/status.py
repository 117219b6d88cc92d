"""Errors as google.rpc.Status: the canonical code and details that a program can read."""

from __future__ import annotations

from google.protobuf import any_pb2, duration_pb2
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from skyloom.errors import Cancelled, InvalidInput, ModelError
from skyloom.server.failures import JobFailed, JobNotFound, QueueFull, ShuttingDown

DOMAIN = "skyloom"
# Status travels in HTTP/2 headers, which peers commonly bound to 8 KiB.
_TEXT_LIMIT = 1000


def to_status(error: Exception) -> status_pb2.Status:
    """The status of ``error``.

    Every status carries an ErrorInfo (domain ``skyloom``) with a reason: INVALID_INPUT (with a BadRequest; metadata
    ``value`` and ``allowed``), QUEUE_FULL (with a RetryInfo), MODEL, JOB_CANCELLED, JOB_NOT_FOUND, SHUTTING_DOWN,
    INTERNAL; where a job is concerned its id is in the metadata. An error not foreseen tells nothing of itself.
    """
    metadata: dict[str, str] = {}
    if isinstance(error, JobFailed):
        metadata["job_id"] = error.job_id
        error = error.cause
    message = str(error)[:_TEXT_LIMIT]
    details: list[Message] = []
    if isinstance(error, InvalidInput):
        code, reason = code_pb2.INVALID_ARGUMENT, "INVALID_INPUT"
        metadata["value"] = repr(error.value)[:120]
        metadata["allowed"] = error.allowed[:_TEXT_LIMIT]
        violation = error_details_pb2.BadRequest.FieldViolation(field=error.field, description=message)
        details.append(error_details_pb2.BadRequest(field_violations=[violation]))
    elif isinstance(error, QueueFull):
        code, reason = code_pb2.RESOURCE_EXHAUSTED, "QUEUE_FULL"
        delay = duration_pb2.Duration()
        delay.FromMilliseconds(int(error.retry_after * 1000))
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    elif isinstance(error, ModelError):
        code, reason = code_pb2.FAILED_PRECONDITION, "MODEL"
    elif isinstance(error, Cancelled):
        code, reason, message = code_pb2.CANCELLED, "JOB_CANCELLED", message or "the job was cancelled"
    elif isinstance(error, JobNotFound):
        code, reason = code_pb2.NOT_FOUND, "JOB_NOT_FOUND"
        metadata["job_id"] = error.job_id[:120]
    elif isinstance(error, ShuttingDown):
        code, reason = code_pb2.UNAVAILABLE, "SHUTTING_DOWN"
    else:
        code, reason = code_pb2.INTERNAL, "INTERNAL"
        job = metadata.get("job_id")
        message = "internal error" + (f" in job {job}" if job else "") + "; the server's log tells more"
    details.insert(0, error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata))
    return status_pb2.Status(code=code, message=message, details=[_packed(detail) for detail in details])


def _packed(message: Message) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
