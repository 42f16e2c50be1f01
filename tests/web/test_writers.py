"""A reply that a language model writes, as a visitor sees it come: chosen, followed, checked, stopped."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from app.answer import Answer
from app.conversations import Conversations
from tests.app.chat_server import ChatServer, Reply, chunk, good
from tests.web.axe import findings
from tests.web.conftest import Server, Visit, open_page
from tests.web.notes import CENTRE, FACTORY, notes

pytestmark = [pytest.mark.browser, pytest.mark.model]

FACT = "甲公司的算力中心在东区。"
OTHER = "那里有两千个机架。"
INVENTED = "甲公司的算力中心有9000名员工。"
WRITING = "#wj-chat .wj-writing"


@pytest.fixture(scope="module")
def written() -> Iterator[ChatServer]:
    """The server whose model writes what a test has put there."""
    with ChatServer([good(FACT)]).served() as server:
        yield server


@pytest.fixture(scope="module")
def module_server(written: ChatServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The chat over the small article, which begins with the server's model."""
    url = {"WENJU_LANGUAGE_MODEL__URL": written.url}
    with notes(tmp_path_factory.mktemp("writers"), "--writer", "openai:scripted", **url) as server:
        yield server


@pytest.fixture
def server(module_server: Server, written: ChatServer) -> Server:
    """The chat with nothing stored, and a model that has not been asked."""
    for file in module_server.home.glob("conversations.db*"):
        file.unlink()
    written.asked.clear()
    written.gone.clear()
    return module_server


def held(*texts: str, after: int, hold: threading.Event) -> Reply:
    """A reply that stops after so many parts until it is let on."""
    return replace(good(*texts), hold=hold, held=after)


def begin(visit: Visit, question: str) -> None:
    """Ask, and do not wait."""
    visit.page.fill("#wj-question textarea", question)
    visit.page.press("#wj-question textarea", "Enter")


def choose(visit: Visit, label: str) -> None:
    """Take a writer from the menu."""
    visit.page.click("#wj-writer input")
    visit.page.get_by_role("option", name=label).click()


def test_evidence_comes_first_then_what_is_checked_and_then_the_reply(
    visit: Visit, server: Server, written: ChatServer
) -> None:
    first, second = threading.Event(), threading.Event()
    parts = (chunk(FACT), chunk("那里有"), chunk("两千个机架。"), chunk(reason="stop"))
    written.replies = [Reply(parts=parts, hold=first, held=0), Reply(parts=parts, hold=second, held=2)]
    begin(visit, CENTRE)
    writing = visit.page.locator(WRITING)
    expect(writing.locator(".wj-evidence q").first).to_contain_text("甲公司的算力中心在东区")
    expect(writing.locator(".wj-text")).to_have_text("")
    expect(writing.locator("a.wj-cite")).to_have_count(0)
    writing.locator("a.wj-near").first.click()
    visit.wait_marked("算力中心")
    first.set()
    expect(visit.page.locator(".wj-reply .wj-text")).to_have_text(
        "甲公司的算力中心在东区[1]。那里有两千个机架[2]。"
    )
    begin(visit, CENTRE)
    expect(writing.locator("a.wj-cite")).to_have_text(["[1]"])
    expect(writing.locator(".wj-tail")).to_have_text("那里有")
    expect(visit.page.locator("[role=status].wj-told")).to_contain_text("机架")  # of the reply before
    second.set()
    expect(visit.page.locator(".wj-reply")).to_have_count(2)
    expect(writing).to_have_count(0)
    visit.page.locator(".wj-search summary").last.click()
    expect(visit.page.locator(".wj-search").last).to_contain_text("写作：openai:scripted")


def test_a_screen_reader_is_told_of_the_whole_reply_once(visit: Visit, written: ChatServer) -> None:
    visit.page.evaluate("""() => {
      window.told = [];
      const status = document.querySelector("[role=status].wj-told");
      new MutationObserver(() => told.push(status.textContent)).observe(status, { childList: true });
    }""")
    hold = threading.Event()
    written.replies = [held(FACT, OTHER, after=1, hold=hold)]
    begin(visit, CENTRE)
    expect(visit.page.locator(f"{WRITING} .wj-tail")).to_have_text(FACT)
    hold.set()
    expect(visit.page.locator(".wj-reply")).to_have_count(1)
    visit.page.wait_for_function("told.length")
    assert {text.partition(". ")[2] for text in visit.page.evaluate("told")} == {
        "甲公司的算力中心在东区[1]。那里有两千个机架[2]。"
    }


def test_what_is_not_borne_out_is_not_shown(visit: Visit, server: Server, written: ChatServer) -> None:
    written.replies = [good(FACT, INVENTED)]
    visit.ask(CENTRE)
    assert visit.reply() == "甲公司的算力中心在东区[1]。"
    expect(visit.page.locator(".wj-note")).to_have_text("语言模型的 1 句话没有得到原文证实，已略去。")
    ((answer,),) = stored(server)
    assert (answer.writer, [s.text for s in answer.statements]) == ("openai:scripted", [FACT])


def stored(server: Server) -> list[list[Answer]]:
    """The answers of each stored conversation."""
    store = Conversations(server.home / "conversations.db")
    return [[turn.answer for turn in store.read(found.id)[1]] for found in store.find()]


def test_a_visitor_chooses_and_the_menu_is_translated(
    visit: Visit, phone: Visit, written: ChatServer
) -> None:
    written.replies = [good(FACT)]
    menu = visit.page.locator("#wj-writer")
    expect(menu).to_contain_text("写作方式")
    expect(menu).to_contain_text("语言模型：由模型改写，每句话都与原文核对。")
    choose(visit, "摘录原文")
    visit.ask(CENTRE)
    visit.page.locator(".wj-search summary").click()
    expect(visit.page.locator(".wj-search")).not_to_contain_text("写作")
    assert written.asked == []
    visit.page.click("#wj-switch")
    expect(menu).to_contain_text("Writer")
    expect(menu.locator("input")).to_have_value("Quotes")
    phone.ask(CENTRE)  # whose choice is still the model
    assert len(written.asked) == 1
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.page.locator("#wj-writer")).to_be_visible()
    expect(phone.page.locator("#wj-writer")).to_be_in_viewport(ratio=1)


def test_a_reply_is_written_in_english(visit: Visit, written: ChatServer) -> None:
    hold = threading.Event()
    written.replies = [held(FACT, after=1, hold=hold)]
    visit.page.click("#wj-switch")
    expect(visit.page.locator("#wj-writer")).to_contain_text("Writer")
    begin(visit, CENTRE)
    expect(visit.page.locator(f"{WRITING} .wj-badge")).to_have_text("being written")
    expect(visit.page.locator(f"{WRITING} .wj-evidence p")).to_have_text("Sentences being read")
    expect(visit.page.locator(f"{WRITING} .wj-tail")).to_have_text(FACT)
    assert findings(visit.page) == []
    hold.set()
    expect(visit.page.locator(".wj-reply")).to_have_count(1)
    visit.page.locator(".wj-search summary").click()
    expect(visit.page.locator(".wj-search")).to_contain_text("Written by openai:scripted")


def test_a_reply_comes_in_the_language_that_was_switched_to_meanwhile(
    visit: Visit, written: ChatServer
) -> None:
    hold = threading.Event()
    written.replies = [held(FACT, after=1, hold=hold)]
    begin(visit, CENTRE)
    expect(visit.page.locator(f"{WRITING} .wj-tail")).to_have_text(FACT)
    visit.page.click("#wj-switch")
    expect(visit.page.locator("#wj-writer")).to_contain_text("Writer")
    hold.set()
    expect(visit.page.locator(".wj-reply")).to_have_count(1)
    expect(visit.page.locator(".wj-search summary")).to_have_text("How it was found")
    assert visit.reply() == "甲公司的算力中心在东区[1]。"


def test_where_there_is_nothing_to_choose_there_is_no_menu(small_server: Server, browser: Browser) -> None:
    for visit in open_page(small_server, browser, 1280, 800):
        expect(visit.page.locator("#wj-writer")).to_be_hidden()


@pytest.mark.parametrize("name", ["llama:/etc/passwd", "openai:other", "transformers:../x"])
def test_a_client_cannot_name_a_writer_of_its_own(
    visit: Visit, server: Server, written: ChatServer, name: str
) -> None:
    def forge(route: Route) -> None:
        body = (route.request.post_data or "").replace('"openai:scripted"', f'"{name}"')
        route.continue_(post_data=body)

    visit.page.route("**/queue/join*", forge)
    begin(visit, CENTRE)
    expect(visit.page.locator(":is(.toast-body, .wj-failure)").first).to_be_visible()
    assert (written.asked, stored(server)) == ([], [])


def test_stop_stops_the_model_and_nothing_is_kept(visit: Visit, server: Server, written: ChatServer) -> None:
    hold = threading.Event()
    written.replies = [held(FACT, OTHER, after=1, hold=hold)]
    begin(visit, CENTRE)
    expect(visit.page.locator(f"{WRITING} .wj-tail")).to_have_text(FACT)
    visit.page.get_by_role("button", name="停止").click()
    expect(visit.page.locator("#wj-question textarea")).to_have_value(CENTRE)
    expect(visit.page.locator(WRITING)).to_have_count(0)
    assert written.gone.wait(30)  # though it sends nothing
    written.replies = [good(FACT)]
    visit.page.press("#wj-question textarea", "Enter")
    expect(visit.page.locator(".wj-reply")).to_have_count(1)
    assert [[answer.question for answer in answers] for answers in stored(server)] == [[CENTRE]]


def test_whoever_leaves_the_page_stops_the_model(
    server: Server, browser: Browser, written: ChatServer
) -> None:
    hold = threading.Event()
    written.replies = [held(FACT, OTHER, after=1, hold=hold)]
    for visit in open_page(server, browser, 1280, 800):
        begin(visit, CENTRE)
        expect(visit.page.locator(f"{WRITING} .wj-tail")).to_have_text(FACT)
    assert written.gone.wait(30)  # though it sends nothing


def test_another_conversation_stops_the_model_and_stays_on_the_page(
    visit: Visit, server: Server, written: ChatServer
) -> None:
    hold = threading.Event()
    written.replies = [held(FACT, OTHER, after=1, hold=hold)]
    begin(visit, CENTRE)
    expect(visit.page.locator(f"{WRITING} .wj-tail")).to_have_text(FACT)
    visit.page.click("#wj-toggle")
    visit.page.click("#wj-new")
    expect(visit.page.get_by_role("button", name="提问")).to_be_visible()
    assert written.gone.wait(30)  # though it sends nothing
    expect(visit.page.locator("#wj-chat .wj-question")).to_have_count(0)
    written.replies = [good("乙公司的工厂在西区。")]
    visit.ask(FACTORY)
    expect(visit.page.locator("#wj-chat .wj-question")).to_have_count(1)
    assert [[answer.question for answer in answers] for answers in stored(server)] == [[FACTORY]]


def test_a_second_question_waits_for_the_first_and_another_visitors_does_not(
    visit: Visit, phone: Visit, written: ChatServer
) -> None:
    hold = threading.Event()
    written.replies = [good(FACT), held(FACT, after=0, hold=hold), good("乙公司的工厂在西区。")]
    visit.ask(CENTRE)
    begin(visit, CENTRE)
    expect(visit.page.locator(f"{WRITING} .wj-evidence q").first).to_be_visible()
    visit.page.locator(".wj-retry").click()
    expect(visit.page.locator(".toast-body")).to_contain_text("上一个问题还在回答")
    begin(visit, FACTORY)
    phone.ask(FACTORY)
    assert phone.reply() == "乙公司的工厂在西区[1]。"
    hold.set()
    expect(visit.page.locator(".wj-reply")).to_have_count(2)
    expect(visit.page.locator("#wj-question textarea")).to_have_value(FACTORY)


def test_markup_of_a_model_is_text(visit: Visit, written: ChatServer) -> None:
    hold = threading.Event()
    hostile = '<img src=x onerror="window.hacked=1" <script'  # whole tags are taken out before
    written.replies = [held(hostile, FACT, after=1, hold=hold)]
    begin(visit, CENTRE)
    expect(visit.page.locator(f"{WRITING} .wj-tail")).to_have_text(hostile)
    expect(visit.page.locator(f"{WRITING} img")).to_have_count(0)
    hold.set()
    expect(visit.page.locator(".wj-reply")).to_have_count(1)
    assert visit.page.evaluate("window.hacked") is None


def test_what_is_not_borne_out_may_be_shown_and_looks_like_it(
    tmp_path: Path, browser: Browser, written: ChatServer
) -> None:
    hostile = '甲公司在<img src=x onerror="window.stolen=1" 月球。'
    written.replies = [good(FACT, hostile)]
    shown = {"WENJU_WRITER__UNSUPPORTED": "shown", "WENJU_LANGUAGE_MODEL__URL": written.url}
    with notes(tmp_path, WENJU_WRITER__USE="openai:scripted", **shown) as server:
        for visit in open_page(server, browser, 1280, 800):
            visit.ask(CENTRE)
            assert visit.reply() == f"甲公司的算力中心在东区[1]。\n{hostile}（未经证实）"
            expect(visit.page.locator(".wj-text .wj-unborne")).to_have_text(f"{hostile}（未经证实）")
            expect(visit.page.locator(".wj-text a.wj-cite")).to_have_count(1)
            assert findings(visit.page) == []
            assert visit.page.evaluate("window.stolen") is None


def test_a_server_that_is_down_leaves_the_articles_own_sentences(tmp_path: Path, browser: Browser) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}/v1"
    down = {"WENJU_LANGUAGE_MODEL__URL": nobody}
    with notes(tmp_path, "--writer", "openai:scripted", **down) as server:
        for visit in open_page(server, browser, 1280, 800):
            visit.ask(CENTRE)
            assert visit.reply() == "甲公司的算力中心在东区[1]。"
            expect(visit.page.locator(".wj-note")).to_contain_text("语言模型没有写成（ServerUnreachable）")
