"""Train the checker on the reader: python scripts/train_checker.py --data DIR --checkpoints DIR.

What stands as a question before a passage in the reader is a claim here, and the score of there being an
answer that of the passage bearing the claim. Only the uppermost layers are its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from checker_data import Example, Words, claim_examples, measured_documents, written_claims
from checker_news import news_claims, news_documents
from checker_questions import question_claims
from torch import Tensor
from torch.nn import functional
from training import RETRIEVER, ROOT, SEED, Plan, Training, batches_of, make_parser

from app.span_model import SpanModel, encode, load_model, load_tokenizer, pad

READER = ROOT / "app" / "models" / "reader" / "model.safetensors"
SHARED_LAYERS = 7  # with the reader
_LONGEST = 400  # characters of a text


@dataclass(frozen=True)
class Item:
    """An example as tokens."""

    ids: list[int]
    supported: bool


def main() -> None:
    """Train, from the last checkpoint if there is one, and write the weights."""
    parser = make_parser(__doc__)
    parser.add_argument(
        "--made", type=int, default=10_000, help="examples made from news, and at most from questions"
    )
    parser.add_argument("--start", type=Path, help="weights of an earlier training to go on from")
    options = parser.parse_args()
    options.checkpoints.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    tokenizer = load_tokenizer(RETRIEVER)
    examples = _examples(options.data, options.made, random.Random(SEED))
    items = [Item(encode(tokenizer, e.claim, [e.text])[0].ids, e.supported) for e in examples]
    batches = list(batches_of(items, options.epochs))
    print(
        f"{len(items)} examples, {sum(e.supported for e in examples)} borne, {len(batches)} steps", flush=True
    )
    earlier = [options.start] if options.start else []
    model = load_model(RETRIEVER, READER, *earlier).eval()  # as in use: without dropout
    plan = Plan(options.rate, len(batches), SHARED_LAYERS, SHARED_LAYERS)
    training = Training(model, plan, options.checkpoints)
    training.run(batches, partial(_loss, model, int(tokenizer.pad_token_id or 0)), options.every)


def _examples(data: Path, made: int, rng: random.Random) -> list[Example]:
    """Of written claims, of questions, and of news that no measured claim is about, shuffled."""
    rows = written_claims()
    words = Words(["".join(row["sentences"]) for row in rows])
    documents = news_documents(data / "news_zh_63k.jsonl.xz", measured_documents())
    asked = question_claims(data, rng)
    examples = claim_examples(rows, words, rng) + rng.sample(asked, min(made, len(asked)))
    examples += news_claims(documents, words, made, rng)
    rng.shuffle(examples)
    return [example for example in examples if len(example.text) <= _LONGEST]


def _loss(model: SpanModel, filler: int, batch: list[Item]) -> Tensor:
    scores = model(*pad([item.ids for item in batch], filler))
    supported = torch.tensor([float(item.supported) for item in batch])
    return functional.binary_cross_entropy_with_logits(scores.answerable, supported)


if __name__ == "__main__":
    main()
