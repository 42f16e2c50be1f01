"""What stands behind a number, which replies cite a sentence, and text of the article that is asked about."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.web.conftest import Server, Visit
from tests.web.notes import CENTRE, FACTORY, STORE

pytestmark = [pytest.mark.browser, pytest.mark.model]

INSIDE = """() => {
  const card = document.querySelector('#wj-card').getBoundingClientRect();
  return card.left >= 0 && card.top >= 0 && card.right <= innerWidth && card.bottom <= innerHeight;
}"""
FROM_THE_REPLY = """() => {
  const [reply, sentence] = [document.querySelector('.wj-text'), document.querySelector('.wj-s')];
  getSelection().setBaseAndExtent(reply.firstChild, 0, sentence.firstChild, 2);
}"""
CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = (selector) => getComputedStyle(document.querySelector(selector));
  const quote = '#wj-card strong';
  const pairs = [['.wj-card-where', '#wj-card'], ['.wj-card-text', '#wj-card'], [quote, quote]];
  return pairs.map(([text, ground]) => {
      const [a, b] = [light(style(text).color), light(style(ground).backgroundColor)].sort();
      return (b + 0.05) / (a + 0.05);
    });
}"""


@pytest.fixture
def server(small_server: Server) -> Server:
    return small_server


def number(visit: Visit, reply: int = -1) -> Locator:
    """The number in the text of a reply."""
    return visit.page.locator(".wj-reply").nth(reply).locator(".wj-text .wj-cite")


def card(visit: Visit) -> Locator:
    return visit.page.locator("#wj-card")


def select(visit: Visit, text: str) -> None:
    """Select the sentence of the article that holds a text, as a mouse does."""
    visit.page.locator(".wj-paragraph > .wj-s", has_text=text).first.select_text()


def test_the_card_has_the_sentence_its_neighbours_and_the_section(visit: Visit) -> None:
    visit.ask(FACTORY)
    visit.wait_marked("工厂")
    visit.rest_on(number(visit))
    text = card(visit).locator(".wj-card-text")
    expect(text).to_contain_text("那里有两千个机架。乙公司的工厂在西区。丁公司<img")
    expect(text.locator("strong")).to_have_text("乙公司的工厂在西区。")
    expect(card(visit).locator(".wj-card-where")).to_have_text("导语")
    assert visit.page.evaluate(INSIDE)
    assert visit.page.evaluate("window.hacked") is None
    visit.page.mouse.move(5, 5)
    expect(card(visit)).to_have_count(0)


def test_a_number_marks_no_other_sentence_than_the_one_it_quotes(visit: Visit) -> None:
    visit.ask(FACTORY)
    visit.wait_marked("工厂")
    visit.page.locator(".wj-marked").evaluate("sentence => { sentence.textContent = '乙公司搬走了。'; }")
    number(visit).click()
    expect(visit.page.locator(".wj-marked")).to_have_count(0)
    expect(visit.page.locator(".wj-pane")).to_contain_text("乙公司搬走了。")
    expect(card(visit).locator(".wj-card-text")).to_have_text("乙公司的工厂在西区。")
    expect(card(visit).locator(".wj-card-where")).to_have_text("导语 · 原文已更改")
    expect(number(visit)).to_have_class("wj-cite wj-stale")


def test_a_heading_is_no_neighbour(visit: Visit) -> None:
    visit.ask(CENTRE)
    visit.wait_marked("算力中心")
    visit.rest_on(number(visit))
    expect(card(visit).locator(".wj-card-text")).to_have_text("甲公司的算力中心在东区。那里有两千个机架。")


def test_the_card_stays_while_the_mouse_is_in_it(visit: Visit) -> None:
    visit.ask(FACTORY)
    visit.wait_marked("工厂")
    visit.rest_on(number(visit))
    card(visit).hover()
    visit.page.wait_for_timeout(500)
    expect(card(visit)).to_have_count(1)


def test_the_card_by_keyboard(visit: Visit) -> None:
    visit.ask(FACTORY)
    visit.wait_marked("工厂")
    visit.page.locator("#wj-chat").get_by_role("button", name="清空对话").focus()
    visit.page.keyboard.press("Tab")
    while visit.page.evaluate("!document.activeElement.matches('.wj-text .wj-cite')"):
        visit.page.keyboard.press("Tab")
    expect(card(visit).locator("strong")).to_have_text("乙公司的工厂在西区。")
    expect(number(visit)).to_have_attribute("aria-describedby", "wj-card")
    visit.page.keyboard.press("Escape")
    expect(card(visit)).to_have_count(0)
    expect(number(visit)).to_be_focused()
    visit.page.keyboard.press("Enter")
    visit.wait_marked("工厂")
    visit.page.keyboard.press("Tab")  # the number in the evidence has a card of its own
    expect(card(visit)).to_have_count(1)


def test_a_cited_sentence_shows_the_replies_that_cite_it_and_leads_to_them(visit: Visit) -> None:
    visit.ask(CENTRE)
    visit.ask(FACTORY)
    visit.ask("算力中心在哪里？")
    visit.wait_marked("算力中心")
    visit.page.locator(".wj-cited", has_text="算力中心").click()
    expect(card(visit).locator("button")).to_have_text([CENTRE, "算力中心在哪里？"])
    card(visit).locator("button").first.click()
    expect(card(visit)).to_have_count(0)
    expect(visit.page.locator(".wj-reply").first).to_be_in_viewport()
    expect(number(visit, 0)).to_be_focused()


def test_uses_by_keyboard_and_only_of_cited_sentences(visit: Visit) -> None:
    visit.ask(FACTORY)
    visit.wait_marked("工厂")
    expect(visit.page.locator(".wj-cited")).to_have_count(1)
    visit.page.locator(".wj-paragraph > .wj-s", has_text="机架").click()
    expect(card(visit)).to_have_count(0)
    cited = visit.page.get_by_role("button", name="乙公司的工厂在西区。")
    cited.press("Enter")
    expect(card(visit).locator("button")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(card(visit)).to_have_count(0)
    expect(cited).to_be_focused()


def test_sentences_are_picked_not_explained_while_a_reply_is_judged(visit: Visit) -> None:
    visit.ask(FACTORY)
    visit.wait_marked("工厂")
    visit.page.locator(".wj-judge summary").click()
    visit.page.get_by_role("button", name="句子不对").click()
    expect(visit.page.locator("body.wj-picking")).to_have_count(1)
    visit.page.locator(".wj-cited").click()
    expect(visit.page.locator("#wj-judging li")).to_have_count(1)
    expect(card(visit)).to_have_count(0)
    expect(
        visit.page.get_by_role("button", name="那里有两千个机架。")
    ).to_be_visible()  # picked by keyboard, too
    visit.page.locator(".wj-cited").click()  # taken back
    expect(visit.page.locator("#wj-judging li")).to_have_count(0)
    visit.page.get_by_role("button", name="完成", exact=True).click()
    expect(visit.page.locator("body.wj-picking")).to_have_count(0)
    visit.page.locator(".wj-cited").click()
    expect(card(visit)).to_have_count(1)


def test_selected_text_is_asked_about(visit: Visit) -> None:
    visit.page.fill("#wj-question textarea", "在哪里？")
    select(visit, "丁公司")
    visit.page.get_by_role("button", name="就这段提问").click()
    box = visit.page.locator("#wj-question textarea")
    quoted = '「丁公司<img src=x onerror="window.hacked=1">的仓库在<script>window.hacked=1</script>南区。」'
    expect(box).to_have_value(f"{quoted}在哪里？")
    expect(box).to_be_focused()
    visit.page.keyboard.type("？")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".wj-question")).to_have_text(f"{quoted}在哪里？？")
    expect(visit.page.locator("#wj-ask-this")).to_be_hidden()
    assert visit.page.evaluate("window.hacked") is None


def test_only_the_article_is_offered(visit: Visit) -> None:
    visit.ask(STORE)
    visit.page.locator(".wj-reply .wj-text").select_text()
    visit.page.wait_for_timeout(500)
    expect(visit.page.locator("#wj-ask-this")).to_be_hidden()
    select(visit, "机架")
    expect(visit.page.locator("#wj-ask-this")).to_be_visible()
    visit.page.evaluate(FROM_THE_REPLY)
    expect(visit.page.locator("#wj-ask-this")).to_be_hidden()
    select(visit, "机架")
    expect(visit.page.locator("#wj-ask-this")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#wj-ask-this")).to_be_hidden()


def test_a_phone_in_english(phone: Visit) -> None:
    phone.page.get_by_role("button", name="English").click()
    phone.ask(FACTORY)
    number(phone).focus()
    phone.page.keyboard.press("Shift+Tab")
    phone.page.keyboard.press("Tab")
    expect(card(phone)).to_have_count(1)
    assert phone.page.evaluate(INSIDE)
    number(phone).click()
    expect(card(phone)).to_have_count(0)  # the article is shown now
    phone.page.locator(".wj-cited").click()
    expect(card(phone)).to_contain_text("Replies that cite this sentence:")
    assert phone.page.evaluate(INSIDE)
    card(phone).locator("button").click()
    expect(phone.page.locator(".wj-reply")).to_be_in_viewport()
    select(phone, "机架")
    expect(phone.page.get_by_role("button", name="Ask about this")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_card_is_readable(visit: Visit, server: Server, theme: str) -> None:
    visit.page.goto(f"{server.url}?__theme={theme}")
    visit.ask(FACTORY)
    visit.wait_marked("工厂")
    visit.rest_on(number(visit))
    expect(card(visit)).to_have_count(1)
    assert min(visit.page.evaluate(CONTRAST)) >= 4.5  # WCAG 2.2, 1.4.3, level AA
