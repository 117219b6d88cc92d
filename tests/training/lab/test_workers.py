"""Two processes under torch's launcher make the same updates as one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from skyloom_training import checkpoint
from skyloom_training.lab.workers import Workers
from tiny_lab import tiny_lab

CODE = """
import sys
from pathlib import Path
import torch
torch.set_num_threads(1)
sys.path.insert(0, {support!r})
from tiny_lab import tiny_lab
sizes = dict(batch=8, kimg=0.032, conditional=True, ada_p=0.5, ada_kimg=0.1, r1_interval=2, path_interval=2)
lab = tiny_lab(Path({out!r}), **sizes)
lab.run()
# One write a line: the two share a pipe, and print writes word by word.
line = f"process {{lab.workers.rank}} of {{lab.workers.count}} {{float(lab.path_mean)}} {{lab.ada.p}}"
sys.stdout.buffer.write(line.encode() + bytes([10]))
sys.stdout.buffer.flush()
"""


@pytest.mark.slow
def test_two_processes_agree_with_one(tmp_path: Path) -> None:
    support = str(Path(__file__).parents[2] / "support")
    script = tmp_path / "run.py"
    script.write_text(CODE.format(support=support, out=str(tmp_path / "two")))
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(script)]
    done = subprocess.run(
        launch, capture_output=True, text=True, timeout=300, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert done.returncode == 0, done.stderr
    said = sorted(line for line in done.stdout.splitlines() if line.startswith("process"))
    assert [line.split()[:4] for line in said] == [["process", "0", "of", "2"], ["process", "1", "of", "2"]]
    assert said[0].split()[4:] == said[1].split()[4:]

    one = tiny_lab(
        tmp_path / "one", batch=8, kimg=0.032, conditional=True, ada_p=0.5, ada_kimg=0.1, r1_interval=2, path_interval=2
    )
    start = {k: v.clone() for k, v in one.nets.generator.state_dict().items()}
    one.run()
    two = checkpoint.load(tmp_path / "two" / "last.pt")
    assert two["images"] == one.images == 32
    assert two["ada"]["p"] == pytest.approx(one.ada.p)
    torch.testing.assert_close(two["path_mean"], one.path_mean, rtol=1e-3, atol=1e-4)
    moved = (one.nets.generator.state_dict()["synthesis.constant"] - start["synthesis.constant"]).abs().max().item()
    assert moved > 5e-3
    for part, net in (
        ("generator", one.nets.generator),
        ("average", one.nets.average),
        ("discriminator", one.nets.discriminator),
    ):
        for name, value in net.state_dict().items():
            # Sums in another order, which Adam's division enlarges where a gradient is near nothing.
            difference = (two[part][name] - value).abs()
            assert difference.mean().item() < 2e-4, (part, name)


def test_a_batch_that_cannot_be_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers()
    assert workers.rows(8) == slice(0, 8)
    workers.count = 3
    with pytest.raises(ValueError, match="8 pictures cannot be divided among 3 processes"):
        workers.rows(8)
