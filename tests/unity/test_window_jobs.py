"""The window makes skies at a live server: progress, cancel, reloads in mid-job, servers that die, candidates."""

from __future__ import annotations

import hashlib
import json
import signal
import socket
import time

import numpy as np
import pytest
from csharp_driver import DriverError
from fake_core import STAGES
from grpc_web import web_server
from processes import start_fake_server, wait_until
from sky_core import SeededCore, colours
from skyloom.sphere import perspective


@pytest.fixture
def studio():
    """A server with skies by seed; nothing of them takes time unless a test closes its gate."""
    core = SeededCore()
    with web_server(core) as (_, server):
        yield core, server


@pytest.fixture
def window(studio, open_window):
    """A window that is connected, with a small sky in its fields."""
    opened = open_window(studio[1].web_address)
    opened.until(lambda seen: "Skyloom" in seen["server-state"]["text"])
    opened.set("size", "512 px")
    return opened


def history(window):
    """Manifests of the history's skies, the newest first."""
    # What begins with a dot is still being written.
    folders = sorted((window.project / "Library/Skyloom/History").glob("[!.]*/sky.json"), reverse=True)
    return [json.loads(path.read_text())["skies"][0] for path in folders]


def pictures(window):
    """SHA-256 of every picture kept, by file name."""
    paths = (window.project / "Library/Skyloom/History").glob("[!.]*/*.png")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.name != "thumbnail.png"}


def view_of(seed, shape):
    angles = (0.0, np.deg2rad(20), 0.0, np.deg2rad(90))
    return 255 * colours(perspective.directions(shape[1], shape[0], *angles), seed)


def ends_at_once(core):
    """The job in its first stage was told to stop, not merely left: it ends where its second one begins."""
    assert core.stopped_early == 0
    core.gate.set()
    wait_until(lambda: core.stopped_early == 1)
    assert core.reported == ["step 0", "step 1"]


BOTH = pytest.mark.parametrize("window_command", ["net", "mono"], indirect=True)


@BOTH
def test_a_sky_with_true_progress(window, studio):
    core, _ = studio
    core.gate.clear()
    window.call("resize", name="view", width=64, height=36)
    window.set("seed", 11)
    window.click("generate")
    seen = window.until(lambda seen: seen["status"]["text"].startswith("Rendering: step 0") and seen)
    assert seen["progress"]["visible"]
    assert seen["progress"]["value"] == 0
    assert not seen["generate"]["enabled"]
    assert "being made" in seen["generate"]["tooltip"]
    core.gate.set()
    window.until_done()
    (item,) = window.call("progress")
    assert (item["status"], item["name"]) == ("Succeeded", "Skyloom: cumulus-11")
    # Every stage that the server names, and no fraction that it did not.
    stages = {stage / STAGES for stage in range(STAGES + 1)}
    assert {round(fraction, 3) for fraction in item["fractions"]} == {round(stage, 3) for stage in stages}
    assert item["fractions"] == sorted(item["fractions"])
    assert [f"Rendering: step {stage}" in item["descriptions"] for stage in range(STAGES)] == [True] * STAGES
    assert any("Receiving panorama" in text for text in item["descriptions"])
    assert [sky["name"] for sky in history(window)] == ["cumulus-11"]
    view = window.picture("view")
    assert view.shape == (36, 64, 3)
    assert np.abs(view - view_of(11, view.shape)).max() < 3
    thumbnail = window.picture("history-list")
    assert np.abs(thumbnail - view_of(11, thumbnail.shape)).max() < 3
    assert "ready" in window.see("notice")["text"]


@pytest.mark.parametrize(
    ("window_command", "how"),
    [("net", "button"), ("net", "escape"), ("net", "progress window"), ("mono", "button")],
    indirect=["window_command"],
)
def test_cancel_reaches_the_server(window, studio, how):
    core, _ = studio
    core.gate.clear()
    assert not window.see("cancel")["enabled"]
    window.click("generate")
    window.until(lambda seen: "step 0" in seen["status"]["text"])
    if how == "button":
        window.click("cancel")
    elif how == "escape":
        window.call("key", name="", key="Escape")
    else:
        assert window.call("cancelProgress") is True
    window.until_done()
    ends_at_once(core)
    seen = window.call("see")
    assert seen["notice"]["text"] == "Cancelled."
    assert seen["generate"]["enabled"]
    assert window.call("progress")[0]["status"] == "Canceled"
    assert history(window) == []


@BOTH
def test_a_reload_in_mid_job_changes_nothing(window, studio):
    core, _ = studio
    window.set("seed", 12)
    window.click("generate")
    window.until_done()
    unbroken = pictures(window)
    core.gate.clear()
    window.set("rotation", 30)
    window.set("kind", "6 Sided")
    window.set("size", "128 px")
    window.click("generate")
    window.until(lambda seen: "step 0" in seen["status"]["text"])
    started = core.started
    window.reload()
    assert window.begun["session"]
    seen = window.until(lambda seen: "step 0" in seen["status"]["text"] and seen)
    assert (seen["seed"]["value"], seen["rotation"]["value"], seen["kind"]["value"]) == (12, 30, "6 Sided")
    assert not seen["generate"]["enabled"]
    assert core.started == started
    core.gate.set()
    window.until_done()
    assert core.started == started
    assert window.call("progress")[-1]["status"] == "Succeeded"
    # The same sky without a reload in between.
    broken = pictures(window)
    assert len(broken) == len(unbroken) + 6
    window.click("generate")
    window.until_done()
    assert pictures(window) == broken
    assert len(history(window)) == 3


def test_two_reloads_and_then_cancel(window, studio):
    core, _ = studio
    core.gate.clear()
    window.click("generate")
    window.until(lambda seen: "step 0" in seen["status"]["text"])
    for _ in range(2):
        window.reload()
        window.until(lambda seen: "step 0" in seen["status"]["text"])
    window.click("cancel")
    window.until_done()
    ends_at_once(core)
    assert window.see("notice")["text"] == "Cancelled."
    # Nothing is left to be taken up.
    window.reload()
    assert window.begun["session"]
    assert not window.see("progress")["visible"]


def test_a_reload_while_cancel_is_under_way_still_cancels(window, studio):
    core, _ = studio
    core.gate.clear()
    window.click("generate")
    window.until(lambda seen: "step 0" in seen["status"]["text"])
    window.click("cancel")
    window.reload()
    ends_at_once(core)
    assert not window.see("progress")["visible"]
    assert window.see("generate")["enabled"]


def test_a_job_that_the_server_forgot_is_made_again(window, studio):
    core, _ = studio
    core.gate.clear()
    window.set("seed", 21)
    window.click("generate")
    window.until(lambda seen: "step 0" in seen["status"]["text"])
    left = window.call("reload")
    (key,) = left["session"]
    state = json.loads(left["session"][key])
    assert len(state["jobs"][0]["jobId"]) > 8
    state["jobs"][0]["jobId"] = "0" * 32
    window._driver.close()
    core.gate.set()
    window._begin({key: json.dumps(state)}, left["windows"])
    window.until(lambda seen: "ready" in seen["notice"]["text"])
    assert history(window)[0]["recipe"]["seed"] == 21


def test_a_reload_before_the_server_answered_begins_anew(open_window, studio):
    window = open_window(studio[1].web_address)
    window.set("size", "512 px")
    # Looked for, but not asked for the sky yet.
    window.click("generate")
    window.reload()
    window.until(lambda seen: "ready" in seen["notice"]["text"])
    assert len(history(window)) == 1


@BOTH
def test_a_server_that_takes_connections_and_says_nothing_holds_up_no_reload(open_window):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        window = open_window(f"http://127.0.0.1:{silent.getsockname()[1]}")
        window.click("generate")
        window.reload()
        seen = window.until(lambda seen: seen["progress"]["visible"] and seen)
        assert not seen["generate"]["enabled"]
        window.click("cancel")
        window.until_done()
        assert window.see("notice")["text"] == "Cancelled."


def test_a_window_that_is_closed_lets_the_run_go_on(window, studio):
    core, _ = studio
    core.gate.clear()
    window.click("generate")
    window.until(lambda seen: "step 0" in seen["status"]["text"])
    window.call("close")
    core.gate.set()
    wait_until(lambda: len(history(window)) == 1)
    window.call("open")
    assert "cumulus-7" in window.see("view-title")["text"]


def test_a_server_killed_in_mid_job(open_window, tmp_path):
    process, ready = start_fake_server(tmp_path / "ready.json", "--web-port", "0", "--stage-seconds", "0.3")
    try:
        window = open_window(ready["addresses"]["grpc_web"])
        window.click("generate")
        window.until(lambda seen: "step 0" in seen["status"]["text"])
        process.send_signal(signal.SIGKILL)
        window.until_done()
        notice = window.see("notice")
        assert notice["text"].startswith("Error: ")
        assert "address in Preferences > Skyloom" in notice["text"]
        assert window.see("generate")["enabled"]
        assert window.call("progress")[0]["status"] == "Failed"
    finally:
        process.kill()
        process.communicate(timeout=10)


@pytest.mark.parametrize(("seed", "text"), [(13, "The server failed"), (14, "damaged"), (15, "outputs")])
def test_failures_of_the_server_are_said(window, seed, text):
    window.set("seed", seed)
    window.click("generate")
    window.until(lambda seen: seen["notice"]["text"].startswith("Error: ") and text in seen["notice"]["text"])


def test_a_token(open_window):
    with web_server(SeededCore(), token="right") as (_, server):
        window = open_window(server.web_address, "wrong")
        window.until(lambda seen: "token" in seen["server-state"]["text"])
        # Tried at once, without a press on Connect.
        window.use_server(server.web_address, "right")
        window.until(lambda seen: seen["server-state"]["text"].startswith("Skyloom"))


def test_a_server_of_another_version(open_window, studio, monkeypatch):
    monkeypatch.setattr("skyloom.server.translate.__version__", "0.0.9", raising=True)
    window = open_window(studio[1].web_address)
    seen = window.until(lambda seen: "do not fit together" in seen["server-state"]["text"] and seen)
    assert "0.0.9" in seen["server-state"]["text"]


def test_no_server_and_no_backend_is_said_beside_the_button(open_window):
    window = open_window()
    seen = window.call("see")
    assert not seen["generate"]["enabled"]
    assert "install it below" in seen["blocked"]["text"]
    assert seen["blocked"]["text"] == seen["generate"]["tooltip"]
    with pytest.raises(DriverError, match="disabled"):
        window.click("generate")
    window.call("key", name="seed", key="Return", action=True)
    assert window.call("progress") == []


def test_candidates(window, studio):
    core, _ = studio
    core.gate.clear()
    window.call("resize", name="view", width=64, height=36)
    window.set("seed", 31)
    window.set("file-name", "noon")
    window.click("candidates")
    window.until(lambda seen: "0 of 4 done" in seen["status"]["text"])
    names = [name for name in window.call("see") if name.startswith("pick-") and name != "pick-list"]
    assert len(names) == 4
    assert not window.see(names[1])["enabled"]
    core.gate.set()
    window.until_done()
    assert [request.outputs[0].size for request in core.asked] == [512] * 4
    assert [request.outputs[0].layout for request in core.asked] == ["panorama"] * 4
    seeds = [int(name.removeprefix("pick-")) for name in names]
    assert len(set(seeds)) == 4
    assert 31 in seeds
    assert sorted(request.seed for request in core.asked) == sorted(seeds)
    for name, seed in zip(names, seeds, strict=True):
        tile = window.picture(name)
        assert np.abs(tile - view_of(seed, tile.shape)).max() < 4
    # Candidates are not kept, nor can a material be made of one.
    assert history(window) == []
    window.click(names[2])
    seen = window.call("see")
    assert seen["seed"]["value"] == seeds[2]
    assert "\u2713" in seen[names[2]]["text"]
    assert "candidate" in seen["material"]["tooltip"]
    view = window.picture("view")
    assert np.abs(view - view_of(seeds[2], view.shape)).max() < 4
    window.click("generate")
    window.until(lambda seen: "ready" in seen["notice"]["text"])
    (made,) = history(window)
    assert (made["name"], made["recipe"]["seed"], made["size"]) == ("noon", seeds[2], 512)


def test_candidates_survive_a_reload(window, studio):
    core, _ = studio
    core.gate.clear()
    window.click("candidates")
    window.until(lambda seen: "0 of 4 done" in seen["status"]["text"] and "step 0" in seen["status"]["text"])
    names = {name for name in window.call("see") if name.startswith("pick-")}
    window.reload()
    core.gate.set()
    window.until(lambda seen: not seen["progress"]["visible"])
    seen = window.call("see")
    assert {name for name in seen if name.startswith("pick-")} == names
    assert all(seen[name]["enabled"] for name in names)
    assert core.started == 4


def test_thumbnails_come_from_the_server_and_stay(window, studio):
    core, _ = studio

    def picture():
        return window.picture("type-cirrus")

    window.until(lambda seen: picture() is not None)
    assert picture()[0, 0].tolist() == [len("cirrus"), 99, 200]
    made = core.thumbnails_made
    window.reload()
    assert picture() is not None
    window.until(lambda seen: "Skyloom" in seen["server-state"]["text"])
    time.sleep(0.1)
    assert core.thumbnails_made == made


def test_the_server_need_not_be_there_for_the_window_to_open(open_window):
    window = open_window("http://127.0.0.1:9")
    seen = window.until(lambda seen: seen["server-state"]["text"].startswith("Error: ") and seen)
    assert seen["generate"]["enabled"]
    assert seen["connect"]["enabled"]


def test_quitting_lets_go(window, studio):
    core, _ = studio
    core.gate.clear()
    window.click("generate")
    window.until(lambda seen: "step 0" in seen["status"]["text"])
    window.quit()
    core.gate.set()
    wait_until(lambda: core.started == 1)
    assert core.stopped_early == 0
