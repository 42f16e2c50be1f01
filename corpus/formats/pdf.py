"""PDF with a text layer to blocks: each of one page, in reading order, without running headers.

pdf_text.py takes the runs of letters off a page, pdf_order.py puts them in order, pdf_paragraphs.py
joins them; here a file is opened, limited, and its failures named.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.document import Note
from corpus.errors import ArticleDamaged, ArticleProtected, ArticleScanned, ArticleTooLarge
from corpus.formats.pdf_order import in_order, without_running_heads
from corpus.formats.pdf_paragraphs import add_blocks
from corpus.formats.pdf_text import Page, read_page
from corpus.formats.reading import MAX_CHARACTERS, Blocks, Reading

MAX_PAGES = 2000  # an encyclopaedia's volume; reading takes about 10 ms a page
_one_at_a_time = threading.Lock()  # PDFium may not be called from two threads


def read_pdf(name: str, data: bytes) -> Reading:
    """The blocks of a PDF file, the characters dropped, and the number of pages that are pictures.

    Raises ArticleProtected, ArticleDamaged, ArticleScanned or ArticleTooLarge.
    """
    with _one_at_a_time:
        pages = list(_pages(name, data))
    letters = sum(page.n_letters for page in pages)
    if sum(page.n_unreadable for page in pages) * 2 >= letters:
        raise ArticleScanned(
            f"{name} holds no text that can be read: its {len(pages)} page(s) are pictures, or its letters "
            "have no meaning to a program. Run it through text recognition (OCR) first."
        )
    kept, n_dropped = without_running_heads(pages)
    blocks = Blocks(name)
    n_dropped += add_blocks(in_order(kept), blocks)
    counts: dict[Note, int] = {
        "dropped_characters": n_dropped + sum(page.n_turned for page in pages),
        "pages_without_text": sum(page.is_picture for page in pages),
    }
    return Reading(list(blocks), "pdf", {note: count for note, count in counts.items() if count})


def _pages(name: str, data: bytes) -> Iterator[Page]:
    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise ArticleProtected(f"{name} is protected by a password. Save it without one.") from error
        raise _damaged(name, error) from error
    try:
        if len(file) > MAX_PAGES:
            raise ArticleTooLarge(f"{name} has {len(file):,} pages; it may have {MAX_PAGES:,}. Split it.")
        left = MAX_CHARACTERS
        for number in range(len(file)):
            page = read_page(file, number, left)
            left -= page.n_letters
            if left <= 0:
                raise ArticleTooLarge(f"{name} holds more than {MAX_CHARACTERS:,} characters. Split it.")
            yield page
    except pypdfium2.PdfiumError as error:
        raise _damaged(name, error) from error
    finally:
        file.close()


def _damaged(name: str, error: Exception) -> ArticleDamaged:
    return ArticleDamaged(f"{name} cannot be read as a PDF file: {error}. Save or download it anew.")
