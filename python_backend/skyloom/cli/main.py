"""The ``skyloom`` command: the verbs, the version, and the help that names the exit codes."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from skyloom import __version__
from skyloom.cli.convert import convert
from skyloom.cli.exits import HELP
from skyloom.cli.generate import generate
from skyloom.cli.info import info
from skyloom.cli.serve import serve
from skyloom.memory import keep_freed_memory

app = typer.Typer(
    name="skyloom",
    help="Skies for games, made locally: seamless panoramas and cube faces from a cloud type and a seed.",
    epilog=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"skyloom {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


app.command(epilog=HELP)(generate)
app.command(epilog=HELP)(convert)
app.command(epilog=HELP)(info)
app.command(epilog=HELP)(serve)


def main() -> None:
    """Run the command line of this process; the entry point of ``skyloom``."""
    keep_freed_memory()
    try:
        app()
    except SystemExit as ending:
        _leave_at_once_if_working(ending.code if isinstance(ending.code, int) else int(ending.code is not None))
        raise


def _leave_at_once_if_working(code: int) -> None:
    """End the process now if a stage that was cut off is still inside native code.

    Such code must not see the interpreter being taken down around it.
    """
    threads = sys.modules.get("skyloom.server.threads")
    if threads is not None and threads.threads_left():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
