"""The errors that Skyloom raises on purpose; the edges turn them into exit codes and gRPC status."""

from __future__ import annotations


class SkyloomError(Exception):
    """Base of every error that Skyloom raises on purpose."""


class InvalidInput(SkyloomError, ValueError):
    """A value from outside that cannot be used: exit code 2, gRPC INVALID_ARGUMENT.

    Args:
        field: the request field, option or file that holds the value, e.g. ``"seed"``.
        value: what was given (shown by ``repr``, shortened).
        allowed: what would have been accepted, as a sentence fragment, e.g. ``"an integer from 0 to 4294967295"``.
    """

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field = field
        self.value = value
        self.allowed = allowed
        shown = repr(value)
        if len(shown) > 120:
            shown = shown[:117] + "..."
        super().__init__(f"{field}: {shown} is not allowed; expected {allowed}")


class ModelError(SkyloomError):
    """A model is missing, incomplete, damaged or not the one asked for: exit code 2, gRPC FAILED_PRECONDITION."""


class Cancelled(SkyloomError):
    """The job was cancelled or ran past its deadline between two stages."""
