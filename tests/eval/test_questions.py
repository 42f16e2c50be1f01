"""Question sets: the shipped ones are sound, and a broken line is named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import Document
from eval.matching import contains_all
from eval.metrics import sentence_text
from eval.questions import QuestionSetError, read_questions
from tests.conftest import ROOT

GOOD = {
    "id": "q1", "lang": "zh", "type": "date", "question": "几月？", "answers": ["12月"],
    "must_contain": ["12月"], "evidence_sets": [["12月揭榜。"]],
}  # fmt: skip


@pytest.mark.parametrize("name", ["article-dev", "article-test"])
def test_every_gold_sentence_is_in_the_article_and_holds_what_is_wanted(article: Document, name: str) -> None:
    sentences = {article.quote(s.start, s.end) for s in article.sentences}
    questions = read_questions(ROOT / "eval" / "sets" / f"{name}.jsonl")
    assert len(questions) == 100
    assert sum(not question.evidence_sets for question in questions) == 30
    for question in questions:
        for evidence in question.evidence_sets:
            texts = [sentence_text(sentence) for sentence in evidence]
            assert set(texts) <= sentences, question.id
            assert question.derived or contains_all("".join(texts), question.must_contain), question.id
        if not question.evidence_sets:
            assert (question.answers, question.must_contain) == ((), ()), question.id


def test_no_question_stands_in_both_sets() -> None:
    dev, test = (
        {(q.question, q.history) for q in read_questions(ROOT / "eval" / "sets" / f"{name}.jsonl")}
        for name in ("article-dev", "article-test")
    )
    assert not dev & test


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([GOOD, GOOD], "the id 'q1' stands twice"),
        ([GOOD, {**GOOD, "id": "q2", "lang": "fr"}], "line 2: lang: Input should be 'zh' or 'en'"),
        ([{**GOOD, "answer": "12月"}], "line 1: answer: Extra inputs are not permitted"),
        ([{"set": "empty"}], "holds no question"),
    ],
    ids=["duplicate", "language", "unknown field", "empty"],
)
def test_a_broken_set_is_named(tmp_path: Path, lines: list[dict[str, object]], message: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    with pytest.raises(QuestionSetError, match=message):
        read_questions(path)


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match=r"nothing\.jsonl"):
        read_questions(tmp_path / "nothing.jsonl")


def test_scoring_a_missing_set_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eval", str(tmp_path / "nothing.jsonl")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    assert run.stderr.startswith("Error: cannot read the question set")
