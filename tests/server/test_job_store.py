"""The job store alone: retention by time and by bytes, back pressure, shutdown."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import threading
import weakref

import numpy as np
import pytest
from skyloom.errors import Cancelled, InvalidInput
from skyloom.imaging.seams import SeamReport
from skyloom.server.config import ServerConfig
from skyloom.server.core import JobResult
from skyloom.server.failures import JobFailed, JobNotFound, QueueFull, ShuttingDown
from skyloom.server.jobs import MAX_PROGRESS_EVENTS, JobState, Progressed
from skyloom.server.store import JobStore
from skyloom.studio import Picture

MIB = 1 << 20


def _result(byte_count: int) -> JobResult:
    data = bytes(byte_count)
    digest = hashlib.sha256(data).hexdigest()
    return JobResult((Picture("panorama", "panorama", "", 2, 1, "png", data, digest, 0),), SeamReport(), ())


def _run(test, **options):
    async def main():
        store = JobStore(ServerConfig(**options))
        store.start()
        try:
            await asyncio.wait_for(test(store), 20)
        finally:
            await store.stop()

    asyncio.run(main())


async def _finished(job):
    while not job.finished:
        await asyncio.sleep(0.005)


def test_finished_jobs_go_when_their_time_is_over():
    async def test(store):
        job = store.submit("x", lambda progress: _result(10))
        await _finished(job)
        assert store.get(job.id) is job
        await asyncio.sleep(0.5)
        with pytest.raises(JobNotFound):
            store.get(job.id)

    _run(test, retention_seconds=0.2)


def test_a_watched_job_stays_past_its_time():
    async def test(store):
        job = store.submit("x", lambda progress: _result(10))
        with store.watching(job):
            await _finished(job)
            await asyncio.sleep(0.5)
            assert store.get(job.id) is job
        with pytest.raises(JobNotFound):
            store.get(job.id)

    _run(test, retention_seconds=0.2)


def test_the_oldest_results_go_when_bytes_run_out_and_are_really_freed():
    async def test(store):
        first = store.submit("x", lambda progress: _result(MIB))
        await _finished(first)
        gone, first_id = weakref.ref(first.result), first.id
        del first
        ids = [first_id]
        for _ in range(4):
            job = store.submit("x", lambda progress: _result(MIB))
            await _finished(job)
            ids.append(job.id)
        await asyncio.sleep(0.05)
        known = []
        for job_id in ids:
            try:
                known.append(bool(store.get(job_id)))
            except JobNotFound:
                known.append(False)
        assert known == [False, False, True, True, True]
        gc.collect()
        assert gone() is None

    _run(test, retention_bytes=3 * MIB)


def test_no_job_starts_while_read_results_fill_the_memory():
    async def test(store):
        first = store.submit("x", lambda progress: _result(4 * MIB))
        with store.watching(first):
            await _finished(first)
            second = store.submit("x", lambda progress: _result(10))
            await asyncio.sleep(0.2)
            assert second.state is JobState.QUEUED
        await _finished(second)
        assert second.state is JobState.DONE

    _run(test, retention_bytes=3 * MIB)


def test_a_reader_that_breaks_off_makes_room_too():
    async def test(store):
        first = store.submit("x", lambda progress: _result(4 * MIB))
        with pytest.raises(ConnectionError), store.watching(first):  # noqa: PT012
            await _finished(first)
            second = store.submit("x", lambda progress: _result(10))
            raise ConnectionError
        await _finished(second)

    _run(test, retention_bytes=3 * MIB)


def test_waiting_uploads_are_bounded():
    async def test(store):
        gate = threading.Event()
        store.submit("x", lambda progress: (gate.wait(10), _result(1))[1])
        await asyncio.sleep(0.05)
        store.submit("x", lambda progress: _result(1), input_bytes=2 * MIB)
        with pytest.raises(QueueFull):
            store.submit("x", lambda progress: _result(1), input_bytes=2 * MIB)
        store.submit("x", lambda progress: _result(1), input_bytes=1 * MIB)
        gate.set()

    _run(test, pending_bytes=3 * MIB)


def test_a_chatty_job_does_not_grow_without_bound():
    def work(progress):
        for step in range(MAX_PROGRESS_EVENTS + 500):
            progress("render", str(step), step / 3000)
        return _result(1)

    async def test(store):
        job = store.submit("x", work)
        await _finished(job)
        assert sum(isinstance(event, Progressed) for event in job.events) == MAX_PROGRESS_EVENTS
        assert job.state is JobState.DONE

    _run(test)


def test_a_failed_job_keeps_no_frames_alive():
    class Tracked:
        pass

    references = []

    def work(progress):
        held, pixels = Tracked(), np.zeros(10)
        references.append(weakref.ref(held))
        raise InvalidInput("x", pixels.shape, "nothing")

    async def test(store):
        job = store.submit("x", work)
        await _finished(job)
        await asyncio.sleep(0.05)
        gc.collect()
        assert references[0]() is None
        for _ in range(2):
            with pytest.raises(JobFailed) as caught:
                async for _event in job.events_after(0):
                    pass
            assert isinstance(caught.value.cause, InvalidInput)
            assert caught.value.job_id == job.id

    _run(test)


def test_stop_iteration_out_of_work_ends_the_job():
    def work(progress):
        raise StopIteration

    async def test(store):
        job = store.submit("x", work)
        await _finished(job)
        assert job.state is JobState.FAILED

    _run(test)


def test_closing_ends_what_waits_and_lets_run_what_runs():
    async def test(store):
        gate = threading.Event()
        running = store.submit("x", lambda progress: (gate.wait(10), _result(1))[1])
        await asyncio.sleep(0.05)
        waiting = store.submit("x", lambda progress: _result(1))
        store.close()
        assert waiting.state is JobState.FAILED
        with pytest.raises(ShuttingDown):
            store.submit("x", lambda progress: _result(1))
        assert running.state is JobState.RUNNING
        gate.set()
        await store.drained()
        assert running.state is JobState.DONE

    _run(test)


def test_a_result_that_comes_after_the_cancellation_is_not_kept():
    async def test(store):
        gate = threading.Event()
        job = store.submit("x", lambda progress: (gate.wait(10), _result(MIB))[1])
        await asyncio.sleep(0.05)
        store.cancel_running()
        assert job.state is JobState.CANCELLED
        gate.set()
        await store.drained()
        assert job.result is None
        with pytest.raises(JobFailed) as caught:
            async for _event in job.events_after(0):
                pass
        assert isinstance(caught.value.cause, Cancelled)
        assert store._held_bytes == 0

    _run(test)
