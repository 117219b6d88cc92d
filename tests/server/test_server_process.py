"""Server processes: ready file, signals, the parent's end, a killed client, the same bytes after a restart."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from fake_core import expected_bytes
from harness import cumulus
from processes import HERE, start_fake_server, wait_until
from skyloom import __version__
from skyloom.client import JobCancelled, SkyClient, SkyServerError, Unavailable

POSIX = os.name == "posix"


@pytest.fixture
def start(tmp_path):
    """Start fake servers; what is left of them is killed at the end, by process id."""
    processes = []

    def run(*options: str, name: str = "ready.json"):
        process, ready = start_fake_server(tmp_path / name, *options)
        processes.append(process)
        return process, ready

    yield run
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=10)


def test_ready_file_tells_where_and_is_gone_afterwards(start, tmp_path):
    process, ready = start()
    path = tmp_path / "ready.json"
    assert ready.keys() == {"addresses", "pid", "version", "token"}
    assert ready["pid"] == process.pid
    assert ready["version"] == __version__
    assert ready["token"] is None
    if POSIX:
        assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["ready.json"]
    with SkyClient(ready["addresses"]["grpc"]) as client:
        assert client.is_serving()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert not path.exists()
        assert not client.is_serving()
        with pytest.raises(Unavailable):
            client.info(timeout=5)


def test_a_server_beyond_loopback_makes_a_token_up(start):
    _, ready = start("--host", "0.0.0.0")
    assert len(ready["token"]) >= 32
    address = ready["addresses"]["grpc"]
    assert address.startswith("127.0.0.1:")
    with SkyClient(address, token=ready["token"]) as client:
        assert client.info().api_version == "skyloom.v1"
    with SkyClient(address) as client, pytest.raises(SkyServerError) as caught:
        client.info()
    assert caught.value.code == "UNAUTHENTICATED"


class _Caller(threading.Thread):
    """Generates one sky in the background and keeps what came of it."""

    def __init__(self, address: str, seed: int = 3) -> None:
        super().__init__(daemon=True)
        self.events: list = []
        self.result = None
        self.error: Exception | None = None
        self._address, self._seed = address, seed
        self.start()

    def run(self) -> None:
        try:
            with SkyClient(self._address) as client:
                self.result = client.generate(cumulus(self._seed), on_event=self.events.append)
        except Exception as error:
            self.error = error


def test_sigterm_lets_the_running_job_finish_and_refuses_the_rest(start):
    process, ready = start("--stage-seconds", "0.15", "--grace", "10")
    address = ready["addresses"]["grpc"]
    running = _Caller(address, seed=3)
    wait_until(lambda: len(running.events) >= 2)
    waiting = _Caller(address, seed=4)
    wait_until(lambda: len(waiting.events) >= 1)
    with SkyClient(address) as client:
        assert client.is_serving()
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: not client.is_serving())
        assert process.poll() is None
        with pytest.raises(Unavailable, match="shutting down"):
            client.generate(cumulus(5))
    waiting.join(5)
    assert isinstance(waiting.error, Unavailable)
    assert waiting.error.reason == "SHUTTING_DOWN"
    running.join(10)
    assert running.error is None
    assert running.result["panorama"].data == expected_bytes(3, 64, 2_500_000)
    assert process.wait(5) == 0
    assert "ended well" in process.stdout.read()


def test_sigterm_cancels_the_running_job_when_the_grace_is_over(start):
    process, ready = start("--stage-seconds", "1.0", "--grace", "0.5")
    running = _Caller(ready["addresses"]["grpc"])
    wait_until(lambda: len(running.events) >= 2)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    # The stage itself takes a second: the process did not wait for it.
    assert time.monotonic() - asked < 2.5
    running.join(5)
    assert isinstance(running.error, JobCancelled)


def test_a_second_signal_ends_at_once(start):
    process, ready = start("--stage-seconds", "0.5", "--grace", "60")
    running = _Caller(ready["addresses"]["grpc"])
    wait_until(lambda: len(running.events) >= 2)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(3) == 0


def test_the_server_ends_with_its_parent(start, tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    process, _ = start("--parent-pid", str(parent.pid))
    time.sleep(1.3)
    assert process.poll() is None
    parent.kill()
    # Not reaped yet: a zombie counts as gone.
    assert process.wait(5) == 0
    parent.wait(5)
    assert not (tmp_path / "ready.json").exists()


def test_a_parent_that_is_gone_already_is_refused(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(10)
    run = subprocess.run(
        [sys.executable, str(HERE / "fake_server.py"), str(tmp_path / "r.json"), "--parent-pid", str(gone.pid)],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert run.returncode != 0
    assert "parent_pid" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_port_is_not_shared(start, tmp_path):
    _, ready = start()
    port = ready["addresses"]["grpc"].rpartition(":")[2]
    run = subprocess.run(
        [sys.executable, str(HERE / "fake_server.py"), str(tmp_path / "second.json"), "--port", port],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert run.returncode != 0
    assert "port" in run.stderr
    assert not (tmp_path / "second.json").exists()


@pytest.mark.skipif(not POSIX, reason="SIGKILL is a POSIX signal")
def test_a_client_killed_in_mid_stream_leaves_the_server_serving(start):
    process, ready = start("--byte-count", str(48 << 20), "--stage-seconds", "0.01")
    address = ready["addresses"]["grpc"]
    victim = Path(__file__).parents[1] / "support" / "victim.py"
    with SkyClient(address) as client:
        for _ in range(3):
            killed = subprocess.Popen([sys.executable, str(victim), address], stdout=subprocess.PIPE, text=True)
            job_id = json.loads(killed.stdout.readline())["job_id"]
            os.kill(killed.pid, signal.SIGKILL)
            killed.communicate(timeout=10)
            assert killed.returncode == -signal.SIGKILL
            # The job outlives its caller, and another one can have its result.
            assert client.watch(job_id)["panorama"].data == expected_bytes(21, 64, 48 << 20)
        assert client.is_serving()
        assert client.generate(cumulus(6))["panorama"].data == expected_bytes(6, 64, 48 << 20)
    assert process.poll() is None


def test_a_restarted_server_knows_no_old_jobs_and_makes_the_same_bytes(start):
    process, ready = start("--stage-seconds", "0.01")
    with SkyClient(ready["addresses"]["grpc"]) as client:
        before = client.generate(cumulus(8))
    process.kill()
    process.wait(10)
    # The ready file of a killed server does not stand in the way of the next.
    _, ready = start("--stage-seconds", "0.01")
    with SkyClient(ready["addresses"]["grpc"]) as client:
        with pytest.raises(SkyServerError) as caught:
            client.watch(before.job_id)
        assert caught.value.code == "NOT_FOUND"
        assert client.generate(cumulus(8)).images == before.images


def test_a_server_killed_in_mid_job_is_a_typed_error(start):
    process, ready = start("--stage-seconds", "0.2")
    running = _Caller(ready["addresses"]["grpc"])
    wait_until(lambda: len(running.events) >= 2)
    process.kill()
    running.join(15)
    assert isinstance(running.error, Unavailable)
    assert running.error.job_id == running.events[0].job_id
