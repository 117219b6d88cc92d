"""The sky service without a transport: messages in, messages out, typed errors; gRPC and gRPC-Web adapt it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import replace

from skyloom import contract
from skyloom.clouds import CLOUD_NAMES
from skyloom.server import translate
from skyloom.server.config import ServerConfig
from skyloom.server.core import Core
from skyloom.server.jobs import Job
from skyloom.server.store import JobStore
from skyloom.server.threads import run_in_thread
from skyloom.transition import check_transition
from skyloom.v1 import sky_pb2


class SkyService:
    """What the six methods do, whatever carries them.

    The streams are asynchronous generators: close them (``contextlib.aclosing``) when the caller goes away, which is
    what ends a job that was to end with its caller. Errors are Skyloom's own or :mod:`skyloom.server.failures`;
    :func:`skyloom.server.status.to_status` turns them into a status.
    """

    def __init__(self, core: Core, store: JobStore, config: ServerConfig) -> None:
        self._core = core
        self._store = store
        self._config = config
        self._thumbnails: dict[str, bytes] = {}
        self._thumbnail_lock = asyncio.Lock()

    async def get_server_info(self, request: sky_pb2.GetServerInfoRequest) -> sky_pb2.GetServerInfoResponse:
        """Versions, models, cloud types, limits."""
        models = self._core.models()
        if request.include_thumbnails:
            await self._make_thumbnails()
        thumbnails = self._thumbnails if request.include_thumbnails else {}
        return translate.info_message(models, self._core.detail_models(), thumbnails, self._config)

    async def generate_sky(self, request: sky_pb2.GenerateSkyRequest) -> AsyncGenerator[sky_pb2.JobEvent, None]:
        """Queue a sky and yield its events; raises InvalidInput, ModelError, QueueFull, ShuttingDown, JobFailed."""
        sky_request = contract.request_from_recipe(request.recipe)
        self._core.check(sky_request, request.recipe.model.sha256, request.recipe.detail_model.sha256)
        job = self._store.submit("generate", lambda progress: self._core.generate(sky_request, progress))
        async with contextlib.aclosing(self._follow(job, 0, owner=request.cancel_on_disconnect)) as events:
            async for event in events:
                yield event

    async def generate_transition(
        self, request: sky_pb2.GenerateTransitionRequest
    ) -> AsyncGenerator[sky_pb2.JobEvent, None]:
        """Queue the frames between two skies and yield the job's events; errors as in :meth:`generate_sky`."""
        start, recipe = contract.request_from_recipe(request.recipe), request.recipe
        transition = check_transition(contract.transition_from_message(start, request.transition))
        self._core.check(start, recipe.model.sha256, recipe.detail_model.sha256)
        # The end's clouds are the model's to know too.
        self._core.check(replace(start, clouds=transition.to_clouds), "")
        job = self._store.submit("transition", lambda progress: self._core.transition(transition, progress))
        async with contextlib.aclosing(self._follow(job, 0, owner=request.cancel_on_disconnect)) as events:
            async for event in events:
                yield event

    async def convert_image(self, request: sky_pb2.ConvertImageRequest) -> AsyncGenerator[sky_pb2.JobEvent, None]:
        """Queue a conversion and yield its events; errors as in :meth:`generate_sky`."""
        conversion = translate.convert_request(request, self._config.max_upload_bytes)
        job = self._store.submit(
            "convert",
            lambda progress: self._core.convert(conversion, progress),
            input_bytes=sum(len(image) for image in conversion.images),
        )
        async with contextlib.aclosing(self._follow(job, 0, owner=request.cancel_on_disconnect)) as events:
            async for event in events:
                yield event

    async def watch_job(self, request: sky_pb2.WatchJobRequest) -> AsyncGenerator[sky_pb2.JobEvent, None]:
        """Yield a job's events after a sequence number; raises JobNotFound, InvalidInput, JobFailed."""
        job = self._store.get(request.job_id)
        async with contextlib.aclosing(self._follow(job, request.after_sequence, owner=False)) as events:
            async for event in events:
                yield event

    async def cancel_job(self, request: sky_pb2.CancelJobRequest) -> sky_pb2.CancelJobResponse:
        """Ask a job to stop; raises JobNotFound."""
        state = self._store.cancel(request.job_id)
        return sky_pb2.CancelJobResponse(state=contract.state_number(state.value))

    async def _follow(self, job: Job, after: int, *, owner: bool) -> AsyncGenerator[sky_pb2.JobEvent, None]:
        with self._store.watching(job):
            try:
                async with contextlib.aclosing(job.events_after(after)) as events:
                    async for sequence, event in events:
                        yield translate.event_message(job.id, sequence, event)
            finally:
                if owner and not job.finished:
                    self._store.cancel(job.id)

    async def _make_thumbnails(self) -> None:
        # One at a time and only once: eleven small skies take as long as several whole ones.
        async with self._thumbnail_lock:
            if not self._thumbnails:
                self._thumbnails = await run_in_thread(
                    lambda: {name: self._core.thumbnail(name) for name in CLOUD_NAMES}, "thumbnails"
                )
