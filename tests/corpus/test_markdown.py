"""Markdown gives the same kinds of block as a plain text, without its marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import build_document, load_document
from corpus.markdown import split_markdown

TEXT = """\
# 新桥**通车**

昨天，[新桥](https://wenju.example/bridge)通车，*老人*
都来看。造价`3.9亿`元。

## 怎么建的

- 先修路
- 再架桥：
  1. 桥墩
  2. 桥面

| 年份 | 进度 |
|------|------|
| 2022 | 开工 |
| 2023 | 合龙 |

```
桥  长
= 800
```

> 桥是大家的。

![桥的照片](bridge.jpg)

The bridge is
800 metres long.

附注
----

写于 11 月。
"""

BLOCKS = [
    ("title", "新桥通车", "新桥通车"),
    ("paragraph", "新桥通车", "昨天，新桥通车，老人都来看。造价3.9亿元。"),
    ("heading", "怎么建的", "怎么建的"),
    ("item", "怎么建的", "先修路"),
    ("item", "怎么建的", "再架桥："),
    ("item", "怎么建的", "桥墩"),
    ("item", "怎么建的", "桥面"),
    ("item", "怎么建的", "年份 | 进度"),
    ("item", "怎么建的", "2022 | 开工"),
    ("item", "怎么建的", "2023 | 合龙"),
    ("paragraph", "怎么建的", "桥 长 = 800"),
    ("paragraph", "怎么建的", "桥是大家的。"),
    ("paragraph", "怎么建的", "桥的照片"),
    ("paragraph", "怎么建的", "The bridge is 800 metres long."),
    ("heading", "附注", "附注"),
    ("paragraph", "附注", "写于11月。"),
]


def test_every_construct_becomes_its_block(tmp_path: Path) -> None:
    path = tmp_path / "bridge.md"
    path.write_text(TEXT, encoding="utf-8")
    document = load_document(path)
    assert document.layout == "markdown"
    assert document.title == "新桥通车"
    lead = [("导语" if i < 2 else section) for i, (_, section, _) in enumerate(BLOCKS)]
    assert [(b.kind, b.section, document.quote(b.start, b.end)) for b in document.blocks] == [
        (kind, section, text) for (kind, _, text), section in zip(BLOCKS, lead, strict=True)
    ]


def test_only_a_first_heading_of_level_one_is_the_title() -> None:
    document = build_document("note", "序言。\n\n# 甲\n\n好。\n\n# 乙\n\n不好。".encode(), "markdown")
    assert [block.kind for block in document.blocks] == [
        "paragraph",
        "heading",
        "paragraph",
        "heading",
        "paragraph",
    ]
    assert document.title == "note"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('今天<br>下雨。<img src="x">', "今天下雨。"),
        ("It is<br/>raining <b>now</b>, H<sub>2</sub>O.", "It is raining now, H2O."),
        ('<div align="center">\n\n今天下雨。\n\n</div>', "今天下雨。"),
        ("<p>今天下雨。</p>\n<!-- 明天\n再说 -->", "今天下雨。"),
        ("气温3 < 5，见`<b>`和<https://wenju.example>。", "气温3 < 5，见<b>和https://wenju.example。"),
        ("abc&#x202e;def&#13;ghi&amp;", "abcdef ghi&"),
        ("今天下雨。\n\n&#x202e;", "今天下雨。"),
    ],
    ids=["line", "words", "around", "block", "no-tags", "references", "invisible"],
)
def test_tags_and_what_nobody_sees_are_no_words(text: str, plain: str) -> None:
    assert build_document("a", text.encode(), "markdown").text == plain


FRONT = "---\ntitle: 武汉\ndate: 2024-12-01\ntags:\n  - 桥\n---\n"


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        (FRONT + "# 新桥\n\n通车。", [("title", "新桥"), ("paragraph", "通车。")]),
        (FRONT + "\n通车。", [("title", "武汉"), ("paragraph", "通车。")]),
        ("---\ntags: 桥\ntitle: '《新 桥》'\n...\n通车。", [("title", "《新 桥》"), ("paragraph", "通车。")]),
        ("---\ntags:\ntitle: >\n  新桥\n---\n通车。", [("paragraph", "通车。")]),
        ('<a id="top"></a>\n\n# 新桥\n\n通车。', [("title", "新桥"), ("paragraph", "通车。")]),
        ("---\n\n通车。\n\n---\n\n关闭。", [("paragraph", "通车。"), ("paragraph", "关闭。")]),
        ("---\ntags: 桥", [("paragraph", "tags: 桥")]),
        (FRONT, []),
    ],
    ids=["heading", "title", "quoted", "untitled", "anchor", "rules", "open", "alone"],
)
def test_front_matter_is_no_text(text: str, blocks: list[tuple[str, str]]) -> None:
    assert [(block.kind, block.text) for block in split_markdown(text)] == blocks
