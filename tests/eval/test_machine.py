"""What is told of the machine: memory is this program's own."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the size of who started it is in it")
def test_memory_is_not_that_of_who_started_the_program() -> None:
    kept = bytearray(b"\x01") * 300_000_000
    code = "from eval.machine import peak_memory_mb; print(peak_memory_mb())"
    peak = float(subprocess.check_output([sys.executable, "-c", code]))
    assert 3 < peak < 200 < len(kept) / 1e6
