"""What one Answer is worth against its gold: a flat mapping of metrics, each a number.

A metric that does not apply to a question is not in its mapping, so that a mean is over the questions
that it is defined for. Higher is better but for those in `LOWER_IS_BETTER`; `grounded` is the primary one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from app.answer import Answer, RetrievedPassage
from eval import spans
from eval.matching import contains_all, covers
from eval.questions import GoldQuestion, GoldSentence
from eval.retrieval import document_recall_at, ndcg_at, recall_at, reciprocal_rank

Scores = Mapping[str, float]

PRIMARY = "grounded"
DEPTH = 10  # how many passages the retrieval metrics look at
LOWER_IS_BETTER = frozenset({"unsure", "false_refusals", "latency_ms"})

# Every metric's name in tables, in the order of tables.
LABELS: dict[str, str] = {
    "grounded": "grounded",
    "contains": "contains",
    "citation_recall": "citation recall",
    "citation_precision": "citation precision",
    "refusal_recall": "refusal recall",
    "refusal_precision": "refusal precision",
    "false_refusals": "false refusals",
    "unsure": "unsure",
    "exact_match": "exact match (CMRC)",
    "f1": "F1 (CMRC)",
    "f1_characters": "F1 (bag of characters)",
    "squad_exact_match": "exact match (SQuAD)",
    "squad_f1": "F1 (SQuAD)",
    **{f"recall_at_{k}": f"R@{k}" for k in range(1, DEPTH + 1)},
    "mrr_at_10": "MRR@10",
    "ndcg_at_10": "nDCG@10",
    "read_recall_at_1": "R@1 after reading",
    **{f"document_recall_at_{k}": f"document R@{k}" for k in (1, 5, 10)},
    "read_document_recall_at_1": "document R@1 after reading",
    "statements": "statements",
    "latency_ms": "latency, ms",
}


def score(gold: GoldQuestion, answer: Answer) -> Scores:
    """The metrics of an Answer."""
    found = {
        "unsure": float(answer.outcome == "unsure"),
        "statements": float(len(answer.statements)),
        "latency_ms": answer.timings_ms["total"],
        **_refusal(gold, answer),
    }
    if gold.answerable:
        found |= _reply(gold, answer) | _short_answer(gold, answer) | _retrieval(gold, answer)
    grounded = _grounded(gold, answer, found)
    return found if grounded is None else {"grounded": grounded, **found}


def _grounded(gold: GoldQuestion, answer: Answer, found: Scores) -> float | None:
    """The primary metric; None where an answerable question names no evidence to be cited."""
    if not gold.answerable:
        return float(answer.outcome == "not_found" and not answer.citations)
    if not gold.evidence_sets:
        return None
    cited = found["citation_recall"] == 1 and found["citation_precision"] > 0.5
    return float(answer.outcome == "answered" and found.get("contains", 1) == 1 and cited)


def _refusal(gold: GoldQuestion, answer: Answer) -> dict[str, float]:
    refused = answer.outcome == "not_found"
    found = {"false_refusals" if gold.answerable else "refusal_recall": float(refused)}
    return found | ({"refusal_precision": float(not gold.answerable)} if refused else {})


def _reply(gold: GoldQuestion, answer: Answer) -> dict[str, float]:
    # Without the markers: the 1 of [1] is not an answer.
    reply = "\n".join(statement.text for statement in answer.statements)
    found = {"contains": float(contains_all(reply, gold.must_contain))} if gold.must_contain else {}
    if gold.evidence_sets:
        cited = [citation.quote for citation in answer.citations]
        found["citation_recall"] = citation_recall(cited, gold.evidence)
        found["citation_precision"] = citation_precision(cited, gold.evidence)
    return found


def _short_answer(gold: GoldQuestion, answer: Answer) -> dict[str, float]:
    if not gold.answers:
        return {}
    short = answer.short_answer or ""
    measures = (spans.exact_match, spans.f1, spans.f1_characters, spans.squad_exact_match, spans.squad_f1)
    return {measure.__name__: measure(short, gold.answers) for measure in measures}


def _retrieval(gold: GoldQuestion, answer: Answer) -> dict[str, float]:
    if not gold.evidence_sets:
        return {}
    evidence, passages = gold.evidence, [hit.text for hit in answer.hits[:DEPTH]]
    found = {f"recall_at_{k}": recall_at(k, passages, evidence) for k in range(1, DEPTH + 1)}
    found["mrr_at_10"] = reciprocal_rank(passages, evidence)
    found["ndcg_at_10"] = ndcg_at(DEPTH, passages, evidence)
    read = _as_read(answer.hits)
    if read:
        found["read_recall_at_1"] = recall_at(1, [hit.text for hit in read], evidence)
    golds = {s.document_id for one in gold.evidence_sets for s in one if isinstance(s, GoldSentence)}
    if golds:
        documents = [hit.document_id for hit in answer.hits]
        for k in (1, 5, 10):
            found[f"document_recall_at_{k}"] = document_recall_at(k, documents, sorted(golds))
        if read:
            documents = [hit.document_id for hit in read]
            found["read_document_recall_at_1"] = document_recall_at(1, documents, sorted(golds))
    return found


def _as_read(hits: Sequence[RetrievedPassage]) -> list[RetrievedPassage]:
    """As the reader ranks them, what it did not see behind, in its order; nothing where it saw none."""
    if all(hit.ranks.reader is None for hit in hits):
        return []
    return sorted(hits, key=lambda hit: hit.ranks.reader or math.inf)


def citation_recall(cited: Sequence[str], evidence: Sequence[Sequence[str]]) -> float:
    """1 when some evidence set is fully covered by the cited sentences, else 0."""
    return float(any(all(any(covers(c, gold) for c in cited) for gold in one) for one in evidence))


def citation_precision(cited: Sequence[str], evidence: Sequence[Sequence[str]]) -> float:
    """The share of cited sentences that cover a gold sentence of any set; 0 when none is cited."""
    golds = [gold for one in evidence for gold in one]
    return sum(any(covers(c, gold) for gold in golds) for c in cited) / len(cited) if cited else 0.0
