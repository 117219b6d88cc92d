"""A progress bar on stderr that shows the true stages of a job, and nothing at all where stderr is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skyloom.client import Event

_STAGES = {
    "network": "weaving the dome",
    "detail": "adding detail,",
    "decode": "reading",
    "render": "rendering",
    "encode": "encoding",
}


def stage_text(stage: str, detail: str) -> str:
    """One line for a person, e.g. ``rendering panorama``; unknown stages are shown as they are."""
    return f"{_STAGES.get(stage, stage)} {detail}".strip()


@contextmanager
def progress_bar(wanted: bool) -> Iterator[Callable[[Event], None]]:
    """Yield a callback for the events of a job; ``wanted`` false, or stderr no terminal: it does nothing."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda event: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from skyloom.client import Progress as JobProgress
    from skyloom.client import Queued, Received

    columns = (TextColumn("{task.description:<28}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def show(event: Event) -> None:
            if isinstance(event, Queued):
                bar.update(task, description=f"waiting, {event.position} before")
            elif isinstance(event, JobProgress):
                bar.update(task, description=stage_text(event.stage, event.detail), completed=event.fraction)
            elif isinstance(event, Received):
                bar.update(task, description=f"receiving {event.image}")

        yield show
