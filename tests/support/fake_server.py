"""A server process with the fake core: `python fake_server.py READY_FILE [--grace S] [--parent-pid N] ...`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
from pathlib import Path

from fake_core import FakeCore
from skyloom.server.config import ServerConfig
from skyloom.server.lifecycle import serve
from skyloom.server.threads import threads_left

parser = argparse.ArgumentParser()
parser.add_argument("ready_file", type=Path)
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--web-port", type=int)
parser.add_argument("--grace", type=float, default=10.0)
parser.add_argument("--parent-pid", type=int)
parser.add_argument("--stage-seconds", type=float, default=0.05)
parser.add_argument("--byte-count", type=int, default=2_500_000)
options = parser.parse_args()
logging.basicConfig(level="INFO")
config = ServerConfig(
    host=options.host,
    port=options.port,
    web_port=options.web_port,
    ready_file=options.ready_file,
    grace=options.grace,
    parent_pid=options.parent_pid,
)
asyncio.run(serve(config, lambda: FakeCore(options.stage_seconds, options.byte_count)))
print("ended well", flush=True)
if threads_left():
    os._exit(0)
