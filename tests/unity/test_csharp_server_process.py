"""C# starts real `skyloom serve` processes, finds them again with nothing but the ready file, and stops them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from csharp_driver import DriverError
from processes import wait_until

TINY = Path(__file__).parents[1] / "data" / "tiny_model"


@pytest.fixture
def where(tmp_path):
    """How to start a server with the tiny model in a folder that is awkward to quote; what is left of it is killed."""
    folder = tmp_path / 'a folder\'s "$HOME" & more'
    folder.mkdir()
    ready = folder / "ready.json"
    yield {
        "program": sys.executable,
        "leading": ["-m", "skyloom"],
        "more": ["--model-dir", str(TINY)],
        "readyFile": str(ready),
        "logFile": str(folder / "server.log"),
        "timeout": 30,
    }
    if ready.exists():
        psutil.Process(json.loads(ready.read_text())["pid"]).kill()


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_start_adopt_and_stop(driver, where):
    started = driver.call("start", **where)
    ready = json.loads(Path(where["readyFile"]).read_text())
    assert (started["pid"], started["address"]) == (ready["pid"], ready["addresses"]["grpc_web"])
    # The shell that opened the log has become the server, whose parent is the driver.
    assert psutil.Process(started["pid"]).ppid() == driver.pid
    assert driver.call("info", address=started["address"])["apiVersion"] == "skyloom.v1"
    assert "serving" in Path(where["logFile"]).read_text()
    assert driver.call("adopt", readyFile=where["readyFile"]) == started
    asked = time.monotonic()
    assert driver.call("stop", readyFile=where["readyFile"]) == started
    assert time.monotonic() - asked < 5
    assert not _alive(started["pid"])
    assert not Path(where["readyFile"]).exists()
    assert driver.call("adopt", readyFile=where["readyFile"]) is None
    assert driver.call("stop", readyFile=where["readyFile"]) is None


def test_a_server_that_was_killed_is_not_adopted_and_makes_room(driver, where):
    first = driver.call("start", **where)
    psutil.Process(first["pid"]).kill()
    wait_until(lambda: not _alive(first["pid"]))
    assert Path(where["readyFile"]).exists()
    assert driver.call("adopt", readyFile=where["readyFile"]) is None
    second = driver.call("start", **where)
    assert second["pid"] != first["pid"]
    driver.call("stop", readyFile=where["readyFile"])


def test_a_server_that_cannot_start_says_why(driver, where):
    with pytest.raises(DriverError) as caught:
        driver.call("start", **{**where, "more": ["--model-dir", str(TINY / "nothing")]})
    assert caught.value.type == "ServerStartException"
    assert "nothing" in caught.value.facts["log"]
    with pytest.raises(DriverError) as caught:
        driver.call("start", **{**where, "program": str(TINY / "no-such-program")})
    assert caught.value.type == "ServerStartException"
    assert not Path(where["readyFile"]).exists()


def test_a_program_that_is_no_server_is_ended_in_time(driver, where, tmp_path):
    script = tmp_path / "idle.py"
    script.write_text("import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(60)\n")
    more = {"leading": ["-c", f"import os; os.chdir({str(tmp_path)!r}); exec(open('idle.py').read())"], "timeout": 1.5}
    with pytest.raises(DriverError, match="not ready") as caught:
        driver.call("start", **{**where, **more})
    assert caught.value.facts["seconds"] < 3
    pid = int((tmp_path / "pid").read_text())
    wait_until(lambda: not _alive(pid), 3)


def test_a_start_that_is_cancelled_ends_the_process(driver, where, tmp_path):
    code = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    more = {"leading": ["-c", f"import os; os.chdir({str(tmp_path)!r}); {code}"]}
    call = driver.start("start", **{**where, **more})
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    call.fire()
    with pytest.raises(DriverError):
        call.result()
    wait_until(lambda: not _alive(int((tmp_path / "pid").read_text())), 3)


def test_a_process_that_merely_has_the_number_is_left_alone(driver, where):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        ready = Path(where["readyFile"])
        content = {
            "addresses": {"grpc_web": "http://127.0.0.1:9"},
            "pid": stranger.pid,
            "version": "0.1.0",
            "token": None,
        }
        ready.write_text(json.dumps(content))
        long_ago = time.time() - 3600
        os.utime(ready, (long_ago, long_ago))
        assert driver.call("stop", readyFile=str(ready)) is None
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
        ready.unlink()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"addresses": 3}', '{"addresses": {"grpc": "a"}, "pid": 1}'])
def test_what_is_no_ready_file_is_not_adopted(driver, tmp_path, content):
    (tmp_path / "ready.json").write_text(content)
    assert driver.call("adopt", readyFile=str(tmp_path / "ready.json")) is None
