"""Training the reader: killed and resumed it comes to the same weights."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import load_file

ROOT = Path(__file__).parents[2]
STEPS = 6


def start(folder: Path) -> subprocess.Popen[str]:
    """Training on six little examples, one step an epoch, with a checkpoint after every step."""
    folder.mkdir(exist_ok=True)
    # Tokens as they come; the answer is the first token of the passage, and every third has none.
    items = [([0, 10 + i, 2, 30 + i, 40 + i, 50 + i, 2], 3, None if i % 3 == 0 else (3, 3)) for i in range(6)]
    torch.save(items, folder / "items-11.pt")
    command = [sys.executable, str(ROOT / "scripts" / "train_reader.py"), "--data", str(folder)]
    command += ["--checkpoints", str(folder), "--epochs", str(STEPS), "--every", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def finish(process: subprocess.Popen[str]) -> str:
    """Its output, once it has ended well."""
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return output


def test_a_killed_training_goes_on_where_it_was(tmp_path: Path) -> None:
    assert f"6 examples, {STEPS} steps" in finish(start(tmp_path / "whole"))
    killed = start(tmp_path / "killed")
    checkpoint = tmp_path / "killed" / "checkpoint.pt"
    while not checkpoint.exists():
        assert killed.poll() is None
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    before = torch.load(checkpoint, weights_only=True)
    step = before["step"]
    assert 1 <= step < STEPS

    assert f"resumed at step {step}" in finish(start(tmp_path / "killed"))
    whole, resumed = (
        torch.load(tmp_path / name / "checkpoint.pt", weights_only=True) for name in ("whole", "killed")
    )
    assert furthest(whole["model"], resumed["model"]) < 1e-5
    assert furthest(whole["model"], before["model"]) > 1e-4  # the rest of the way did move them
    files = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "killed"))
    assert furthest(*files) < 1e-3  # in half precision


def furthest(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
    """The largest difference of a weight."""
    assert one.keys() == other.keys()
    return max(float((one[name] - other[name]).abs().max()) for name in one)
