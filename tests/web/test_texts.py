"""Texts on their way into a collection: read once a layout, told apart, shown as they were understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import BadName, BadTitle, CollectionError, ConversationMissing
from app.web import texts
from app.web.preview import render_preview
from app.web.texts import documents_of, pasted, read_all, uploaded
from app.web.words import WORDS, explain, heading
from corpus import ArticleError, ArticleUnread, Limits, WenjuError, build_document

LIMITS = Limits()


def test_what_was_read_is_not_read_again_in_the_same_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("# 甲厂\n\n在东区。", encoding="utf-8")
    sources = [*uploaded([str(tmp_path / "a.txt")]), *pasted("乙厂在西区。", "无名")]
    read = list(read_all(sources, [], None, LIMITS))
    assert [text.document.id for text in read if text.document] == ["a", "乙厂在西区。"]
    opened: list[str] = []
    monkeypatch.setattr(texts, "read_document", lambda name, *rest: opened.append(name))
    assert list(read_all(sources, read, None, LIMITS)) == read
    assert opened == []
    list(read_all(sources, read, "markdown", LIMITS))
    assert opened == ["a.txt", "乙厂在西区。.txt"]


def test_a_source_that_cannot_be_read_keeps_its_place(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    gone, empty = uploaded([str(tmp_path / "gone.txt"), str(tmp_path / "empty.txt")])
    first, second = read_all([gone, empty], [], None, LIMITS)
    assert (first.document, type(first.failure).__name__) == (None, "ArticleNotFound")
    assert (second.document, type(second.failure).__name__) == (None, "ArticleEmpty")
    assert documents_of([first, second]) == ([], [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("\n\n# 月报 \n正文。", "月报.txt"),
        ("  \n", None),
        ("###\n正文。", "无名.txt"),
        ("长" * 100, "长" * 60 + ".txt"),
    ],
)
def test_pasted_text_is_named_by_its_first_line(text: str, name: str | None) -> None:
    assert [source.name for source in pasted(text, "无名")] == ([name] if name else [])


def test_documents_of_one_name_are_told_apart_and_the_same_bytes_taken_once(tmp_path: Path) -> None:
    contents = {"x/甲.txt": "一厂。", "y/甲.txt": "二厂。", "z/甲.txt": "三厂。", "z/乙.txt": "二厂。"}
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    read = list(read_all(uploaded([str(tmp_path / name) for name in contents]), [], None, LIMITS))
    documents, same = documents_of(read)
    assert {document.id: document.text for document in documents} == {
        "甲": "一厂。",
        "甲 (2)": "二厂。",
        "甲 (3)": "三厂。",
    }
    assert same == ["乙.txt"]


def test_the_log_says_why_the_reader_failed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ArticleUnread("the reader failed on a.txt: KeyError: 3.")

    monkeypatch.setattr(texts, "read_document", fail)
    (text,) = read_all(pasted("甲在东。", "a"), [], None, LIMITS)
    assert text.failure is not None
    assert caplog.messages == ["the reader failed on a.txt: KeyError: 3."]
    assert explain(text.failure, WORDS["zh"], "a.txt") == "a.txt：读的时候出错了，原因写在日志里。"


def test_a_preview_parts_sentences_and_escapes_them() -> None:
    document = build_document("a.txt", "甲在<b>东</b>。乙在西。\n\n丙。\n".encode(), "plain")
    html = render_preview(document, WORDS["zh"].adding, WORDS["zh"].pane.page)
    assert "<span>甲在&lt;b&gt;东&lt;/b&gt;。</span>" in html
    assert '</span><b aria-hidden="true">│</b><span>乙在西。</span>' in html
    assert html.count("<li") == len(document.blocks) == 2
    assert "2 段，3 句" in html


def test_a_long_text_shows_its_beginning_and_says_so() -> None:
    document = build_document("a.txt", "\n\n".join(f"第{i}句。" for i in range(400)).encode(), "plain")
    html = render_preview(document, WORDS["en"].adding, WORDS["en"].pane.page)
    assert (html.count("<li"), "The first 300 blocks of 400." in html) == (300, True)


def test_errors_are_told_in_the_pages_language() -> None:
    named = BadName("'{0}<b>' cannot name a collection.")
    assert explain(named, WORDS["zh"], "{0}<b>").startswith("“{0}<b>”不能作资料集的名称")
    assert explain(named, WORDS["en"], "{0}<b>") == "'{0}<b>' cannot name a collection."
    assert explain(CollectionError("other"), WORDS["zh"], "x") == "other"


@pytest.mark.parametrize(
    ("error", "title"),
    [(BadName("a/b"), "请改一下"), (BadTitle(""), "请改一下"), (ConversationMissing("c"), "提示")],
)
def test_only_what_was_typed_is_to_be_changed(error: WenjuError, title: str) -> None:
    assert heading(error, WORDS["zh"]) == title


def test_every_error_that_has_chinese_words_is_one_that_can_happen() -> None:
    classes: set[str] = set()
    waiting: list[type] = [ArticleError, CollectionError]
    while waiting:
        found = waiting.pop()
        classes.add(found.__name__)
        waiting += found.__subclasses__()
    assert set(WORDS["zh"].errors) <= classes
    assert {name for name in classes if name.startswith(("Article", "Not", "Unknown"))} - {
        "ArticleError"
    } <= set(WORDS["zh"].errors)
