"""Server processes with both listeners: ready file, signals, ports, and what a server without gRPC-Web saves."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from fake_core import expected_bytes
from grpc_web import HEALTH, ask, connect, events_of, frame, image_of, read_frame, start, web_server
from harness import cumulus, sky_message
from processes import HERE, start_fake_server, wait_until
from skyloom.cli.main import app
from skyloom.client import SkyClient
from skyloom.errors import InvalidInput
from skyloom.server.web_server import bind_sockets
from typer.testing import CliRunner

EMPTY = frame(b"")
TINY = HERE.parent / "data" / "tiny_model"


@pytest.fixture
def run(tmp_path):
    """Start fake servers with gRPC-Web; what is left of them is killed at the end, by process id."""
    processes = []

    def begin(*options: str):
        process, ready = start_fake_server(tmp_path / "ready.json", "--web-port", "0", *options)
        processes.append(process)
        return process, ready

    yield begin
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=10)


def _sky(seed: int = 0, **options) -> bytes:
    return frame(sky_message(seed, **options).SerializeToString())


def test_the_ready_file_names_both_and_both_end_together(run, tmp_path):
    process, ready = run("--stage-seconds", "0.1")
    assert ready["addresses"].keys() == {"grpc", "grpc_web"}
    web = ready["addresses"]["grpc_web"]
    assert urlsplit(web).hostname == "127.0.0.1"
    assert f"127.0.0.1:{urlsplit(web).port}" != ready["addresses"]["grpc"]
    assert image_of(events_of(ask(web, "GenerateSky", _sky(5)))) == expected_bytes(5, 64, 2_500_000)

    stream = connect(web)
    start(stream, "GenerateSky", _sky(6))
    response = stream.getresponse()
    read_frame(response)
    idle = connect(web)
    assert ask(web, HEALTH + "Check", EMPTY, connection=idle).messages[0][1] == 1
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    wait_until(lambda: ask(web, HEALTH + "Check", EMPTY, connection=idle).messages[0][1] == 2, 2)
    # Found no more, but the running job is still answered, over gRPC-Web as over gRPC.
    assert not (tmp_path / "ready.json").exists()
    assert process.poll() is None
    assert ask(web, "GenerateSky", _sky(7)).code == 14
    assert b"grpc-status: 0\r\n" in response.read()[-40:]
    assert process.wait(5) == 0
    output = process.stdout.read()
    assert "ended well" in output
    assert "Traceback" not in output
    assert "CTRL" not in output
    with pytest.raises(ConnectionError):
        connect(web).connect()


def test_an_idle_server_ends_at_once_with_connections_open(run):
    process, ready = run("--grace", "60")
    web = ready["addresses"]["grpc_web"]
    used, unused = connect(web), connect(web)
    ask(web, "GetServerInfo", EMPTY, connection=used)
    unused.connect()
    process.send_signal(signal.SIGTERM)
    # Far less than the grace that a working one has, and enough for a busy machine.
    assert process.wait(20) == 0
    assert used.sock.recv(1) == b""


def test_a_second_signal_ends_at_once(run):
    process, ready = run("--stage-seconds", "0.5", "--grace", "60")
    stream = connect(ready["addresses"]["grpc_web"])
    start(stream, "GenerateSky", _sky(6))
    response = stream.getresponse()
    read_frame(response)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(3) == 0
    assert "Traceback" not in process.stdout.read()


def test_a_killed_server_is_a_cut_stream(run):
    process, ready = run("--stage-seconds", "0.3")
    stream = connect(ready["addresses"]["grpc_web"], timeout=5)
    start(stream, "GenerateSky", _sky(6))
    response = stream.getresponse()
    read_frame(response)
    process.kill()
    # A body in chunks has an end of its own, so that a cut one is not taken for a whole one.
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        response.read()


@pytest.mark.parametrize("which", ["port", "web_port"])
def test_a_port_is_not_shared(which):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InvalidInput) as caught, web_server(**{which: port}):
            pass
        assert caught.value.field == which
        assert str(port) in str(caught.value)


def test_both_on_one_port_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(InvalidInput, match=str(port)), web_server(port=port, web_port=port):
        pass


def test_a_port_of_choice_and_again_at_once():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for _ in range(2):
        with web_server(web_port=port) as (_, server):
            assert server.web_address == f"http://127.0.0.1:{port}"
            assert ask(server, "GetServerInfo", EMPTY).code == 0


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_other_loopback_hosts(host):
    if not _can_bind(host):
        pytest.skip("this machine has no IPv6 loopback")
    with web_server(host=host) as (_, server):
        assert ask(server, "GetServerInfo", EMPTY).code == 0
        port = urlsplit(server.web_address).port
        for address in {entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}:
            if _can_bind(address):
                url = f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
                assert ask(url, "GetServerInfo", EMPTY).code == 0


def _can_bind(host: str) -> bool:
    try:
        socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is not there without being set up")
def test_a_name_with_two_addresses_has_one_port(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("127.0.0.1", "127.0.0.2")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    sockets = bind_sockets("two.example", 0)
    places = [one.getsockname() for one in sockets]
    for one in sockets:
        one.close()
    assert [address for address, _ in places] == ["127.0.0.1", "127.0.0.2"]
    assert places[0][1] == places[1][1]


def test_a_server_without_the_listener_does_not_load_it():
    script = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); from harness import fake_server, client_of, cumulus\n"
        "with fake_server() as (_, server), client_of(server) as client:\n"
        "    client.generate(cumulus())\n"
        "    assert server._server.addresses == {'grpc': server.address}\n"
        "print([name for name in ('uvicorn', 'h11', 'skyloom.server.web_server') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert run.stdout.strip() == "[]"


def _serve(tmp_path, *options: str) -> tuple[subprocess.Popen[str], dict]:
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-c", "from skyloom.cli.main import main; main()", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--model-dir", str(TINY), "--ready-file", str(ready), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    wait_until(lambda: ready.exists() or process.poll() is not None, 30)
    assert ready.exists(), process.stdout.read()
    return process, json.loads(ready.read_text())


def test_skyloom_serve_has_it_on_loopback_by_default(tmp_path):
    process, ready = _serve(tmp_path, "--web-origin", "https://sky.example", "--web-origin", "http://localhost:3000")
    try:
        web = ready["addresses"]["grpc_web"]
        with SkyClient(ready["addresses"]["grpc"]) as client:
            ours = client.generate(cumulus(11))["panorama"].data
        answer = ask(web, "GenerateSky", _sky(11), origin="http://localhost:3000")
        assert image_of(events_of(answer)) == ours
        assert ours.startswith(b"\x89PNG")
    finally:
        process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert f"gRPC-Web on {web}" in output
    assert "uvicorn" not in output


@pytest.mark.parametrize("options", [["--no-web"], ["--host", "0.0.0.0"]])
def test_skyloom_serve_without_it(tmp_path, options):
    process, ready = _serve(tmp_path, *options)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert ready["addresses"].keys() == {"grpc"}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--no-web", "--web-port", "0"], "web_port"),
        (["--web-port", "70000"], "web_port"),
        (["--web-origin", "*"], "web_origin"),
        (["--no-web", "--web-origin", "https://a.example"], "web_origin"),
    ],
)
def test_skyloom_serve_refuses_what_makes_no_sense(options, named):
    run = CliRunner().invoke(app, ["serve", "--port", "0", "--model-dir", str(TINY), *options])
    assert run.exit_code == 2
    assert run.output.startswith(f"skyloom: {named}: ")
