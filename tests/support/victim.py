"""A client that names its job once a piece of the picture arrived, and then reads no more: made to be killed."""

from __future__ import annotations

import json
import sys
import time

from harness import cumulus
from skyloom.client import Received, SkyClient


def on_event(event) -> None:
    if isinstance(event, Received):
        print(json.dumps({"job_id": event.job_id}), flush=True)
        time.sleep(60)


with SkyClient(sys.argv[1]) as client:
    client.generate(cumulus(21), on_event=on_event)
