"""The page is there before the models, says so, and the first question waits."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.conftest import open_page
from tests.web.notes import CENTRE, notes

pytestmark = [pytest.mark.browser, pytest.mark.model]

LOADING = "#wj-loading [role=status]"


def test_the_page_is_there_before_the_models(tmp_path: Path, browser: Browser) -> None:
    with notes(tmp_path, SLOW_LOADING="15") as server:
        for visit in open_page(server, browser, 1280, 800):
            visit.page.wait_for_selector(LOADING)
            assert "正在载入模型" in visit.page.inner_text(LOADING)
            assert "甲公司的算力中心在东区。" in visit.page.inner_text(".wj-pane")
            visit.ask(CENTRE)
            assert "东区" in visit.reply()
            visit.page.wait_for_selector(LOADING, state="detached")


def test_models_that_are_not_there_are_told_on_the_page(tmp_path: Path, browser: Browser) -> None:
    with notes(tmp_path, WENJU_MODELS__READER=str(tmp_path / "none")) as server:
        for visit in open_page(server, browser, 1280, 800):
            alert = visit.page.wait_for_selector("#wj-loading [role=alert]")
            assert alert is not None and "config.json is missing" in alert.inner_text()
            visit.page.fill("#wj-question textarea", CENTRE)
            visit.page.press("#wj-question textarea", "Enter")
            failure = visit.page.wait_for_selector(".wj-failure")
            assert failure is not None and "config.json is missing" in failure.inner_text()
