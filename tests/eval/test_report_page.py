"""The report in a real browser, opened from its file and cut off from any network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from eval.report import render_report, render_result
from eval.report_data import report_data
from tests.eval.reported import PARK, PORT, RECORDS, SUMMARY, failed, gold, summary_of

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The report of RECORDS, opened from its file; a request or an error of a script fails the test."""
    file = tmp_path / "report.html"
    file.write_text(render_report(SUMMARY, RECORDS, "zh"), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []

    def guard(route: Route) -> None:
        if route.request.url == file.as_uri():
            route.continue_()
        else:
            faults.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(file.as_uri())
    yield page
    context.close()
    assert faults == []


def filter_by(page: Page, label: str, value: str) -> None:
    page.get_by_role("combobox", name=label).select_option(value)


def shown(page: Page) -> list[str]:
    return page.locator(".wjr-row .wjr-id").all_inner_texts()


def test_failures_come_first_and_every_filter_filters(page: Page) -> None:
    assert shown(page) == ["q2", "q4"]
    assert page.locator(".wjr-count").inner_text() == "显示 2 题，符合条件 2 题，共 5 题"
    for verdict, ids in {"": ["q1", "q2", "q3", "q4", "q5"], "error": ["q4"], "wrong": ["q2"]}.items():
        filter_by(page, "对错", verdict)
        assert shown(page) == ids
    filter_by(page, "对错", "")
    filter_by(page, "题型", "unanswerable")
    assert shown(page) == ["q3"]
    filter_by(page, "题型", "")
    filter_by(page, "结果", "answered")
    assert shown(page) == ["q1", "q2", "q5"]
    page.get_by_role("searchbox", name="搜索").fill("Q2 远控员")
    assert shown(page) == ["q2"]
    page.get_by_role("searchbox", name="搜索").fill("没有这样的词")
    assert shown(page) == [] and page.locator(".wjr-none").inner_text() == "没有符合条件的问题。"


def test_a_failure_opens_by_keyboard_with_reply_and_gold_side_by_side(page: Page) -> None:
    row = page.locator(".wjr-row", has_text="q2有几个")
    button = row.locator(".wjr-toggle")
    assert button.get_attribute("aria-expanded") == "false"
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    left, right = row.locator(".wjr-side").all()
    assert PORT in left.inner_text() and "✗ 不是标准依据" in left.inner_text()
    assert (
        PARK in right.inner_text()
        and "✗ 未引用" in right.inner_text()
        and "10个 或者 十个" in right.inner_text()
    )
    one, other = left.bounding_box(), right.bounding_box()
    assert one is not None and other is not None
    assert one["y"] == other["y"] and one["x"] + one["width"] <= other["x"]
    assert row.locator(".wjr-turns").inner_text() == "用户园区呢？"
    assert row.locator(".wjr-passages li").count() == 2
    assert row.locator("mark").all_inner_texts() == [PARK]
    assert "阅读器 2" in row.locator(".wjr-passages li").nth(1).inner_text()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "false" and not row.locator(".wjr-panel").is_visible()


def test_hostile_text_stays_text_in_the_browser(page: Page) -> None:
    filter_by(page, "对错", "")
    for button in page.locator(".wjr-toggle").all():
        button.click()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    row = page.locator(".wjr-row").nth(4)
    for place in (".wjr-asked", ".wjr-ask", "mark", ".wjr-quotes li >> nth=0"):
        assert "<img src=x onerror=" in (row.locator(place).first.text_content() or "")


def test_a_phone_shows_it_without_scrolling_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    filter_by(page, "对错", "")
    for button in page.locator(".wjr-toggle").all():
        button.click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("(e => e.scrollWidth > e.clientWidth)(document.querySelector('.wjr-scroll'))")


def test_plots_and_text_follow_the_theme(page: Page) -> None:
    colours = "[...document.querySelectorAll('.wjr-svg, .wjr-title')].map(e => getComputedStyle(e).color)"
    light = page.evaluate(colours)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(colours)
    assert set(light) == {"rgb(24, 24, 27)"} and set(dark) == {"rgb(236, 236, 240)"}


def test_many_questions_come_a_hundred_at_a_time(page: Page) -> None:
    many = [failed(gold(f"q{n}", (PARK,)), "no") for n in range(250)]
    fragment = render_result(summary_of(*many), many, "zh")
    page.evaluate("html => { document.querySelector('main').innerHTML = html }", fragment)
    page.evaluate("wenjuReport.mount(document.querySelector('.wjr'))")
    more = page.locator("[data-wjr=more]")
    for count in (100, 200, 250):
        assert len(shown(page)) == count
        if count < 250:
            assert more.inner_text() == f"再显示 {min(100, 250 - count)} 题"
            more.click()
            assert page.evaluate("document.activeElement.textContent").startswith("出错" + f"q{count}有几个")
    assert more.is_hidden()


def test_mounting_is_idempotent_and_sees_another_result_in_the_same_place(page: Page) -> None:
    mount = "wenjuReport.mount(document.querySelector('.wjr'))"
    page.locator(".wjr-toggle").first.click()
    page.evaluate(mount)
    assert page.locator(".wjr-panel").count() == 1  # nothing was built anew, no click counts twice
    page.locator(".wjr-toggle").first.click()
    assert page.locator(".wjr-panel").is_hidden()
    other = json.dumps(report_data(RECORDS[1:2], "en"), ensure_ascii=False)
    page.evaluate("text => { document.querySelector('[data-wjr=data]').textContent = text }", other)
    page.evaluate(mount)
    assert page.locator(".wjr-count").inner_text() == "1 shown of 1 that match, 1 in all"


def test_a_failure_can_be_opened_in_the_chat_where_there_is_one(page: Page) -> None:
    page.locator(".wjr-toggle").first.click()
    assert page.get_by_role("button", name="在对话中打开").count() == 0
    page.evaluate("document.querySelector('.wjr').dataset.open = 'true'")
    page.evaluate("document.addEventListener('wenju-open', e => { window.opened = e.detail })")
    page.locator(".wjr-toggle").last.click()
    page.get_by_role("button", name="在对话中打开").click()
    assert page.evaluate("window.opened") == {"id": "q4"}
