"""Conversations outlive the page: listed, found, renamed, deleted, and true to what they cited."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Server, Visit, open_page
from tests.web.notes import ARTICLE, CENTRE, FACTORY, PINYIN, STORE, notes

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture
def server(small_server: Server) -> Server:
    return small_server


@pytest.fixture(autouse=True)
def empty(small_server: Server) -> None:
    """What another test stored is not seen."""
    for file in small_server.home.glob("conversations.db*"):
        file.unlink()


def reload(page: Page, replies: int) -> None:
    page.wait_for_url(re.compile("c="))
    page.reload()
    expect(page.locator(".wj-reply")).to_have_count(replies, timeout=15_000)


def open_list(page: Page) -> None:
    page.click("#wj-toggle")
    expect(page.locator("#wj-drawer")).to_be_visible()


def expect_titles(page: Page, titles: Sequence[str]) -> None:
    """The list of conversations shows these, once it has come."""
    expect(page.locator(".wj-entry span")).to_have_text(titles)


def test_after_a_reload_the_conversation_is_there_with_its_numbers(visit: Visit) -> None:
    visit.ask(CENTRE)
    visit.ask(FACTORY)
    reload(visit.page, 2)
    visit.wait_marked("工厂")  # as after the last reply
    visit.page.locator(".wj-reply").first.locator(".wj-text a.wj-cite").click()
    visit.wait_marked("算力中心")
    visit.ask(STORE)
    reload(visit.page, 3)
    assert visit.page.locator(".wj-question").all_inner_texts() == [CENTRE, FACTORY, STORE]


def test_a_visitor_without_an_address_begins_anew_and_finds_the_old_one(visit: Visit, server: Server) -> None:
    visit.ask(CENTRE)
    visit.page.wait_for_url(re.compile("c="))
    visit.page.goto(server.url)
    visit.page.wait_for_selector("#wj-question textarea")
    expect(visit.page.locator(".wj-reply")).to_have_count(0)
    open_list(visit.page)
    visit.page.locator(".wj-entry", has_text=CENTRE).click()
    visit.wait_marked("算力中心")
    expect(visit.page.locator("#wj-drawer")).to_be_hidden()
    visit.ask(FACTORY)  # goes on in it
    reload(visit.page, 2)


def test_conversations_are_searched_in_questions_and_replies(visit: Visit) -> None:
    for question in (CENTRE, FACTORY):
        visit.ask(question)
        open_list(visit.page)
        visit.page.click("#wj-new")
        expect(visit.page.locator(".wj-reply")).to_have_count(0)
    open_list(visit.page)
    expect_titles(visit.page, [FACTORY, CENTRE])
    search = visit.page.locator("#wj-search").locator("input, textarea")
    for sought, found in (("东区", [CENTRE]), ("工厂在哪", [FACTORY]), ("北区", []), ("", [FACTORY, CENTRE])):
        search.fill(sought)
        expect(visit.page.locator(".wj-entry span")).to_have_text(found)
    search.fill("北区")
    expect(visit.page.locator("#wj-list")).to_contain_text("没有找到")


def test_a_conversation_is_renamed_and_its_title_is_text(visit: Visit) -> None:
    hostile = "<img src=x onerror='window.hacked=1'> ${window.hacked=1} {{value}} \"&"
    visit.ask(CENTRE)
    open_list(visit.page)
    visit.page.get_by_label("更多操作").click()
    visit.page.get_by_role("button", name="改名").click()
    visit.page.keyboard.type(hostile)
    visit.page.keyboard.press("Enter")
    expect_titles(visit.page, [hostile])
    visit.page.get_by_label("更多操作").click()
    visit.page.get_by_role("button", name="改名").click()
    visit.page.keyboard.type("别的")
    visit.page.locator(".wj-retitle").evaluate(PINYIN)
    expect(visit.page.locator(".wj-retitle")).to_be_visible()
    visit.page.keyboard.press("Escape")  # taken back, and the drawer stays
    expect(visit.page.locator("#wj-drawer")).to_be_visible()
    expect_titles(visit.page, [hostile])
    reload(visit.page, 1)
    open_list(visit.page)
    expect_titles(visit.page, [hostile])
    assert visit.page.evaluate("window.hacked") is None


def test_a_title_that_stays_is_left_by_enter_and_by_a_tap_elsewhere(phone: Visit) -> None:
    phone.ask(CENTRE)
    open_list(phone.page)
    field = phone.page.locator(".wj-retitle")
    leaves = (lambda: field.press("Enter"), lambda: phone.page.locator("#wj-drawer-title").click())
    for typed, leave in zip((f" {CENTRE} ", "别的"), leaves, strict=True):
        phone.page.get_by_label("更多操作").click()
        phone.page.get_by_role("button", name="改名").click()
        expect(field).to_be_focused()
        expect(field).to_have_value(CENTRE)
        field.fill(typed)
        leave()
        expect(field).to_be_hidden()
        expect_titles(phone.page, [CENTRE])


def test_a_conversation_is_deleted_only_when_that_is_confirmed(visit: Visit) -> None:
    visit.ask(CENTRE)
    open_list(visit.page)
    visit.page.get_by_label("更多操作").click()
    visit.page.locator(".wj-delete").click()
    expect(visit.page.locator(".wj-sure")).to_contain_text(f"删除「{CENTRE}」？删除后不能恢复。")
    visit.page.get_by_role("button", name="保留").click()
    expect(visit.page.locator(".wj-sure")).to_be_hidden()
    expect_titles(visit.page, [CENTRE])
    visit.page.locator(".wj-delete").click()
    visit.page.locator(".wj-delete-it").click()
    expect(visit.page.locator(".wj-entry")).to_have_count(0)
    expect(visit.page.locator("#wj-list")).to_contain_text("还没有对话")
    expect(visit.page.locator(".wj-reply")).to_have_count(0)
    assert "c=" not in visit.page.url


def test_another_conversation_is_deleted_and_this_one_stays(visit: Visit) -> None:
    visit.ask(CENTRE)
    open_list(visit.page)
    visit.page.click("#wj-new")
    expect(visit.page.locator(".wj-reply")).to_have_count(0)
    visit.ask(FACTORY)
    open_list(visit.page)
    expect(visit.page.locator(".wj-entry span")).to_have_text([FACTORY, CENTRE])  # or menus close
    visit.page.get_by_label(f"「{CENTRE}」的更多操作").click()
    visit.page.locator(".wj-delete").last.click()
    visit.page.locator(".wj-delete-it").last.click()
    expect_titles(visit.page, [FACTORY])
    expect(visit.page.locator(".wj-reply")).to_have_count(1)


def test_a_conversation_deleted_in_another_tab_is_told_and_the_reply_shown(
    visit: Visit, server: Server
) -> None:
    visit.ask(CENTRE)
    visit.page.wait_for_url(re.compile("c="))
    other = visit.page.context.new_page()
    other.goto(visit.page.url)
    expect(other.locator(".wj-reply")).to_have_count(1)
    open_list(other)
    other.get_by_label("更多操作").click()
    other.locator(".wj-delete").click()
    other.locator(".wj-delete-it").click()
    expect(other.locator(".wj-entry")).to_have_count(0)
    visit.ask(FACTORY)
    expect(visit.page.locator(".toast-body")).to_contain_text("这一轮没有存下来")
    visit.ask(STORE)  # begins a new one
    reload(visit.page, 1)


def test_two_tabs_have_a_conversation_each(visit: Visit, server: Server) -> None:
    visit.ask(CENTRE)
    other = Visit(visit.page.context.new_page())
    other.page.goto(server.url)
    other.page.wait_for_selector("#wj-question textarea")
    other.ask(FACTORY)
    reload(visit.page, 1)
    reload(other.page, 1)
    assert visit.page.locator(".wj-question").all_inner_texts() == [CENTRE]
    assert other.page.locator(".wj-question").all_inner_texts() == [FACTORY]


def test_clearing_the_chat_keeps_the_stored_conversation(visit: Visit) -> None:
    visit.ask(CENTRE)
    visit.page.locator("#wj-chat").get_by_role("button", name="清空对话").click()
    expect(visit.page.locator(".wj-reply")).to_have_count(0)
    visit.ask(FACTORY)
    open_list(visit.page)
    expect(visit.page.locator(".wj-entry span")).to_have_text([FACTORY, CENTRE])


def test_hostile_text_is_shown_not_run_after_a_reload_too(visit: Visit) -> None:
    visit.ask(STORE)
    assert '<img src=x onerror="window.hacked=1">' in visit.reply()
    reload(visit.page, 1)
    assert "<script>window.hacked=1</script>南区" in visit.reply()
    assert visit.page.evaluate("window.hacked") is None
    assert (visit.page.locator(".wj-reply img, .wj-pane img").count(), visit.blocked) == (0, [])


def test_the_drawer_fits_a_phone_speaks_english_and_works_by_keyboard(phone: Visit) -> None:
    phone.ask(CENTRE)
    phone.page.get_by_role("button", name="English").click()
    phone.page.get_by_role("button", name="Conversations").focus()
    phone.page.keyboard.press("Enter")
    drawer = phone.page.locator("#wj-drawer")
    expect(drawer).to_be_visible()
    expect(phone.page.locator("#wj-new")).to_be_focused()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.page.locator("#wj-toggle")).to_have_attribute("aria-expanded", "true")
    expect(phone.page.get_by_label(f"More for “{CENTRE}”")).to_be_visible()
    phone.page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(phone.page.locator("#wj-toggle")).to_be_focused()


def test_a_killed_server_and_a_changed_article(tmp_path: Path, browser: Browser) -> None:
    """Old numbers keep their quote and lead nowhere; a new reply's lead into the new text."""
    with notes(tmp_path) as server:
        for visit in open_page(server, browser, 1280, 800):
            visit.ask(CENTRE)
            visit.page.wait_for_url(re.compile("c="))
            address = visit.page.url.removeprefix(server.url)
        server.process.kill()
    changed = ARTICLE.replace("甲公司的算力中心在东区。", "甲公司的算力中心搬到了北区。")
    (tmp_path / "notes.txt").write_text(changed, encoding="utf-8")
    with notes(tmp_path) as server:
        for visit in open_page(server, browser, 1280, 800):
            visit.page.goto(server.url + address)
            expect(visit.page.locator(".wj-reply")).to_have_count(1, timeout=15_000)
            assert visit.reply() == "甲公司的算力中心在东区[1]。"
            expect(visit.page.locator(".wj-changed")).to_contain_text("原文已更改")
            expect(visit.page.locator(".wj-stale")).to_have_count(2)
            expect(visit.page.locator(".wj-reply a[href]")).to_have_count(0)
            expect(visit.page.locator(".wj-evidence q")).to_have_text("甲公司的算力中心在东区。")
            visit.rest_on(visit.page.locator(".wj-stale").first)
            expect(visit.page.locator("#wj-card strong")).to_have_text("甲公司的算力中心在东区。")
            expect(visit.page.locator("#wj-card .wj-card-where")).to_have_text("导语 · 原文已更改")
            expect(visit.page.locator(".wj-cited")).to_have_count(0)
            visit.page.locator(".wj-stale").first.click()
            expect(visit.page.locator(".wj-marked")).to_have_count(0)
            visit.page.locator(".wj-judge summary").click()
            visit.page.get_by_role("button", name="答得对").click()
            expect(visit.page.locator(".toast-body")).to_contain_text("请再问一次")
            assert not list(server.home.glob("sets/*"))  # what was right then is not in the text now
            visit.ask(CENTRE)
            visit.wait_marked("搬到了北区")
            expect(visit.page.locator(".wj-reply").last.locator(".wj-stale")).to_have_count(0)


def test_without_history_nothing_is_stored(tmp_path: Path, browser: Browser) -> None:
    with notes(tmp_path, WENJU_CHAT__HISTORY="false") as server:
        for visit in open_page(server, browser, 1280, 800):
            visit.ask(CENTRE)
            expect(visit.page.locator("#wj-toggle")).to_have_count(0)
            visit.page.get_by_role("button", name="English").click()
            expect(visit.page.locator(".wj-evidence")).to_contain_text("Evidence")
            assert "c=" not in visit.page.url
    assert not (server.home / "conversations.db").exists()


@pytest.mark.parametrize(("form", "end"), [("Markdown", ".md"), ("HTML", ".html"), ("JSON", ".json")])
def test_a_conversation_is_exported(visit: Visit, form: str, end: str) -> None:
    visit.ask(STORE)
    open_list(visit.page)
    visit.page.get_by_label("更多操作").click()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name=f"导出 {form}").click()
    assert download.value.suggested_filename.endswith(f"丁公司的仓库在哪里{end}")
    text = download.value.path().read_text(encoding="utf-8")
    assert "导语" in text  # the place
    quote = '丁公司<img src=x onerror="window.hacked=1">的仓库在<script>window.hacked=1</script>南区。'
    if end == ".json":
        assert json.loads(text)["turns"][0]["answer"]["citations"][0]["quote"] == quote
        return
    assert "<script>" not in text
    if end == ".html":
        visit.page.set_content(text)
        assert visit.page.locator("blockquote").inner_text().startswith(f"[1] {quote}")
        assert visit.page.evaluate("window.hacked") is None
