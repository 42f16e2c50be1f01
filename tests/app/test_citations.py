"""Citing: numbers by first appearance, exact places, and where a marker stands."""

from __future__ import annotations

import pytest

from app.answer import Citation, Place, Statement
from app.citations import cite, place, with_markers
from app.reader import AnswerSpan
from app.writer import Draft
from corpus import Document, build_document

FIRST = AnswerSpan("notes", "s2", 6, 18, 0.9)
SECOND = AnswerSpan("notes", "s3", 19, 29, 0.8)


@pytest.mark.parametrize(
    ("text", "numbers", "shown"),
    [
        ("今天晴。", (1,), "今天晴[1]。"),
        ("今天晴。", (1, 2), "今天晴[1][2]。"),
        ("今天晴。", (), "今天晴。"),
        ("“今天晴。”", (1,), "“今天晴[1]。”"),
        ("“晴。”他说：“好！”", (1,), "“晴。”他说：“好[1]！”"),
        ("他说“今天晴”。", (1,), "他说“今天晴”[1]。"),
        ("今天晴吗？", (3,), "今天晴吗[3]？"),
        ("今天（周一）", (1,), "今天（周一）[1]"),
        ("晴", (1,), "晴[1]"),
        ("It is fine.", (1, 2), "It is fine[1][2]."),
        ('He said "fine."', (1,), 'He said "fine[1]."'),
        ("It rose by 3.5%", (1,), "It rose by 3.5%[1]"),
        ("占比3.5。", (10,), "占比3.5[10]。"),
        ("。", (1,), "[1]。"),
    ],
)
def test_markers_stand_before_the_closing_full_stop(text: str, numbers: tuple[int, ...], shown: str) -> None:
    assert with_markers(Statement(text, numbers, "supported", 1.0)) == shown


def test_a_place_is_the_sentence_and_a_part_of_it_is_marked(notes: Document) -> None:
    part = AnswerSpan("notes", "s2", 10, 14, 0.7)  # 算力中心
    assert notes.quote(10, 14) == "算力中心"
    found = place(part, {"notes": notes})
    assert found == Place(
        document_id="notes", document_title="东区与西区", document_sha256=notes.sha256, sentence_id="s2",
        start=6, end=18, quote="甲公司的算力中心在东区。", section="导语", page=None, support=0.7,
        highlights=((10, 14),),
    )  # fmt: skip
    assert place(FIRST, {"notes": notes}).highlights == ()


def test_numbers_count_by_first_appearance_one_a_sentence(notes: Document) -> None:
    drafts = [
        Draft("西区和东区。", (SECOND, FIRST)),
        Draft("东区。", (FIRST,)),
        Draft("谁也没有说。", ()),
        Draft("西区。", (SECOND,)),
    ]
    statements, citations = cite(drafts, {"notes": notes})
    assert statements == (
        Statement("西区和东区。", (1, 2), "supported", 0.9),
        Statement("东区。", (2,), "supported", 0.9),
        Statement("谁也没有说。", (), "unsupported", 0.0),
        Statement("西区。", (1,), "supported", 0.8),
    )
    assert [(c.number, c.sentence_id, c.quote) for c in citations] == [
        (1, "s3", "乙公司的工厂在西区。"),
        (2, "s2", "甲公司的算力中心在东区。"),
    ]
    assert all(isinstance(c, Citation) for c in citations)


def test_sentences_of_one_id_in_two_documents_are_two_citations(notes: Document) -> None:
    other = build_document("other", "丙。\n\n丁公司的城在南区。\n".encode(), "plain")
    spans = (FIRST, AnswerSpan("other", "s2", 3, 12, 0.5))
    _, citations = cite([Draft("甲和丁。", spans)], {"notes": notes, "other": other})
    assert [(c.number, c.document_id, c.quote) for c in citations] == [
        (1, "notes", "甲公司的算力中心在东区。"),
        (2, "other", "丁公司的城在南区。"),
    ]


def test_nothing_drafted_is_nothing_cited(notes: Document) -> None:
    assert cite([], {"notes": notes}) == ((), ())
