"""The page is there before the models, says so, and the first question waits."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.web.conftest import open_page, serving
from tests.web.notes import FILE

LOADING = "#wj-loading [role=status]"


def test_the_page_is_there_before_the_models(tmp_path: Path, browser: Browser) -> None:
    with serving(tmp_path, "--collection", FILE, SLOW_LOADING="15") as server:
        for visit in open_page(server, browser, 1280, 800):
            visit.page.wait_for_selector(LOADING)
            assert "正在载入模型" in visit.page.inner_text(LOADING)
            assert visit.page.locator(".wj-pane .wj-s").count() == 4
            visit.ask("甲公司在哪里？")
            assert visit.page.locator(".wj-reply .wj-text").count() == 1
            visit.page.wait_for_selector(LOADING, state="detached")


def test_models_that_are_not_there_are_told_on_the_page(tmp_path: Path, browser: Browser) -> None:
    with serving(tmp_path, "--collection", FILE, WENJU_MODELS__READER=str(tmp_path / "none")) as server:
        for visit in open_page(server, browser, 1280, 800):
            alert = visit.page.wait_for_selector("#wj-loading [role=alert]")
            assert alert is not None and "config.json is missing" in alert.inner_text()
            visit.page.fill("#wj-question textarea", "甲公司在哪里？")
            visit.page.press("#wj-question textarea", "Enter")
            visit.page.wait_for_selector(".wj-failure")
