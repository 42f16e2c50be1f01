"""Who signs in sees their own conversations, and who does not sees nothing."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Download, expect

from app.conversations import LOCAL, Conversations
from app.users import user_line
from tests.web.conftest import Server, Visit, open_page, sign_in
from tests.web.notes import CENTRE, FACTORY, STORE, notes
from tests.web.test_history import expect_titles, open_list, reload

pytestmark = [pytest.mark.browser, pytest.mark.model]

PASSWORDS = {"anna": "correct horse", "bert": "battery staple"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The chat for two users."""
    folder = tmp_path_factory.mktemp("users")
    file = folder / "users"
    file.write_text("\n".join(user_line(*user) for user in PASSWORDS.items()), encoding="utf-8")
    file.chmod(0o600)
    with notes(folder, "--auth", str(file)) as server:
        yield server


@pytest.fixture(autouse=True)
def empty(server: Server) -> None:
    """What another test stored is not seen."""
    for file in server.home.glob("conversations.db*"):
        file.unlink()


def open_for(name: str, server: Server, browser: Browser) -> Iterator[Visit]:
    return open_page(server, browser, 1280, 800, (name, PASSWORDS[name]))


@pytest.fixture
def anna(server: Server, browser: Browser) -> Iterator[Visit]:
    yield from open_for("anna", server, browser)


@pytest.fixture
def bert(server: Server, browser: Browser) -> Iterator[Visit]:
    yield from open_for("bert", server, browser)


def conversation(visit: Visit) -> str:
    """The id that the address names."""
    visit.page.wait_for_url(re.compile("c="))
    return parse_qs(urlsplit(visit.page.url).query)["c"][0]


def turns(server: Server, owner: str) -> list[str]:
    """The questions that are stored for somebody."""
    store = Conversations(server.home / "conversations.db", owner)
    return [turn.answer.question for one in store.find() for turn in store.read(one.id)[1]]


@contextmanager
def toast(visit: Visit, text: str) -> Iterator[None]:
    """What happens in the block is answered by a message; the next one is another."""
    yield
    expect(visit.page.locator(".toast-body").last).to_contain_text(text)
    visit.page.locator(".toast-close").last.click()
    expect(visit.page.locator(".toast-body")).to_have_count(0)


# --- two users ---------------------------------------------------------------------------------


def test_two_users_do_not_see_each_other(anna: Visit, bert: Visit, server: Server) -> None:
    anna.ask(CENTRE)
    bert.ask(FACTORY)
    hers = conversation(anna)
    for visit, own in ((anna, CENTRE), (bert, FACTORY)):
        reload(visit.page, 1)
        open_list(visit.page)
        expect_titles(visit.page, [own])
    search = bert.page.locator("#wj-search").locator("input, textarea")
    search.fill("算力")
    expect(bert.page.locator("#wj-list")).to_contain_text("没有找到")
    bert.page.goto(f"{server.url}?c={hers}")
    expect(bert.page.locator(".toast-body")).to_contain_text("没有对话")
    expect(bert.page.locator(".wj-reply")).to_have_count(0)
    assert "算力中心在东区" not in bert.page.locator("#wj-chat").inner_text()
    # Nothing of it lies with those who need not sign in, either.
    assert [turns(server, owner) for owner in ("anna", "bert", LOCAL)] == [[CENTRE], [FACTORY], []]


def test_another_users_conversation_is_neither_opened_nor_changed(anna: Visit, bert: Visit) -> None:
    anna.ask(CENTRE)
    bert.ask(FACTORY)
    hers = conversation(anna)
    conversation(bert)
    saved: list[Download] = []
    bert.page.on("download", lambda download: saved.append(download))
    for action in ("open", "export", "rename", "delete"):
        if not bert.page.locator("#wj-drawer").is_visible():
            open_list(bert.page)
        # A page that lies: its own row stands for the other user's conversation.
        bert.page.evaluate("id => { document.querySelector('.wj-list li').dataset.id = id; }", hers)
        with toast(bert, f"没有对话 {hers}"):
            act(bert, action)
    assert saved == []
    expect_titles(bert.page, [FACTORY])
    reload(anna.page, 1)
    open_list(anna.page)
    expect_titles(anna.page, [CENTRE])


def act(visit: Visit, action: str) -> None:
    """Do something with the first conversation of the list."""
    if action == "open":
        visit.page.locator(".wj-entry").click()
        return
    visit.page.evaluate("document.querySelector('.wj-more').open = true")
    if action == "export":
        visit.page.get_by_role("button", name="导出 JSON").click()
    elif action == "rename":
        visit.page.get_by_role("button", name="改名").click()
        visit.page.keyboard.type("别的")
        visit.page.keyboard.press("Enter")
    else:
        visit.page.locator(".wj-delete").click()
        visit.page.locator(".wj-delete-it").click()


def test_two_tabs_of_a_user_share_the_list(anna: Visit, server: Server) -> None:
    anna.ask(CENTRE)
    first = conversation(anna)
    other = Visit(anna.page.context.new_page())
    other.page.goto(server.url)
    other.page.wait_for_selector("#wj-question textarea")
    other.ask(FACTORY)
    assert conversation(other) != first
    open_list(other.page)
    expect_titles(other.page, [FACTORY, CENTRE])
    anna.ask(STORE)
    reload(anna.page, 2)


def test_a_tab_left_by_another_user_stores_nothing(anna: Visit, server: Server) -> None:
    """In one browser bert comes after anna, whose page is still open.

    He signs in without a page, and she is not signed out before: what her page asks for between the two
    would be refused, and Gradio would load it anew, as his.
    """
    anna.ask(CENTRE)
    conversation(anna)
    beside = anna.page.context.request
    assert beside.post(f"{server.url}login", form={"username": "bert", "password": PASSWORDS["bert"]}).ok
    with toast(anna, "没有对话"):
        anna.page.locator(".wj-undo").click()
    with toast(anna, "这一轮没有存下来"):
        anna.ask(FACTORY)
    assert [turns(server, owner) for owner in ("anna", "bert", LOCAL)] == [[CENTRE], [], []]


def test_who_signs_out_has_to_sign_in_again(anna: Visit) -> None:
    anna.ask(CENTRE)
    anna.page.set_viewport_size({"width": 390, "height": 844})
    assert anna.page.evaluate("document.documentElement.scrollWidth") <= 390
    anna.page.get_by_role("button", name="English").click()
    anna.page.get_by_role("link", name="Sign out").click()
    sign_in(anna.page, "bert", PASSWORDS["bert"])
    anna.page.wait_for_selector("#wj-question textarea")
    expect(anna.page.locator(".wj-reply")).to_have_count(0)


# --- without signing in ------------------------------------------------------------------------


def test_the_page_for_signing_in_tells_nothing_and_fetches_nothing(server: Server, browser: Browser) -> None:
    status, html = server.fetch("/")
    assert (status, "算力" in html, "anna" in html) == (200, False, False)
    for visit in open_for("anna", server, browser):
        assert visit.blocked == []
    assert server.refused() == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/config", None),
        ("/gradio_api/info", None),
        ("/gradio_api/openapi.json", None),
        ("/gradio_api/queue/data?session_hash=x", None),
        ("/gradio_api/queue/status", None),
        ("/gradio_api/deep_link?session_hash=x", None),
        ("/gradio_api/file=/etc/passwd", None),
        ("/gradio_api/file/etc/passwd", None),
        ("/gradio_api/upload", b""),
        ("/gradio_api/upload_progress?upload_id=x", None),
        ("/gradio_api/component_server", {}),
        ("/gradio_api/process_recording", b""),
        ("/gradio_api/dev/reload", None),
        ("/monitoring", None),
        ("/monitoring/summary", None),
    ],
)
def test_without_signing_in_a_route_refuses(server: Server, path: str, body: object) -> None:
    assert server.fetch(path, body)[0] == 401
    assert server.fetch(path, body, Cookie="access-token-x=y; access-token-unsecure-x=y")[0] == 401


def test_without_signing_in_every_handler_refuses(server: Server) -> None:
    cookie = signed_in(server, "anna")
    handlers = json.loads(server.fetch("/config", Cookie=cookie)[1])["dependencies"]
    behind = [handler for handler in handlers if handler["backend_fn"]]
    assert len(behind) > 30
    for handler in behind:
        body = {"data": [], "fn_index": handler["id"], "session_hash": "x"}
        assert server.fetch("/gradio_api/queue/join", body)[0] == 401
        for route in ("run", "api", "call", "call/v2"):
            assert server.fetch(f"/gradio_api/{route}/{handler['api_name']}", body)[0] == 401
    assert server.fetch("/gradio_api/queue/join", body, Cookie=cookie)[0] == 200  # the test can fail


def attempt(server: Server, name: str, password: str) -> tuple[int, str]:
    form = urlencode({"username": name, "password": password}).encode()
    return server.fetch("/login", form, Content_Type="application/x-www-form-urlencoded")


def signed_in(server: Server, name: str) -> str:
    """The cookies of who signs in."""
    form = urlencode({"username": name, "password": PASSWORDS[name]}).encode()
    with urllib.request.urlopen(f"{server.url}login", form, timeout=60) as answer:
        return "; ".join(cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie"))


def test_guesses_wait_for_each_other_and_tell_nothing(server: Server) -> None:
    for name in ("anna", "nobody", "local"):
        begun = time.monotonic()
        with ThreadPoolExecutor(3) as pool:
            answers = set(pool.map(attempt, [server] * 3, [name] * 3, ["guess 1", "guess 2", "guess 3"]))
        assert answers == {(400, '{"detail":"Incorrect credentials."}')}
        assert time.monotonic() - begun > 3
    assert attempt(server, "anna", PASSWORDS["anna"])[0] == 200
    log = server.output.read_text(encoding="utf-8")
    assert not any(secret in log for secret in ("guess", "scrypt", "horse", "anna"))
