"""The rows of a whole book in the budget table: a PDF made of the shipped article, over and over."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path

from app.collections import load_shipped
from corpus import Document, load_document
from eval import machine
from eval.budget import Row
from index import Embedder, PassageRules, build_index

_PAGES = 300
_LINES, _LETTERS = 25, 32  # on a page of a Chinese book: 800 characters
# In a small process: what a child takes is counted from what its parent had when it began.
_PEAK = """import sys
from pathlib import Path
from corpus import load_document
from eval.machine import peak_memory_mb
load_document(Path(sys.argv[1]))
print(peak_memory_mb(of_children=True))"""


def measure_book(embedder: Embedder, rules: PassageRules, pages: int = _PAGES) -> Iterator[Row]:
    """Seconds and memory of reading a book and of building its index; once, for it takes minutes."""
    what = f"reading a PDF of {pages} pages"
    try:
        data = make_book(pages)
    except ModuleNotFoundError:
        yield Row(what, "not measured", "", "the book is made with reportlab, of the extra `dev`")
        return
    with tempfile.TemporaryDirectory(prefix="wenju-bench-") as folder:
        path = Path(folder) / "book.pdf"
        path.write_bytes(data)
        start = time.perf_counter()
        document = load_document(path)
        read = time.perf_counter() - start
        peak = float(subprocess.check_output([sys.executable, "-c", _PEAK, str(path)]))
    of = f"{len(document.text):,} characters; peak resident size of the reading process, 1 run"
    yield Row(what, f"{read:.1f} s, {peak:.0f} MB", "", of)
    start = time.perf_counter()
    index = build_index([document], embedder, rules)
    built = time.perf_counter() - start
    of = f"{len(index.passages):,} passages"
    yield Row(
        "building its index",
        f"{built:.1f} s, {machine.peak_memory_mb():.0f} MB",
        "",
        f"{of}; peak resident size of this process with its models, 1 run",
    )


def make_book(pages: int) -> bytes:
    """A PDF of so many pages with their numbers. Raises ModuleNotFoundError where reportlab is missing."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    font = "STSong-Light"  # built into every PDF reader; no font file is needed
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    lines = cycle(_lines(load_shipped()))
    for number in range(1, pages + 1):
        text = canvas.beginText(72, 760)
        text.setFont(font, 12, leading=22)
        text.textLines(list(islice(lines, _LINES)), trim=0)
        canvas.drawText(text)
        canvas.setFont(font, 12)
        canvas.drawCentredString(A4[0] / 2, 40, str(number))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _lines(document: Document) -> list[str]:
    """The text in lines as a book prints them, each paragraph two letters in."""
    paragraphs = ("\u3000\u3000" + block for block in document.text.split("\n"))
    return [p[start : start + _LETTERS] for p in paragraphs for start in range(0, len(p), _LETTERS)]
