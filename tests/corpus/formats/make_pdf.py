"""PDF files for the tests, set by hand: where each line stands is decided here and nowhere else."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpus import is_cjk

LATIN, BOLD, SONG, MING = "Times-Roman", "Times-Bold", "STSong-Light", "MSung-Light"
WIDTH, HEIGHT = 595, 842  # A4 in points
for _font in (SONG, MING):  # built into every PDF reader; no font file is needed
    pdfmetrics.registerFont(UnicodeCIDFont(_font))


@dataclass(frozen=True)
class Column:
    """A column of text: its left edge, its width, and where its first line stands."""

    x: float
    width: float
    font: str = SONG
    size: float = 11


class Pdf:
    """A file in the making; `put` sets one line, `text` a wrapped paragraph."""

    def __init__(self, password: str | None = None) -> None:
        self._bytes = BytesIO()
        encrypt = None if password is None else StandardEncryption(password, canPrint=0)
        self.canvas = Canvas(self._bytes, pagesize=(WIDTH, HEIGHT), invariant=1, encrypt=encrypt)

    def put(self, x: float, y: float, text: str, font: str = SONG, size: float = 11) -> None:
        """One line with its baseline at `y`."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, text)

    def text(self, column: Column, y: float, text: str, indent: float = 0) -> float:
        """A paragraph from `y` downwards, `indent` letters in; where the next line would stand."""
        for i, line in enumerate(_wrapped(column, text, indent)):
            x = column.x + (indent * column.size if i == 0 else 0)
            self.put(x, y, line, column.font, column.size)
            y -= column.size * 1.5
        return y

    def new_page(self) -> None:
        """End the page."""
        self.canvas.showPage()

    def bytes(self) -> bytes:
        """The finished file."""
        self.canvas.save()
        return self._bytes.getvalue()


def _wrapped(column: Column, text: str, indent: float) -> list[str]:
    """The lines of a paragraph: broken between Chinese characters and at spaces and hyphens."""
    pieces: list[str] = []
    for character in text:
        if (
            pieces
            and not is_cjk(character)
            and not is_cjk(pieces[-1][-1])
            and pieces[-1][-1] not in " \u00ad"
        ):
            pieces[-1] += character
        else:
            pieces.append(character)
    lines, line = [], ""
    room = column.width - indent * column.size
    for piece in pieces:
        tried = (line + piece).replace("\u00ad", "")
        if line and pdfmetrics.stringWidth(tried.rstrip(), column.font, column.size) > room:
            lines.append(line)
            line, room = "", column.width
        line += piece
    lines.append(line)
    # A soft hyphen shows only where a line ends with it.
    return [(x[:-1] + "-" if x.endswith("\u00ad") else x).replace("\u00ad", "").rstrip() for x in lines]


@cache
def huge_page() -> bytes:
    """A file of 1.5 MB whose only page unpacks to 600 MB of drawing."""
    packer = zlib.compressobj(9)
    chunk = b"BT /F1 1 Tf (aaaa) Tj ET\n" * 40_000
    stream = b"".join(packer.compress(chunk) for _ in range(600)) + packer.flush()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body = b"".join(b"%d 0 obj%sendobj\n" % (i, text) for i, text in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Size 6/Root 1 0 R>>"
