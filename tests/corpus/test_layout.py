"""How a text was laid out is told from its lines, and the lines become the right blocks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest

from corpus import Layout, build_document, load_document
from corpus.layout import RawBlock, detect_layout, split_blocks
from tests.corpus.test_golden_article import read_as_gold

DATA = Path(__file__).parent / "data"
WRAPPED = DATA / "tea_factory.txt"

# One line a paragraph, no blank lines.
ONE_A_LINE = """\
山城的早市
一座菜市场的四季
早市五点开门。卖豆腐的老李第一个到，他从江对岸来，要走四十分钟。
九点一过，摊位就空了一半。
雨天的生意
下雨的时候，摊位往里收三米。
◆ 春天卖笋，夏天卖藕带。
◆ 秋天卖菱角。
1. 雨棚由市场出钱。
结语
市场还在。
"""

# Wrapped at 72 columns, blank lines between paragraphs, as Project Gutenberg does.
ENGLISH = """\
The Ferry at Long Bend

CHAPTER I

The ferry had been tied up since the flood, and nobody in the village
could say who owned it.  Mr. Hale, the schoolmaster, thought that it
belonged to the county; his wife was sure that it did not.

The water went down at last, and in the first dry week of June 1911
34 men came up the river to mend the bridge.  They stayed until the
frost, and one of them--a tall man with a red beard--mended the ferry.

CHAPTER II

"It will float," he said.
"""

# Every line but a paragraph's last is full; a wrapped paragraph lies beside unwrapped ones.
PLAIN_CHINESE = """\
夜班车

末班车十一点二十分从西门开出，车上常常只有三个
人：司机、一个送货的年轻人，还有一位在医院做护
工的阿姨。

司机姓吴。

第二天
早上他又来了。
"""


def blocks(text: str, layout: Layout | None = None) -> list[tuple[str, str]]:
    document = build_document("made-up", text.encode(), layout)
    return [(block.kind, document.quote(block.start, block.end)) for block in document.blocks]


def test_a_column_without_blank_lines_is_read_as_a_person_reads_it() -> None:
    document = load_document(WRAPPED)
    assert document.layout == "wrapped"
    assert document.title == "老茶厂变成新书房"
    assert read_as_gold(document) == json.loads(WRAPPED.with_suffix(".json").read_text("utf-8"))


def test_blank_lines_at_random_change_nothing_in_a_wrapped_column() -> None:
    lines = WRAPPED.read_text("utf-8").splitlines()
    # Behind every line that does not end a sentence, as a PDF reader may leave them.
    spread = "\n".join(line if line[-1] in "。”？" else line + "\n" for line in lines)
    assert detect_layout(spread) == "wrapped"
    assert blocks(spread) == blocks("\n".join(lines))


def test_one_line_a_paragraph() -> None:
    assert detect_layout(ONE_A_LINE) == "plain"
    assert blocks(ONE_A_LINE) == [
        ("title", "山城的早市"),
        ("subtitle", "一座菜市场的四季"),
        ("paragraph", "早市五点开门。卖豆腐的老李第一个到，他从江对岸来，要走四十分钟。"),
        ("paragraph", "九点一过，摊位就空了一半。"),
        ("heading", "雨天的生意"),
        ("paragraph", "下雨的时候，摊位往里收三米。"),
        ("item", "春天卖笋，夏天卖藕带。"),
        ("item", "秋天卖菱角。"),
        ("item", "雨棚由市场出钱。"),
        ("heading", "结语"),
        ("paragraph", "市场还在。"),
    ]


def test_english_lines_are_joined_by_spaces_and_parted_by_blank_lines() -> None:
    assert detect_layout(ENGLISH) == "plain"
    assert blocks(ENGLISH) == [
        ("title", "The Ferry at Long Bend"),
        ("subtitle", "CHAPTER I"),
        (
            "paragraph",
            "The ferry had been tied up since the flood, and nobody in the village could say who owned it."
            " Mr. Hale, the schoolmaster, thought that it belonged to the county;"
            " his wife was sure that it did not.",
        ),
        (
            "paragraph",
            "The water went down at last, and in the first dry week of June 1911"
            " 34 men came up the river to mend the bridge. They stayed until the frost,"
            " and one of them--a tall man with a red beard--mended the ferry.",
        ),
        ("heading", "CHAPTER II"),
        ("paragraph", '"It will float," he said.'),
    ]


def test_plain_chinese_wrapped_between_blank_lines() -> None:
    assert detect_layout(PLAIN_CHINESE) == "plain"
    assert blocks(PLAIN_CHINESE) == [
        ("title", "夜班车"),
        (
            "paragraph",
            "末班车十一点二十分从西门开出，车上常常只有三个人：司机、一个送货的年轻人，"
            "还有一位在医院做护工的阿姨。",
        ),
        ("paragraph", "司机姓吴。"),
        ("heading", "第二天"),
        ("paragraph", "早上他又来了。"),
    ]


def test_the_shipped_article_is_wrapped(article_path: Path) -> None:
    assert detect_layout(article_path.read_text("utf-8")) == "wrapped"


def test_a_layout_that_the_user_names_is_not_overruled() -> None:
    text = "# 标题\n\n今天晴。\n"
    assert build_document("a", text.encode(), "plain").layout == "plain"
    assert blocks(text, "plain") == [("title", "# 标题"), ("paragraph", "今天晴。")]
    assert blocks(text, "markdown") == [("title", "标题"), ("paragraph", "今天晴。")]

    # Wrapped knows that the blank line fell inside a sentence; plain parts there.
    broken = "今天武汉晴，气温\n\n升到二十度。\n"
    assert blocks(broken, "plain") == [("paragraph", "今天武汉晴，气温"), ("paragraph", "升到二十度。")]
    assert blocks(broken, "wrapped") == [("paragraph", "今天武汉晴，气温升到二十度。")]


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("◆ ", "item"),
        ("● ", "item"),
        ("- ", "item"),
        ("1. ", "item"),
        ("12、", "item"),
        ("三、", "item"),
        ("1.5万册", "paragraph"),
        ("2024. ", "paragraph"),
        ("-", "paragraph"),
    ],
)
def test_bullets_and_numbers_start_items_but_figures_do_not(mark: str, kind: str) -> None:
    text = f"今天晴。\n\n{mark}书已到。\n"
    body = "书已到。" if kind == "item" else f"{mark}书已到。"
    assert split_blocks(text, "plain") == [RawBlock("paragraph", "今天晴。"), RawBlock(kind, body)]


def test_numbered_lines_are_headings_where_text_stands_between_them_and_items_in_a_list() -> None:
    text = """蓝湖公司年报

一、经营情况

（一）收入

收入为3.2亿元。

（二）成本

成本为2亿元。

二、重点工作

一、建厂
二、招人
三、研发

工作都按时完成。
"""
    assert [(block.kind, block.text) for block in split_blocks(text, "plain")] == [
        ("title", "蓝湖公司年报"),
        ("heading", "一、经营情况"),
        ("heading", "（一）收入"),
        ("paragraph", "收入为3.2亿元。"),
        ("heading", "（二）成本"),
        ("paragraph", "成本为2亿元。"),
        ("heading", "二、重点工作"),
        ("item", "建厂"),
        ("item", "招人"),
        ("item", "研发"),
        ("paragraph", "工作都按时完成。"),
    ]


def test_captions_stand_side_by_side_or_under_the_title() -> None:
    body = [
        "桥建了三年，昨天通车，老人",
        "们说没有想到会这么快就能通车，",
        "孩子们说以后上学不用再坐船了，",
        "都很高兴。",
    ]
    after = ["船工改行修船。", "渡口也还在。"]
    under_title = split_blocks("\n".join(["新城通车", "桥上的行人。", *body]), "wrapped")
    assert [block.kind for block in under_title] == ["title", "caption", "paragraph"]
    side_by_side = split_blocks("\n".join(["新城通车", *body, *after, *body]), "wrapped")
    kinds = [(block.kind, block.text[:4]) for block in side_by_side]
    assert kinds == [
        ("title", "新城通车"),
        ("paragraph", "桥建了三"),
        ("caption", "船工改行"),
        ("caption", "渡口也还"),
        ("paragraph", "桥建了三"),
    ]
    alone = split_blocks("\n".join(["新城通车", *body, after[0], *body]), "wrapped")
    assert [block.kind for block in alone] == ["title", "paragraph", "paragraph", "paragraph"]


@pytest.mark.parametrize("layout", ["plain", "wrapped"])
@pytest.mark.parametrize("text", ["今天下雨。\n◆", "一、\n二、今天下雨。", "◆\n◆\n今天下雨。\n◆"])
def test_a_mark_without_an_item_is_no_block(text: str, layout: Literal["plain", "wrapped"]) -> None:
    assert [block.text for block in split_blocks(text, layout)] == ["今天下雨。"]


def test_a_form_without_any_sentence_is_all_text() -> None:
    document = build_document("form", "姓名 张三\n电话 12345678\n地址 武汉市江岸区\n邮编 430000".encode())
    assert [block.kind for block in document.blocks] == ["paragraph"] * 4
    assert document.title == "form"
