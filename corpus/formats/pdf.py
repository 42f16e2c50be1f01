"""PDF with a text layer to blocks: each of one page, in reading order, without running headers.

pdf_text.py takes the runs of letters off each page, pdf_order.py puts them in order, pdf_paragraphs.py
joins them; here failures are named.
"""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.document import Omission
from corpus.errors import ArticleDamaged, ArticleProtected, ArticleScanned, ArticleTooLarge
from corpus.formats.pdf_order import in_order, without_running_heads
from corpus.formats.pdf_page import Page
from corpus.formats.pdf_paragraphs import add_blocks
from corpus.formats.pdf_text import read_page
from corpus.formats.reading import MAX_CHARACTERS, Blocks, Reading


def read_pdf(name: str, data: bytes, max_pages: int) -> Reading:
    """The blocks of a PDF file, the characters dropped, and the number of pages that are pictures.

    Raises ArticleProtected, ArticleDamaged, ArticleScanned or ArticleTooLarge.
    """
    pages = list(_pages(name, data, max_pages))
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


def _pages(name: str, data: bytes, max_pages: int) -> Iterator[Page]:
    left = MAX_CHARACTERS
    try:
        with pypdfium2.PdfDocument(data) as file:
            if len(file) > max_pages:
                raise ArticleTooLarge(
                    f"{name} has {len(file):,} pages; it may have {max_pages:,}. Split it, or raise "
                    "articles.pages."
                )
            for index in range(len(file)):
                page = read_page(file, index, left)
                left -= page.weight
                if left < 0:
                    raise ArticleTooLarge(f"{name} holds more than {MAX_CHARACTERS:,} characters. Split it.")
                yield page
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise ArticleProtected(f"{name} is protected by a password. Save it without one.") from error
        raise ArticleDamaged(
            f"{name} cannot be read as a PDF file: {error} Save or download it anew."
        ) from error
