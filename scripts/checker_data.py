"""Training examples of the checker from written claims: scripts/claims/README.md.

A true claim stands with the sentences that bear it, alone and among others; without them, or with one of two,
or with another figure or name in it, it is not borne. An untrue one stands with all four sentences, and with
those that look most like it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.pairs import shared

CLAIMS = Path(__file__).parent / "claims"
WRITTEN = ("chinese", "english", "pairs")
MEASURED = Path(__file__).parents[1] / "eval" / "claims"
_NUMBER = re.compile(r"\d+(?:\.\d+)?|(?<![一第])[二三四五六七八九](?=[个家项名人次年月成倍天])")
_RENAMED = 0.5  # share of the true claims that stand a second time with another name
_RENUMBERED = 0.5
_DIGITS = "一二三四五六七八九"
NAMES = ("nr", "ns", "nt", "nz", "nrt", "nrfg")


@dataclass(frozen=True)
class Example:
    """A claim over a text, and whether the text bears it."""

    claim: str
    text: str
    supported: bool


def written_claims() -> list[dict[str, Any]]:
    """The rows of the written claims: four sentences, and what is claimed of them."""
    return [json.loads(line) for name in WRITTEN for line in _lines(CLAIMS / f"{name}.jsonl")]


def claim_examples(rows: Sequence[dict[str, Any]], words: Words, rng: random.Random) -> list[Example]:
    """The examples of written claims, shuffled; the words are those to put in the place of others."""
    examples = [example for row in rows for example in _examples(row, words, rng)]
    rng.shuffle(examples)
    return examples


def measured_documents() -> set[str]:
    """The ids of the documents that `eval/claims/` is about."""
    rows = [
        json.loads(line) for half in ("dev", "test") for line in _lines(MEASURED / f"evidence-{half}.jsonl")
    ]
    return {row["document"] for row in rows}


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _examples(row: dict[str, Any], words: Words, rng: random.Random) -> Iterator[Example]:
    sentences: list[str] = row["sentences"]
    for one in row["claims"]:
        claim = one["claim"]
        if one["kind"] != "true":
            ranked = sorted(range(4), key=lambda i: -shared(claim, sentences[i]))
            for wanted in (range(4), ranked[:1], ranked[:2]):
                yield Example(claim, _text(sentences, wanted), False)
            continue
        bearing = [number - 1 for number in one["sentences"]]
        others = [i for i in range(4) if i not in bearing]
        some = rng.sample(others, rng.randint(1, len(others))) if others else []
        yield Example(claim, _text(sentences, bearing), True)
        yield Example(claim, _text(sentences, [*bearing, *some]), True)
        if others:
            yield Example(claim, _text(sentences, others), False)
        if len(bearing) > 1:
            half = min(bearing, key=lambda i: shared(claim, sentences[i]))
            yield Example(claim, _text(sentences, [half, *others[:1]]), False)
        if rng.random() < _RENUMBERED and (changed := _renumbered(claim, _text(sentences, range(4)), rng)):
            yield Example(changed, _text(sentences, bearing), False)
        if rng.random() < _RENAMED and (changed := _renamed(claim, sentences, words, rng)):
            yield Example(changed, _text(sentences, [*bearing, *some]), False)


def _text(sentences: Sequence[str], which: Iterable[int]) -> str:
    return " ".join(sentences[i] for i in sorted(which))


def _renamed(claim: str, sentences: Sequence[str], words: Words, rng: random.Random) -> str | None:
    """The claim with another name in it; None where it has no name."""
    names = [(word, kind) for word, kind in cut(claim) if kind in NAMES and len(word) > 1]
    if not names:
        return None
    old, kind = rng.choice(names)
    new = words.other(old, kind, cut("".join(sentences)), rng)
    return claim.replace(old, new) if new else None


def _renumbered(claim: str, text: str, rng: random.Random) -> str | None:
    """The claim with another figure, which the text does not hold; None where there is no figure."""
    found = list(_NUMBER.finditer(claim))
    if not found:
        return None
    match = rng.choice(found)
    old = match[0]
    for _ in range(20):
        at = rng.randrange(len(old))
        digits = "123456789" if old[0].isdecimal() else _DIGITS
        new = old[:at] + rng.choice(digits) + old[at + 1 :] if old[at] != "." else old
        if new != old and new not in text:
            return claim[: match.start()] + new + claim[match.end() :]
    return None


def cut(text: str) -> list[tuple[str, str]]:
    """The words of a text, each with its kind."""
    import jieba.posseg

    return [(pair.word, pair.flag) for pair in jieba.posseg.cut(text)]


class Words:
    """The words of many texts by their kind, to put one in the place of another."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._by_kind: dict[str, list[str]] = {}
        for text in texts:
            for word, kind in cut(text):
                if len(word) > 1:
                    self._by_kind.setdefault(kind, []).append(word)

    def other(self, word: str, kind: str, near: Sequence[tuple[str, str]], rng: random.Random) -> str | None:
        """Another word of a kind, as often one of those near as any; None where it is hardly another."""
        alike = [other for other, its in near if its == kind and len(other) > 1 and other != word]
        others = alike if alike and rng.random() < 0.5 else self._by_kind.get(kind, [])
        new = rng.choice(others) if len(others) > 0 else None
        return None if new is None or new in word or word in new else new
