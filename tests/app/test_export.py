"""An exported conversation: every quote with its place, and all of it text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from markdown_it import MarkdownIt

from app.answer import Answer, Citation, Place, Statement
from app.conversations import Conversation, StoredTurn
from app.export import Form, Labels, export, file_name

CONVERSATION = Conversation(
    "abc", "notes", "甲<b>在</b>哪里？", "2026-11-26T01:00:00+00:00", "2026-11-26T01:02:03+00:00"
)
LABELS = Labels("zh", {"answered": "有依据", "not_found": "文章未提及", "unsure": "不确定"}, "最接近的句子")
HOSTILE = [
    "<script>alert(1)</script>",
    "[点我](javascript:alert(1))",
    "![x](http://x.example/x.png)",
    "# 标题",
    "1. 一",
    "12) 十二",
    "- 项",
    "+ 项",
    "> 引",
    "    缩进",
    "```\n块",
    "**粗** _斜_ ~~删~~ `码`",
    "a | b\n--|--\n1 | 2",
    "标题\n===",
    "&lt;b&gt; &amp;",
    "行尾\\",
    "$x^2$",
    "<https://x.example>",
    "[1]: http://x.example",
    "---",
    "\" onload='alert(1)'",
]


def place(quote: str) -> Place:
    return Place("d", "题", "ab" * 32, "s8", 310, 310 + len(quote), quote, "导语", None, 1.0, ())


def answer(text: str, outcome: str = "answered") -> Answer:
    """An answer whose question, reply, quote and section are one text."""
    citation = Citation(**{**vars(place(text)), "section": text}, number=1)
    cites, statement = outcome == "answered", Statement(text, (1,), "supported", 1.0)
    return Answer(
        question=text,
        queries=(text,),
        outcome=outcome,  # type: ignore[arg-type]
        confidence=0.9,
        answer=f"{text}[1]" if cites else "文章没有直接回答。",
        short_answer=None,
        statements=(statement,) if cites else (),
        citations=(citation,) if cites else (),
        nearest=(place(text),) if outcome == "unsure" else (),
        hits=(),
        writer="x",
        notes=(),
        timings_ms={},
    )


def exported(form: Form, *answers: Answer) -> str:
    turns = [StoredTurn(i, one, "2026-11-26T01:02:03+00:00") for i, one in enumerate(answers, start=1)]
    return export(CONVERSATION, turns, form, LABELS)


def test_markdown() -> None:
    assert exported("md", answer("甲在东区。"), answer("乙？", "unsure"), answer("丙？", "not_found")) == (
        "# 甲\\<b\\>在\\</b\\>哪里？\n\n"
        "notes, 2026-11-26T01:02:03+00:00\n\n"
        "## 1. 甲在东区。\n\n"
        "*有依据*\n\n"
        "甲在东区。\\[1\\]\n\n"
        "> \\[1\\] 甲在东区。\n"
        ">\n"
        f"> 题 \\> 甲在东区。 \\> s8 \\[310:315\\], sha256 {'ab' * 32}\n\n"
        "## 2. 乙？\n\n"
        "*不确定*\n\n"
        "文章没有直接回答。\n\n"
        "> 最接近的句子: 乙？\n"
        ">\n"
        f"> 题 \\> 导语 \\> s8 \\[310:312\\], sha256 {'ab' * 32}\n\n"
        "## 3. 丙？\n\n"
        "*文章未提及*\n\n"
        "文章没有直接回答。\n"
    )


def shape(html: str) -> list[str]:
    """The tags of a page, in order; line breaks are no shape."""
    return [tag for tag in re.findall(r"<(\w+)", html) if tag != "br"]


def text_of(html: str) -> str:
    """What a reader sees, without white space."""
    return re.sub(r"\s", "", unescape(re.sub("<[^>]*>", "", html)))


# In the heading, the reply, the quote and the place.
TIMES = 4


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_is_text_in_markdown(hostile: str) -> None:
    markdown = MarkdownIt("gfm-like", {"linkify": False})  # tables and strike-through too
    shown, plain = (markdown.render(exported("md", answer(text))) for text in (hostile, "甲"))
    assert shape(shown) == shape(plain)
    assert text_of(shown).count(re.sub(r"\s", "", hostile)) == TIMES


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_is_text_in_html(hostile: str) -> None:
    html, plain = (exported("html", answer(text)) for text in (hostile, "甲"))
    assert shape(html) == shape(plain)
    assert text_of(html).count(re.sub(r"\s", "", hostile)) == TIMES
    assert "default-src 'none'" in html


def test_json_holds_the_whole_answers() -> None:
    answers = [answer("甲在东区。"), answer("乙？", "unsure")]
    data = json.loads(exported("json", *answers))
    assert (data["schema"], data["conversation"]["title"]) == (1, CONVERSATION.title)
    assert [Answer.from_json(turn["answer"]) for turn in data["turns"]] == answers
    assert data["turns"][0]["time"] == "2026-11-26T01:02:03+00:00"


def test_a_file_name_holds_no_way_out() -> None:
    assert file_name(replace(CONVERSATION, title="../../a\\b:c?"), "json") == "wenju-2026-11-26-a-b-c.json"
