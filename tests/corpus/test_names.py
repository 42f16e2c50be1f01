"""Names of any kind become ids that can be shown, stored and made file names of."""

from __future__ import annotations

import pytest

from corpus import read_document
from corpus.names import clean_name

PIG = "\N{PIG FACE}"


@pytest.mark.parametrize(
    ("name", "own_id"),
    [
        ("notes.txt", "notes"),
        ("年报 2024.final.docx.md", "年报 2024.final.docx"),
        ("../../etc/passwd", "passwd"),
        ("/home/me/notes.txt", "notes"),
        (r"C:\fakepath\notes.txt", "notes"),
        ("folder/", "folder"),
        ("a\x00b\x1b[31m\u202ec.txt", "ab[31mc"),
        ("two\nlines.txt", "two lines"),
        ("\udcff.txt", "untitled"),
        ("", "untitled"),
        (" \t\n", "untitled"),
        ("..", "untitled"),
        ("....txt", "untitled"),
        ("/", "untitled"),
        (".txt", "untitled"),
        ("<b>.txt", "<b>"),
        ("a" * 300 + ".txt", "a" * 100),
        ("武" * 300 + ".txt", "武" * 66),  # 198 bytes: a file name has 255
        (PIG * 300 + ".txt", PIG * 50),
        ("3.5 million words", "3.5 million words"),
    ],
)
def test_an_id_is_the_last_part_without_its_ending(name: str, own_id: str) -> None:
    document = read_document(name, b"The river rose.")
    assert document.id == document.title == own_id


def test_the_ending_is_kept_where_formats_are_told_apart() -> None:
    assert clean_name(PIG * 300 + ".md") == PIG * 50 + ".md"
    assert read_document(PIG * 300 + ".md", b"# One\n\nTwo.").title == "One"
