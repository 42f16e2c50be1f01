"""Training examples of the checker from written claims: scripts/claims/README.md.

A true claim stands with the sentences that bear it, alone and among others; without them, or with one of two,
or with another figure or name in it, it is not borne. An untrue one stands with all four sentences, and with
those that look most like it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLAIMS = Path(__file__).parent / "claims"
MEASURED = Path(__file__).parents[1] / "eval" / "claims"
_NUMBER = re.compile(r"\d+(?:\.\d+)?|(?<![一第])[二三四五六七八九](?=[个家项名人次年月成倍天])")
_RENAMED = 0.5  # share of the true claims that stand a second time with another name
_RENUMBERED = 0.5
_DIGITS = "一二三四五六七八九"
_NAMES = ("nr", "ns", "nt", "nz", "nrt", "nrfg")


@dataclass(frozen=True)
class Example:
    """A claim over a text, and whether the text bears it."""

    claim: str
    text: str
    supported: bool


def claim_examples(rng: random.Random, folder: Path = CLAIMS) -> list[Example]:
    """The examples of every written claim, shuffled."""
    rows = [json.loads(line) for name in ("chinese", "english") for line in _lines(folder / f"{name}.jsonl")]
    names = _Names([row["sentences"] for row in rows])
    examples = [example for row in rows for example in _examples(row, names, rng)]
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


def _examples(row: dict[str, Any], names: _Names, rng: random.Random) -> Iterator[Example]:
    sentences: list[str] = row["sentences"]
    for one in row["claims"]:
        claim = one["claim"]
        if one["kind"] != "true":
            ranked = sorted(range(4), key=lambda i: -_shared(claim, sentences[i]))
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
            half = min(bearing, key=lambda i: _shared(claim, sentences[i]))
            yield Example(claim, _text(sentences, [half, *others[:1]]), False)
        if rng.random() < _RENUMBERED and (changed := _renumbered(claim, _text(sentences, range(4)), rng)):
            yield Example(changed, _text(sentences, bearing), False)
        if rng.random() < _RENAMED and (changed := names.renamed(claim, sentences, rng)):
            yield Example(changed, _text(sentences, [*bearing, *some]), False)


def _text(sentences: Sequence[str], which: Sequence[int] | range) -> str:
    return (
        " ".join(sentences[i] for i in sorted(which))
        if sentences[0].isascii()
        else "".join(sentences[i] for i in sorted(which))
    )


def _shared(text: str, other: str) -> float:
    pairs, others = ({one[i : i + 2] for i in range(len(one) - 1)} for one in (text, other))
    return len(pairs & others) / max(1, len(pairs))


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


class _Names:
    """The names in the texts by their kind, to put one in the place of another."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._by_kind: dict[str, list[str]] = {}
        for sentences in texts:
            for name, kind in self._find("".join(sentences)):
                self._by_kind.setdefault(kind, []).append(name)

    def renamed(self, claim: str, sentences: Sequence[str], rng: random.Random) -> str | None:
        """The claim with another name of the same kind, at times one of the same text."""
        found = [(name, kind) for name, kind in self._find(claim) if len(self._by_kind.get(kind, ())) > 20]
        if not found:
            return None
        old, kind = rng.choice(found)
        near = [name for name, other in self._find("".join(sentences)) if other == kind and name != old]
        new = rng.choice(near) if near and rng.random() < 0.5 else rng.choice(self._by_kind[kind])
        return claim.replace(old, new) if new != old else None

    def _find(self, text: str) -> list[tuple[str, str]]:
        import jieba.posseg

        return [(p.word, p.flag) for p in jieba.posseg.cut(text) if p.flag in _NAMES and len(p.word) > 1]
