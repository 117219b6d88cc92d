"""One job: its state, its numbered events, and the watchers that read them at their own pace."""

from __future__ import annotations

import asyncio
import enum
import secrets
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from skyloom.errors import Cancelled, InvalidInput
from skyloom.server.core import JobResult
from skyloom.server.failures import JobFailed
from skyloom.studio import Picture, Progress

# Small enough that its copies stay in the allocator's heap: a MiB is mapped anew, page by page, for every one.
CHUNK_BYTES = 1 << 18
# More progress than this tells a person nothing and would let a job's events grow without bound.
MAX_PROGRESS_EVENTS = 2000
# A smaller step with the same detail is not told: the stages of a long transition's frames would use the bound up.
LEAST_PROGRESS = 0.002


class JobState(str, enum.Enum):
    """The life of a job; the values are the contract's names in lower case."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINISHED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True)
class Queued:
    """The job waits; ``position`` 0 is next."""

    position: int


@dataclass(frozen=True)
class Progressed:
    """A stage began; ``fraction`` of the whole job, 0 to 1."""

    stage: str
    detail: str
    fraction: float


@dataclass(frozen=True)
class Chunk:
    """A piece of a picture, by reference: its bytes are cut out only when a watcher comes to it."""

    picture: Picture
    offset: int

    @property
    def data(self) -> bytes:
        """The piece's bytes, at most ``CHUNK_BYTES``."""
        return self.picture.data[self.offset : self.offset + CHUNK_BYTES]

    @property
    def last(self) -> bool:
        """Whether the picture ends here."""
        return self.offset + CHUNK_BYTES >= len(self.picture.data)


@dataclass(frozen=True)
class Finished:
    """The last event of a job that went well."""

    result: JobResult


Event: TypeAlias = Queued | Progressed | Chunk | Finished
Work: TypeAlias = Callable[[Progress], JobResult]


class Job:
    """One job. Everything but the callback given to the work happens on the event loop's thread.

    Attributes:
        id: unguessable, so that knowing it is the right to watch and cancel it.
        input_bytes: what the waiting work holds in memory.
        events: in order; the event with sequence number n is ``events[n - 1]``.
        watchers: how many read the events now.
        finished_at: ``time.monotonic()`` of the end, None before.
    """

    def __init__(self, kind: str, work: Work, input_bytes: int = 0) -> None:
        self.id = secrets.token_hex(16)
        self.kind = kind
        self.input_bytes = input_bytes
        self.state = JobState.QUEUED
        self.events: list[Event] = []
        self.watchers = 0
        self.result: JobResult | None = None
        self.finished_at: float | None = None
        self._work: Work | None = work
        self._failure: Exception | None = None
        self._changed = asyncio.Event()
        self._stop = threading.Event()
        self._progress_events = 0
        self._last_progress: Progressed | None = None

    @property
    def finished(self) -> bool:
        """Whether no more events will come."""
        return self.state in FINISHED

    @property
    def byte_size(self) -> int:
        """Bytes of the finished pictures, 0 before."""
        return self.result.byte_size if self.result is not None else 0

    def set_position(self, position: int) -> None:
        """Tell the watchers how many jobs are before this one."""
        self._append(Queued(position))

    def start(self, loop: asyncio.AbstractEventLoop) -> Callable[[], JobResult]:
        """Leave the queue; returns what a worker thread is to call."""
        self.state = JobState.RUNNING
        work, self._work = self._work, None
        if work is None:
            raise RuntimeError(f"job {self.id} was started twice")

        def progress(stage: str, detail: str, fraction: float) -> None:
            if self._stop.is_set():
                raise Cancelled("the job was cancelled")
            loop.call_soon_threadsafe(self._add_progress, Progressed(stage, detail, fraction))

        return lambda: work(progress)

    def request_stop(self) -> None:
        """Cancel: at once while it waits, before its next stage while it runs, never once it has finished."""
        if self.state is JobState.QUEUED:
            self.fail(Cancelled("the job was cancelled before it began"))
        elif not self.finished:
            self.state = JobState.CANCELLING
            self._stop.set()

    def succeed(self, result: JobResult) -> None:
        """End well: the pictures' pieces and the summary become events."""
        if self.finished:
            return
        self.result = result
        self.state = JobState.DONE
        for picture in result.pictures:
            # An empty picture still has one, last piece.
            self.events.extend(Chunk(picture, at) for at in range(0, max(len(picture.data), 1), CHUNK_BYTES))
        self._end(Finished(result))

    def fail(self, error: Exception) -> None:
        """End without a result; every watcher is told why."""
        if self.finished:
            return
        # Also when the loop gives up on a job whose thread still runs: the thread is to stop at its next stage.
        self._stop.set()
        # A traceback would keep the work's arrays alive for as long as the job is kept.
        self._failure = error.with_traceback(None)
        error.__cause__ = error.__context__ = None
        self.state = JobState.CANCELLED if isinstance(error, Cancelled) else JobState.FAILED
        self._end(None)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count a watcher while the context lasts; what is watched is not thrown away."""
        self.watchers += 1
        try:
            yield
        finally:
            self.watchers -= 1

    async def events_after(self, sequence: int) -> AsyncGenerator[tuple[int, Event], None]:
        """Yield (sequence number, event), first what is past, then what comes; nothing is buffered per watcher.

        Raises:
            InvalidInput: the job has no event of that number yet.
            JobFailed: after the last event of a job that ended without a result.
        """
        if sequence > len(self.events):
            raise InvalidInput("after_sequence", sequence, f"at most {len(self.events)}, the job's last event")
        while True:
            while sequence < len(self.events):
                sequence += 1
                yield sequence, self.events[sequence - 1]
            if self.finished:
                break
            await self._changed.wait()
        if self._failure is not None:
            raise JobFailed(self.id, self._failure)

    def _add_progress(self, event: Progressed) -> None:
        last = self._last_progress
        if last is not None and last.detail == event.detail and event.fraction - last.fraction < LEAST_PROGRESS:
            return
        self._last_progress = event
        self._progress_events += 1
        if not self.finished and self._progress_events <= MAX_PROGRESS_EVENTS:
            self._append(event)

    def _append(self, event: Event) -> None:
        self.events.append(event)
        self._wake()

    def _end(self, last: Event | None) -> None:
        self._work = None
        self.input_bytes = 0
        self.finished_at = time.monotonic()
        if last is not None:
            self.events.append(last)
        self._wake()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
