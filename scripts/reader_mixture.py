"""All training examples of the reader: of question sets and of news, a share of them in English words."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from reader_data import Example, squad_examples
from reader_english import word_for_word
from reader_news import news_examples

_NEWS = 12_000  # examples
_ENGLISH = 0.12  # share of all questions


def read_training(folder: Path, seed: int) -> list[Example]:
    """The examples, shuffled."""
    rng = random.Random(seed)
    examples = squad_examples(folder, rng) + news_examples(folder / "news_zh_63k.jsonl.xz", _NEWS, rng)
    rng.shuffle(examples)
    return [
        replace(example, question=word_for_word(example.question)) if rng.random() < _ENGLISH else example
        for example in examples
    ]
