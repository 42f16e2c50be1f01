"""The Answer contract: what `to_json` writes, `from_json` gives back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from app.answer import Answer
from app.questions import Turn
from app.settings import OutcomeSettings
from corpus import Document
from tests.app.conftest import make_pipeline

QUESTION = "算力中心在哪里？"


@pytest.fixture
def answers(notes: Document) -> dict[str, Answer]:
    """An answer of each outcome; the follow-up one has a note, two queries and a highlight."""
    sure, never = OutcomeSettings(0.25, 0.3), OutcomeSettings(0.0, 1.0)
    answered = make_pipeline([notes], sure).answer("它在哪里？", [Turn("user", QUESTION)])
    citation = replace(answered.citations[0], highlights=((8, 10), (12, 13)), page=3)
    found = {
        "answered": replace(answered, citations=(citation,), short_answer="东区"),
        "not_found": make_pipeline([notes], sure).answer("天气怎么样？"),
        "unsure": make_pipeline([notes], never).answer(QUESTION),
    }
    assert [answer.outcome for answer in found.values()] == list(found)
    return found


@pytest.mark.parametrize("outcome", ["answered", "not_found", "unsure"])
def test_an_answer_comes_back_as_it_was(answers: dict[str, Answer], outcome: str) -> None:
    answer = answers[outcome]
    for data in (answer.to_json(), json.loads(json.dumps(answer.to_json(), ensure_ascii=False))):
        assert Answer.from_json(data) == answer
        assert Answer.from_json(data).to_json() == answer.to_json()


def test_each_outcome_has_something_of_its_own(answers: dict[str, Answer]) -> None:
    """So that the round trips above are of every part."""
    answered, not_found, unsure = answers.values()
    assert (len(answered.queries), answered.notes[0].code) == (2, "query_from_history")
    assert (len(answered.statements), len(answered.citations), answered.nearest) == (1, 1, ())
    assert (not_found.statements, not_found.citations, not_found.nearest) == ((), (), ())
    assert ([place.sentence_id for place in unsure.nearest], unsure.citations) == (["s2", "s3"], ())
    assert all(len(answer.hits) == 1 for answer in answers.values())
    assert {hit.ranks.lexical for hit in (*not_found.hits, *unsure.hits)} == {None, 1}


@pytest.mark.parametrize("schema", [0, 2, "1", None])
def test_another_schema_is_refused(answers: dict[str, Answer], schema: object) -> None:
    data = answers["answered"].to_json()
    message = rf"^the answer has schema {schema!r}; this version reads 1$"
    with pytest.raises(ValueError, match=message):
        Answer.from_json({**data, "schema": schema})
    if schema is None:
        del data["schema"]
        with pytest.raises(ValueError, match=message):
            Answer.from_json(data)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "perhaps"},
        {"confidence": "sure"},
        {"citations": [{"number": 1}]},
        {"hits": None},
        {"notes": "no"},
    ],
    ids=str,
)
def test_another_form_is_refused(answers: dict[str, Answer], change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        Answer.from_json({**answers["answered"].to_json(), **change})


@pytest.mark.parametrize("field", ["question", "answer", "timings_ms", "short_answer"])
def test_a_lost_field_is_named(answers: dict[str, Answer], field: str) -> None:
    data = answers["answered"].to_json()
    del data[field]
    with pytest.raises(ValueError, match=field):
        Answer.from_json(data)
