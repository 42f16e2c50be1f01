"""Markdown gives the same kinds of block as a plain text, without its marks."""

from __future__ import annotations

from pathlib import Path

from corpus import build_document, load_document

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


def test_html_is_text_and_not_a_page() -> None:
    document = build_document("a", b"<script>alert(1)</script> stays text", "markdown")
    assert document.text == "<script>alert(1)</script> stays text"
