"""A reply is given again, taken back, copied; a question is changed; one that takes too long is stopped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.conversations import Conversations
from tests.web.conftest import Server, Visit, open_page
from tests.web.notes import CENTRE, FACTORY, PINYIN, STORE, notes

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture
def server(small_server: Server) -> Server:
    """The chat over the small article, with nothing stored."""
    for file in small_server.home.glob("conversations.db*"):
        file.unlink()
    return small_server


def shown(visit: Visit) -> list[str]:
    return visit.page.locator("#wj-chat .wj-question").all_inner_texts()


def stored(server: Server) -> list[list[str]]:
    """The questions of each stored conversation."""
    store = Conversations(server.home / "conversations.db")
    return [[t.answer.question for t in store.read(found.id)[1]] for found in store.find()]


def test_the_last_question_is_answered_again(visit: Visit, server: Server) -> None:
    visit.ask(CENTRE)
    visit.ask(FACTORY)
    expect(visit.page.locator(".wj-retry")).to_have_count(1)  # the last one's
    visit.page.evaluate("document.querySelectorAll('.wj-reply').forEach((el) => (el.dataset.old = '1'))")
    visit.page.locator(".wj-retry").click()
    expect(visit.page.locator(".wj-reply:not([data-old])")).not_to_have_count(0)
    visit.wait_marked("工厂")
    assert shown(visit) == [CENTRE, FACTORY]
    assert stored(server) == [[CENTRE, FACTORY]]


def test_the_last_turn_is_taken_back_and_the_conversation_with_the_last_one(
    visit: Visit, server: Server
) -> None:
    visit.ask(CENTRE)
    visit.ask(FACTORY)
    visit.page.locator(".wj-undo").click()
    expect(visit.page.locator(".wj-reply")).to_have_count(1)
    expect(visit.page.locator("#wj-question textarea")).to_have_value(FACTORY)
    visit.wait_marked("算力中心")
    assert stored(server) == [[CENTRE]]
    visit.page.locator(".wj-undo").click()
    expect(visit.page.locator(".wj-reply")).to_have_count(0)
    visit.page.wait_for_url(re.compile("^[^=]*$"))
    assert stored(server) == []
    visit.ask(STORE)
    assert stored(server) == [[STORE]]


def test_a_question_is_changed_and_what_followed_from_it_goes(visit: Visit, server: Server) -> None:
    for question in (CENTRE, FACTORY, STORE):
        visit.ask(question)
    visit.page.locator(".wj-edit").nth(1).click()
    form = visit.page.locator(".wj-editing textarea")
    expect(form).to_be_focused()
    expect(form).to_have_value(FACTORY)
    form.fill("不改了")
    form.evaluate(PINYIN)  # takes over what was composed, and sends nothing
    expect(form).to_have_value("不改了")
    form.press("Escape")
    expect(visit.page.locator(".wj-editing")).to_have_count(0)
    assert shown(visit) == [CENTRE, FACTORY, STORE]
    visit.page.locator(".wj-edit").nth(1).click()
    form.fill("<b>丁公司</b>的仓库在哪里？")
    form.press("Enter")
    expect(visit.page.locator(".wj-reply")).to_have_count(2)
    assert shown(visit) == [CENTRE, "<b>丁公司</b>的仓库在哪里？"]
    assert stored(server) == [[CENTRE, "<b>丁公司</b>的仓库在哪里？"]]
    assert "丁公司" in visit.reply()


def test_a_changed_question_that_cannot_be_asked_changes_nothing(visit: Visit, server: Server) -> None:
    visit.ask(CENTRE)
    visit.page.locator(".wj-edit").click()
    visit.page.locator(".wj-editing textarea").fill("武" * 1001)
    visit.page.get_by_role("button", name="发送").click()
    expect(visit.page.locator(".toast-body")).to_contain_text("请缩短")
    assert (shown(visit), stored(server)) == ([CENTRE], [[CENTRE]])
    expect(visit.page.locator(".wj-reply")).to_have_count(1)


def test_a_reply_is_copied_with_its_quotes_and_places(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask(CENTRE)
    expect(visit.page.locator(".wj-told")).to_contain_text("甲公司")  # the reply itself comes first
    visit.page.locator(".wj-copy").dblclick()
    expect(visit.page.locator(".wj-copy")).to_have_text("已复制")
    assert visit.page.evaluate("navigator.clipboard.readText()") == (
        "甲公司的算力中心在东区[1]。\n\n[1] 甲公司的算力中心在东区。\n    东区与西区 > 导语"
    )
    expect(visit.page.locator(".wj-told")).to_have_text("已复制")
    expect(visit.page.locator(".wj-copy")).to_have_text("复制")


def test_a_phone_has_room_for_the_actions(phone: Visit) -> None:
    phone.page.get_by_role("button", name="English").click()
    phone.ask(CENTRE)
    buttons = phone.page.locator(".wj-actions button")
    expect(buttons).to_have_text(["Copy", "Answer again", "Take back"])
    phone.page.locator(".wj-edit").click()
    expect(phone.page.get_by_role("button", name="Send")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_question_is_stopped_and_nothing_of_it_is_kept(tmp_path: Path, browser: Browser) -> None:
    with notes(tmp_path, SLOW_SECONDS="3") as server:
        for visit in open_page(server, browser, 1280, 800):
            box = visit.page.locator("#wj-question textarea")
            visit.ask(CENTRE)
            box.fill(FACTORY)
            box.press("Enter")
            expect(box).to_have_value("")
            expect(visit.page.locator(".wj-told")).to_have_text("正在写回答。")
            visit.page.get_by_role("button", name="停止").click()
            expect(box).to_have_value(FACTORY)
            expect(visit.page.locator(".wj-told")).to_have_text("已停止，没有回答。")
            expect(visit.page.get_by_role("button", name="提问")).to_be_visible()
            assert shown(visit) == [CENTRE]
            visit.page.wait_for_timeout(4000)  # until it would have been answered
            assert (shown(visit), stored(server)) == ([CENTRE], [[CENTRE]])
            box.press("Enter")
            expect(visit.page.locator(".wj-reply")).to_have_count(2, timeout=15_000)
            assert stored(server) == [[CENTRE, FACTORY]]
