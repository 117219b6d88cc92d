"""What the verbs do at the terminal: load weights, print JSON, stop with a message and an exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

Checkpoint = Annotated[Path, typer.Argument(help="A run's last.pt.")]


def loaded(path: Path) -> tuple[Any, Any, int]:
    """Generator, options and images of a checkpoint or a weights file; stops with code 2 where there is none."""
    from skyloom_training.weights import load_generator, load_weights

    try:
        state, options = load_weights(path)
        generator = load_generator(path)
    except FileNotFoundError:
        stop(f"checkpoint: {str(path)!r} does not exist; expected a run's last.pt or a weights file")
    except ValueError as error:
        stop(str(error))
    return generator, options, int(state["images"])


def print_json(result: dict[str, Any]) -> None:
    """On standard output, indented."""
    typer.echo(json.dumps(result, indent=2))


def stop(message: str, code: int = 2) -> NoReturn:
    """Say what is wrong on standard error; 2 is bad input, 1 a run that failed."""
    typer.echo(f"skyloom-train: {message}", err=True)
    raise typer.Exit(code)
