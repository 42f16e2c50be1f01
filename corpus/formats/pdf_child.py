"""The process that opens a PDF: the file on standard input, a page a line as JSON on standard output.

A file of some kilobytes can unpack to gigabytes, repeat a form without end, or meet a fault in a
library that is not written in Python. Here that ends this process, and nothing else.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.formats.pdf_text import read_page

MAX_MEMORY = 2_000_000_000  # bytes; a book of 1,000 pages takes 200 MB
MAX_SECONDS = 300  # of the processor; 2,000 pages take 30


def main(max_pages: int, max_letters: int) -> None:
    """Print the number of pages or what forbids to read them, then the pages; of too many, no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        file = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        n_pages = len(file)
        _print({"pages": n_pages})
        for index in range(n_pages if n_pages <= max_pages else 0):
            page = read_page(file, index, max_letters)
            _print(asdict(page))
            max_letters -= page.weight
            if max_letters < 0:
                break
    except pypdfium2.PdfiumError as error:
        _print({"error": str(error), "protected": error.err_code == pdfium.FPDF_ERR_PASSWORD})
    except MemoryError:
        os.abort()  # PDFium ends the same way


def _print(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
