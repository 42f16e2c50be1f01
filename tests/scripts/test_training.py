"""What a training changes and what it writes are two things."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from safetensors.torch import load_file

ROOT = Path(__file__).parents[2]
TRAIN = textwrap.dedent(
    """
    import sys
    from pathlib import Path

    import torch
    from safetensors.torch import save_file
    from transformers import BertConfig, BertModel

    from app.span_model import SpanModel
    from training import Plan, Training

    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=8, hidden_size=8, num_hidden_layers=3, num_attention_heads=2, intermediate_size=8
    )
    model = SpanModel(BertModel(config, add_pooling_layer=False), 8).eval()
    folder = Path(sys.argv[1])
    save_file({name: tensor.half() for name, tensor in model.state_dict().items()}, folder / "before")
    ids, mask = torch.tensor([[1, 2, 3]]), torch.ones(1, 3, dtype=torch.long)
    plan = Plan(rate=1e-2, steps=3, shared=1, frozen=2)
    Training(model, plan, folder).run([[], [], []], lambda batch: model(ids, mask).answerable.sum(), 600)
    """
)


def test_what_is_shared_is_not_written_and_what_is_frozen_not_trained(tmp_path: Path) -> None:
    path = os.pathsep.join([str(ROOT / "scripts"), str(ROOT)])
    subprocess.run(
        [sys.executable, "-c", TRAIN, str(tmp_path)], check=True, env={**os.environ, "PYTHONPATH": path}
    )
    before, written = load_file(tmp_path / "before"), load_file(tmp_path / "model.safetensors")
    assert {name.split(".")[3] for name in written if ".layer." in name} == {"1", "2"}
    assert not any(".embeddings." in name for name in written)
    changed = {name for name, tensor in written.items() if not tensor.equal(before[name])}
    assert "answerable.weight" in changed and not any(".layer.1." in name for name in changed)
    assert any(".layer.2." in name for name in changed)
