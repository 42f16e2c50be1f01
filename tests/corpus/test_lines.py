"""JSON Lines, compressed or not: a document a line, and what is wrong with one is said."""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import ArticleNotFound, parse_line, read_lines
from corpus.errors import ArticleDamaged, ArticleEmpty, ArticleTooLarge
from corpus.lines import zstd

TEXT = '{"id": "a", "text": "甲厂在东区。"}\n\n{"id": "b", "text": "乙厂在西区。"}'.encode()


@pytest.mark.parametrize(
    ("ending", "pack"),
    [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress), (".zst", zstd.compress)],
)
def test_lines_are_numbered_and_empty_ones_passed_over(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / f"news.jsonl{ending}"
    file.write_bytes(pack(TEXT))
    lines = list(read_lines(file, 100))
    assert [(line.number, json.loads(line.text)["id"]) for line in lines] == [(1, "a"), (3, "b")]
    assert lines[-1].done == file.stat().st_size


@pytest.mark.parametrize(
    ("ending", "pack"), [(".gz", gzip.compress), (".XZ", lzma.compress), (".zst", zstd.compress)]
)
def test_a_file_that_is_cut_short_gives_what_it_has_and_says_so(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / f"news.jsonl{ending}"
    digests = (hashlib.sha256(b"%d" % i).hexdigest().encode() for i in range(9000))
    whole = b"".join(b'{"id": "a", "text": "%s"}\n' % digest for digest in digests)
    file.write_bytes(pack(whole)[:-2000])
    seen = []
    with pytest.raises(ArticleDamaged, match="beyond line"):
        for line in read_lines(file, 1000):
            seen.append(line.number)
    assert seen[:2] == [1, 2]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArticleNotFound, match="nowhere"):
        list(read_lines(tmp_path / "nowhere.jsonl", 100))


@pytest.mark.parametrize(
    "text", ["%PDF-1.7是一种格式。", "<html><p>是网页的开头。", "PK\x03\x04word/是什么。", "今天\x00下雨。"]
)
def test_a_text_is_a_text_whatever_it_begins_with(text: str) -> None:
    document = parse_line(json.dumps({"id": "a", "text": text}).encode(), 1000).read()
    assert document.text == text.replace("\x03\x04", "").replace("\x00", "")


def test_a_line_as_long_as_it_may_be_is_taken() -> None:
    line = b'{"id": "a", "text": "yes"}'
    assert parse_line(line + b"\n", len(line)).id == "a"
    with pytest.raises(ArticleTooLarge):
        parse_line(line + b"\n", len(line) - 1)


def test_a_line_beyond_the_limit_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    file.write_bytes(b"x" * 1000 + b"\n" + b"yes\n")
    assert [(line.number, len(line.text)) for line in read_lines(file, 10)] == [(1, 11), (2, 4)]
    with pytest.raises(ArticleTooLarge, match="more than 10 bytes"):
        parse_line(b"x" * 11, 10)


def parsed(**fields: object) -> bytes:
    return json.dumps({"id": "a", "text": "甲厂在东区。它有光。", **fields}, ensure_ascii=False).encode()


def test_a_line_becomes_a_document() -> None:
    line = parsed(title=" 甲厂\n", date="2023-8-02 10:00", other=[1])
    found = parse_line(line + b"\n", 1000)
    document = found.read()
    assert (found.id, document.id, document.title, document.published) == ("a", "a", "甲厂", "2023-08")
    assert document.text == "甲厂在东区。它有光。"
    assert [document.quote(s.start, s.end) for s in document.sentences] == ["甲厂在东区。", "它有光。"]
    assert document.source_sha256 == found.source_sha256 == hashlib.sha256(line).hexdigest()


def test_without_a_title_the_beginning_stands_for_it() -> None:
    assert parse_line(parsed(), 1000).read().title == "甲厂在东区。它有光。"
    assert parse_line(parsed(text="光" * 99 + "。"), 1000).read().title == "光" * 30 + "…"


@pytest.mark.parametrize(
    ("date", "month"),
    [
        ("2023年8月", "2023-08"),
        ("２０２４年１２月３日", "2024-12"),
        ("2023-13", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_date_is_a_month_or_nothing(date: object, month: str | None) -> None:
    assert parse_line(parsed(date=date), 1000).read().published == month


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"not json", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[1]", "no JSON object"),
        (b'{"text": "x"}', "id"),
        (b'{"id": 7, "text": "x"}', "id"),
        (b'{"id": "", "text": "x"}', "id"),
        (b'{"id": "a\\u0007", "text": "x"}', "id"),
        (json.dumps({"id": "a" * 201, "text": "x"}).encode(), "200"),
        (b'{"id": "a"}', "text"),
        (b'{"id": "a", "text": ["x"]}', "text"),
        (b"\xff\xfe", "no JSON"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: bytes, message: str) -> None:
    with pytest.raises(ArticleDamaged, match=message):
        parse_line(line, 1_000_000)


@pytest.mark.parametrize("text", ["", " \n ", "……"])
def test_a_document_without_text_is_none(text: str) -> None:
    with pytest.raises(ArticleEmpty):
        parse_line(parsed(text=text), 1000).read()


def test_half_a_character_does_no_harm() -> None:
    document = parse_line(b'{"id": "a", "text": "\\ud83d alpha."}', 1000).read()
    assert "alpha" in document.text
    document.text.encode()
