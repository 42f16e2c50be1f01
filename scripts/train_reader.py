"""Train the reader on the retriever's encoder: python scripts/train_reader.py --data DIR --checkpoints DIR.

Seeded, and resumed from the last checkpoint when there is one. Word embeddings and the lower layers stay
as they are in the retriever, so that only the upper layers and the heads are shipped.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedTokenizerFast

from app.span_model import SpanModel, Window, encode, load_model, load_tokenizer, make_model, pad

if TYPE_CHECKING:
    from reader_data import Example

ROOT = Path(__file__).parents[1]
RETRIEVER = ROOT / "index" / "models" / "retriever"
SEED = 11
FROZEN_LAYERS = 4  # their gradients would cost a fifth of the time
BATCH_TOKENS = 3200  # padded tokens a step: about 20 passages
WARM_UP = 0.06
ANSWERABLE_WEIGHT = 1.0


@dataclass(frozen=True)
class Item:
    """An example as tokens; `span` are the answer's first and last token."""

    ids: list[int]
    first: int
    span: tuple[int, int] | None


def main() -> None:
    """Train, from the last checkpoint if there is one, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder of the question sets and the news"
    )
    parser.add_argument("--checkpoints", type=Path, required=True, help="a folder outside the checkout")
    parser.add_argument("--every", type=float, default=600, help="seconds from checkpoint to checkpoint")
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=2e-4, help="the highest learning rate")
    parser.add_argument("--start", type=Path, help="weights of an earlier training to go on from")
    parser.add_argument("--others", type=int, help="examples beside the written ones; all if left out")
    options = parser.parse_args()
    options.checkpoints.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    tokenizer = load_tokenizer(RETRIEVER)
    items = _items(tokenizer, options)
    batches = list(_batches(items, options.epochs))
    print(f"{len(items)} examples, {len(batches)} steps", flush=True)
    model = load_model(RETRIEVER, options.start) if options.start else make_model(RETRIEVER)
    # As in use: without dropout, which so few epochs do not need.
    training = Training(model.eval(), Plan(options.rate, len(batches)), options.checkpoints)
    training.run(batches, int(tokenizer.pad_token_id or 0), options.every)


def _items(tokenizer: PreTrainedTokenizerFast, options: argparse.Namespace) -> list[Item]:
    cache = options.checkpoints / f"items-{SEED}.pt"
    if not cache.exists():
        from reader_mixture import read_training  # needs the extra `train`

        examples = read_training(options.data, SEED, options.others)
        found = [
            _item(example, encode(tokenizer, example.question, [example.passage])[0]) for example in examples
        ]
        kept = [(item.ids, item.first, item.span) for item in found if item is not None]
        torch.save(kept, cache)
    return [Item(ids, first, span) for ids, first, span in torch.load(cache, weights_only=True)]


def _item(example: Example, encoded: Window) -> Item | None:
    if example.start is None or example.end is None:
        return Item(encoded.ids, encoded.first, None)
    touched = [
        i for i, (start, end) in enumerate(encoded.offsets) if start < example.end and example.start < end
    ]
    if not touched:
        return None
    return Item(encoded.ids, encoded.first, (encoded.first + touched[0], encoded.first + touched[-1]))


def _batches(items: list[Item], epochs: float) -> Iterator[list[Item]]:
    """Batches of like length in random order; each item once an epoch."""
    rng = random.Random(SEED)
    left = epochs
    while left > 0:
        shuffled = rng.sample(items, int(len(items) * min(1.0, left)))
        left -= 1
        made: list[list[Item]] = []
        # Sorted within large pieces: like lengths together, yet another mixture every epoch.
        for begin in range(0, len(shuffled), 2000):
            batch: list[Item] = []
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
    """The learning rate over the steps: a linear warm-up, then a cosine to a hundredth of the highest."""

    rate: float
    steps: int

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
        self.trained = _freeze(model)
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

    def run(self, batches: list[list[Item]], filler: int, every: float) -> None:
        """Go through the batches that are left; save every so many seconds, and at the end."""
        started = saved = time.monotonic()
        first, running = self.step, 0.0
        for number in range(first, len(batches)):
            loss = self._learn(batches[number], filler)
            running = 0.98 * running + 0.02 * loss if running else loss
            if number % 25 == 0:
                pace = (time.monotonic() - started) / (number - first + 1)
                print(f"step {number} loss {running:.3f} {pace:.2f} s/step", flush=True)
            if time.monotonic() - saved > every or self.step == len(batches):
                self.save()
                saved = time.monotonic()

    def save(self) -> None:
        """Write what is needed to go on, and the weights as they are shipped, in half precision."""
        weights = _trained_state(self.model)
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

    def _learn(self, batch: list[Item], filler: int) -> float:
        loss = _loss(self.model, batch, filler)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return loss.item()


def _freeze(model: SpanModel) -> list[torch.nn.Parameter]:
    frozen = [model.encoder.embeddings, *model.encoder.encoder.layer[:FROZEN_LAYERS]]  # type: ignore[union-attr,index]
    for module in frozen:
        module.requires_grad_(False)  # type: ignore[union-attr]
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def _loss(model: SpanModel, batch: list[Item], filler: int) -> Tensor:
    ids, mask = pad([item.ids for item in batch], filler)
    scores = model(ids, mask)
    answerable = torch.tensor([float(item.span is not None) for item in batch])
    loss = ANSWERABLE_WEIGHT * functional.binary_cross_entropy_with_logits(scores.answerable, answerable)
    rows = [row for row, item in enumerate(batch) if item.span is not None]
    if rows:
        outside = mask.bool().logical_not()
        for row, item in enumerate(batch):
            outside[row, : item.first] = True
            outside[row, len(item.ids) - 1] = True
        for side, logits in enumerate((scores.start, scores.end)):
            inside = logits.masked_fill(outside, -1e4)[rows]
            target = torch.tensor([item.span[side] for item in batch if item.span is not None])
            loss = loss + 0.5 * functional.cross_entropy(inside, target)
    return loss


def _trained_state(model: SpanModel) -> dict[str, Tensor]:
    names = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    return {name: tensor for name, tensor in model.state_dict().items() if name in names}


if __name__ == "__main__":
    main()
