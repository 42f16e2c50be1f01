"""A small run to report: right, wrong, refused, failed, and one full of hostile text."""

from __future__ import annotations

from typing import Any

from app.answer import Answer, Citation, HitRanks, Outcome, RetrievedPassage, Statement
from app.questions import Turn
from eval.metrics import score
from eval.questions import GoldQuestion, GoldSentence
from eval.records import Record
from eval.summary import scored, summarise

PARK = "全市已新建产业园区10个，优化提升21个。"
PORT = "阳逻港仅需12名远控员在室内操作。"
HOSTILE = '</div></script><img src=x onerror="window.hacked=1"> {{ 7*7 }} ${1} & \'\u2028'
DIGEST = "0123456789ab" + "cd" * 26


def gold(
    name: str, *evidence: tuple[str | GoldSentence, ...], kind: str = "number", **more: Any
) -> GoldQuestion:
    """A question about the parks; unanswerable without evidence."""
    fields: dict[str, Any] = {
        "id": name,
        "lang": "zh",
        "type": kind,
        "question": f"{name}有几个？",
        "answers": ("10个",) if evidence else (),
        "must_contain": (("10个", "十个"),) if evidence else (),
        "evidence_sets": evidence,
    }
    return GoldQuestion(**{**fields, **more})


def record(asked: GoldQuestion, outcome: Outcome, *cited: str, passages: tuple[str, ...] = ()) -> Record:
    """A record of a reply that quotes what it cites."""
    answer = Answer(
        question=asked.question,
        queries=(asked.question,),
        outcome=outcome,
        confidence=0.5,
        answer="".join(f"{quote[:-1]}[{n}]。" for n, quote in enumerate(cited, 1)) or "文章没有提到。",
        short_answer=None,
        statements=tuple(Statement(quote, (n,), "supported", 1.0) for n, quote in enumerate(cited, 1)),
        citations=tuple(
            Citation("d", "d", "0", f"s{n}", 0, len(quote), quote, "导语", None, 1.0, (), number=n)
            for n, quote in enumerate(cited, 1)
        ),
        nearest=(),
        hits=tuple(
            RetrievedPassage(n, "d", f"p{text[:2]}", 0, len(text), text, 1.0, HitRanks(n, None, n))
            for n, text in enumerate(passages, 1)
        ),
        writer="extractive",
        notes=(),
        timings_ms={"read": 2.04, "total": 7.5},
    )
    return Record(
        id=asked.id,
        gold=asked,
        answer_record=answer.to_json(),
        metrics=dict(score(asked, answer)),
        error=None,
    )


def failed(asked: GoldQuestion, message: str) -> Record:
    """A record of an error."""
    return Record(id=asked.id, gold=asked, answer_record=None, metrics=None, error=message)


RECORDS = (
    record(gold("q1", (PARK,)), "answered", PARK, passages=(PARK + PORT, PORT)),
    record(
        gold("q2", (PARK,), history=(Turn("user", "园区呢？"),)),
        "answered",
        PORT,
        passages=(PORT, PARK + PORT),
    ),
    record(gold("q3", kind="unanswerable"), "not_found", passages=(PORT,)),
    failed(gold("q4", (PARK,), (PORT, PARK)), f"RuntimeError: {HOSTILE}"),
    record(
        gold("q5", (HOSTILE,), kind=HOSTILE, question=HOSTILE, must_contain=()),
        "answered",
        HOSTILE,
        passages=(HOSTILE,),
    ),
)


def summary_of(*records: Record, conditions: bool = False, **more: Any) -> dict[str, Any]:
    """The summary of a run of these records."""
    about = {"name": "parks", "file": "parks.jsonl", "sha256": DIGEST, "format": "jsonl", "split": None}
    return {"set": about, **summarise(*scored(records), conditions), **more}


SUMMARY = summary_of(
    *RECORDS,
    models={"embedder": f"sha256:{DIGEST}", "reader": "<b>reader</b>"},
    settings={"retrieval": {"top_k": 8}},
    started="2026-07-02T09:12:44+00:00",
    finished="2026-07-02T10:12:49+00:00",
)
