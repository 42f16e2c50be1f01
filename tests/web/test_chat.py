"""The chat as a stranger uses it, in a real browser."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Server, Visit, guarded_environment

pytestmark = [pytest.mark.browser, pytest.mark.model]

FOUNDED = "武汉市数据局是什么时候成立的？"
FOUNDED_SENTENCE = "武汉市数据局于今年2月29日正式挂牌成立"
ROADS = "武汉全市开放测试道路里程有多少？"
ROADS_SENTENCE = "已突破3379公里"
MAYOR = "武汉市市长是谁？"

IN_PANE = """() => {
  const pane = document.querySelector('.wj-pane').getBoundingClientRect();
  const mark = document.querySelector('.wj-marked').getBoundingClientRect();
  return mark.top >= pane.top && mark.bottom <= pane.bottom && pane.bottom <= innerHeight + 1;
}"""
CONTRAST = """() => {
  const style = getComputedStyle(document.querySelector('.wj-marked'));
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(style.color), light(style.backgroundColor)].sort();
  return (b + 0.05) / (a + 0.05);
}"""


def test_a_reply_shows_its_evidence_and_the_article_is_scrolled_to_it(visit: Visit) -> None:
    visit.ask(FOUNDED)
    assert "2月29日" in visit.reply()
    assert visit.reply().endswith("[1]。\n（今年指2024年）")
    expect(visit.page.locator(".wj-evidence li")).to_have_count(1)
    expect(visit.page.locator(".wj-evidence q")).to_contain_text(FOUNDED_SENTENCE)
    visit.wait_marked(FOUNDED_SENTENCE)
    assert visit.page.evaluate(IN_PANE)
    # The answer's own words are darker, in the quote and in the article.
    for where in (".wj-evidence q", ".wj-marked"):
        expect(visit.page.locator(f"{where} .wj-span")).to_contain_text("2月29日")


def test_the_answers_mark_goes_with_the_next_reply(visit: Visit) -> None:
    visit.ask(FOUNDED)
    visit.wait_marked(FOUNDED_SENTENCE)
    visit.ask(MAYOR)
    expect(visit.page.locator(".wj-pane .wj-span")).to_have_count(0)
    expect(visit.page.locator(".wj-pane")).to_contain_text(FOUNDED_SENTENCE)


def test_a_number_of_an_earlier_reply_leads_to_its_sentence_again(visit: Visit) -> None:
    visit.ask(FOUNDED)
    visit.ask(ROADS)
    visit.wait_marked(ROADS_SENTENCE)
    visit.page.locator(".wj-reply").first.locator("a.wj-cite").first.click()
    visit.wait_marked(FOUNDED_SENTENCE)
    assert visit.page.evaluate(IN_PANE)


def test_a_number_works_from_the_keyboard(visit: Visit) -> None:
    visit.ask(FOUNDED)
    visit.ask(ROADS)
    visit.wait_marked(ROADS_SENTENCE)
    visit.page.locator(".wj-reply").first.locator("a.wj-cite").first.press("Enter")
    visit.wait_marked(FOUNDED_SENTENCE)


def test_an_uncovered_question_is_refused_plainly(visit: Visit) -> None:
    visit.ask(MAYOR)
    assert visit.reply() == "文章中没有提到。"
    expect(visit.page.locator("a.wj-cite")).to_have_count(0)
    expect(visit.page.locator(".wj-marked")).to_have_count(0)


def test_a_refusal_clears_the_marks_of_the_reply_before(visit: Visit) -> None:
    visit.ask(FOUNDED)
    visit.wait_marked(FOUNDED_SENTENCE)
    visit.ask(MAYOR)
    expect(visit.page.locator(".wj-marked")).to_have_count(0)


def test_a_new_reply_is_seen_by_who_had_scrolled_up(visit: Visit) -> None:
    for question in (FOUNDED, ROADS, MAYOR):
        visit.ask(question)
    visit.page.locator(".wj-reply").first.locator("a.wj-cite").first.click()
    visit.ask(ROADS)
    visit.wait_marked(ROADS_SENTENCE)
    expect(visit.page.locator(".wj-reply").last).to_be_in_viewport()


def test_a_long_reply_is_shown_from_its_beginning(visit: Visit) -> None:
    visit.ask(FOUNDED)
    visit.ask("从武汉市数据局成立到武汉算力公共服务平台上线相差几天？")
    expect(visit.page.locator(".wj-marked")).to_have_count(2)
    visit.page.wait_for_timeout(500)  # whatever might still scroll
    for part in (".wj-question", ".wj-badge"):
        expect(visit.page.locator(part).last).to_be_in_viewport(ratio=1)


def test_what_is_typed_while_a_reply_comes_is_kept(visit: Visit) -> None:
    box = visit.page.locator("#wj-question textarea")
    box.fill(FOUNDED)
    box.press("Enter")
    expect(box).to_have_value("")  # taken
    box.fill(ROADS)
    visit.page.wait_for_selector(".wj-reply")
    visit.page.wait_for_timeout(300)
    expect(box).to_have_value(ROADS)


def test_formulas_are_not_typeset(visit: Visit) -> None:
    visit.ask("$$x^2$$ 武汉市市长是谁？")
    assert visit.page.locator(".wj-question").first.inner_text() == "$$x^2$$ 武汉市市长是谁？"


def test_a_suggested_question_is_one_click_and_leaves_what_was_typed(visit: Visit) -> None:
    box = visit.page.locator("#wj-question textarea")
    box.fill(FOUNDED)
    visit.page.get_by_role("button", name=ROADS).click()
    visit.wait_marked(ROADS_SENTENCE)
    assert "3379公里" in visit.reply()
    expect(box).to_have_value(FOUNDED)


def test_the_page_switches_to_english_and_keeps_the_conversation(visit: Visit) -> None:
    visit.ask(FOUNDED)
    visit.page.get_by_role("button", name="English").click()
    expect(visit.page.get_by_text("Answers from the article alone")).to_be_visible()
    expect(visit.page.locator(".wj-evidence")).to_contain_text("Evidence")
    assert "2月29日" in visit.reply()
    visit.page.wait_for_timeout(1_000)
    visit.wait_marked(FOUNDED_SENTENCE)
    visit.ask(MAYOR)
    visit.page.get_by_role("button", name="中文").click()
    expect(visit.page.locator(".wj-evidence")).to_contain_text("依据")
    expect(visit.page.locator(".wj-reply")).to_have_count(2)


def test_the_language_that_was_switched_to_is_kept(visit: Visit) -> None:
    visit.ask(FOUNDED)
    visit.page.click("#wj-switch")
    visit.page.wait_for_selector("html[lang=en]")
    visit.page.reload()
    visit.page.wait_for_selector('#wj-switch:text("中文")')
    expect(visit.page.locator(".wj-evidence")).to_contain_text("Evidence")  # of the reply that was there
    visit.page.click("#wj-switch")
    visit.page.wait_for_selector("html[lang=zh-CN]")
    visit.page.reload()
    visit.page.wait_for_selector("html[lang=zh-CN]")


def test_an_english_question_gets_an_english_frame(visit: Visit) -> None:
    visit.ask("What is the population of Wuhan?")
    assert visit.reply() == "The article does not say."


def test_a_phone_sees_everything_and_a_number_moves_the_page(phone: Visit) -> None:
    phone.ask(FOUNDED)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.wait_marked(FOUNDED_SENTENCE)
    phone.page.locator(".wj-text a.wj-cite").first.click()
    expect(phone.page.locator(".wj-marked")).to_be_in_viewport()
    phone.page.locator(".wj-back").click()
    expect(phone.page.locator("#wj-chat")).to_be_in_viewport()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_marked_sentence_is_readable(visit: Visit, server: Server, theme: str) -> None:
    visit.page.goto(f"{server.url}?__theme={theme}")
    visit.ask(FOUNDED)
    visit.wait_marked(FOUNDED_SENTENCE)
    assert visit.page.evaluate(CONTRAST) >= 4.5  # WCAG 2.2, 1.4.3, level AA


def test_clearing_the_chat_forgets_the_conversation(visit: Visit) -> None:
    visit.ask(FOUNDED)
    visit.page.locator("#wj-chat").get_by_role("button", name="清空对话").click()  # Gradio's own words
    expect(visit.page.locator(".wj-reply")).to_have_count(0)
    expect(visit.page.locator(".wj-marked")).to_have_count(0)
    visit.ask(ROADS)
    expect(visit.page.locator(".wj-reply")).to_have_count(1)


def test_two_visitors_do_not_see_each_other(visit: Visit, phone: Visit) -> None:
    visit.ask(FOUNDED)
    phone.ask(MAYOR)
    expect(phone.page.locator(".wj-reply")).to_have_count(1)
    expect(visit.page.locator(".wj-reply")).to_have_count(1)


def test_markup_in_a_question_is_shown_not_run(visit: Visit) -> None:
    hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> **b** 武汉市市长是谁？'
    visit.ask(hostile)
    assert visit.page.locator(".wj-question").first.inner_text() == hostile
    assert visit.page.evaluate("window.hacked") is None


BAD = {"blank": "   ", "a letter": "😀😀😀?a", "too long": "武" * 10_000}


@pytest.mark.parametrize("question", BAD.values(), ids=BAD)
def test_a_bad_question_is_explained_kept_and_the_next_one_answered(visit: Visit, question: str) -> None:
    visit.page.fill("#wj-question textarea", question)
    visit.page.press("#wj-question textarea", "Enter")
    expect(visit.page.locator(".toast-body")).to_be_visible()
    expect(visit.page.locator("#wj-question textarea")).to_have_value(question)
    visit.ask(ROADS)
    assert "3379公里" in visit.reply()


@pytest.mark.parametrize("question", ["ประเทศไทยอยู่ที่ไหน", "a\u202eb\x07c 武汉市市长"])
def test_another_script_is_answered_with_a_refusal(visit: Visit, question: str) -> None:
    visit.ask(question)
    expect(visit.page.locator(".wj-not_found")).to_have_count(1)


def test_page_and_process_stay_offline(visit: Visit, server: Server) -> None:
    visit.ask(FOUNDED)
    visit.page.wait_for_timeout(1000)  # what the page might still fetch
    assert visit.blocked == []
    assert server.refused() == []


def test_the_page_guard_catches_a_planted_request(visit: Visit) -> None:
    visit.page.evaluate("fetch('http://planted.example/x').catch(() => null)")
    visit.page.wait_for_timeout(200)
    assert visit.blocked == ["http://planted.example/x"]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import urllib.request as r; r.urlopen('http://planted.example')", "look-up planted.example"),
        ("import socket; socket.socket().connect(('192.0.2.1', 80))", "connect 192.0.2.1"),
        ("import socket; socket.gethostbyname('planted.example')", "look-up planted.example"),
    ],
)
def test_the_process_guard_catches_a_planted_request(tmp_path: Path, code: str, line: str) -> None:
    run = subprocess.run([sys.executable, "-c", code], env=guarded_environment(tmp_path), capture_output=True)
    assert run.returncode == 1
    assert (tmp_path / "refused.log").read_text(encoding="utf-8").splitlines() == [line]
