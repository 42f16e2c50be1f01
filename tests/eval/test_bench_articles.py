"""The rows of a book in the budget table, for a book of four pages."""

from __future__ import annotations

import re
import sys

import pytest

from corpus import Document, read_document
from eval.bench_articles import make_book, measure_book
from eval.budget import Row, budget_table
from index import PassageRules
from tests.fakes import WordEmbedder


def test_the_book_is_the_article_over_and_over(article: Document) -> None:
    document = read_document("book.pdf", make_book(4))
    assert {block.page for block in document.blocks} == {1, 2, 3, 4}
    assert document.omissions == {"dropped_characters": 4}  # the pages' numbers
    read = "".join(document.text.split())
    assert len(read) > 4 * 25 * 32 / 2  # lines end with their paragraphs
    assert ("".join(article.text.split()) * 2).startswith(read)


def test_a_book_is_read_and_its_index_built() -> None:
    reading, building = measure_book(WordEmbedder(), PassageRules(), pages=4)
    document = read_document("book.pdf", make_book(4))
    assert reading.what == "reading a PDF of 4 pages"
    assert reading.of.startswith(f"{len(document.text):,} characters; ")
    megabytes = re.fullmatch(r"\d+\.\d s, (\d+) MB", reading.figure)
    assert megabytes is not None
    assert 20 <= int(megabytes[1]) < 300
    assert " passages; " in building.of
    assert re.fullmatch(r"\d+\.\d s, \d+ MB", building.figure)


def test_without_what_makes_the_book_the_row_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reportlab.pdfgen.canvas", None)
    (row,) = measure_book(WordEmbedder(), PassageRules())
    of = "the book is made with reportlab, of the extra `dev`"
    assert row == Row("reading a PDF of 300 pages", "not measured", "", of)
    line = f"| reading a PDF of 300 pages | not measured |  | {of} |"
    assert budget_table([row]).splitlines()[2:] == [line]
