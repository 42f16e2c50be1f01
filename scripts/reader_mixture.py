"""All training examples of the reader: of question sets, of news, and of questions that were written."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from reader_data import Example, squad_examples
from reader_english import word_for_word
from reader_news import news_examples
from reader_written import pair_examples, written_examples

_MADE = 12_000  # examples made from news
_ENGLISH = 0.12  # share of the questions of sets and of those made from news


def read_training(folder: Path, seed: int, most: int | None) -> list[Example]:
    """The examples, shuffled: all of the written pairs, and so many of the others at most."""
    rng = random.Random(seed)
    news = folder / "news_zh_63k.jsonl.xz"
    others = squad_examples(folder, rng) + news_examples(news, _MADE, rng)
    others = [replace(example, question=_reworded(example.question, rng)) for example in others]
    others += written_examples(news, rng)
    examples = rng.sample(others, min(most or len(others), len(others))) + pair_examples()
    rng.shuffle(examples)
    return examples


def _reworded(question: str, rng: random.Random) -> str:
    return word_for_word(question) if rng.random() < _ENGLISH else question
