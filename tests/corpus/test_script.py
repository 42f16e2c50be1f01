"""Traditional text as simplified: which characters change, which do not, and that no offset moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, build_document, simplified
from tests.generated import PROPERTY, documents

EVERY_CHARACTER = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))

mixed = st.text(st.sampled_from("武漢數據於臺灣後裡髮發着著乾𠀋a1，「」\n") | st.characters(), max_size=80)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("武漢市數據局於今年掛牌", "武汉市数据局于今年挂牌"),
        ("裏裡台臺爲為綫線峯羣牀啓衆說説麪", "里里台台为为线线峰群床启众说说面"),
        ("衞生、佈置、敍述、化粧、屋簷、麻痺", "卫生、布置、叙述、化妆、屋檐、麻痹"),
        ("頭髮發展、皇后後來、什麼", "头发发展、皇后后来、什么"),
        ("「5G工廠」有 1,300 家！AI & Ω", "「5G工厂」有 1,300 家！AI & Ω"),
        ("", ""),
    ],
)
def test_characters_worked_out_by_hand(text: str, expected: str) -> None:
    assert simplified(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "乾隆年间的著名著作，看着什么、瞭望、哪吒和王濛，于皇后以后在公里里干了余下的活。",
        "郭明錤",  # its form 𫓹 is in no font; simplified text writes it so
    ],
)
def test_simplified_text_stays_as_it_is(text: str) -> None:
    assert simplified(text) == text


def test_the_shipped_article_stays_as_it_is(article: Document) -> None:
    assert article.simplified == article.text


@PROPERTY
@given(mixed, mixed)
def test_each_character_keeps_its_place(left: str, right: str) -> None:
    assert len(simplified(left)) == len(left)
    assert simplified(left + right) == simplified(left) + simplified(right)
    assert simplified(simplified(left)) == simplified(left)


def test_every_character_there_is_gives_one_that_gives_itself() -> None:
    once = simplified(EVERY_CHARACTER)
    assert len(once) == len(EVERY_CHARACTER)
    assert simplified(once) == once
    assert once[:0x3400] == EVERY_CHARACTER[:0x3400]


@PROPERTY
@given(documents)
def test_a_document_has_one_place_in_both(document: Document) -> None:
    assert len(document.simplified) == len(document.text)


def test_what_is_quoted_stays_as_written() -> None:
    document = build_document("doc", "武漢數據局掛牌。".encode("big5"), "plain")
    sentence = document.sentences[0]
    assert document.quote(sentence.start, sentence.end) == "武漢數據局掛牌。"
    assert document.simplified[sentence.start : sentence.end] == "武汉数据局挂牌。"
