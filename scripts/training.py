"""Training a model on the retriever's encoder: seeded, resumed from the last checkpoint when there is one.

Word embeddings and the lower layers stay as they are: only the upper layers and the heads are shipped.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch
from safetensors.torch import save_file
from torch import Tensor

from app.span_model import SpanModel

ROOT = Path(__file__).parents[1]
RETRIEVER = ROOT / "index" / "models" / "retriever"
SEED = 11
BATCH_TOKENS = 3200  # padded tokens a step: about 20 passages
WARM_UP = 0.06
HAS_BF16 = bool(torch.cpu.get_capabilities().get("amx_bf16"))  # twice as fast; elsewhere slower than float32


class Tokens(Protocol):
    """An example as tokens."""

    @property
    def ids(self) -> list[int]: ...


AnyItem = TypeVar("AnyItem", bound=Tokens)


def make_parser(about: str | None) -> argparse.ArgumentParser:
    """The options of every training."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder of the question sets and the news"
    )
    parser.add_argument("--checkpoints", type=Path, required=True, help="a folder outside the checkout")
    parser.add_argument("--every", type=float, default=600, help="seconds from checkpoint to checkpoint")
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=2e-4, help="the highest learning rate")
    return parser


def batches_of(items: Sequence[AnyItem], epochs: float) -> Iterator[list[AnyItem]]:
    """Batches of like length in random order; each item once an epoch."""
    rng = random.Random(SEED)
    left = epochs
    while left > 0:
        shuffled = rng.sample(items, int(len(items) * min(1.0, left)))
        left -= 1
        made: list[list[AnyItem]] = []
        # Sorted within large pieces: like lengths together, yet another mixture every epoch.
        for begin in range(0, len(shuffled), 2000):
            batch: list[AnyItem] = []
            for item in sorted(shuffled[begin : begin + 2000], key=lambda one: -len(one.ids)):
                batch.append(item)
                if len(batch) * len(batch[0].ids) >= BATCH_TOKENS:
                    made.append(batch)
                    batch = []
            if batch:
                made.append(batch)
        rng.shuffle(made)
        yield from made


@dataclass(frozen=True)
class Plan:
    """What is trained, and how fast: a linear warm-up, then a cosine to a hundredth of the highest rate.

    Of the encoder's layers the lowest are `shared` with the model it stands on and not written; the lowest
    `frozen` are not trained.
    """

    rate: float
    steps: int
    shared: int
    frozen: int

    def share(self, step: int) -> float:
        """0..1: of the highest rate."""
        warm = max(1, int(self.steps * WARM_UP))
        if step < warm:
            return (step + 1) / warm
        return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, self.steps - warm)))


class Training:
    """A model with its optimiser, from the last checkpoint in the folder if there is one."""

    def __init__(self, model: SpanModel, plan: Plan, folder: Path) -> None:
        self.model, self.folder, self.step = model, folder, 0
        self.written = {name for name, _ in _above(model, plan.shared)}
        self.trained = [parameter for _, parameter in _above(model, plan.frozen)]
        model.requires_grad_(False)
        for parameter in self.trained:
            parameter.requires_grad_(True)
        self.optimizer = torch.optim.AdamW(self.trained, lr=plan.rate, weight_decay=0.01)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, plan.share)
        self.checkpoint = folder / "checkpoint.pt"
        if self.checkpoint.exists():
            state: dict[str, Any] = torch.load(self.checkpoint, weights_only=True)
            model.load_state_dict(state["model"], strict=False)
            self.optimizer.load_state_dict(state["optimizer"])
            self.schedule.load_state_dict(state["schedule"])
            self.step = state["step"]
            print(f"resumed at step {self.step}", flush=True)

    def run(
        self, batches: list[list[AnyItem]], loss_of: Callable[[list[AnyItem]], Tensor], every: float
    ) -> None:
        """Go through the batches that are left; save every so many seconds, and at the end."""
        started = saved = time.monotonic()
        first, running = self.step, 0.0
        for number in range(first, len(batches)):
            with torch.autocast("cpu", torch.bfloat16, enabled=HAS_BF16):
                loss_now = loss_of(batches[number])
            loss = self._learn(loss_now)
            running = 0.98 * running + 0.02 * loss if running else loss
            if number % 25 == 0:
                pace = (time.monotonic() - started) / (number - first + 1)
                print(f"step {number} loss {running:.3f} {pace:.2f} s/step", flush=True)
            if time.monotonic() - saved > every or self.step == len(batches):
                self.save()
                saved = time.monotonic()

    def save(self) -> None:
        """Write what is needed to go on, and the weights as they are shipped, in half precision."""
        weights = {name: tensor for name, tensor in self.model.state_dict().items() if name in self.written}
        state = {
            "model": weights,
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "step": self.step,
        }
        torch.save(state, self.checkpoint.with_suffix(".new"))
        self.checkpoint.with_suffix(".new").replace(self.checkpoint)
        halves = {name: tensor.half().contiguous() for name, tensor in weights.items()}
        save_file(halves, self.folder / "model.safetensors")

    def _learn(self, loss: Tensor) -> float:
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return loss.item()


def _above(model: SpanModel, layers: int) -> list[tuple[str, torch.nn.Parameter]]:
    """The parameters above the word embeddings and the lowest layers."""
    lower = tuple(f"encoder.encoder.layer.{layer}." for layer in range(layers))
    return [one for one in model.named_parameters() if not one[0].startswith(("encoder.embeddings.", *lower))]
