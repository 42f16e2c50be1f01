"""PDF with a text layer to blocks: each of one page, in reading order, without running headers.

pdf_child.py opens the file in a process of its own, pdf_text.py takes the runs of letters off each page,
pdf_order.py puts them in order, pdf_paragraphs.py joins them; here failures are named.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus.document import Omission
from corpus.errors import ArticleDamaged, ArticleError, ArticleProtected, ArticleScanned, ArticleTooLarge
from corpus.formats.pdf_order import in_order, without_running_heads
from corpus.formats.pdf_page import Page, Run
from corpus.formats.pdf_paragraphs import add_blocks
from corpus.formats.reading import MAX_CHARACTERS, Blocks, Reading

MAX_PAGES = 2000  # an encyclopaedia's volume; reading takes about 15 ms a page


def read_pdf(name: str, data: bytes) -> Reading:
    """The blocks of a PDF file, the characters dropped, and the number of pages that are pictures.

    Raises ArticleProtected, ArticleDamaged, ArticleScanned or ArticleTooLarge.
    """
    pages = list(_pages(name, data))
    n_unreadable = sum(page.n_unreadable for page in pages)
    if not any(page.runs for page in pages) or n_unreadable * 2 >= sum(page.n_letters for page in pages):
        raise ArticleScanned(
            f"{name} holds no text that can be read: its {len(pages)} page(s) are pictures, or its letters "
            "have no meaning to a program. Run it through text recognition (OCR) first."
        )
    kept, n_dropped = without_running_heads(pages)
    blocks = Blocks(name)
    n_dropped += add_blocks(in_order(kept), blocks)
    counts: dict[Omission, int] = {
        "dropped_characters": n_dropped + sum(page.n_turned for page in pages),
        "pages_without_text": sum(page.is_picture for page in pages),
    }
    return Reading(list(blocks), "pdf", {note: count for note, count in counts.items() if count})


def _pages(name: str, data: bytes) -> Iterator[Page]:
    # -P: no module of the folder that the user works in; the file may have come with some.
    arguments = [sys.executable, "-P", "-m", "corpus.formats.pdf_child", str(MAX_PAGES), str(MAX_CHARACTERS)]
    path = [*filter(os.path.isabs, sys.path), str(Path(__file__).parents[2])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    child = subprocess.run(arguments, input=data, env=environment, capture_output=True, check=False)
    if child.returncode > 0:  # a fault of ours, not of the file
        raise RuntimeError(f"the PDF reader failed on {name}: {child.stderr.decode(errors='replace')}")
    if child.returncode < 0:  # by a signal
        raise ArticleTooLarge(
            f"{name} asks for more memory or time than a PDF may take. Print it to a new PDF, or save its "
            "text."
        )
    lines = map(json.loads, child.stdout.splitlines())
    left = MAX_CHARACTERS
    for line in lines:
        if "error" in line:
            raise _refused(name, line)
        if line.get("pages", 0) > MAX_PAGES:
            raise ArticleTooLarge(f"{name} has {line['pages']:,} pages; it may have {MAX_PAGES:,}. Split it.")
        if "pages" in line:
            continue
        page = Page(**{**line, "runs": [Run(**run) for run in line["runs"]]})
        left -= page.weight
        if left < 0:
            raise ArticleTooLarge(f"{name} holds more than {MAX_CHARACTERS:,} characters. Split it.")
        yield page


def _refused(name: str, line: Mapping[str, Any]) -> ArticleError:
    if line["protected"]:
        return ArticleProtected(f"{name} is protected by a password. Save it without one.")
    return ArticleDamaged(f"{name} cannot be read as a PDF file: {line['error']} Save or download it anew.")
