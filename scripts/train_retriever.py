"""Train the embedded retriever: python scripts/train_retriever.py --base BASE --data DIR --checkpoints DIR.

BASE is what build_retriever.py writes. In-batch negatives and one that BM25 finds
(`MultipleNegativesRankingLoss`), at the temperature of E5, 0.01 (Wang et al. 2024, section 3). Word
embeddings and the lower layers stay as they are: the reader stands on them. Seeded, and resumed from the
last checkpoint when there is one. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from datasets import Dataset
from datasets.table import InMemoryTable
from retriever_data import Triplet, triplets_of_sets, triplets_of_written
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from training import SEED

FROZEN = 6  # layers; the reader shares the lowest four
LONGEST = 176  # tokens: the product's passages, hardly cut
NAMES = ("question", "positive", "negative")


def main() -> None:
    """Train, and write the folder `final` beside the checkpoints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="the folder that build_retriever.py wrote")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the sets and the news")
    parser.add_argument("--checkpoints", type=Path, required=True, help="a folder outside the checkout")
    parser.add_argument("--of-sets", type=int, default=1500, help="triplets of question sets")
    parser.add_argument("--written", type=int, default=4500, help="triplets of written questions")
    parser.add_argument("--rate", type=float, default=4e-5, help="the highest learning rate")
    options = parser.parse_args()
    options.checkpoints.mkdir(parents=True, exist_ok=True)
    triplets = _triplets(options)
    model = _model(options.base)
    reads, model.max_seq_length = model.max_seq_length, LONGEST
    trainer = SentenceTransformerTrainer(
        model=model,
        args=_arguments(options.checkpoints, options.rate),
        train_dataset=_dataset(triplets),
        loss=MultipleNegativesRankingLoss(model, scale=100.0),
    )
    trainer.train(resume_from_checkpoint=any(options.checkpoints.glob("checkpoint-*")))
    model.max_seq_length = reads
    model.half().save_pretrained(str(options.checkpoints / "final"))


def _triplets(options: argparse.Namespace) -> list[Triplet]:
    cache = options.checkpoints / f"triplets-{SEED}.json"
    if not cache.exists():
        rng = random.Random(SEED)
        of_sets = list(triplets_of_sets(options.data, rng))
        written = list(triplets_of_written(options.data / "news_zh_63k.jsonl.xz", rng))
        chosen = rng.sample(of_sets, min(options.of_sets, len(of_sets)))
        chosen += rng.sample(written, min(options.written, len(written)))
        rng.shuffle(chosen)
        cache.write_text(json.dumps([astuple(one) for one in chosen], ensure_ascii=False), encoding="utf-8")
    return [Triplet(*row) for row in json.loads(cache.read_text(encoding="utf-8"))]


def _model(base: Path) -> SentenceTransformer:
    model = SentenceTransformer(
        str(base),
        device="cpu",
        local_files_only=True,
        model_kwargs={"dtype": "float32"},
        # As in use: without dropout, which makes a step three times as slow on a CPU.
        config_kwargs={"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0},
    )
    encoder = model[0].model
    for fixed in (encoder.embeddings, *encoder.encoder.layer[:FROZEN]):
        fixed.requires_grad_(False)
    return model


def _dataset(triplets: Sequence[Triplet]) -> Dataset:
    columns = zip(*map(astuple, triplets), strict=True)
    table = InMemoryTable.from_pydict(dict(zip(NAMES, map(list, columns), strict=True)))
    return Dataset(table, fingerprint="triplets")  # else it is hashed by dill, which fails on pyarrow 26


def _arguments(folder: Path, rate: float) -> SentenceTransformerTrainingArguments:
    return SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        num_train_epochs=1,
        per_device_train_batch_size=20,
        batch_sampler="no_duplicates",  # another question's passage is a negative, unless it is one's own
        learning_rate=rate,
        lr_scheduler_type="cosine",
        warmup_steps=25,
        use_cpu=True,
        seed=SEED,
        save_steps=100,
        save_total_limit=2,
        logging_steps=10,
        disable_tqdm=True,
        report_to="none",
        prompts=dict(zip(NAMES, ("query: ", "passage: ", "passage: "), strict=True)),
    )


if __name__ == "__main__":
    main()
