"""The records as the report's script reads them: each passage once, and all judgements made here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from corpus import Language
from eval.matching import contains_all, covers
from eval.metrics import DEPTH, LABELS, PRIMARY
from eval.plot_words import GROUP_NAMES
from eval.questions import GoldQuestion, GoldSentence, sentence_text
from eval.records import Record
from eval.report_words import REPORT_WORDS

# R@k at every k is for the curve; the tables show three of them.
_IN_CURVE_ONLY = {f"recall_at_{k}" for k in range(1, DEPTH + 1)} - {
    "recall_at_1",
    "recall_at_5",
    "recall_at_10",
}
SHOWN = tuple(metric for metric in LABELS if metric not in _IN_CURVE_ONLY)


@dataclass
class _Store:
    """Passages by the order in which they were first met."""

    places: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def place(self, hit: Mapping[str, Any]) -> int:
        """Where a hit's passage stands."""
        return self.places.setdefault((hit["document_id"], hit["passage_id"], hit["text"]), len(self.places))


def report_data(records: Iterable[Record], language: Language) -> dict[str, Any]:
    """Plain values for JSON: `rows` in the records' order, their hits pointing into `passages`."""
    store = _Store()
    rows = [_row(record, store) for record in records]
    names = GROUP_NAMES[language]
    return {
        "words": asdict(REPORT_WORDS[language].script),
        "labels": [LABELS[metric] for metric in SHOWN],
        "types": {name: names.get(name, name) for name in sorted({row["type"] for row in rows})},
        "passages": list(store.places),
        "rows": rows,
    }


def verdict(record: Record) -> str:
    """`right`, `wrong` or `error`, by the primary metric or, where no evidence is known, by `contains`."""
    if record.metrics is None:
        return "error"
    metric = PRIMARY if PRIMARY in record.metrics else "contains"
    return "right" if record.metrics.get(metric) == 1 else "wrong"


def _row(record: Record, store: _Store) -> dict[str, Any]:
    gold = record.gold
    row: dict[str, Any] = {
        "id": record.id,
        "type": gold.type,
        "verdict": verdict(record),
        "question": gold.question,
        "history": [[turn.role, turn.content] for turn in gold.history],
        "answers": gold.answers,
        "error": record.error,
    }
    if record.answer_record is None:
        row |= {"wanted": [[_alternatives(one)] for one in gold.must_contain], "gold": _gold(gold, None)}
    else:
        row |= _answered(gold, record.answer_record, store)
        row["metrics"] = [_rounded((record.metrics or {}).get(metric)) for metric in SHOWN]
    # What is empty is left out: there are thousands of rows.
    return {name: value for name, value in row.items() if value not in (None, [], ())}


def _answered(gold: GoldQuestion, answer: Mapping[str, Any], store: _Store) -> dict[str, Any]:
    # Without the markers, as `contains` is scored.
    reply = "\n".join(statement["text"] for statement in answer["statements"])
    golds = list(dict.fromkeys(text for one in gold.evidence for text in one))
    known = bool(golds) or not gold.answerable
    cited = [citation["quote"] for citation in answer["citations"]]
    return {
        "outcome": answer["outcome"],
        "confidence": _rounded(answer["confidence"]),
        "queries": answer["queries"] if list(answer["queries"]) != [gold.question] else [],
        "reply": answer["answer"],
        "short": answer["short_answer"],
        # Number, quote, section, and whether it is a gold sentence; null where none is known.
        "cited": [
            [c["number"], c["quote"], c["section"], _covers_any(c["quote"], golds) if known else None]
            for c in answer["citations"]
        ],
        "nearest": [[place["quote"], place["section"]] for place in answer["nearest"]],
        "notes": [note["text"] for note in answer["notes"]],
        "wanted": [[_alternatives(one), contains_all(reply, [one])] for one in gold.must_contain],
        "gold": _gold(gold, cited),
        # Place of the passage, then its ranks.
        "hits": [
            [store.place(hit), *(hit["ranks"][name] for name in ("dense", "lexical", "reader"))]
            for hit in answer["hits"]
        ],
        "timings": {name: round(value, 1) for name, value in answer["timings_ms"].items()},
    }


def _alternatives(wanted: str | tuple[str, ...]) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else wanted


def _gold(gold: GoldQuestion, cited: list[str] | None) -> list[list[list[Any]]]:
    """The evidence sets: of each sentence its text, whether it is cited, and its document if named."""
    sets = []
    for one in gold.evidence_sets:
        texts = [sentence_text(sentence) for sentence in one]
        found = [None if cited is None else any(covers(quote, text) for quote in cited) for text in texts]
        sets.append([[t, f, *_document(s)] for t, f, s in zip(texts, found, one, strict=True)])
    return sets


def _covers_any(quote: str, golds: list[str]) -> bool:
    return any(covers(quote, text) for text in golds)


def _document(sentence: str | GoldSentence) -> list[str]:
    return [sentence.document_id] if isinstance(sentence, GoldSentence) else []


def _rounded(value: float | None) -> float | int | None:
    """Three digits, and no point where there is nothing behind it."""
    if value is None:
        return None
    short = round(value, 3)
    return int(short) if short.is_integer() else short
