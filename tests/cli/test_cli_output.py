"""Writing files all or none, and what the shell completes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from skyloom.cli.asked import complete_cloud, complete_ground, complete_layout
from skyloom.cli.connect import check_address, connect
from skyloom.cli.output import write_all
from skyloom.errors import InvalidInput


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    write_all({tmp_path / "a": b"1", tmp_path / "x/y/b": b"2"}, force=False)
    assert everything(tmp_path) == {"a": b"1", "x/y/b": b"2"}


@pytest.mark.parametrize("fails_at", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int, error: BaseException
) -> None:
    (tmp_path / "b").write_bytes(b"old")
    real = os.replace
    calls = 0

    def replace(source: os.PathLike[str], target: os.PathLike[str]) -> None:
        nonlocal calls
        calls += 1
        if calls == fails_at + 1:
            raise error
        real(source, target)

    # Moves: a, b aside, b, c; the fifth does not happen.
    monkeypatch.setattr(os, "replace", replace)
    files = {tmp_path / "a": b"1", tmp_path / "b": b"2", tmp_path / "new/c": b"3"}
    if fails_at == 4:
        write_all(files, force=True)
        assert everything(tmp_path) == {"a": b"1", "b": b"2", "new/c": b"3"}
        return
    with pytest.raises(InvalidInput if isinstance(error, OSError) else KeyboardInterrupt):
        write_all(files, force=True)
    assert everything(tmp_path) == {"b": b"old"}
    assert not (tmp_path / "new").exists()


def test_completion() -> None:
    assert [name for name, _ in complete_cloud("cum")] == ["cumulonimbus", "cumulus"]
    assert [name for name, _ in complete_cloud("cumulus:0.7,cirru")] == ["cumulus:0.7,cirrus"]
    assert len(complete_cloud("")) == 11
    assert complete_layout("p") == ["panorama", "perspective"]
    assert complete_ground("m") == ["mirror"]


@pytest.mark.parametrize("server", ["", "host", "host:", ":1", "host:0", "host:65536", "http://h:1", "a b:1", "h:-1"])
def test_addresses_that_are_none(server: str) -> None:
    with pytest.raises(InvalidInput, match="HOST:PORT"):
        check_address(server)


def test_addresses() -> None:
    for server in ("127.0.0.1:50051", "[::1]:1", "sky.example.org:65535"):
        assert check_address(server) == server


@pytest.mark.parametrize("timeout", [0.0, -1.0, float("nan"), float("inf")])
def test_timeouts_that_are_none(timeout: float) -> None:
    with pytest.raises(InvalidInput, match="timeout"), connect("127.0.0.1:1", None, timeout):
        pass


def test_models_of_a_server_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="--server"), connect("127.0.0.1:1", None, 1.0, tmp_path):
        pass
