"""All training examples of the reader: of question sets and of news, a share of them in other words."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from reader_data import Example, squad_examples
from reader_english import word_for_word
from reader_news import news_examples
from reader_paraphrase import other_words

_NEWS = 12_000  # examples
# Shares of all questions.
_ENGLISH = 0.12
_PARAPHRASED = 0.25


def read_training(folder: Path, seed: int) -> list[Example]:
    """The examples, shuffled."""
    rng = random.Random(seed)
    examples = squad_examples(folder, rng) + news_examples(folder / "news_zh_63k.jsonl.xz", _NEWS, rng)
    rng.shuffle(examples)
    return [replace(example, question=_reworded(example.question, rng)) for example in examples]


def _reworded(question: str, rng: random.Random) -> str:
    chance = rng.random()
    if chance < _ENGLISH:
        return word_for_word(question)
    return other_words(question, rng) if chance < _ENGLISH + _PARAPHRASED else question
