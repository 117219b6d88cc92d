"""Checkpoint files: whole or not at all, damage noticed, poison refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from skyloom_training import checkpoint

STATE = {"images": 5, "net": {"w": torch.arange(5000.0)}, "adam": {"state": {0: {"step": torch.tensor(1.0)}}}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A checkpoint that is there already."""
    checkpoint.save(tmp_path / "last.pt", STATE)
    return tmp_path / "last.pt"


def images(path: Path) -> int:
    return int(checkpoint.load(path)["images"])


def test_round_trip(path: Path) -> None:
    state = checkpoint.load(path)
    assert state["images"] == 5
    assert torch.equal(state["net"]["w"], STATE["net"]["w"])
    assert os.listdir(path.parent) == ["last.pt"]


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        checkpoint.load(tmp_path / "none.pt")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_truncated_file_is_damaged(path: Path, share: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ValueError, match=r"last\.pt is damaged"):
        checkpoint.load(path)


def test_one_flipped_bit_in_a_weight_is_noticed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    place = data.find(STATE["net"]["w"][2500:2504].numpy().tobytes())
    assert place > 0
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="checksum"):
        checkpoint.load(path)


def test_other_contents_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.pt").write_text("not a checkpoint")
    torch.save(torch.zeros(3), tmp_path / "tensor.pt")
    for name in ("text.pt", "tensor.pt"):
        with pytest.raises(ValueError, match=name):
            checkpoint.load(tmp_path / name)


def test_pickled_code_is_not_run(tmp_path: Path) -> None:
    torch.save({"images": Trap(tmp_path / "ran")}, tmp_path / "bad.pt")
    with pytest.raises(ValueError, match="damaged"):
        checkpoint.load(tmp_path / "bad.pt")
    assert not (tmp_path / "ran").exists()


class Trap:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_keeps_the_old_checkpoint_and_says_so(path: Path) -> None:
    path.with_name("last.pt.part").symlink_to("/dev/full")
    with pytest.raises(
        OSError, match=r"last\.pt cannot be written \(No space left on device\); the one before it is k"
    ):
        checkpoint.save(path, {**STATE, "images": 6})
    assert images(path) == 5
    assert os.listdir(path.parent) == ["last.pt"]


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="cannot be written") as caught:
        checkpoint.save(tmp_path / "file" / "last.pt", STATE)
    assert "before it" not in str(caught.value)


def test_crash_in_the_middle_of_writing_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(state: object, file: Any) -> None:
        file.write(b"half a check")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", crash)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.save(path, {**STATE, "images": 6})
    monkeypatch.undo()
    assert images(path) == 5
    assert os.listdir(path.parent) == ["last.pt"]


def test_new_file_takes_the_old_ones_place_in_one_move(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: Path, target: Path) -> None:
        assert checkpoint.load(source)["images"] == 6  # whole before it moves
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="Input/output error"):
        checkpoint.save(path, {**STATE, "images": 6})
    assert images(path) == 5
    assert os.listdir(path.parent) == ["last.pt"]


def test_kill_in_the_middle_of_writing_leaves_the_old_file(path: Path) -> None:
    """A real kill -9: nothing of the process gets to tidy up, and the next save is not hindered by what it left."""
    code = f"""
import os, signal, torch
from pathlib import Path
from skyloom_training import checkpoint
def die(state, file):
    file.write(b"half a check"); file.flush(); os.kill(os.getpid(), signal.SIGKILL)
torch.save = die
checkpoint.save(Path({str(path)!r}), {{"images": 6}})
"""
    done = subprocess.run([sys.executable, "-c", code], timeout=60)
    assert done.returncode != 0
    assert sorted(os.listdir(path.parent)) == ["last.pt", "last.pt.part"]
    assert images(path) == 5
    checkpoint.save(path, {**STATE, "images": 7})
    assert images(path) == 7
    assert os.listdir(path.parent) == ["last.pt"]


@pytest.mark.parametrize("poison", [float("nan"), float("inf")])
def test_poison_is_not_written(path: Path, poison: float) -> None:
    bad = {**STATE, "adam": {"state": {0: {"m": torch.tensor([0.0, poison])}}}}
    with pytest.raises(FloatingPointError, match=r"adam\.state\.0\.m is not finite"):
        checkpoint.save(path, bad)
    assert images(path) == 5


def test_poison_is_found_in_lists_and_not_in_whole_numbers() -> None:
    assert checkpoint.not_finite({"a": [torch.zeros(2), torch.tensor(float("nan"))]}) == "a.1"
    assert checkpoint.not_finite({"a": torch.arange(3), "b": "text", "c": (1, None)}) == ""
