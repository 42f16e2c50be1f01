"""Word files with the blocks that a reader of them would write down."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from copy import deepcopy
from io import BytesIO
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml


def saved(word: Any) -> bytes:
    """The bytes of a Word file."""
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def add_xml(word: Any, xml: str) -> None:
    """Put an element, written as it lies in the file, at the end of the text."""
    spaces = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    word.element.body.insert(-1, parse_xml(xml.replace("XMLNS", spaces, 1)))


def repacked(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A package with parts replaced or added."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {**dict.fromkeys(old.namelist()), **dict.fromkeys(parts)}:
            new.writestr(name, parts.get(name) or old.read(name))
    return stream.getvalue()


def part(data: bytes, name: str) -> bytes:
    """A part of a package as it lies there."""
    return zipfile.ZipFile(BytesIO(data)).read(name)


def report() -> bytes:
    """A report in Chinese: the styles of Word, lists, a table with a header, changes, hidden text."""
    word = docx.Document()
    word.add_paragraph("新桥建设报告", "Title")
    word.add_paragraph("二〇二四年", "Subtitle")
    word.add_heading("一、概况", 1)
    word.add_paragraph("新桥长800米，造价3.9亿元。")
    add_xml(
        word,
        "<w:p XMLNS><w:r><w:t>桥由</w:t></w:r><w:del><w:r><w:delText>丙公司</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>甲公司</w:t></w:r></w:ins><w:r><w:t>设计。</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的话。</w:t></w:r></w:p>",
    )
    word.add_heading("二、步骤", 2)
    word.add_paragraph("先修路", "List Bullet")
    word.add_paragraph("再架桥", "List Number")
    word.add_paragraph("图 1 施工现场", "Caption")
    table = word.add_table(3, 3)
    for row, texts in zip(
        table.rows,
        [("年份", "进度", "投资"), ("2022", "开工", "1亿元"), ("2023", "合龙", "2亿元")],
        strict=True,
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    word.add_paragraph("表后还有一段话。")
    word.sections[0].header.paragraphs[0].text = "内部资料"
    return saved(word)


REPORT_BLOCKS = [
    ("title", "新桥建设报告"),
    ("subtitle", "二〇二四年"),
    ("heading", "一、概况"),
    ("paragraph", "新桥长800米，造价3.9亿元。"),
    ("paragraph", "桥由甲公司设计。"),
    ("heading", "二、步骤"),
    ("item", "先修路"),
    ("item", "再架桥"),
    ("caption", "图1施工现场"),
    ("item", "年份：2022；进度：开工；投资：1亿元"),
    ("item", "年份：2023；进度：合龙；投资：2亿元"),
    ("paragraph", "表后还有一段话。"),
]


def chinese_styles() -> bytes:
    """A file of WPS: Chinese style names, a table of contents, merged cells, a text box, bold headings."""
    word = docx.Document()
    for name, base in (("标题 1", "Normal"), ("目录 1", "Normal"), ("我的标题", "标题 1")):
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles[base]
    centred = word.add_paragraph("新禾镇工作总结")
    centred.alignment = 1
    word.add_paragraph("一、产业\t1", "目录 1")
    word.add_paragraph("二、教育\t2", "目录 1")
    word.add_paragraph("产业", "标题 1")
    word.add_paragraph("全镇有茶园三千亩。")
    bold = word.add_paragraph()
    bold.add_run("茶叶生产").bold = True
    word.add_paragraph("春茶占一半。")
    table = word.add_table(3, 2)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "东村"
    table.cell(0, 1).text, table.cell(1, 1).text = "茶园", "茶厂"
    table.cell(2, 0).text, table.cell(2, 1).text = "西村", "码头"
    word.add_paragraph("教育", "我的标题")
    add_xml(
        word,
        "<w:p XMLNS><w:r><w:t>镇上有两所学校。</w:t></w:r><w:r><mc:AlternateContent>"
        "<mc:Choice Requires='wps'>"
        "<w:drawing><w:txbxContent><w:p><w:r><w:t>文本框里的话。</w:t></w:r></w:p></w:txbxContent></w:drawing>"
        "</mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>文本框里的话。</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    )
    return saved(word)


CHINESE_STYLES_BLOCKS = [
    ("title", "新禾镇工作总结"),
    ("heading", "产业"),
    ("paragraph", "全镇有茶园三千亩。"),
    ("heading", "茶叶生产"),
    ("paragraph", "春茶占一半。"),
    ("item", "东村 | 茶园"),
    ("item", "东村 | 茶厂"),
    ("item", "西村 | 码头"),
    ("heading", "教育"),
    ("paragraph", "镇上有两所学校。"),
    ("paragraph", "文本框里的话。"),
]
CHINESE_STYLES_DROPPED = len("一、产业1") + len("二、教育2")


def english() -> bytes:
    """A paper in English: one heading of the first level, a hyperlink, a content control, a boxed text."""
    word = docx.Document()
    word.add_heading("Harbour Bridge", 1)
    word.add_heading("Cost", 2)
    add_xml(
        word,
        "<w:p XMLNS><w:r><w:t xml:space='preserve'>It cost </w:t></w:r><w:hyperlink><w:r>"
        "<w:t>$3.9 million</w:t></w:r></w:hyperlink><w:r><w:t>,</w:t><w:br/>"
        "<w:t>twice the estimate.</w:t></w:r></w:p>",
    )
    add_xml(
        word,
        "<w:sdt XMLNS><w:sdtContent><w:p><w:r><w:t>It opened in May.</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
    )
    box = word.add_table(1, 1)
    box.cell(0, 0).text = "The first bridge stood for ninety years."
    table = word.add_table(2, 2)
    header = parse_xml(f"<w:trPr {nsdecls('w')}><w:tblHeader/></w:trPr>")
    table.rows[0]._tr.insert(0, deepcopy(header))
    for cell, text in zip(table._cells, ("Year", "Trips", "2023", "4,100"), strict=True):
        cell.text = text
    assert table.rows[0]._tr.find(qn("w:trPr")) is not None
    return saved(word)


ENGLISH_BLOCKS = [
    ("title", "Harbour Bridge"),
    ("heading", "Cost"),
    ("paragraph", "It cost $3.9 million, twice the estimate."),
    ("paragraph", "It opened in May."),
    ("paragraph", "The first bridge stood for ninety years."),
    ("item", "Year: 2023; Trips: 4,100"),
]
