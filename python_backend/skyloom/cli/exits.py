"""Exit codes: every error that a verb can end with, turned into one code and one clear message."""

from __future__ import annotations

import functools
import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, ParamSpec

import typer

from skyloom.errors import Cancelled, InvalidInput, ModelError, SkyloomError

Params = ParamSpec("Params")

OK = 0
INTERNAL = 1
BAD_INPUT = 2
SERVER_REFUSED = 4
CANCELLED = 5
INTERRUPTED = 130

HELP = (
    "Exit codes: 0 done, 1 internal error, 2 bad input (a missing or damaged model too), "
    "4 server unreachable or refusing, 5 job cancelled, 130 interrupted by Ctrl-C."
)


def exit_code(error: BaseException) -> int:
    """The exit code that stands for ``error``."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, (InvalidInput, ModelError)):
        return BAD_INPUT
    if isinstance(error, Cancelled):
        return CANCELLED
    # Imported only here: it brings grpc along, which a verb that fails early never needed.
    from skyloom.client.errors import ServerFault, SkyServerError

    if isinstance(error, SkyServerError) and not isinstance(error, ServerFault):
        return SERVER_REFUSED
    return INTERNAL


def guarded(verb: Callable[Params, None]) -> Callable[Params, None]:
    """Wrap a verb: an error becomes a message on stderr (with ``--json`` an object on stdout too) and its exit code."""

    @functools.wraps(verb)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> None:
        try:
            verb(*args, **kwargs)
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except BrokenPipeError:
            # The reader of stdout went away (`skyloom info | head`); there is nobody left to tell.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(OK) from None
        except (Exception, KeyboardInterrupt) as error:
            raise typer.Exit(_report(error, as_json=bool(kwargs.get("as_json")))) from None

    return run


def _report(error: BaseException, as_json: bool) -> int:
    code = exit_code(error)
    message = _message(error, code)
    if os.environ.get("SKYLOOM_DEBUG"):
        traceback.print_exception(error)
    typer.echo(f"skyloom: {message}", err=True)
    if as_json:
        described: dict[str, Any] = {"message": message, "exit_code": code}
        if isinstance(error, InvalidInput):
            described["field"] = error.field
        typer.echo(json.dumps({"error": described}))
    return code


def _message(error: BaseException, code: int) -> str:
    """What happened, and where the words are those of a transport, what it means to the person at the terminal."""
    if code == INTERRUPTED:
        return "interrupted"
    if not isinstance(error, SkyloomError):
        return f"internal error: {type(error).__name__}: {error} (SKYLOOM_DEBUG=1 shows where)"
    if code == SERVER_REFUSED:
        from skyloom.client.errors import DeadlineExceeded, QueueFull, Unauthenticated, Unavailable

        if isinstance(error, DeadlineExceeded):
            return f"the seconds of --timeout ran out ({error})"
        if isinstance(error, Unavailable):
            return f"the server cannot be reached ({error})"
        if isinstance(error, Unauthenticated):
            return f"the server wants a token, by --token or SKYLOOM_TOKEN ({error})"
        if isinstance(error, QueueFull):
            return f"the server has no room; try again in {error.retry_after:g} s ({error})"
    return str(error)
