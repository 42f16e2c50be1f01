"""Every file of the corpus through the front door: what is read, or why it is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus import ArticleError, Language, Limits, load_document
from corpus.errors import (
    ArticleDamaged,
    ArticleEmpty,
    ArticleNotFound,
    ArticleProtected,
    ArticleScanned,
    ArticleTooLarge,
    NotText,
    UnknownEncoding,
)
from tests.corpus.formats import hostile
from tests.corpus.formats.golden import GOLDEN
from tests.corpus.formats.golden_docx import REPORT_BLOCKS, report
from tests.corpus.formats.golden_html import NEWS_BLOCKS
from tests.corpus.formats.golden_pdf import TWO_PAGES_BLOCKS, two_pages
from tests.corpus.formats.make_pdf import huge_page
from tests.corpus.test_document import check

DATA = Path(__file__).parents[1] / "data"

Make = bytes | Callable[[], bytes] | Callable[[Path], None]


@dataclass(frozen=True)
class Read:
    """A file that is read: its language, and its first blocks."""

    language: Language
    blocks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Refused:
    """A file that is not: the class of the error, and words of its message beside the file's name."""

    error: type[ArticleError]
    words: tuple[str, ...]


TEA = "新禾镇的老茶厂关了二十年。\n\n去年春天，镇里把它修成了一座书房。\n"
TEA_READ = Read(
    "zh", (("paragraph", "新禾镇的老茶厂关了二十年。"), ("paragraph", "去年春天，镇里把它修成了一座书房。"))
)
OLD_TEA = "新禾鎮的老茶廠關了二十年。\n\n去年春天，鎮裡把它修成了一座書房，曬場上擺著三百個書架。\n"
OLD_TEA_READ = Read(
    "zh",
    (
        ("paragraph", "新禾鎮的老茶廠關了二十年。"),
        ("paragraph", "去年春天，鎮裡把它修成了一座書房，曬場上擺著三百個書架。"),
    ),
)
ENGLISH = (
    "Harbour Bridge\n\nThe bridge opened on Friday. It cost $3.9 million,\nwhich is twice the estimate.\n"
)
LIST = "办事须知\n\n请带三样东西：\n- 身份证\n- 照片两张\n1. 先取号\n"
NOTES = (
    "# 新桥\n\n**新桥**昨天[通车](http://a)。\n\n## 怎么建的\n\n- 先修路\n- 再架桥\n\n"
    "| 年份 | 进度 |\n|---|---|\n| 2022 | 开工 |\n"
)
WRAPPED = (
    ("title", "老茶厂变成新书房"),
    ("subtitle", "新禾镇盘活闲置厂房"),
    ("caption", "晒场上的书架向村民免费开放。"),
)
# No tag is closed, and what is not known is passed through.
BROKEN = "<h1>新桥通车<p>昨天上午，新桥<b>正式<blink>通车。<p>两岸的人都来看。<ul><li>先修路<li>再架桥"
PDF_PAGE = Read("zh", (("paragraph", hostile.SENTENCE),))

TEXTS: dict[str, tuple[Make, Read | Refused]] = {
    "plain.txt": (TEA.encode(), TEA_READ),
    "bom.txt": (TEA.encode("utf-8-sig"), TEA_READ),
    "windows.txt": (TEA.replace("\n", "\r\n").encode(), TEA_READ),
    "utf16le.txt": (b"\xff\xfe" + TEA.encode("utf-16-le"), TEA_READ),
    "utf16be.txt": (b"\xfe\xff" + TEA.encode("utf-16-be"), TEA_READ),
    "gb18030.txt": (TEA.encode("gb18030"), TEA_READ),
    "gb18030.md": (("# 题\n\n" + TEA).encode("gb18030"), Read("zh", (("title", "题"), *TEA_READ.blocks))),
    "big5.txt": (OLD_TEA.encode("big5"), OLD_TEA_READ),
    "traditional.txt": (OLD_TEA.encode(), OLD_TEA_READ),
    "no-ending": (TEA.encode(), TEA_READ),
    "two\nlines \x1b[31m.txt": (TEA.encode(), TEA_READ),
    "书" * 83 + "ab.txt": (TEA.encode(), TEA_READ),  # 255 bytes, all that a disk takes
    "english.txt": (
        ENGLISH.encode(),
        Read(
            "en",
            (
                ("title", "Harbour Bridge"),
                (
                    "paragraph",
                    "The bridge opened on Friday. It cost $3.9 million, which is twice the estimate.",
                ),
            ),
        ),
    ),
    "list.txt": (
        LIST.encode(),
        Read(
            "zh",
            (
                ("title", "办事须知"),
                ("paragraph", "请带三样东西："),
                ("item", "身份证"),
                ("item", "照片两张"),
                ("item", "先取号"),
            ),
        ),
    ),
    "wrapped.txt": ((DATA / "tea_factory.txt").read_bytes(), Read("zh", WRAPPED)),
    "notes.md": (
        NOTES.encode(),
        Read(
            "zh",
            (
                ("title", "新桥"),
                ("paragraph", "新桥昨天通车。"),
                ("heading", "怎么建的"),
                ("item", "先修路"),
                ("item", "再架桥"),
                ("item", "年份 | 进度"),
                ("item", "2022 | 开工"),
            ),
        ),
    ),
    "one-line.txt": (
        lambda: ("茶厂关了。" * 334_000).encode(),  # 5 MB
        Read("zh", (("paragraph", "茶厂关了。" * 334_000),)),
    ),
    "empty.txt": (b"", Refused(ArticleEmpty, ("is empty",))),
    "blank.txt": (" \r\n\t\u3000\n".encode(), Refused(ArticleEmpty, ("holds no text",))),
    "spaces.md": (b" \n \n", Refused(ArticleEmpty, ("is empty",))),
    "bom-alone.txt": (b"\xef\xbb\xbf", Refused(ArticleEmpty, ("holds no text",))),
    "picture.txt": (hostile.picture, Refused(NotText, ("is no article", ".docx"))),
    "archive.txt": (hostile.archive, Refused(NotText, ("is no article",))),
    "nul.txt": (b"The river\0rose.", Refused(NotText, ("is no article",))),
    "noise.txt": (bytes(range(128, 256)) * 9, Refused(UnknownEncoding, ("encoding", "UTF-8"))),
    "long.txt": (
        lambda: b"The river rose. " * 1_300_000,
        Refused(ArticleTooLarge, ("20,800,000 bytes", "20,000,000", "Split it")),
    ),
}

RICH: dict[str, tuple[Make, Read | Refused]] = {
    "scripts.html": (
        hostile.SCRIPTS.encode(),
        Read(
            "zh", (("title", "新桥通车"), ("paragraph", "新桥昨天通车。"), ("paragraph", "两岸的人都来看。"))
        ),
    ),
    "broken.html": (
        BROKEN.encode(),
        Read(
            "zh",
            (
                ("title", "新桥通车"),
                ("paragraph", "昨天上午，新桥正式通车。"),
                ("paragraph", "两岸的人都来看。"),
                ("item", "先修路"),
                ("item", "再架桥"),
            ),
        ),
    ),
    "page.txt": (GOLDEN[0].make, Read("zh", tuple(NEWS_BLOCKS[:3]))),  # HTML, whatever it is called
    "deep.html": (
        b"<html><body>" + b"<div>" * 100_000 + "好。".encode(),
        Refused(ArticleTooLarge, ("400 inside each other",)),
    ),
    "nothing.html": (b"<html><script>1</script></html>", Refused(ArticleEmpty, ("holds no text",))),
    "word.zip": (report, Read("zh", tuple(REPORT_BLOCKS[:4]))),
    "bomb.docx": (hostile.word_bomb, Refused(ArticleTooLarge, ("unpacks to 200,", "Split it"))),
    "outside.docx": (
        lambda: hostile.word_with(f'<!ENTITY out SYSTEM "file://{DATA}/tea_factory.txt">', "&out;"),
        Refused(ArticleDamaged, ("declares a document type", "Save it anew")),
    ),
    "laughs.docx": (
        lambda: hostile.word_with(hostile.laughs(), "&a10;"),
        Refused(ArticleDamaged, ("Word file",)),
    ),
    "cut.docx": (lambda: report()[:9000], Refused(ArticleDamaged, ("Word file", "Save it anew"))),
    "old.doc": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
        Refused(NotText, ("before 2007", "Save it as .docx")),
    ),
    "locked.docx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        Refused(ArticleProtected, ("password",)),
    ),
    "book.txt": (two_pages, Read("zh", tuple(block[:2] for block in TWO_PAGES_BLOCKS[:4]))),
    "page.pdf": (hostile.page, PDF_PAGE),
    "no-printing.pdf": (lambda: hostile.page(""), PDF_PAGE),  # encrypted, but opens without a password
    "scan.pdf": (hostile.scan, Refused(ArticleScanned, ("2 page(s) are pictures", "OCR"))),
    "locked.pdf": (lambda: hostile.page("secret"), Refused(ArticleProtected, ("password",))),
    "damaged.pdf": (
        b"%PDF-1.7\n" + bytes(500),
        Refused(ArticleDamaged, ("PDF", "Save or download it anew")),
    ),
    "cut.pdf": (lambda: hostile.page()[:400], Refused(ArticleDamaged, ("PDF",))),
    "archive.pdf": (hostile.archive, Refused(ArticleDamaged, ("PDF",))),
    "text.pdf": (TEA.encode(), Refused(ArticleDamaged, ("PDF",))),
    "pages.pdf": (
        lambda: hostile.pages(2001),
        Refused(ArticleTooLarge, ("2,001 pages", "it may have 2,000", "articles.pages")),
    ),
    "huge.pdf": (huge_page, Refused(ArticleTooLarge, ("more memory", "articles.memory_megabytes"))),
}

PLACES: dict[str, tuple[Make, Read | Refused]] = {
    "sparse.pdf": (
        hostile.sparse,
        Refused(ArticleTooLarge, ("200,000,000 bytes", "100,000,000", "articles.megabytes")),
    ),
    "loop.txt": (hostile.loop, Refused(ArticleNotFound, ("symbolic links", "Check the path"))),
    "device.txt": (hostile.device, Refused(ArticleNotFound, ("no regular file",))),
    "pipe.txt": (os.mkfifo, Refused(ArticleNotFound, ("no regular file",))),
    "folder.txt": (Path.mkdir, Refused(ArticleNotFound, ("directory", "Check the path"))),
    "gone.txt": (lambda path: None, Refused(ArticleNotFound, ("No such file", "Check the path"))),
    "\N{PIG FACE}" * 300: (lambda path: None, Refused(ArticleNotFound, ("name too long",))),
}

FILES = {**TEXTS, **RICH, **PLACES}


def put(folder: Path, name: str) -> Path:
    """Make a file of the table in a folder."""
    make, path = FILES[name][0], folder / name
    if isinstance(make, bytes):
        path.write_bytes(make)
    elif name in PLACES:
        make(path)  # type: ignore[call-arg]
    else:
        path.write_bytes(make())  # type: ignore[call-arg, arg-type]
    return path


READ = [name for name, (_, outcome) in FILES.items() if isinstance(outcome, Read)]
REFUSED = [name for name in FILES if name not in READ]


def each(names: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", names, ids=[ascii(name)[:30] for name in names])


@each(READ)
def test_a_good_file_is_read(name: str, tmp_path: Path) -> None:
    expected = FILES[name][1]
    assert isinstance(expected, Read)
    document = load_document(put(tmp_path, name))
    blocks = tuple((block.kind, document.quote(block.start, block.end)) for block in document.blocks)
    assert blocks[: len(expected.blocks)] == expected.blocks
    assert document.language == expected.language
    check(document)


@each(REFUSED)
def test_a_bad_file_is_refused_by_name_with_the_reason(name: str, tmp_path: Path) -> None:
    expected = FILES[name][1]
    assert isinstance(expected, Refused)
    path = put(tmp_path, name)
    with pytest.raises(ArticleError) as caught:
        load_document(path)
    assert type(caught.value) is expected.error
    message = str(caught.value)
    assert name in message
    assert [word for word in expected.words if word.lower() not in message.lower()] == []
    assert "\n" not in message


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "private.txt"
    path.write_bytes(TEA.encode())
    path.chmod(0)
    user = os.geteuid()
    try:
        if user == 0:  # who may read everything
            os.seteuid(65534)
        with pytest.raises(ArticleNotFound, match=r"private\.txt: Permission denied\. Check the path"):
            load_document(path)
    finally:
        os.seteuid(user)


def test_the_limits_given_are_those_that_hold(tmp_path: Path) -> None:
    path = put(tmp_path, "one-line.txt")
    assert path.stat().st_size > 5_000_000
    with pytest.raises(ArticleTooLarge, match=r"5,010,000 bytes; an article may have 5,000,000"):
        load_document(path, limits=Limits(megabytes=5))
    three = tmp_path / "three.pdf"
    three.write_bytes(hostile.pages(3))
    assert len(load_document(three, limits=Limits(pages=3)).blocks) == 3
    with pytest.raises(ArticleTooLarge, match=r"3 pages; it may have 2"):
        load_document(three, limits=Limits(pages=2))


def test_what_is_outside_of_a_word_file_stays_there(tmp_path: Path) -> None:
    with pytest.raises(ArticleDamaged) as caught:
        load_document(put(tmp_path, "outside.docx"))
    assert "老茶厂" not in str(caught.value)


def test_the_corpus_has_forty_files_of_every_format() -> None:
    names = [*FILES, *(golden.name for golden in GOLDEN)]
    assert len(names) >= 40
    assert {Path(name).suffix for name in names} >= {".txt", ".md", ".html", ".docx", ".pdf"}
