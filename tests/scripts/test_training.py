"""A training that is killed goes on from its last checkpoint, and ends as if nothing had been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from safetensors.torch import load_file

ROOT = Path(__file__).parents[2]
TRAIN = textwrap.dedent(
    """
    import sys
    from dataclasses import dataclass
    from pathlib import Path

    import torch
    from transformers import BertConfig, BertModel

    from app.span_model import SpanModel
    from training import Plan, Training

    @dataclass(frozen=True)
    class Item:
        ids: list[int]

    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=8, hidden_size=8, num_hidden_layers=3, num_attention_heads=2, intermediate_size=8
    )
    model = SpanModel(BertModel(config, add_pooling_layer=False), 8).eval()
    batches = [[Item([1 + number % 7, 2, 3])] for number in range(40)]

    def loss_of(batch):
        scores = model(torch.tensor([batch[0].ids]), torch.ones(1, 3, dtype=torch.long))
        return (scores.answerable.float() - batch[0].ids[0]).square().sum()

    class Slow(Training):
        def _learn(self, loss):
            learnt = super()._learn(loss)
            print(self.step, flush=True)
            return learnt

    Slow(model, Plan(1e-2, len(batches), 1, 2), Path(sys.argv[1])).run(batches, loss_of, 0.0)
    """
)


def start(folder: Path) -> subprocess.Popen[str]:
    folder.mkdir(exist_ok=True)
    path = os.pathsep.join([str(ROOT / "scripts"), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-c", TRAIN, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weights of a training that nobody disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    run = start(folder)
    run.communicate()
    assert run.returncode == 0
    return folder / "model.safetensors"


def test_a_killed_training_goes_on_and_ends_the_same(tmp_path: Path, whole: Path) -> None:
    run = start(tmp_path / "killed")
    assert run.stdout is not None
    while run.stdout.readline().strip() != "9":
        pass
    run.send_signal(signal.SIGKILL)
    run.communicate()
    told, _ = (again := start(tmp_path / "killed")).communicate()
    assert again.returncode == 0
    resumed = next(line for line in told.splitlines() if line.startswith("resumed at step "))
    assert 8 <= int(resumed.split()[-1]) < 40
    first, second = load_file(whole), load_file(tmp_path / "killed" / "model.safetensors")
    assert first.keys() == second.keys()
    assert all(first[name].equal(second[name]) for name in first)


def test_what_is_shared_is_neither_trained_nor_written(whole: Path) -> None:
    layers = {name.split(".")[3] for name in load_file(whole) if ".layer." in name}
    assert layers == {"1", "2"}  # of three layers one is shared; the second is written, though frozen
    assert not any(".embeddings." in name for name in load_file(whole))
    assert {"span.weight", "answerable.bias"} <= load_file(whole).keys()
