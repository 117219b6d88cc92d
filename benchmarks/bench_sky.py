"""Time of one sky through a warm running server: 2048x1024 panorama and six 512x512 faces as PNG."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from machine import machine, spread
from skyloom.client import SkyClient
from skyloom.request import OutputSpec, SkyRequest

OUTPUTS = (OutputSpec("panorama", 2048), OutputSpec("faces", 512))
RUNS = 20


def main() -> None:
    """Start `skyloom serve` as its own process, ask for skies of different seeds, print medians and spread."""
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        command = [sys.executable, "-m", "skyloom", "serve", "--port", "0", "--ready-file", str(ready)]
        began = time.perf_counter()
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not ready.exists():
                if server.poll() is not None:
                    raise SystemExit("the server did not start")
                time.sleep(0.01)
            print(f"server ready after {time.perf_counter() - began:.2f} s")
            address, token = _read(ready)
            with SkyClient(address, token=token) as client:
                _measure(client)
        finally:
            server.terminate()
            server.wait(10)


def _measure(client: SkyClient) -> None:
    whole: list[float] = []
    stages: dict[str, list[float]] = defaultdict(list)
    size: list[float] = []
    for run in range(RUNS + 2):
        request = SkyRequest(clouds=(("cumulus", 1.0),), seed=run, outputs=OUTPUTS)
        began = time.perf_counter()
        result = client.generate(request)
        elapsed = time.perf_counter() - began
        if run == 0:
            print(f"first sky {elapsed:.2f} s (sampling maps are built)")
        if run < 2:
            continue
        whole.append(elapsed)
        size.append(sum(len(image.data) for image in result.images) / 1e6)
        for stage, seconds in result.timings:
            stages[stage].append(seconds)
    print(f"warm, 2048x1024 panorama + six 512x512 faces, PNG: {spread(whole)}")
    for stage, seconds in stages.items():
        print(f"  {stage:8} {spread(seconds)}")
    print(f"  files    {spread(size, 'MB', 1)}")


def _read(ready: Path) -> tuple[str, str | None]:
    found = json.loads(ready.read_text())
    return found["addresses"]["grpc"], found["token"]


if __name__ == "__main__":
    main()
