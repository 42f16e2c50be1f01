"""What machine a figure was measured on."""

from __future__ import annotations

import os
import platform
import resource
import sys
from pathlib import Path


def describe() -> str:
    """The processor, its cores and the Python that runs.

    Like `AMD EPYC 9B14, 2 cores, Python 3.11.7, Linux`.
    """
    return f"{_cpu()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def peak_memory_mb(of_children: bool = False) -> float:
    """The largest resident size of this process so far, or of one that it started, in megabytes."""
    own = None if of_children else _high_water_mark()
    if own is not None:
        return own
    who = resource.RUSAGE_CHILDREN if of_children else resource.RUSAGE_SELF
    peak = resource.getrusage(who).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1)  # bytes there, kilobytes elsewhere


def _high_water_mark() -> float | None:
    """What Linux tells of this program alone; `ru_maxrss` begins with the size of who started it."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    marks = [line.split()[1] for line in lines if line.startswith("VmHWM:")]  # in kibibytes
    return round(int(marks[0]) * 1.024 / 1e3, 1) if marks else None


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
