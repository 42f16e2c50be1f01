"""Files that no reader should be given, as the world gives them."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image
from reportlab.lib.utils import ImageReader

from tests.corpus.formats.golden_docx import part, repacked, report
from tests.corpus.formats.make_pdf import Column, Pdf

SENTENCE = "新禾镇的老茶厂关了二十年，去年春天修成了一座书房，晒场上摆着三百个书架。"


def picture() -> bytes:
    """A PNG of one pixel."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def archive() -> bytes:
    """A zip of a text file."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("notes.txt", SENTENCE)
    return stream.getvalue()


def page(password: str | None = None) -> bytes:
    """A PDF of one page with one sentence."""
    pdf = Pdf(password)
    pdf.text(Column(72, 451), 700, SENTENCE)
    return pdf.bytes()


def scan() -> bytes:
    """A PDF of two pages that are pictures."""
    pdf = Pdf()
    for _ in range(2):
        pdf.canvas.drawImage(ImageReader(Image.new("L", (50, 50), 200)), 0, 0, 595, 842)
        pdf.new_page()
    return pdf.bytes()


def pages(n: int) -> bytes:
    """A PDF of so many pages with a line each."""
    pdf = Pdf()
    for number in range(1, n + 1):
        pdf.put(72, 700, f"第{number}页有一句话。")
        pdf.new_page()
    return pdf.bytes()


def word_with(doctype: str, text: str) -> bytes:
    """A Word file whose text was written by hand, under a document type of its own."""
    data = report()
    document = part(data, "word/document.xml").decode()
    document = document.replace("<w:document ", f"<!DOCTYPE w:document [{doctype}]><w:document ", 1)
    return repacked(data, {"word/document.xml": document.replace("新桥长", f"新桥长{text}").encode()})


def word_bomb() -> bytes:
    """A Word file of some kilobytes that unpacks to 200 MB."""
    return repacked(report(), {"word/document.xml": b"<w:t>" + b" " * 200_000_000})


def laughs() -> str:
    """Entities that unfold to gigabytes, tenfold with each."""
    return '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))


SCRIPTS = """\
<!doctype html><html><head><title>新桥通车</title><style>p::after { content: "样式里的话。" }</style>
<script>document.write("脚本写的话。")</script></head>
<body onload="alert('处理器里的话。')"><h1>新桥通车</h1>
<p onclick="steal()">新桥昨天<a href="javascript:alert('链接里的话。')">通车</a>。</p>
<iframe srcdoc="<p>框架里的话。</p>"></iframe><img src=x onerror="alert('错误里的话。')">
<svg><text>图里的话。</text><script>alert(1)</script></svg><noscript>没有脚本时的话。</noscript>
<p>两岸的人都来看。</p><script type="text/template"><p>模板里的话。</p></script></body></html>
"""


def sparse(path: Path) -> None:
    """A file of 200 MB that takes no room on the disk."""
    path.touch()
    os.truncate(path, 200_000_000)


def loop(path: Path) -> None:
    """A link to itself."""
    path.symlink_to(path)


def device(path: Path) -> None:
    """A link to what never ends."""
    path.symlink_to("/dev/zero")
