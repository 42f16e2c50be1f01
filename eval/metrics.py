"""Metrics of one question's Answer, as pure functions, and their means with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.answer import Answer
from eval.matching import contains_all, covers, normalize
from eval.questions import GoldQuestion, GoldSentence

_RESAMPLES = 2000  # the interval's ends are then stable to about a tenth of a point
_SEED = 7


@dataclass(frozen=True)
class Scores:
    """What one Answer is worth. None where a metric does not apply to the question."""

    grounded: float  # the primary metric: right, cited, and nothing else cited; or rightly refused
    refused: float  # the outcome was not_found
    unsure: float
    statements: float  # sentences of the reply
    contains: float | None = None
    citation_recall: float | None = None
    citation_precision: float | None = None
    recall_at_1: float | None = None
    recall_at_5: float | None = None
    mrr_at_10: float | None = None


def score(gold: GoldQuestion, answer: Answer) -> Scores:
    """The metrics of an Answer against its gold."""
    refused = answer.outcome == "not_found"
    unsure = float(answer.outcome == "unsure")
    if not gold.evidence_sets:
        grounded = float(refused and not answer.citations)
        return Scores(
            grounded=grounded, refused=float(refused), unsure=unsure, statements=float(len(answer.statements))
        )
    evidence = [[sentence_text(s) for s in one] for one in gold.evidence_sets]
    cited = [citation.quote for citation in answer.citations]
    passages = [hit.text for hit in answer.hits]
    # Without the markers: the 1 of [1] is not an answer.
    reply = "\n".join(statement.text for statement in answer.statements)
    contains = float(contains_all(reply, gold.must_contain))
    recall = citation_recall(cited, evidence)
    precision = citation_precision(cited, evidence)
    right = answer.outcome == "answered" and contains == 1 and recall == 1 and precision > 0.5
    return Scores(
        grounded=float(right),
        refused=float(refused),
        unsure=unsure,
        contains=contains,
        citation_recall=recall,
        citation_precision=precision,
        recall_at_1=recall_at(1, passages, evidence),
        recall_at_5=recall_at(5, passages, evidence),
        mrr_at_10=reciprocal_rank(passages[:10], evidence),
        statements=float(len(answer.statements)),
    )


def sentence_text(sentence: str | GoldSentence) -> str:
    """The text of a gold sentence, whichever way it was given."""
    return sentence if isinstance(sentence, str) else sentence.text


def citation_recall(cited: Sequence[str], evidence: Sequence[Sequence[str]]) -> float:
    """1 when some evidence set is fully covered by the cited sentences, else 0."""
    return float(any(all(any(covers(c, gold) for c in cited) for gold in one) for one in evidence))


def citation_precision(cited: Sequence[str], evidence: Sequence[Sequence[str]]) -> float:
    """The share of cited sentences that cover a gold sentence of any set; 0 when none is cited."""
    golds = [gold for one in evidence for gold in one]
    return sum(any(covers(c, gold) for gold in golds) for c in cited) / len(cited) if cited else 0.0


def recall_at(k: int, passages: Sequence[str], evidence: Sequence[Sequence[str]]) -> float:
    """1 when some evidence set stands wholly in the first k passages, else 0."""
    first = [normalize(passage) for passage in passages[:k]]
    return float(any(all(any(normalize(g) in p for p in first) for g in one) for one in evidence))


def reciprocal_rank(passages: Sequence[str], evidence: Sequence[Sequence[str]]) -> float:
    """1 / rank of the first passage that holds a gold sentence, 0 when none does."""
    golds = [normalize(gold) for one in evidence for gold in one]
    for rank, passage in enumerate(passages, start=1):
        if any(gold in normalize(passage) for gold in golds):
            return 1 / rank
    return 0.0


def mean_with_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """The mean and its 95% percentile bootstrap interval (Efron and Tibshirani 1993, ch. 13)."""
    array = np.array(values, dtype=np.float64)
    picks = np.random.default_rng(_SEED).integers(0, len(array), (_RESAMPLES, len(array)))
    low, high = np.percentile(array[picks].mean(axis=1), [2.5, 97.5])
    return float(array.mean()), float(low), float(high)
