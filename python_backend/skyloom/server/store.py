"""The job store: a bounded queue, the workers that empty it, and the finished jobs that are kept for a while."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from skyloom.errors import Cancelled, SkyloomError
from skyloom.server.config import ServerConfig
from skyloom.server.core import JobResult
from skyloom.server.failures import JobNotFound, QueueFull, ShuttingDown
from skyloom.server.jobs import Job, JobState, Work
from skyloom.server.threads import run_in_thread

log = logging.getLogger("skyloom.server")
# Failed jobs hold no pictures; this bounds how many of them are remembered.
MAX_KEPT_JOBS = 1000
_RETRY_BOUNDS = (0.2, 60.0)


class JobStore:
    """All jobs of one server. Used from the event loop's thread only; call :meth:`start` there first."""

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Job] = deque()
        self._running: set[Job] = set()
        self._held_bytes = 0
        self._typical_seconds = 1.0
        self._closed = False
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start the workers and the sweeper."""
        for number in range(self._config.workers):
            self._tasks.append(asyncio.create_task(self._worker(), name=f"worker-{number}"))
        self._tasks.append(asyncio.create_task(self._sweeper(), name="sweeper"))

    def submit(self, kind: str, work: Work, input_bytes: int = 0) -> Job:
        """Queue work.

        Raises:
            QueueFull: as many jobs wait as may, or the pictures that they hold leave no room.
            ShuttingDown: no more jobs are taken.
        """
        if self._closed:
            raise ShuttingDown("the server is shutting down")
        waiting = len(self._queue)
        if waiting >= self._config.queue_capacity:
            raise QueueFull(f"{waiting} jobs wait already", self._retry_after())
        pending = sum(job.input_bytes for job in self._queue)
        if waiting and pending + input_bytes > self._config.pending_bytes:
            raise QueueFull(f"the pictures of waiting jobs take {pending} bytes already", self._retry_after())
        job = Job(kind, work, input_bytes)
        self._jobs[job.id] = job
        self._queue.append(job)
        job.set_position(waiting)
        self._notify()
        return job

    def get(self, job_id: str) -> Job:
        """The job of that id.

        Raises:
            JobNotFound: unknown, or no longer kept.
        """
        job = self._jobs.get(job_id)
        if job is None:
            raise JobNotFound(job_id)
        return job

    def cancel(self, job_id: str) -> JobState:
        """Ask a job to stop; returns its state afterwards.

        Raises:
            JobNotFound: unknown, or no longer kept.
        """
        job = self.get(job_id)
        if job.state is JobState.QUEUED:
            self._queue.remove(job)
            job.request_stop()
            self._renumber()
        else:
            job.request_stop()
        return job.state

    @contextmanager
    def watching(self, job: Job) -> Iterator[None]:
        """Hold a job for as long as the context lasts, even past its retention time."""
        try:
            with job.watched():
                yield
        finally:
            self._evict()

    def close(self) -> None:
        """Take no more jobs; those that wait end with :class:`ShuttingDown`, those that run go on."""
        self._closed = True
        while self._queue:
            self._queue.popleft().fail(ShuttingDown("the server shut down before the job began"))

    async def drained(self) -> None:
        """Return once no job runs."""
        while self._running:
            await self._change()

    def cancel_running(self) -> None:
        """End every running job at once as cancelled; its thread stops at its next stage."""
        for job in self._running:
            job.fail(Cancelled("the server shut down"))

    async def stop(self) -> None:
        """End the workers; threads that are still at a stage are left behind."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _worker(self) -> None:
        while True:
            while not self._queue or self._crowded():
                await self._change()
            job = self._queue.popleft()
            self._running.add(job)
            call = job.start(asyncio.get_running_loop())
            self._renumber()
            try:
                await self._run(job, call)
            finally:
                self._running.discard(job)
                self._evict()
                self._notify()

    async def _run(self, job: Job, call: Callable[[], JobResult]) -> None:
        began = time.monotonic()
        try:
            result = await run_in_thread(call, f"job-{job.id}")
        except asyncio.CancelledError:
            job.fail(Cancelled("the server shut down"))
            raise
        except SkyloomError as error:
            log.info("job %s (%s) ended: %s", job.id, job.kind, error)
            job.fail(error)
        except BaseException as error:
            log.exception("job %s (%s) failed", job.id, job.kind)
            job.fail(error if isinstance(error, Exception) else RuntimeError(repr(error)))
        else:
            seconds = time.monotonic() - began
            self._typical_seconds += 0.3 * (seconds - self._typical_seconds)
            if not job.finished:
                job.succeed(result)
                self._held_bytes += job.byte_size
                log.info("job %s (%s) took %.3f s, %d bytes", job.id, job.kind, seconds, job.byte_size)

    def _retry_after(self) -> float:
        """About the time until a place in the queue is free."""
        low, high = _RETRY_BOUNDS
        return min(max(self._typical_seconds / self._config.workers, low), high)

    def _crowded(self) -> bool:
        """Whether results that are being read fill the memory; until some were read no job starts."""
        return self._held_bytes > self._config.retention_bytes and any(
            job.watchers and job.result is not None for job in self._jobs.values()
        )

    def _renumber(self) -> None:
        for position, job in enumerate(self._queue):
            job.set_position(position)

    def _evict(self) -> None:
        """Forget finished, unwatched jobs: those past their time, then the oldest while there are too many."""
        idle = sorted(
            (job for job in self._jobs.values() if job.finished and not job.watchers),
            key=lambda job: job.finished_at or 0.0,
        )
        horizon = time.monotonic() - self._config.retention_seconds
        # The newest is spared while its time lasts: its caller may be on the way back after a dropped stream.
        spared = idle[-1] if idle else None
        for job in idle:
            expired = (job.finished_at or 0.0) <= horizon
            too_much = self._held_bytes > self._config.retention_bytes or len(self._jobs) > MAX_KEPT_JOBS
            if expired or (too_much and job is not spared):
                del self._jobs[job.id]
                self._held_bytes -= job.byte_size
        self._notify()

    async def _sweeper(self) -> None:
        while True:
            await asyncio.sleep(min(max(self._config.retention_seconds / 4, 0.05), 10.0))
            self._evict()

    def _notify(self) -> None:
        wake, self._wake = self._wake, asyncio.Event()
        wake.set()

    async def _change(self) -> None:
        await self._wake.wait()
