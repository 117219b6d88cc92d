"""SkyClient: ask a sky server for skies, conversions and information, over gRPC."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Protocol

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from skyloom import contract
from skyloom.client.assembly import Assembly
from skyloom.client.errors import DeadlineExceeded, ServerFault, SkyServerError, Unavailable, from_rpc_error
from skyloom.client.info import server_info
from skyloom.client.results import Event, ServerInfo, SkyResult
from skyloom.request import Ground, OutputSpec, SkyRequest
from skyloom.transition import Transition, check_transition
from skyloom.v1 import sky_pb2, sky_pb2_grpc

OnEvent = Callable[[Event], None]
SERVICE = "skyloom.v1.SkyService"
# A dropped stream is taken up again this often without an event in between, waiting a little longer each time.
RESUME_DELAYS = (0.0, 0.2, 0.5, 1.0, 2.0)
_CANCEL_TIMEOUT = 2.0


class _Answer(Protocol):
    @property
    def event(self) -> sky_pb2.JobEvent: ...


class _Started(Protocol):
    @property
    def cancel_on_disconnect(self) -> bool: ...


class SkyClient:
    """A connection to one sky server; safe to share between threads, a context manager, closed by ``close()``.

    Args:
        address: ``HOST:PORT``.
        token: sent as ``authorization: Bearer TOKEN``; None where the server wants none.
        timeout: seconds that one call may take, queueing and transfer included; None waits for ever.
        connect_timeout: seconds until an unreachable host counts as :class:`Unavailable`.

    Every method raises a :class:`SkyServerError`: :class:`Unavailable`, :class:`Unauthenticated`,
    :class:`DeadlineExceeded`, :class:`ServerFault`, and those that it names. Each method's ``timeout`` replaces the
    client's.
    """

    def __init__(
        self, address: str, *, token: str | None = None, timeout: float | None = 120.0, connect_timeout: float = 10.0
    ) -> None:
        self.address = address
        self.timeout = timeout
        self._metadata = (("authorization", f"Bearer {token}"),) if token else ()
        self._channel = grpc.insecure_channel(
            address,
            options=[
                ("grpc.max_receive_message_length", 16 << 20),
                ("grpc.max_send_message_length", -1),
                ("grpc.min_reconnect_backoff_ms", int(connect_timeout * 1000)),
                ("grpc.initial_reconnect_backoff_ms", 100),
                ("grpc.max_reconnect_backoff_ms", 2000),
                # Never through a proxy: the server is this machine or a host that was named on purpose.
                ("grpc.enable_http_proxy", 0),
            ],
        )
        self._stub = sky_pb2_grpc.SkyServiceStub(self._channel)

    def __enter__(self) -> SkyClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; jobs that were started go on at the server unless they were to end with it."""
        self._channel.close()

    def generate(
        self,
        request: SkyRequest,
        *,
        model_sha256: str = "",
        detail_sha256: str = "",
        on_event: OnEvent | None = None,
        timeout: float | None = None,
        cancel_on_disconnect: bool = False,
    ) -> SkyResult:
        """Make one sky and wait for its pictures.

        A stream that drops on the way is taken up again where it stopped. ``KeyboardInterrupt``, or any exception
        from ``on_event``, cancels the job at the server and goes on to the caller.

        Args:
            request: what to make; checked here before anything is sent.
            model_sha256: the content that the model must have; empty accepts any. detail_sha256: the detail model's.
            on_event: called with each :data:`Event` as it arrives, from this thread.
            timeout: seconds for the whole job.
            cancel_on_disconnect: the job ends when this connection does, and is then not taken up again.

        Raises:
            InvalidInput: the request is wrong (:class:`InvalidRequest` where the server found it).
            QueueFull: too many jobs wait; try again after ``retry_after`` seconds.
            JobCancelled, ServerModelError, CorruptResult: see there.
        """
        message = sky_pb2.GenerateSkyRequest(
            recipe=contract.recipe_from_request(request, model_sha256=model_sha256, detail_sha256=detail_sha256),
            cancel_on_disconnect=cancel_on_disconnect,
        )
        return self._start(self._stub.GenerateSky, message, on_event, timeout)

    def generate_transition(
        self,
        transition: Transition,
        *,
        model_sha256: str = "",
        detail_sha256: str = "",
        on_event: OnEvent | None = None,
        timeout: float | None = None,
        cancel_on_disconnect: bool = False,
    ) -> SkyResult:
        """Make the frames between two skies; events and errors as in :meth:`generate`, images frame by frame.

        Args:
            transition: checked here before anything is sent.
        """
        transition = check_transition(transition)
        message = sky_pb2.GenerateTransitionRequest(
            recipe=contract.recipe_from_request(
                transition.start, model_sha256=model_sha256, detail_sha256=detail_sha256
            ),
            transition=contract.transition_to_message(transition),
            cancel_on_disconnect=cancel_on_disconnect,
        )
        return self._start(self._stub.GenerateTransition, message, on_event, timeout)

    def convert(
        self,
        images: Sequence[bytes],
        source: str,
        outputs: Sequence[OutputSpec],
        *,
        rotation: float = 0.0,
        exposure: float = 0.0,
        ground: Ground | None = None,
        on_event: OnEvent | None = None,
        timeout: float | None = None,
        cancel_on_disconnect: bool = False,
    ) -> SkyResult:
        """Convert a picture between layouts; events and errors as in :meth:`generate`, the result has no request.

        Args:
            images: one encoded picture, or six for ``faces`` in the order front, back, left, right, up, down.
            source: panorama, dome, faces, cross or photo.
            outputs: what to make of it.
            rotation: degrees about the vertical.
            exposure: stops.
            ground: replaces what is below the horizon; None keeps it.
        """
        message = sky_pb2.ConvertImageRequest(
            images=images,
            source=contract.source_number(source),
            outputs=[contract.output_to_message(output) for output in outputs],
            rotation_degrees=rotation,
            exposure_ev=exposure,
            ground=None if ground is None else contract.ground_to_message(ground),
            cancel_on_disconnect=cancel_on_disconnect,
        )
        return self._start(self._stub.ConvertImage, message, on_event, timeout)

    def watch(self, job_id: str, *, on_event: OnEvent | None = None, timeout: float | None = None) -> SkyResult:
        """Follow a job that somebody started, from its first event on, and return its result.

        Raises:
            JobNotFound: unknown, or its result is no longer kept.
        """
        assembly = Assembly()
        assembly.job_id = job_id
        return self._follow(self._watch_call(assembly), assembly, on_event, timeout, own=False, resume=True)

    def cancel(self, job_id: str, *, timeout: float | None = None) -> str:
        """Ask a job to stop; returns its state: cancelled, cancelling, done or failed.

        Raises:
            JobNotFound: unknown.
        """
        request = sky_pb2.CancelJobRequest(job_id=job_id)
        with _typed_errors(job_id):
            answer = self._stub.CancelJob(request, timeout=self._limit(timeout), metadata=self._metadata)
        return contract.state_name(answer.state)

    def info(self, *, thumbnails: bool = False, timeout: float | None = None) -> ServerInfo:
        """Versions, models, cloud types, limits; ``thumbnails`` are made on the first such call, which takes longer."""
        request = sky_pb2.GetServerInfoRequest(include_thumbnails=thumbnails)
        with _typed_errors():
            return server_info(self._stub.GetServerInfo(request, timeout=self._limit(timeout), metadata=self._metadata))

    def is_serving(self, *, timeout: float = 5.0) -> bool:
        """Whether a server answers there and takes jobs; False also when nothing answers."""
        request = health_pb2.HealthCheckRequest(service=SERVICE)
        try:
            answer = health_pb2_grpc.HealthStub(self._channel).Check(request, timeout=timeout)
        except grpc.RpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    def _limit(self, timeout: float | None) -> float | None:
        return self.timeout if timeout is None else timeout

    def _start(
        self, call: Callable[..., Iterator[_Answer]], message: _Started, on_event: OnEvent | None, timeout: float | None
    ) -> SkyResult:
        """Start a job by ``call`` of the stub and follow it; one that ends with its connection is not resumed."""
        return self._follow(
            lambda limit: call(message, timeout=limit, metadata=self._metadata),
            Assembly(),
            on_event,
            timeout,
            own=True,
            resume=not message.cancel_on_disconnect,
        )

    def _watch_call(self, assembly: Assembly) -> Callable[[float | None], Iterator[_Answer]]:
        def call(limit: float | None) -> Iterator[_Answer]:
            request = sky_pb2.WatchJobRequest(job_id=assembly.job_id, after_sequence=assembly.sequence)
            return self._stub.WatchJob(request, timeout=limit, metadata=self._metadata)

        return call

    def _follow(
        self,
        call: Callable[[float | None], Iterator[_Answer]],
        assembly: Assembly,
        on_event: OnEvent | None,
        timeout: float | None,
        *,
        own: bool,
        resume: bool,
    ) -> SkyResult:
        """Read a job's events to the summary; ``own`` jobs are cancelled when the caller's side fails."""
        limit = self._limit(timeout)
        deadline = None if limit is None else time.monotonic() + limit
        delays = iter(RESUME_DELAYS)
        try:
            while True:
                before = assembly.sequence
                try:
                    return self._read(call(_remaining(deadline, assembly.job_id)), assembly, on_event)
                except Unavailable as error:
                    if assembly.sequence > before:
                        delays = iter(RESUME_DELAYS)
                    delay = next(delays, None)
                    if not resume or not assembly.sequence or error.reason or delay is None:
                        raise
                    time.sleep(delay)
                    call = self._watch_call(assembly)
        except SkyServerError:
            raise
        except BaseException:
            if own and assembly.job_id and assembly.result is None:
                with contextlib.suppress(SkyServerError):
                    self.cancel(assembly.job_id, timeout=_CANCEL_TIMEOUT)
            raise

    def _read(self, stream: Iterator[_Answer], assembly: Assembly, on_event: OnEvent | None) -> SkyResult:
        try:
            with _typed_errors(assembly):
                for answer in stream:
                    event = assembly.take(answer.event)
                    if event is not None and on_event is not None:
                        on_event(event)
        finally:
            # Without this an abandoned stream keeps its buffers until it is collected.
            stream.cancel()  # type: ignore[attr-defined]
        if assembly.result is None:
            raise ServerFault("the stream ended without a summary", code="DATA_LOSS", job_id=assembly.job_id)
        return assembly.result


@contextlib.contextmanager
def _typed_errors(job: str | Assembly = "") -> Iterator[None]:
    try:
        yield
    except grpc.RpcError as error:
        job_id = job if isinstance(job, str) else job.job_id
        raise from_rpc_error(error, job_id) from error


def _remaining(deadline: float | None, job_id: str) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise DeadlineExceeded("the timeout passed", code="DEADLINE_EXCEEDED", job_id=job_id)
    return left
