"""What a file is called: names come from disks and browsers, and may be anything."""

from __future__ import annotations

import re

from corpus.characters import strip_controls

_LONGEST = 100  # characters
_MOST_BYTES = 200  # of UTF-8: a file named after a document has room for a prefix and an ending
_ENDING = re.compile(r"\.\w{0,8}$")
_UNTITLED = "untitled"


def document_id(name: str) -> str:
    r"""The last part of a name without its ending, in at most 100 visible characters.

    >>> document_id("C:\\fakepath\\年报.docx"), document_id("../../etc/passwd\n"), document_id("..")
    ('年报', 'passwd', 'untitled')
    """
    return _parts(name)[0]


def clean_name(name: str) -> str:
    r"""The same with its ending, by which formats are told apart.

    >>> clean_name("notes/\x1b[31m年报.md"), clean_name(".md")
    ('[31m年报.md', 'untitled.md')
    """
    return "".join(_parts(name))


def _parts(name: str) -> tuple[str, str]:
    last = re.split(r"[/\\]", name.strip().rstrip("/\\"))[-1]
    visible = " ".join(strip_controls(last).split())
    found = _ENDING.search(visible)
    ending = found[0] if found else ""
    stem = visible.removesuffix(ending).strip(". ")[:_LONGEST]
    short = stem.encode()[:_MOST_BYTES].decode(errors="ignore").rstrip(". ")
    return short or _UNTITLED, ending
