"""Passages are whole sentences of one section, none left out, none too long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import EVIDENCE_KINDS, Document, build_document
from index import PassageRules, split_passages
from tests.generated import PROPERTY, documents


def check(document: Document, rules: PassageRules) -> None:
    """What must hold for the passages of every document."""
    passages = split_passages(document, rules)
    order = {sentence.id: row for row, sentence in enumerate(document.sentences)}
    evidence = [s.id for s in document.sentences if document.block_by_id[s.block_id].kind in EVIDENCE_KINDS]
    assert sorted({s for p in passages for s in p.sentence_ids}, key=order.__getitem__) == evidence
    assert [p.id for p in passages] == [f"p{i + 1}" for i in range(len(passages))]

    for passage in passages:
        rows = [order[s] for s in passage.sentence_ids]
        assert rows == list(range(rows[0], rows[-1] + 1))
        sentences = [document.sentences[row] for row in rows]
        assert (passage.start, passage.end) == (sentences[0].start, sentences[-1].end)
        assert passage.document_id == document.id
        inside = [b for b in document.blocks if b.start < passage.end and passage.start < b.end]
        assert {b.kind for b in inside} <= EVIDENCE_KINDS
        assert {b.section for b in inside} == {passage.section}
        assert passage.end - passage.start <= rules.max_chars or len(sentences) == 1

    for before, after in zip(passages, passages[1:], strict=False):
        shared = set(before.sentence_ids) & set(after.sentence_ids)
        last = document.sentence_by_id[before.sentence_ids[-1]]
        new = next(document.sentence_by_id[s] for s in after.sentence_ids if s not in shared)
        between = [b for b in document.blocks if last.end <= b.start and b.end <= new.start]
        if any(b.kind not in EVIDENCE_KINDS for b in between):
            assert not shared
            continue
        assert new.end - before.start > rules.max_chars  # otherwise it belonged to the passage before
        repeats = last.end - last.start <= rules.overlap_chars and new.end - last.start <= rules.max_chars
        assert shared == ({last.id} if repeats else set())


def passages_of(text: str, rules: PassageRules) -> list[tuple[str, str]]:
    document = build_document("a", text.encode(), "markdown")
    return [(p.section, document.quote(p.start, p.end)) for p in split_passages(document, rules)]


def sentence(length: int, character: str) -> str:
    return character * (length - 1) + "。"


def test_the_shipped_article(article: Document) -> None:
    check(article, PassageRules())


@PROPERTY
@given(documents, st.integers(20, 200), st.integers(0, 80))
def test_any_document_under_any_rules(document: Document, max_chars: int, overlap_chars: int) -> None:
    check(document, PassageRules(max_chars, overlap_chars))


def test_a_passage_is_filled_to_the_last_character() -> None:
    a, b, c = sentence(10, "甲"), sentence(10, "乙"), sentence(10, "丙")
    assert passages_of(a + b + c, PassageRules(20, 0)) == [("导语", a + b), ("导语", c)]
    assert passages_of(a + b + c, PassageRules(30, 0)) == [("导语", a + b + c)]
    assert passages_of(a + b + c, PassageRules(29, 0)) == [("导语", a + b), ("导语", c)]


def test_the_last_sentence_is_repeated_when_it_is_short_and_fits() -> None:
    a, b, c = sentence(12, "甲"), sentence(8, "乙"), sentence(9, "丙")
    assert passages_of(a + b + c, PassageRules(20, 8)) == [("导语", a + b), ("导语", b + c)]
    assert passages_of(a + b + c, PassageRules(20, 7)) == [("导语", a + b), ("导语", c)]  # not short enough
    c = sentence(13, "丙")
    assert passages_of(a + b + c, PassageRules(20, 8)) == [("导语", a + b), ("导语", c)]  # does not fit


def test_a_sentence_over_the_limit_is_a_passage_of_its_own() -> None:
    a, b, c = sentence(5, "甲"), sentence(40, "乙"), sentence(5, "丙")
    assert passages_of(a + b + c, PassageRules(20, 20)) == [("导语", a), ("导语", b), ("导语", c)]


def test_no_passage_crosses_a_heading_though_both_sections_have_one_title() -> None:
    text = "# 题目\n\n甲。\n\n## 示例\n\n乙。\n\n- 丙。\n\n## 空\n\n### 示例\n\n丁。\n\n## 示例\n\n戊。"
    assert passages_of(text, PassageRules()) == [
        ("导语", "甲。"),
        ("示例", "乙。\n丙。"),
        ("示例", "丁。"),
        ("示例", "戊。"),
    ]


def test_the_headings_are_the_passage_where_there_is_no_other_text() -> None:
    assert passages_of("# 题目\n\n## 甲", PassageRules()) == [("导语", "题目\n甲")]


@pytest.mark.parametrize(("max_chars", "overlap_chars"), [(19, 0), (20, -1)])
def test_rules_out_of_range_are_refused(max_chars: int, overlap_chars: int) -> None:
    with pytest.raises(ValueError, match="max_chars"):
        PassageRules(max_chars, overlap_chars)
