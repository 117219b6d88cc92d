"""Instructions of one run of each model, counted by valgrind: a proxy for energy where the counters are hidden.

Run as a program under valgrind, it opens each model with counting off, and counts one run. valgrind knows no AVX-512:
what is counted is the path that a processor with AVX2 takes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np


def count(models: dict[str, Path], inputs: Path, seconds: float) -> dict[str, float]:
    """Millions of instructions a run, by name; those that were not reached in time are missing.

    Empty where valgrind is not installed or does not work here.
    """
    if not shutil.which("valgrind") or not shutil.which("callgrind_control"):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder) / "job.json"
        job.write_text(json.dumps([[name, str(path)] for name, path in models.items()]), encoding="utf-8")
        command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder}/out"]
        program = [sys.executable, __file__, str(job), str(inputs)]
        try:
            done = subprocess.run([*command, *program], capture_output=True, text=True, timeout=seconds, check=False)
            printed = done.stdout
        except subprocess.TimeoutExpired as error:
            printed = (error.stdout or b"").decode() if isinstance(error.stdout, bytes) else error.stdout or ""
        lines = [line for line in printed.splitlines() if line.startswith("RAN ")]
        found: dict[str, float] = {}
        for index, line in enumerate(lines, start=1):
            dump = Path(f"{folder}/out.{index}")
            match = re.search(r"^totals: (\d+)", dump.read_text(), re.M) if dump.exists() else None
            if match:
                found[line[4:]] = int(match[1]) / 1e6
        return found


def _count_here(job: Path, inputs: Path) -> None:
    """Inside valgrind: one counted run a model."""
    import onnxruntime as ort

    feeds = dict(np.load(inputs))
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    control = ["callgrind_control", str(os.getpid())]
    for name, path in json.loads(job.read_text(encoding="utf-8")):
        session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        feed = {port.name: feeds[port.name] for port in session.get_inputs()}
        # The first run: what it does beyond the second is nothing beside the work, and a run takes a minute here.
        subprocess.run([control[0], "--instr=on", control[1]], check=True, capture_output=True)
        session.run(None, feed)
        for argument in ("--instr=off", "--dump"):
            subprocess.run([*control[:1], argument, control[1]], check=True, capture_output=True)
        print(f"RAN {name}", flush=True)


if __name__ == "__main__":
    _count_here(Path(sys.argv[1]), Path(sys.argv[2]))
