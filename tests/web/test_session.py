"""A page whose session the server forgot begins again where it was; one that it knows is left alone."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import gradio as gr
import pytest
from playwright.sync_api import Browser, expect

from app.web.conversation import OpenConversation
from app.web.session import Session
from tests.web.conftest import open_page
from tests.web.notes import CENTRE, FACTORY, notes

PAST, KEPT = OpenConversation("mine"), gr.skip()


@pytest.mark.parametrize(
    ("known", "is_answering", "shown"),
    [
        (True, False, (KEPT, True, PAST, "en")),  # set again, they last for another hour
        (True, True, (KEPT, KEPT, KEPT, KEPT)),
        (False, False, ('<i class="wj-forgotten"></i>', KEPT, KEPT, KEPT)),
    ],
)
def test_a_look_keeps_what_a_page_holds(known: bool, is_answering: bool, shown: tuple[object, ...]) -> None:
    session = Session.__new__(Session)  # without its components, which would need a page
    session._is_answering = lambda request: is_answering
    assert session._look(known, PAST, "en", gr.Request()) == shown


@pytest.mark.browser
@pytest.mark.model
def test_a_page_that_was_forgotten_begins_again_where_it_was(tmp_path: Path, browser: Browser) -> None:
    # With this, Gradio forgets a page a second after its connection broke, not an hour.
    with notes(tmp_path, GRADIO_IS_E2E_TEST="1") as server:
        for visit in open_page(server, browser, 1280, 800):
            page = visit.page
            with page.expect_request("**/heartbeat/*") as beat:
                page.reload()
            page.wait_for_selector("#wj-question textarea")
            page.click("#wj-switch")
            page.wait_for_selector("html[lang=en]")
            visit.ask(CENTRE)
            page.fill("#wj-question textarea", FACTORY)
            page.evaluate("window.isOld = true")
            page.evaluate("window.dispatchEvent(new Event('online'))")
            page.wait_for_timeout(1000)
            assert page.evaluate("window.isOld")
            urllib.request.urlopen(beat.value.url).close()  # which breaks off, as a lost connection does
            page.wait_for_timeout(3000)
            page.evaluate("window.dispatchEvent(new Event('online'))")
            page.wait_for_function("!window.isOld")
            expect(page.locator(".wj-reply")).to_have_count(1)
            page.wait_for_selector("html[lang=en]")
            expect(page.locator("#wj-question textarea")).to_have_value(FACTORY)
