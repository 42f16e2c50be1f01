"""The view behind a reply: passages with their places and ranks, queries, times; and the outcomes' looks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.answer import Answer, Citation, HitRanks, RetrievedPassage, Statement
from app.web.passages import render_search
from app.web.words import WORDS
from corpus import Language, build_document
from tests.web.conftest import Server, Visit, open_page
from tests.web.notes import FACTORY, notes

# Two sections, of two sentences and of one.
DOCUMENT = build_document(
    "d", "# 题\n\n甲在东区。乙在西区。\n\n## 二节\n\n\\<b>丙\\</b>。\n".encode(), "markdown"
)


def passage(rank: int, start: int, end: int, ranks: HitRanks, text: str | None = None) -> RetrievedPassage:
    quote = DOCUMENT.quote(start, end) if text is None else text
    return RetrievedPassage(rank, "d", f"p{rank}", start, end, quote, 0.5, ranks)


def found(*hits: RetrievedPassage, queries: tuple[str, ...] = ("<i>问</i>",)) -> Answer:
    """An answer that cites the second sentence."""
    sentence = next(s for s in DOCUMENT.sentences if DOCUMENT.quote(s.start, s.end) == "乙在西区。")
    place = ("d", "题", DOCUMENT.sha256, sentence.id, sentence.start, sentence.end, "乙在西区。")
    citation = Citation(*place, "导语", None, 1.0, (), number=1)
    statement = Statement("乙在西区。", (1,), "supported", 1.0)
    times = {"retrieve": 12.4, "total": 1234.5}
    reply = "乙在西区[1]。"
    return Answer(
        "问", queries, "answered", 0.834, reply, None, (statement,), (citation,), (), hits, "x", (), times
    )


def places(text: str) -> tuple[int, int]:
    start = DOCUMENT.text.index(text)
    return start, start + len(text)


def told(answer: Answer, language: Language = "zh") -> list[str]:
    """The lines of the view, without their markup."""
    html = render_search(answer, {"d": DOCUMENT}, WORDS[language].search)
    return [re.sub("<[^>]*>", "", line) for line in re.split("<br>|<p>|<li>", html)][1:]


HITS = (
    passage(1, *places("甲在东区。乙在西区。"), HitRanks(2, 1, 1)),
    passage(2, *places("<b>丙</b>。"), HitRanks(None, 12, None)),
)


def test_the_view_in_chinese() -> None:
    assert told(found(*HITS, queries=("<i>问</i>", "另一问"))) == [
        "置信度 83%：这些依据能回答问题的估计概率。",
        "检索用的问法：",
        "&lt;i&gt;问&lt;/i&gt; （采用）",
        "另一问",
        "找到的段落，按融合后的名次排列：",
        "导语 · 甲在东区。乙在西区。 用于回答",
        "语义检索第 2 · 字词检索第 1 · 阅读第 1",
        "二节 · &lt;b&gt;丙&lt;/b&gt;。",
        "语义检索 — · 字词检索第 12 · 阅读 —",
        "写作：x",
        "用时：检索 12 ms · 合计 1,234 ms",
    ]


def test_the_view_in_english() -> None:
    lines = told(found(*HITS), "en")
    assert lines[2] == "&lt;i&gt;问&lt;/i&gt;"  # the only query wins nothing
    assert lines[4:8] == [
        "导语 · 甲在东区。乙在西区。 used",
        "by meaning #2 · by words #1 · by reading #1",
        "二节 · &lt;b&gt;丙&lt;/b&gt;。",
        "by meaning — · by words #12 · by reading —",
    ]


def test_a_passage_that_stands_there_no_longer_leads_nowhere() -> None:
    moved = passage(1, *places("甲在东区。"), HitRanks(1, 1, 1), text="甲在北区。")
    for answer, documents in ((found(moved), True), (found(*HITS), False)):
        html = render_search(answer, {"d": DOCUMENT} if documents else {}, WORDS["zh"].search)
        assert "<a " not in html
        assert html.count("（原文已更改）") == len(answer.hits)


def test_a_passage_that_is_part_of_a_longer_sentence_by_now_leads_nowhere() -> None:
    now = build_document("d", "甲在东区的牌子还在。".encode(), "plain")
    hit = passage(1, 0, 4, HitRanks(1, 1, 1), text="甲在东区")
    html = render_search(found(hit), {"d": now}, WORDS["zh"].search)
    assert "<a " not in html
    assert '<span class="wj-quoted">甲在东区</span> （原文已更改）' in html


def test_nothing_found_is_told() -> None:
    assert "没有找到。" in told(found())


@pytest.fixture
def server(small_server: Server) -> Server:
    return small_server


@pytest.mark.browser
@pytest.mark.model
def test_a_passage_is_shown_in_the_article(visit: Visit) -> None:
    visit.ask(FACTORY)
    visit.wait_marked("工厂")
    expect(visit.page.locator(".wj-passage").first).to_be_hidden()
    visit.page.locator(".wj-search summary").press("Enter")
    visit.page.locator(".wj-passage").first.press("Enter")
    expect(visit.page.locator(".wj-found").first).to_contain_text("甲公司的算力中心")
    expect(visit.page.locator(".wj-found")).to_have_count(4)  # one passage holds the whole article
    expect(visit.page.locator(".wj-marked")).to_have_count(0)
    visit.page.locator(".wj-text a.wj-cite").click()
    expect(visit.page.locator(".wj-found")).to_have_count(0)
    assert visit.page.evaluate("window.hacked") is None


@pytest.mark.browser
@pytest.mark.model
def test_unsure_offers_the_nearest_sentences_and_cites_none(tmp_path: Path, browser: Browser) -> None:
    never = {"WENJU_OUTCOME__UNSURE_FROM": "0", "WENJU_OUTCOME__ANSWERED_FROM": "1"}
    with notes(tmp_path, **never) as server:
        for visit in open_page(server, browser, 1280, 800):
            visit.ask(FACTORY)
            expect(visit.page.locator(".wj-unsure .wj-badge")).to_have_text("不确定")
            expect(visit.page.locator(".wj-evidence")).to_contain_text("最接近的句子（不是答案的依据）")
            expect(visit.page.locator(".wj-cite, .wj-marked, .wj-cited, .wj-used")).to_have_count(0)
            near = visit.page.locator(".wj-evidence li", has_text="工厂").get_by_role("link")
            expect(near).to_have_text("在文中看")
            near.click()
            visit.wait_marked("工厂")
            expect(visit.page.locator(".wj-cited")).to_have_count(0)  # to look at it is not to cite it
