"""PDF files: what is dropped, joined and kept apart, and files that cannot be read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader

from corpus import ArticleError, Document, Limits, build_document, read_document
from corpus.errors import ArticleDamaged, ArticleProtected, ArticleScanned, ArticleTooLarge
from corpus.formats import pdf as reader
from tests.corpus.formats.make_pdf import BOLD, LATIN, MING, Column, Pdf, huge_page

SENTENCE = "新禾镇的老茶厂关了二十年，去年春天修成了一座书房，晒场上摆着三百个书架，每天开到夜里九点钟。"


def blocks(document: Document) -> list[tuple[str, str, int | None]]:
    return [(block.kind, document.quote(block.start, block.end), block.page) for block in document.blocks]


def read(pdf: Pdf) -> Document:
    return build_document("a.pdf", pdf.bytes())


def test_headers_that_change_from_left_to_right_pages_and_roman_numbers_go() -> None:
    pdf = Pdf()
    for page in range(6):
        pdf.put(72, 805, "第一章 茶厂" if page % 2 else "新禾镇志")
        pdf.text(Column(72, 451), 700, f"第{page}页的正文。" + SENTENCE)
        pdf.put(290, 45, ["i", "ii", "iii", "iv", "v", "vi"][page], LATIN)
        pdf.put(72, 30, "2024/5/3", LATIN)
        pdf.put(500, 30, f"{page + 1}/6", LATIN)
        pdf.new_page()
    document = read(pdf)
    assert blocks(document) == [("paragraph", f"第{page}页的正文。{SENTENCE}", page + 1) for page in range(6)]
    assert document.omissions == {"dropped_characters": 3 * 5 + 3 * 4 + 1 + 2 + 3 + 2 + 1 + 2 + 6 * (8 + 3)}


def test_a_title_that_the_headers_repeat_stays() -> None:
    pdf = Pdf()
    pdf.put(72, 790, "新禾镇志", size=20)
    pdf.text(Column(72, 451), 700, SENTENCE)
    for _ in range(2):
        pdf.new_page()
        pdf.put(72, 805, "新禾镇志", size=9)
        pdf.text(Column(72, 451), 700, SENTENCE)
    assert blocks(read(pdf)) == [
        ("title", "新禾镇志", 1),
        *[("paragraph", SENTENCE, page) for page in (1, 2, 3)],
    ]


def test_numbered_headings_at_the_top_of_pages_stay() -> None:
    pdf = Pdf()
    for page in range(5):
        pdf.put(72, 790, f"第{page + 1}章", size=16)
        pdf.put(72, 740, f"{7 * page + 1958}年")  # at the edge, too, and not counting pages
        pdf.text(Column(72, 451), 700, SENTENCE)
        pdf.new_page()
    kinds = [(kind, text) for kind, text, _ in blocks(read(pdf)) if text != SENTENCE]
    assert kinds == [
        pair
        for page in range(5)
        for pair in [
            ("heading" if page else "title", f"第{page + 1}章"),
            ("paragraph", f"{7 * page + 1958}年"),
        ]
    ]


def test_the_last_numbers_of_a_table_are_no_page_numbers_in_the_middle_of_a_page() -> None:
    pdf = Pdf()
    pdf.text(Column(72, 451), 700, SENTENCE)
    pdf.put(72, 400, "1949")
    assert blocks(read(pdf))[-1] == ("paragraph", "1949", 1)


def test_cells_of_a_table_at_the_foot_of_a_page_are_no_page_numbers() -> None:
    pdf = Pdf()
    pdf.text(Column(72, 451), 700, SENTENCE)
    for y, cells in ((80, ("东村", "12", "亩")), (62, ("西村", "30", "亩"))):
        for x, cell in zip((72, 220, 370), cells, strict=True):
            pdf.put(x, y, cell)
    pdf.put(290, 30, "xiv", LATIN)
    document = read(pdf)
    assert blocks(document)[1:] == [("item", "东村 | 12 | 亩", 1), ("item", "西村 | 30 | 亩", 1)]
    assert document.omissions == {"dropped_characters": 3}


def test_a_citation_can_name_the_page_of_every_sentence() -> None:
    pdf = Pdf()
    for y, text in ((120, "甲句。"), (740, "乙句。"), (400, "丙句。")):
        pdf.put(72, y, text)
        pdf.new_page()
    document = read(pdf)
    assert [document.page_of(sentence) for sentence in document.sentences] == [1, 2, 3]


def test_paragraphs_of_english_end_at_a_line_with_room_or_a_gap() -> None:
    column = Column(72, 300, LATIN, 10)
    first = (
        "The yard of the old tea factory holds three hundred book cases, and the reading room is open until "
        "nine."
    )
    pdf = Pdf()
    y = pdf.text(column, 700, first)
    y = pdf.text(column, y, first)
    pdf.text(column, y - 20, first)
    assert blocks(read(pdf)) == [("paragraph", first, 1)] * 3


def test_paragraphs_whose_last_line_is_full_end_at_a_gap() -> None:
    pdf = Pdf()
    for y, line in ((700, "新禾镇的老茶厂关了二十年去年"), (685, "春天修成了一座书房晒场有书架。")):
        for lower in (0, 40):
            pdf.put(72, y - lower, line)
    whole = "新禾镇的老茶厂关了二十年去年春天修成了一座书房晒场有书架。"
    assert blocks(read(pdf)) == [("paragraph", whole, 1)] * 2


def test_a_bold_line_is_a_heading_and_bold_throughout_is_not() -> None:
    pdf = Pdf()
    pdf.put(72, 700, "Opening hours", BOLD)
    pdf.text(Column(72, 451, LATIN), 680, "The reading room is open until nine in the evening on every day.")
    assert [kind for kind, _, _ in blocks(read(pdf))] == ["title", "paragraph"]
    pdf = Pdf()
    pdf.put(72, 700, "Opening hours", BOLD)
    pdf.text(Column(72, 451, BOLD), 660, "The reading room is open until nine in the evening on every day.")
    assert [kind for kind, _, _ in blocks(read(pdf))] == ["paragraph", "paragraph"]


def test_lines_that_are_stretched_to_fill_a_column_are_no_table() -> None:
    pdf = Pdf()
    for i, words in enumerate((("The", "yard", "of", "it"), ("too,", "but", "not", "now"))):
        widths = [pdf.canvas.stringWidth(word, LATIN, 10) for word in words]
        x, gap = 72.0, (200 - sum(widths)) / 3
        for word, width in zip(words, widths, strict=True):
            pdf.put(x, 700 - 15 * i, word, LATIN, 10)
            x += width + gap
    pdf.put(72, 670, "that it is winter.", LATIN, 10)
    assert blocks(read(pdf)) == [("paragraph", "The yard of it too, but not now that it is winter.", 1)]


def test_columns_whose_lines_are_stretched_are_read_one_after_the_other() -> None:
    pdf = Pdf()
    for x, word in ((72, "left"), (308, "right")):
        for i in range(8):
            for j in range(4):
                pdf.put(x + 58 * j, 700 - 15 * i, f"{word}{j}{i}xx", LATIN, 10)
    text = read(pdf).text
    assert text.rindex("left") < text.index("right")


def test_tables_of_contents_go() -> None:
    pdf = Pdf()
    pdf.put(72, 700, "1 Introduction .................... 3", LATIN)
    pdf.text(Column(72, 451), 600, SENTENCE)
    document = read(pdf)
    assert blocks(document) == [("paragraph", SENTENCE, 1)]
    assert document.omissions == {"dropped_characters": len("1Introduction....................3")}


def test_turned_stamps_and_letters_that_nobody_sees_are_not_read() -> None:
    pdf = Pdf()
    pdf.text(Column(72, 451), 700, SENTENCE)
    pdf.put(-400, 500, "outside", LATIN)
    pdf.put(72, 500, "too small to be seen", LATIN, 0.2)
    pdf.put(72, 400, "X", LATIN, 4000)
    pdf.canvas.rotate(45)
    pdf.put(300, 300, "DRAFT", LATIN, 60)
    document = read(pdf)
    assert blocks(document) == [("paragraph", SENTENCE, 1)]
    assert document.omissions == {"dropped_characters": 5}


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_as_it_is_shown(turn: int) -> None:
    pdf = Pdf()
    pdf.canvas.setPageRotation(turn)
    pdf.canvas.translate(*{90: (842, 0), 180: (595, 842), 270: (0, 595)}[turn])
    pdf.canvas.rotate(turn)
    pdf.put(100, 500, "上面的标题", size=20)
    pdf.text(Column(100, 400), 400, SENTENCE)
    assert blocks(read(pdf)) == [("title", "上面的标题", 1), ("paragraph", SENTENCE, 1)]


def test_no_letter_of_a_page_in_tiny_units_is_lost() -> None:
    pdf = Pdf()
    pdf.canvas.setPageSize((5.95, 8.42))
    pdf.canvas.scale(0.01, 0.01)
    pdf.text(Column(72, 451), 700, SENTENCE)
    assert read(pdf).text.replace("\n", "") == SENTENCE


def test_rare_and_traditional_characters_are_read_as_they_are() -> None:
    pdf = Pdf()
    pdf.put(72, 700, "書房擺著三百個書架，鎮上的人都來。", MING)
    assert blocks(read(pdf)) == [("paragraph", "書房擺著三百個書架，鎮上的人都來。", 1)]


@pytest.mark.parametrize("space", "\u2000\u2003\u200a\u2028\u3000")
def test_a_line_of_spaces_of_any_kind_is_no_line(space: str) -> None:
    pdf = Pdf()
    pdf.put(72, 750, 3 * space, size=20)
    pdf.put(72, 700, f"新禾镇志{space}第一卷", size=20)
    pdf.text(Column(72, 451), 600, SENTENCE)
    assert blocks(read(pdf)) == [("title", "新禾镇志 第一卷", 1), ("paragraph", SENTENCE, 1)]


def picture() -> ImageReader:
    return ImageReader(Image.new("L", (50, 50), 200))


def test_a_scanned_file_says_that_it_holds_no_text() -> None:
    pdf = Pdf()
    for _ in range(2):
        pdf.canvas.drawImage(picture(), 0, 0, 595, 842)
        pdf.new_page()
    with pytest.raises(ArticleScanned, match=r"a\.pdf holds no text .* 2 page\(s\) .*OCR"):
        read(pdf)


def test_a_stamp_alone_is_no_text() -> None:
    pdf = Pdf()
    pdf.canvas.rotate(45)
    pdf.put(300, 300, "DRAFT", LATIN, 60)
    with pytest.raises(ArticleScanned):
        read(pdf)


def test_pages_that_are_pictures_are_counted_and_blank_ones_are_not() -> None:
    pdf = Pdf()
    pdf.text(Column(72, 451), 700, SENTENCE)
    pdf.new_page()
    pdf.canvas.drawImage(picture(), 0, 0, 595, 842)
    pdf.new_page()
    pdf.new_page()
    assert read(pdf).omissions == {"pages_without_text": 1}


def good() -> bytes:
    pdf = Pdf()
    pdf.text(Column(72, 451), 700, SENTENCE)
    return pdf.bytes()


def locked() -> bytes:
    pdf = Pdf(password="secret")
    pdf.text(Column(72, 451), 700, SENTENCE)
    return pdf.bytes()


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (locked(), ArticleProtected, "a.pdf is protected by a password"),
        (b"%PDF-1.7\n" + bytes(200), ArticleDamaged, "a.pdf cannot be read"),
        (b"plain words", ArticleDamaged, "a.pdf cannot be read"),
        (b"", ArticleDamaged, "a.pdf cannot be read"),
    ],
    ids=["password", "damaged", "text", "empty"],
)
def test_a_file_that_cannot_be_opened_says_why(data: bytes, error: type[ArticleError], words: str) -> None:
    with pytest.raises(error, match=words):
        build_document("a.pdf", data)


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8, 0.97])
def test_a_file_that_is_cut_short_is_read_or_refused(at: float) -> None:
    data = good()
    try:
        document = build_document("a.pdf", data[: int(len(data) * at)])
    except ArticleError as error:
        assert "a.pdf" in str(error)
    else:
        assert document.text == SENTENCE


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = Pdf()
    for _ in range(3):
        pdf.put(72, 700, SENTENCE)
        pdf.new_page()
    data = pdf.bytes()
    with pytest.raises(ArticleTooLarge, match=r"a\.pdf has 3 pages; it may have 2\..*articles\.pages"):
        build_document("a.pdf", data, limits=Limits(pages=2))
    assert len(build_document("a.pdf", data, limits=Limits(pages=3)).blocks) == 3
    monkeypatch.setattr(reader, "MAX_CHARACTERS", 150)
    with pytest.raises(ArticleTooLarge, match="more than 150 characters"):
        build_document("a.pdf", data)


def test_modules_beside_the_file_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "pypdfium2", "corpus"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert read_document("a.pdf", good()).text == SENTENCE


def test_a_page_that_unpacks_to_gigabytes_ends_the_reader_and_not_the_program() -> None:
    assert len(huge_page()) < 2_000_000
    with pytest.raises(ArticleTooLarge, match=r"a\.pdf asks for more memory .*articles\.memory_megabytes"):
        read_document("a.pdf", huge_page())
