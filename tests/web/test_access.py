"""The page for those who do not see it as we do: no finding of axe in any state of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.axe import findings
from tests.web.conftest import Server, Visit, open_page
from tests.web.notes import CENTRE, FACTORY, notes
from tests.web.test_evaluation import FAILING, REFUSED, RIGHT, put, run

pytestmark = [pytest.mark.browser, pytest.mark.model]

FOUNDED = "武汉市数据局是什么时候成立的？"
WINDOWS = {"laptop": (1280, 800), "phone": (390, 844)}
DRESSES = [  # every two of a window, a language and a theme
    ("laptop", "zh", "light"),
    ("laptop", "en", "dark"),
    ("phone", "zh", "dark"),
    ("phone", "en", "light"),
]


@pytest.fixture(params=DRESSES, ids="-".join)
def dressed(request: pytest.FixtureRequest, server: Server, browser: Browser) -> Iterator[Visit]:
    """A visitor who reads one of the languages in one of the themes, at a laptop or a phone."""
    window, language, theme = request.param
    for visit in open_page(server, browser, *WINDOWS[window]):
        put_on(visit.page, language, theme)
        yield visit


def put_on(page: Page, language: str, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.reload()
    page.wait_for_selector("#wj-question textarea")
    expect(page.locator("body.dark")).to_have_count(int(theme == "dark"))
    if language == "en":
        page.click("#wj-switch")
        expect(page.locator("#wj-question")).to_contain_text("Question")
        expect(page.get_by_role("tab", name="Evaluation")).to_be_visible()


def test_the_page_and_a_reply_with_everything_open(dressed: Visit) -> None:
    page = dressed.page
    assert findings(page) == []
    dressed.ask(FOUNDED)
    dressed.wait_marked("2月29日")
    page.locator(".wj-search summary").click()
    page.locator(".wj-text a.wj-cite").scroll_into_view_if_needed()
    dressed.rest_on(page.locator(".wj-text a.wj-cite"))
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.locator("button.wj-edit").click()
    expect(page.locator(".wj-editing")).to_be_visible()
    assert findings(page) == []


def test_a_refusal_and_the_drawer(dressed: Visit) -> None:
    page = dressed.page
    dressed.ask("武汉市市长是谁？")
    expect(page.locator(".wj-not_found")).to_be_visible()
    page.locator(".wj-judge summary").click()
    assert findings(page) == []
    page.wait_for_url(re.compile("c="))  # the list shows the new conversation
    page.click("#wj-toggle")
    page.locator(".wj-more summary").first.click()
    page.locator(".wj-delete").first.click()
    expect(page.locator(".wj-sure").first).to_be_visible()
    assert findings(page) == []


def test_a_judgement_and_an_error(dressed: Visit) -> None:
    page = dressed.page
    dressed.ask(FOUNDED)
    page.locator(".wj-judge summary").click()
    page.locator(".wj-verdict-wrong").click()
    expect(page.locator("#wj-judging")).to_be_in_viewport()
    page.wait_for_timeout(500)  # a phone is taken there
    page.locator(".wj-paragraph > .wj-s").first.click()
    expect(page.locator("#wj-judging li")).to_be_visible()
    expect(page.locator(".wj-picked")).to_be_visible()
    assert findings(page) == []
    page.fill("#wj-question textarea", "武" * 10_000)
    page.press("#wj-question textarea", "Enter")
    expect(page.locator(".toast-body")).to_be_visible()
    assert findings(page) == []


def test_the_evaluation_and_its_result(server: Server, dressed: Visit) -> None:
    page = dressed.page
    for name in put(server.home, "access", [RIGHT, REFUSED, FAILING]):
        run(dressed, name, page.get_by_role("tab").nth(2).inner_text())
        page.locator("#wj-result button[aria-expanded]").first.click()
        assert findings(page) == []


def test_own_articles(dressed: Visit) -> None:
    page = dressed.page
    tab = page.get_by_role("tab").nth(1)
    tab.click()
    assert findings(page) == []
    texts = {"甲.md": "# 甲厂\n\n- 甲厂在东区。\n", "乙.txt": "乙厂在西区。", "空.txt": ""}
    files = [{"name": name, "mimeType": "", "buffer": text.encode()} for name, text in texts.items()]
    page.set_input_files("#wj-files input[type=file]", files)  # type: ignore[arg-type]
    expect(page.locator(".wj-preview")).to_be_visible(timeout=20_000)
    expect(page.locator("#wj-read-status .wj-failure")).to_be_visible()
    assert findings(page) == []
    page.locator("#wj-name :is(input, textarea)").fill("两厂")
    page.click("#wj-build")
    expect(page.locator("#wj-document")).to_be_visible(timeout=30_000)
    dressed.ask("乙厂在哪里？")
    assert findings(page) == []
    tab.click()
    page.locator("#wj-shelf .wj-more summary").click()
    page.locator("#wj-shelf .wj-take-out").first.click()
    page.locator("#wj-shelf .wj-delete").click()
    expect(page.locator("#wj-shelf .wj-sure:visible")).to_have_count(2)
    assert findings(page) == []
    page.locator("#wj-shelf .wj-delete-it").click()
    expect(page.locator("#wj-shelf li")).to_have_count(0)


def test_an_unsure_reply(tmp_path: Path, browser: Browser) -> None:
    never = {"WENJU_OUTCOME__UNSURE_FROM": "0", "WENJU_OUTCOME__ANSWERED_FROM": "1"}
    with notes(tmp_path, **never) as server:
        for window, language, theme in DRESSES:
            for visit in open_page(server, browser, *WINDOWS[window]):
                put_on(visit.page, language, theme)
                visit.ask(FACTORY)
                expect(visit.page.locator(".wj-unsure .wj-evidence")).to_be_visible()
                assert findings(visit.page) == []


def test_the_scan_sees_what_is_at_fault(visit: Visit) -> None:
    visit.page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    (found,) = findings(visit.page)
    assert found.startswith("button-name")


def test_the_language_follows_the_switch_and_quotes_keep_theirs(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    visit.ask("When was 武汉市数据局 established?")
    expect(page.get_by_role("textbox", name="问题", exact=True)).to_be_visible()
    page.click("#wj-switch")
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#wj-switch")).to_have_attribute("lang", "zh-CN")
    expect(page.locator(".wj-text")).to_have_attribute("lang", "en")  # the frame
    for quoted in (".wj-text span", ".wj-evidence q", ".wj-where", ".wj-pane article"):
        expect(page.locator(quoted).first).to_have_attribute("lang", "zh")
    page.click("#wj-switch")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    visit.ask(CENTRE)
    expect(page.locator("#wj-chat .icon-button").first).to_have_attribute("aria-label", "清空对话")


def test_a_finished_reply_is_told_once(visit: Visit) -> None:
    page = visit.page
    page.wait_for_selector(".wj-told", state="attached")
    page.evaluate(
        "window.told = [];"
        " new MutationObserver(() => told.push(document.querySelector('.wj-told').textContent))"
        ".observe(document.querySelector('.wj-told'), { childList: true })"
    )
    for question in (FOUNDED, "武汉市市长是谁？"):
        visit.ask(question)
        page.wait_for_timeout(500)  # whatever else might be told
    waits = "(told = told.filter((text) => text !== '正在写回答。'))"  # where a reply takes its time
    first, second = page.evaluate(waits)
    assert first.startswith("有依据. 武汉市数据局于今年2月29日")
    assert second == "文章未提及. 文章中没有提到。"
    page.fill("#wj-question textarea", "   ")
    page.press("#wj-question textarea", "Enter")
    expect(page.locator(".toast-body")).to_be_visible()  # which is told by itself
    page.locator(".wj-undo").click()
    expect(page.locator(".wj-reply")).to_have_count(1)
    page.wait_for_timeout(500)
    assert page.evaluate(f"{waits}.length") == 2
    # Gradio's own telling is off: it tells the whole chat, and each message by its markup.
    expect(page.locator("#wj-chat [role=log]")).to_have_attribute("aria-live", "off")
    expect(page.locator("#wj-chat [data-testid=bot][aria-label]")).to_have_count(0)


def test_the_focus_is_seen_wherever_it_goes(visit: Visit) -> None:
    visit.ask(FOUNDED)
    page = visit.page
    page.wait_for_selector(".wj-cited")
    page.locator("#wj-toggle").focus()
    seen: list[list[object]] = []
    while len(seen) < 40 and page.evaluate("document.activeElement !== document.body"):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUS))
    assert [name for name, shows in seen[:-1] if not shows] == []  # the last is past the page's end
    order = [str(name) for name, _ in seen]
    wanted = ["wj-switch", "wj-cite", "wj-copy", "wj-question", "wj-pane", "wj-cited"]
    places = [next(i for i, name in enumerate(order) if part in name) for part in wanted]
    assert places == sorted(places)


FOCUS = """() => {
  const at = document.activeElement;
  const frame = at.closest('#wj-question') && at.matches('textarea') ? at.closest('#wj-question') : at;
  const style = getComputedStyle(frame);
  const shows = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return [`${frame.id} ${frame.className} ${frame.dataset.tabId ?? ''}`, shows];
}"""


def test_the_open_drawer_keeps_the_keyboard(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("#wj-toggle")).to_have_attribute("aria-expanded", "false")
    page.click("#wj-toggle")
    expect(page.get_by_role("dialog", name="对话记录")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#wj-drawer, body').id || 'body'") in (
            "wj-drawer",
            "body",  # the browser's own controls come between the last and the first
        )
    page.keyboard.press("Escape")
    expect(page.locator("#wj-toggle")).to_be_focused()


SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shifted += entry.value)))
    .observe({ type: 'layout-shift' });
}"""


@pytest.mark.parametrize("window", WINDOWS)
def test_nothing_jumps_while_a_reply_comes(server: Server, browser: Browser, window: str) -> None:
    for visit in open_page(server, browser, *WINDOWS[window]):
        visit.page.wait_for_timeout(1000)  # the page comes to rest
        visit.page.evaluate(SHIFTS)
        for question in (FOUNDED, "武汉全市开放测试道路里程有多少？"):
            visit.ask(question)
            visit.page.wait_for_timeout(1000)  # the article moves, other questions are offered
        assert visit.page.evaluate("shifted") < 0.01  # of the window; 0.1 counts as good for a page


def test_a_line_of_the_article_has_about_forty_characters(visit: Visit) -> None:
    measured = visit.page.locator(".wj-paragraph").first.evaluate(
        "(p) => [p.clientWidth / parseFloat(getComputedStyle(p).fontSize),"
        " parseFloat(getComputedStyle(p).lineHeight) / parseFloat(getComputedStyle(p).fontSize)]"
    )
    characters, height = measured
    assert 38 <= characters <= 42
    assert height == pytest.approx(1.75, abs=0.05)
