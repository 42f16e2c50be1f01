"""Train the reader on the retriever's encoder: python scripts/train_reader.py --data DIR --checkpoints DIR.

Seeded, and resumed from the last checkpoint when there is one. Word embeddings and the lower layers stay
as they are in the retriever, so that only the upper layers and the heads are shipped.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional
from training import RETRIEVER, SEED, Plan, Training, batches_of, make_parser
from transformers import PreTrainedTokenizerFast

from app.span_model import SpanModel, Window, encode, load_model, load_tokenizer, make_model, pad

if TYPE_CHECKING:
    from reader_data import Example

SHARED_LAYERS = 4  # with the retriever
FROZEN_LAYERS = 7  # where a training goes on from another one: the checker stands on what they give
ANSWERABLE_WEIGHT = 1.0


@dataclass(frozen=True)
class Item:
    """An example as tokens; `span` are the answer's first and last token."""

    ids: list[int]
    first: int
    span: tuple[int, int] | None


def main() -> None:
    """Train, from the last checkpoint if there is one, and write the weights."""
    parser = make_parser(__doc__)
    parser.add_argument("--start", type=Path, help="weights of an earlier training to go on from")
    parser.add_argument("--others", type=int, help="examples beside the written pairs; all if left out")
    options = parser.parse_args()
    options.checkpoints.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    tokenizer = load_tokenizer(RETRIEVER)
    items = _items(tokenizer, options)
    batches = list(batches_of(items, options.epochs))
    print(f"{len(items)} examples, {len(batches)} steps", flush=True)
    model = load_model(RETRIEVER, options.start) if options.start else make_model(RETRIEVER)
    # As in use: without dropout, which so few epochs do not need.
    frozen = FROZEN_LAYERS if options.start else SHARED_LAYERS
    plan = Plan(options.rate, len(batches), SHARED_LAYERS, frozen)
    training = Training(model.eval(), plan, options.checkpoints)
    training.run(batches, partial(_loss, model, int(tokenizer.pad_token_id or 0)), options.every)


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


def _loss(model: SpanModel, filler: int, batch: list[Item]) -> Tensor:
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


if __name__ == "__main__":
    main()
