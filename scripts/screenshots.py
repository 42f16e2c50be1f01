"""The pictures in docs/ but the curves: python scripts/screenshots.py docs/ (needs Chromium and Playwright).

A question that is asked for real, and a comparison after it, at a laptop in both themes and at a phone; an
article of one's own as it was understood; with the folder of a fetched model, a reply being written; and the
head of a run's report.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from eval.bench_chat import find_browser, running_chat

_FOUNDED = "武汉市数据局是什么时候成立的？"
_COMPARED = "从武汉市数据局成立到武汉算力公共服务平台上线相差几天？"
_OWN = Path(__file__).parents[1] / "eval" / "sets" / "ronsway-tidal-power.md"
_WRITER = "qwen2.5-coder-0.5b"
_EXPLAINED = "武汉怎样推动数据要素配置改革？"
_COLOURS = 128  # of the picture's palette: letters and their edges, a few plain areas


@dataclass(frozen=True)
class _Shot:
    """A picture: its file's name, the window, the theme, and what is asked in it."""

    name: str
    window: tuple[int, int]
    theme: str
    questions: tuple[str, ...]


_SHOTS = (
    _Shot("chat-light", (1280, 800), "light", (_FOUNDED, _COMPARED)),
    _Shot("chat-dark", (1280, 800), "dark", (_FOUNDED, _COMPARED)),
    _Shot("chat-phone", (390, 844), "light", (_FOUNDED,)),
)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(
        prog="python scripts/screenshots.py", description="Pictures of the chat."
    )
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--models", type=Path, help=f"where {_WRITER} lies, for the reply being written")
    parser.add_argument("--report", type=Path, help="a run's report.html, for its picture")
    options = parser.parse_args()
    path = find_browser()
    if path is None:
        sys.exit("no Chromium on this machine (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with tempfile.TemporaryDirectory(prefix="wenju-screenshots-") as home:
            os.environ["WENJU_HOME"] = home
            _take_all(browser, options.folder, options.models)
        if options.report:
            _save(options.folder / "report.png", _take_report(browser, options.report))
        browser.close()


def _take_all(browser: Browser, folder: Path, models: Path | None) -> None:
    with running_chat() as (url, _):
        for shot in _SHOTS:
            _save(folder / f"{shot.name}.png", _take(browser, url, shot))
        _save(folder / "articles.png", _take_articles(browser, url))
    if models is not None:
        (Path(os.environ["WENJU_HOME"]) / "models").symlink_to(models.resolve())
        os.environ["WENJU_WRITER__USE"] = f"llama:{_WRITER}"
        with running_chat() as (url, _):
            _save(folder / "writing.png", _take_writing(browser, url))


def _take(browser: Browser, url: str, shot: _Shot) -> bytes:
    width, height = shot.window
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2, locale="zh-CN"
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{url}?__theme={shot.theme}")
    page.wait_for_selector("#wj-question textarea")
    for number, question in enumerate(shot.questions, start=1):
        _ask(page, question, number)
    page.mouse.move(0, 0)
    picture = page.screenshot()
    context.close()
    return picture


def _take_articles(browser: Browser, url: str) -> bytes:
    page = browser.new_page(viewport={"width": 1280, "height": 1150}, device_scale_factor=2, locale="zh-CN")
    page.goto(url)
    page.click("#wj-switch")
    page.get_by_role("tab", name="Articles").click()
    page.set_input_files("#wj-files input[type=file]", _OWN)
    page.wait_for_selector(".wj-preview")
    page.wait_for_timeout(1500)
    picture = page.screenshot()
    page.close()
    return picture


def _take_writing(browser: Browser, url: str) -> bytes:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=2, locale="zh-CN")
    page.set_default_timeout(120_000)
    page.goto(url)
    page.fill("#wj-question textarea", _EXPLAINED)
    page.press("#wj-question textarea", "Enter")
    page.wait_for_selector(".wj-writing .wj-tail:not(:empty)")
    picture = page.screenshot()
    page.close()
    return picture


def _take_report(browser: Browser, report: Path) -> bytes:
    page = browser.new_page(viewport={"width": 1240, "height": 1180}, locale="zh-CN")
    page.goto(report.resolve().as_uri())
    page.wait_for_timeout(1500)
    picture = page.screenshot()
    page.close()
    return picture


def _save(file: Path, picture: bytes) -> None:
    file.write_bytes(_smaller(picture))
    print(f"{file}: {file.stat().st_size / 1000:.0f} kB")


def _ask(page: Page, question: str, number: int) -> None:
    page.fill("#wj-question textarea", question)
    page.press("#wj-question textarea", "Enter")
    page.wait_for_function(f"document.querySelectorAll('.wj-reply').length === {number}")
    page.wait_for_selector(".wj-marked")
    page.wait_for_timeout(1500)  # the article moves, other questions are offered


def _smaller(picture: bytes) -> bytes:
    """The picture with a palette, which is enough for a page of text."""
    out = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
