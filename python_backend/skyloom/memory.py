"""Keeps the memory of one request for the next: fetching it anew from the system can take longer than the sky.

glibc gives large arrays back when they are freed, and every request has tens of megabytes of them. In a virtual machine
whose host takes free pages away, getting them again cost some requests 0.14 s of page faults, as long as all else.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping

# Parameters of mallopt(3), from glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_MAX, _ARENA_MAX = -1, -4, -8
# What may stay free at the end of the heap: enough for a panorama of 2048 and six faces; after 8192 the rest goes back.
KEPT = 128 << 20


def keep_freed_memory(environment: Mapping[str, str] = os.environ) -> bool:
    """Let this process keep up to :data:`KEPT` bytes that it has freed; whether that was done.

    Nothing is done without glibc, or where whoever started the process has set malloc's parameters. One arena serves
    all threads: threads have arrays, not small blocks, to share it for, and what one frees another can use.
    """
    if any(name.startswith("MALLOC_") or name == "GLIBC_TUNABLES" for name in environment):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    # No such function, or (Windows) no library of the process itself.
    except (AttributeError, OSError, TypeError):
        return False
    return all(mallopt(name, value) == 1 for name, value in ((_MMAP_MAX, 0), (_TRIM_THRESHOLD, KEPT), (_ARENA_MAX, 1)))
