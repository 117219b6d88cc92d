"""The ready file: whole or not there, private, never over something else."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from skyloom.errors import InvalidInput
from skyloom.server.ready_file import check_ready_file, remove_ready_file, write_ready_file

ADDRESSES = {"grpc": "127.0.0.1:1"}


def test_write_and_remove(tmp_path):
    path = tmp_path / "ready.json"
    write_ready_file(path, ADDRESSES, "secret")
    assert json.loads(path.read_text())["token"] == "secret"
    assert [entry.name for entry in tmp_path.iterdir()] == ["ready.json"]
    remove_ready_file(path, {"grpc": "127.0.0.1:2"})
    assert path.exists(), "another server's file was removed"
    remove_ready_file(path, ADDRESSES)
    assert not path.exists()


def test_a_file_that_is_none_is_left_alone(tmp_path):
    path = tmp_path / "ready.json"
    for content in ("my notes", "{}", '{"pid": "x", "addresses": {}}', "[1]"):
        path.write_text(content)
        with pytest.raises(InvalidInput, match="ready_file"):
            write_ready_file(path, ADDRESSES, None)
        assert path.read_text() == content


def test_a_live_server_s_file_is_left_alone_and_a_dead_one_s_replaced(tmp_path):
    path = tmp_path / "ready.json"
    write_ready_file(path, ADDRESSES, None)
    with pytest.raises(InvalidInput, match=str(os.getpid())):
        check_ready_file(path)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(10)
    path.write_text(json.dumps({"pid": gone.pid, "addresses": {"grpc": "127.0.0.1:9"}}))
    write_ready_file(path, {"grpc": "127.0.0.1:2"}, None)
    assert json.loads(path.read_text())["addresses"] == {"grpc": "127.0.0.1:2"}


def test_an_inherited_process_number_does_not_count_as_alive(tmp_path):
    path = tmp_path / "ready.json"
    path.write_text(json.dumps({"pid": os.getpid(), "addresses": {"grpc": "127.0.0.1:9"}}))
    # Written long before this process began, so by another process of the same number.
    os.utime(path, (1_000_000_000, 1_000_000_000))
    check_ready_file(path)


def test_a_folder_that_is_missing(tmp_path):
    with pytest.raises(InvalidInput, match="folder"):
        check_ready_file(tmp_path / "no" / "ready.json")
    with pytest.raises(InvalidInput):
        write_ready_file(tmp_path, ADDRESSES, None)
    assert list(tmp_path.iterdir()) == []
