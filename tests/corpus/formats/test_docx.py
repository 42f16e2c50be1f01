"""Word files: notes, numbered headings, tables without headers, and hostile packages."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import Part

from corpus import ArticleError, Document, build_document
from corpus.errors import ArticleDamaged, ArticleEmpty, ArticleProtected, ArticleTooLarge, NotText
from corpus.formats import docx_package
from tests.corpus.formats.golden_docx import add_xml, part, repacked, report, saved

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.quote(block.start, block.end)) for block in document.blocks]


def test_footnotes_stand_behind_the_paragraph_that_names_them() -> None:
    word = docx.Document()
    add_xml(
        word, "<w:p XMLNS><w:r><w:t>桥长800米。</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    )
    word.add_paragraph("下一段。")
    data = saved(word)
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    notes = (
        f"<w:footnotes xmlns:w='{w}'><w:footnote w:type='separator' w:id='0'><w:p>"
        "<w:r><w:t>线</w:t></w:r></w:p></w:footnote><w:footnote w:id='2'><w:p><w:r>"
        "<w:t>含引桥。</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    rels = part(data, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        f"<Relationship Id='rIdF' Type='{kind}' Target='footnotes.xml'/></Relationships>".encode(),
    )
    types = part(data, "[Content_Types].xml").replace(
        b"</Types>",
        b"<Override PartName='/word/footnotes.xml' ContentType='application/vnd.openxmlformats-"
        b"officedocument.wordprocessingml.footnotes+xml'/></Types>",
    )
    changed = repacked(
        data,
        {
            "word/footnotes.xml": notes.encode(),
            "word/_rels/document.xml.rels": rels,
            "[Content_Types].xml": types,
        },
    )
    assert blocks(build_document("a.docx", changed)) == [
        ("paragraph", "桥长800米。"),
        ("item", "含引桥。"),
        ("paragraph", "下一段。"),
    ]


def test_a_table_of_names_and_values_has_no_header() -> None:
    word = docx.Document()
    table = word.add_table(2, 2)
    for cell, text in zip(table._cells, ("姓名", "王小明", "年龄", "30"), strict=True):
        cell.text = text
    assert blocks(build_document("a.docx", saved(word))) == [("item", "姓名 | 王小明"), ("item", "年龄 | 30")]


def test_outline_levels_make_headings_and_body_level_does_not() -> None:
    word = docx.Document()
    for level, text in ((0, "第一章 概况"), (2, "第一节 桥"), (9, "正文。")):
        add_xml(
            word,
            f"<w:p XMLNS><w:pPr><w:outlineLvl w:val='{level}'/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>",
        )
    assert blocks(build_document("a.docx", saved(word))) == [
        ("title", "第一章 概况"),
        ("heading", "第一节 桥"),
        ("paragraph", "正文。"),
    ]


def test_deleted_and_moved_text_is_gone_and_inserted_rows_stay() -> None:
    word = docx.Document()
    add_xml(
        word,
        "<w:p XMLNS><w:moveFrom><w:r><w:t>旧处。</w:t></w:r></w:moveFrom><w:del><w:r>"
        "<w:t>删去。</w:t></w:r></w:del><w:r><w:t>留下。</w:t></w:r>"
        "<w:moveTo><w:r><w:t>新处。</w:t></w:r></w:moveTo></w:p>",
    )
    add_xml(
        word,
        "<w:tbl XMLNS><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r>"
        "<w:t>乙</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>丙</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>丁</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    )
    assert blocks(build_document("a.docx", saved(word))) == [
        ("paragraph", "留下。新处。"),
        ("item", "甲 | 乙"),
    ]


def test_a_content_control_is_left_out_only_if_it_is_the_table_of_contents() -> None:
    word = docx.Document()
    for gallery, text in (("Table of Contents", "第一章 1"), ("Cover Pages", "封面上的话。")):
        add_xml(
            word,
            f"<w:sdt XMLNS><w:sdtPr><w:docPartObj><w:docPartGallery w:val='{gallery}'/></w:docPartObj>"
            "</w:sdtPr>"
            f"<w:sdtContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        )
    document = build_document("a.docx", saved(word))
    assert blocks(document) == [("paragraph", "封面上的话。")]
    assert document.omissions == {"dropped_characters": 4}


def test_a_style_that_is_based_on_itself_ends() -> None:
    data = report()
    styles = part(data, "word/styles.xml").replace(
        b'<w:basedOn w:val="Normal"/>', b'<w:basedOn w:val="ListBullet"/>'
    )
    document = build_document("a.docx", repacked(data, {"word/styles.xml": styles}))
    assert document.title == "新桥建设报告"


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), ArticleProtected, "password"),
        ("a.doc", OLE, NotText, "Save it as .docx or PDF"),
        ("a.docx", report()[:3000], ArticleDamaged, "a.docx cannot be read"),
        ("a.docx", b"plain words", ArticleDamaged, "a.docx cannot be read"),
        ("a.docx", b"", ArticleDamaged, "a.docx cannot be read"),
        ("a.docx", saved(docx.Document()), ArticleEmpty, "holds no text"),
    ],
    ids=["password", "old", "cut", "text", "empty", "blank"],
)
def test_a_file_that_is_no_word_file_says_why(
    name: str, data: bytes, error: type[ArticleError], words: str
) -> None:
    with pytest.raises(error, match=words):
        build_document(name, data)


def test_another_archive_is_no_article() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(NotText, match=r"book\.xlsx"):
        build_document("book.xlsx", stream.getvalue())
    with pytest.raises(ArticleDamaged, match=r"book\.docx"):
        build_document("book.docx", stream.getvalue())


@pytest.mark.parametrize("name", ["word/document.xml", "word/media/image1.png"])
def test_an_archive_that_unpacks_to_much_more_is_refused_before_it_is_unpacked(name: str) -> None:
    with pytest.raises(ArticleTooLarge, match=r"a\.docx unpacks to 7\d,\d{3},\d{3} bytes"):
        build_document("a.docx", repacked(report(), {name: b" " * 70_000_000}))


def test_more_text_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_package, "MAX_XML", 1000)
    with pytest.raises(ArticleTooLarge, match="Split it"):
        build_document("a.docx", report())


def test_a_part_that_lies_about_its_size_is_damaged() -> None:
    data = bytearray(repacked(report(), {"word/document.xml": b"<x>" + b" " * 100_000 + b"</x>"}))
    size = (100_007).to_bytes(4, "little")
    assert size in data
    with pytest.raises(ArticleDamaged):
        build_document("a.docx", bytes(data).replace(size, (50).to_bytes(4, "little")))


def test_entities_are_not_unfolded() -> None:
    data = report()
    doctype = (
        b'<!DOCTYPE w:document [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">'
        b'<!ENTITY c SYSTEM "file:///etc/passwd">]><w:document '
    )
    document = part(data, "word/document.xml").replace(b"<w:document ", doctype, 1)
    document = document.replace("新桥长".encode(), "新桥长&b;&c;".encode())
    with pytest.raises(ArticleDamaged, match=r"\(it declares a document type\)\. Save it anew"):
        build_document("a.docx", repacked(data, {"word/document.xml": document}))


def test_entities_in_the_notes_are_not_unfolded_either() -> None:
    word = docx.Document()
    add_xml(word, "<w:p XMLNS><w:r><w:t>桥长800米。</w:t></w:r></w:p>")
    notes = word.part.package.next_partname("/word/footnotes%d.xml")
    blob = b'<!DOCTYPE w [<!ENTITY a "lol">]><w:footnotes xmlns:w="http://w"/>'
    word.part.relate_to(Part(notes, CT.WML_FOOTNOTES, blob, word.part.package), RT.FOOTNOTES)
    with pytest.raises(ArticleDamaged, match="declares a document type"):
        build_document("a.docx", saved(word))
