"""An article that wants to run, to lead away, to turn the page's words around or to break it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import Server, Visit, open_page, serving
from tests.web.notes import CENTRE, FACTORY, SCORER, STORE
from tests.web.test_history import open_list, reload

pytestmark = [pytest.mark.browser, pytest.mark.model]

LINE = "ก" * 350_000  # a megabyte without a place to break at
LINK = '<a href="javascript:window.hacked=1" onclick="window.hacked=1">东区</a>'
ARTICLE = f"""# 东区<img src=x onerror="window.hacked=1">与西区

## 2024<svg onload="window.hacked=1"></svg>

甲公司的算力中心在{LINK}。

[乙公司](javascript:window.hacked=1)的工厂在西区<script>window.hacked=1</script>。

丁公司的仓库在שלום עולם。

{LINE}
"""
TURNED = "\u202e丁公司的仓库在哪里？"  # from here on, right to left

# Where a text inside an element stands on the screen: left, right, top.
PLACE = """(element, text) => {
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.data.indexOf(text);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + text.length);
    const box = range.getBoundingClientRect();
    return [box.left, box.right, box.top];
  }
  return null;
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The chat over the article."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    article = folder / "notes.md"
    article.write_text(ARTICLE.replace("<", r"\<"), encoding="utf-8")  # so that Markdown keeps the tags
    with serving(folder, "--collection", str(article), **SCORER) as server:
        yield server


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Visit]:
    for file in server.home.glob("conversations.db*"):
        file.unlink()
    yield from open_page(server, browser, 1280, 800)


def test_markup_of_the_article_is_text_and_runs_nowhere(visit: Visit) -> None:
    pane = visit.page.locator(".wj-pane")
    assert pane.locator(".wj-title").inner_text() == '东区<img src=x onerror="window.hacked=1">与西区'
    assert pane.locator(".wj-heading").inner_text() == '2024<svg onload="window.hacked=1"></svg>'
    visit.ask(CENTRE)
    assert LINK in visit.reply()
    visit.ask(FACTORY)
    assert visit.reply().startswith("[乙公司](javascript:window.hacked=1)的工厂")
    visit.rest_on(visit.page.locator(".wj-text .wj-cite").last)
    expect(visit.page.locator("#wj-card .wj-card-where")).to_have_text(
        '2024<svg onload="window.hacked=1"></svg>'
    )
    visit.page.locator(".wj-search summary").last.click()
    expect(visit.page.locator(".wj-passage").last).to_be_visible()
    for button in ("评测", "对话"):
        visit.page.get_by_role("tab", name=button).click()
    open_list(visit.page)
    expect(visit.page.locator(".wj-entry span")).to_have_text([CENTRE])
    reload(visit.page, 2)
    elements = "#wj-columns :is(script, img, svg[onload], [onclick], [onerror], [href^='javascript'])"
    assert visit.page.locator(f".wj-pane :is(svg, a), .wj-question a, {elements}").count() == 0
    assert visit.page.evaluate("window.hacked") is None
    assert visit.blocked == []


def test_a_megabyte_without_a_break_leaves_the_page_as_it_was(visit: Visit) -> None:
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 1280
    visit.ask(CENTRE)
    visit.wait_marked("甲公司")
    assert visit.page.evaluate("document.querySelector('.wj-pane').scrollWidth <= 1280")
    visit.ask("ก" * 900)
    visit.ask(FACTORY)
    visit.wait_marked("乙公司")


def test_a_line_without_a_break_is_not_cut_off_on_a_phone(phone: Visit) -> None:
    rights = (
        "[...document.querySelectorAll('.wj-s')].map((sentence) => sentence.getBoundingClientRect().right)"
    )
    assert max(phone.page.evaluate(rights)) <= 390


def test_what_is_written_from_right_to_left_turns_nothing_else_around(visit: Visit) -> None:
    visit.ask(STORE)
    row = visit.page.locator(".wj-evidence li").last
    quote, section = (row.locator(name) for name in ("q", ".wj-where"))
    word = quote.evaluate(PLACE, "שלום")
    year = section.evaluate(PLACE, "2024")
    assert word[2] == pytest.approx(year[2], abs=8)  # on one line
    assert word[1] <= year[0]  # the year is not drawn into the quote


def test_a_question_that_turns_the_writing_does_so_for_itself(visit: Visit) -> None:
    visit.ask(TURNED)
    visit.page.locator(".wj-judge summary").click()
    visit.page.locator(".wj-verdict-wrong").click()
    told = visit.page.locator("#wj-judging-status p").first
    expect(told).to_contain_text("请在文章里点出")
    assert told.evaluate(PLACE, "请在")[0] < told.evaluate(PLACE, "文章里点")[0]
    open_list(visit.page)
    title = visit.page.locator(".wj-entry span").inner_text()
    assert title == TURNED[1:]
    visit.page.goto(re.sub(r"\?.*|$", "?c=%E2%80%AEabc", visit.page.url, count=1))
    expect(visit.page.locator(".toast-body")).to_contain_text("没有对话 abc")
    assert "\u202e" not in visit.page.locator(".toast-body").inner_text()
