"""The errors that only a server has: a full queue, an unknown job, a shutdown, a job that ended without a result."""

from __future__ import annotations

from skyloom.errors import SkyloomError


class QueueFull(SkyloomError):
    """One job too many; ``retry_after`` seconds from now a new try makes sense."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class JobNotFound(SkyloomError):
    """No such job, or its result is no longer kept."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"job {job_id!r} is not known; it never was, or its result is no longer kept")
        self.job_id = job_id


class ShuttingDown(SkyloomError):
    """The server takes no more jobs."""


class JobFailed(SkyloomError):
    """A job ended without a result; ``cause`` says why. Raised anew for each of its watchers."""

    def __init__(self, job_id: str, cause: Exception) -> None:
        super().__init__(str(cause))
        self.job_id = job_id
        self.cause = cause
