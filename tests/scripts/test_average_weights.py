"""The mean of two trainings' weights."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

SCRIPT = Path(__file__).parents[2] / "scripts" / "average_weights.py"


def average(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor], folder: Path) -> str:
    """What the script says on standard error; it writes `out` into the folder."""
    save_file(one, folder / "one")
    save_file(other, folder / "other")
    files = [str(folder / name) for name in ("one", "other", "out")]
    return subprocess.run([sys.executable, SCRIPT, *files], capture_output=True, text=True).stderr


def test_it_is_the_mean_in_the_precision_of_the_first(tmp_path: Path) -> None:
    halves = {"layer": torch.tensor([1.0, -2.0], dtype=torch.float16)}
    assert average(halves, {"layer": torch.tensor([2.0, 2.0])}, tmp_path) == ""
    out = load_file(tmp_path / "out")["layer"]
    assert (out.tolist(), out.dtype) == ([1.5, 0.0], torch.float16)


def test_weights_of_two_models_have_none(tmp_path: Path) -> None:
    one = {"layer": torch.zeros(1)}
    assert "not of one model: ['head']" in average(one, one | {"head": torch.zeros(1)}, tmp_path)
    assert not (tmp_path / "out").exists()
