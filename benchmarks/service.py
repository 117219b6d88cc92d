"""The running server and the command line: warm and cold, what gRPC adds, and how much memory a large sky takes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from skyloom.client import SkyClient
from skyloom.request import OutputSpec, SkyRequest

from benchmarks.clock import Spread
from benchmarks.machine import cores
from benchmarks.report import Section
from benchmarks.skies import CLOUDS

ROUNDS, COLD = 15, 5
DEFAULT = (OutputSpec("panorama", 2048), OutputSpec("faces", 512))
WIDE = (OutputSpec("panorama", 4096),)
LARGE = (OutputSpec("panorama", 8192), OutputSpec("faces", 2048))
# What the same pictures take whoever makes them: the panorama in memory, py360convert's faces, nothing encoded.
_PEER = """
import numpy as np, py360convert, resource
faces = py360convert.e2c(np.zeros((4096, 8192, 3), np.uint8), 2048, cube_format="list")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


@contextmanager
def server() -> Iterator[tuple[SkyClient, psutil.Process, float]]:
    """A `skyloom serve` of its own process: a client, the process, and how long it took to be ready."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        command = [sys.executable, "-m", "skyloom", "serve", "--port", "0", "--ready-file", str(ready)]
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not ready.exists():
                if process.poll() is not None:
                    raise SystemExit("the server did not start")
                time.sleep(0.005)
            taken = time.perf_counter() - began
            found = json.loads(ready.read_text(encoding="utf-8"))
            with SkyClient(found["addresses"]["grpc"], token=found["token"]) as client:
                yield client, psutil.Process(process.pid), taken
        finally:
            process.terminate()
            process.wait(10)


def sections() -> list[Section]:
    """Cold start, warm requests with detail off and as it comes, gRPC, memory."""
    cold = [_cold() for _ in range(COLD)]
    starts, firsts = [], []
    for _ in range(3):
        with server() as (client, _process, taken):
            starts.append(taken)
            firsts.append(_ask(client, DEFAULT, 1, "off")[0])
    rows, data = [], {}
    stages: dict[str, dict[str, list[float]]] = {}
    with server() as (client, process, _taken):
        idle = _peak(process)
        levels = ["off", "standard"] if client.info().detail_models else ["off"]
        for level in levels:
            for name, outputs in (("2048x1024 and six 512", DEFAULT), ("4096x2048", WIDE)):
                found, rounds = defaultdict(list), ROUNDS if level == "off" else 5
                for seed in range(-1, rounds):
                    wall, timings, size = _ask(client, outputs, seed + 1, level)
                    if seed < 0:
                        continue
                    inside = sum(timings.values())
                    found["wall"].append(wall)
                    found["MB"].append(size / 1e6)
                    found["gRPC"].append(wall - inside)
                    found["share"].append((wall - inside) / wall)
                    found["per MB"].append((wall - inside) / (size / 1e6))
                    for stage, seconds in timings.items():
                        found[stage].append(seconds)
                label = f"{name}, detail {level}"
                stages[label] = found
                listed = ", ".join(
                    f"{stage} {Spread.of(found[stage]).text(0, scale=1e3)}"
                    for stage in ("network", "detail", "render", "seams", "encode")
                    if stage in found
                )
                rows.append(
                    (
                        label,
                        Spread.of(found["wall"]).text(3),
                        listed,
                        Spread.of(found["share"]).text(1, scale=100),
                        Spread.of(found["per MB"]).text(1, scale=1e3),
                        f"{Spread.of(found['MB']).median:.1f}",
                    )
                )
    memory = _memory()
    data = {
        "cold_cli_s": Spread.of(cold).as_dict(),
        "ready_s": Spread.of(starts).as_dict(),
        "first_sky_s": Spread.of(firsts).as_dict(),
        "memory": memory,
        **{
            label: {key: Spread.of(values).as_dict() for key, values in found.items()}
            for label, found in stages.items()
        },
    }
    detailed = f", after one with detail {memory['large, detail'] / 1e6:.0f}" if "large, detail" in memory else ""
    after = (
        f"Cold: `skyloom generate` from the start of the process to the first whole file {Spread.of(cold).text(2)} s; "
        f"server ready after {Spread.of(starts).text(2)} s, its first sky (2048x1024 and six 512) "
        f"{Spread.of(firsts).text(2)} s.\n\n"
        f"Memory of the server (largest resident set, MB): idle {idle / 1e6:.0f}; after one 2048x1024 and six 512 "
        f"{memory['default'] / 1e6:.0f}; after an 8192x4096 panorama and six 2048 faces {memory['large'] / 1e6:.0f}, "
        f"after three of them {memory['large, three'] / 1e6:.0f}{detailed}. py360convert alone, cutting such faces "
        f"from such a panorama, without encoding: {memory['py360convert'] / 1e6:.0f}."
    )
    return [
        Section(
            "The server",
            f"`skyloom serve` in a process of its own, PNG, {cores()} cores, a new seed each time. What gRPC adds is "
            "the client's wall time less the stages that the server reports: queueing, messages, the client's checks.",
            ("request", "wall s", "stages, ms", "gRPC, % of the request", "gRPC, ms per MB", "MB"),
            rows,
            data,
            after,
        )
    ]


def _ask(
    client: SkyClient, outputs: tuple[OutputSpec, ...], seed: int, level: str
) -> tuple[float, dict[str, float], int]:
    request = SkyRequest(CLOUDS, seed=seed, outputs=outputs, detail=level)
    began = time.perf_counter()
    result = client.generate(request)
    taken = time.perf_counter() - began
    return taken, dict(result.timings), sum(len(image.data) for image in result.images)


def _cold() -> float:
    """Seconds from starting the command to a whole first file, which appears by a rename."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "sky.png"
        options = ["generate", "--cloud", "cumulus", "--seed", "7", "-o", str(target)]
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "skyloom", *options], stdout=subprocess.DEVNULL)
        while not target.exists() and process.poll() is None:
            time.sleep(0.005)
        taken = time.perf_counter() - began
        if process.wait(60) or not target.exists():
            raise SystemExit("skyloom generate failed")
        return taken


def _memory() -> dict[str, float]:
    found: dict[str, float] = {}
    with server() as (client, process, _taken):
        _ask(client, DEFAULT, 0, "off")
        found["default"] = _peak(process)
        for count, name in ((1, "large"), (2, "large, three")):
            for seed in range(count):
                _ask(client, LARGE, seed, "off")
            found[name] = _peak(process)
    with server() as (client, process, _taken):
        if client.info().detail_models:
            _ask(client, LARGE, 0, "standard")
            found["large, detail"] = _peak(process)
    peer = subprocess.run([sys.executable, "-c", _PEER], check=True, capture_output=True, text=True)
    return {**found, "py360convert": float(peer.stdout)}


def _peak(process: psutil.Process) -> float:
    """Largest resident set so far, bytes; where the system does not keep it, the present one."""
    status = Path(f"/proc/{process.pid}/status")
    match = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return float(match[1]) * 1024 if match else float(process.memory_info().rss)
