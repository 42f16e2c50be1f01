"""The Evaluation tab as a stranger uses it: run, stop, look at a failure, open it in the chat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import Server, Visit, open_page

pytestmark = [pytest.mark.browser, pytest.mark.model]

FOUNDED = "武汉市数据局于今年2月29日正式挂牌成立，统筹推进数字经济创新发展，深化数据赋能城市治理，紧紧围绕国家确定的数据要素市场化配置改革主线，多项工作成果入选国家试点示范和全国典型案例。"  # noqa: E501
CITY_CODE = "“i武汉”城市码累计上线民生服务事项200项，获新华社《政务智库报告》推介。"


def row(row_id: str, question: str, must: str = "", *evidence: str, **more: Any) -> dict[str, Any]:
    """A question; unanswerable without evidence."""
    return {
        "id": row_id,
        "lang": "zh",
        "type": "date" if evidence else "unanswerable",
        "question": question,
        "answers": [must] if must else [],
        "must_contain": [must] if must else [],
        "evidence_sets": [list(evidence)] if evidence else [],
        **more,
    }


RIGHT = row("q1", "武汉市数据局是什么时候成立的？", "2月29日", FOUNDED)
REFUSED = row("q2", "武汉市市长是谁？")
# The reply quotes the founding; the gold of this row says otherwise, so that the question fails.
FAILING = row("q3", "武汉市数据局何时成立？", "200项", CITY_CODE)


@pytest.fixture
def small(server: Server) -> Iterator[str]:
    """A set of three questions in the data folder: two right, one failing."""
    yield from put(server.home, "small", [RIGHT, REFUSED, FAILING])


@pytest.fixture
def long(server: Server) -> Iterator[str]:
    """A set that runs for long enough to be stopped."""
    yield from put(server.home, "long", [{**REFUSED, "id": f"q{n}"} for n in range(3000)])


def put(home: Path, name: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    file = home / "sets" / f"{name}.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    yield name
    file.unlink()


def run(visit: Visit, name: str, tab: str = "评测") -> None:
    """Choose a set in the tab and run it to its result."""
    start(visit, name, tab)
    expect(visit.page.locator("#wj-result .wjr")).to_be_visible(timeout=60_000)


def start(visit: Visit, name: str, tab: str = "评测") -> None:
    visit.page.get_by_role("tab", name=tab).click()
    visit.page.locator("#wj-sets input").click()
    visit.page.get_by_role("option", name=name, exact=True).click()
    visit.page.locator("#wj-run").click()


def test_a_set_is_run_and_its_result_shown(visit: Visit, small: str, server: Server) -> None:
    run(visit, small)
    result = visit.page.locator("#wj-result")
    expect(result.locator("svg").first).to_be_visible()
    expect(result).to_contain_text("0.667")  # two of three are grounded
    expect(visit.page.locator("#wj-stop")).to_be_hidden()
    expect(visit.page.locator("#wj-run")).to_be_enabled()
    (folder,) = (server.home / "runs").glob("small-*")
    assert {path.name for path in folder.iterdir()} == {"records.jsonl", "summary.json", "report.html"}
    assert visit.blocked == []
    assert server.refused() == []


def test_a_failure_is_opened_in_the_chat_beside_its_sentences(visit: Visit, small: str) -> None:
    run(visit, small)
    rows = visit.page.locator("#wj-result button[aria-expanded]")
    expect(rows).to_have_count(1)  # the failures alone
    rows.click()
    expect(visit.page.locator("#wj-result")).to_contain_text("城市码累计上线民生服务事项200项")
    visit.page.get_by_role("button", name="在对话中打开").click()
    expect(visit.page.locator("#wj-chat .wj-question").last).to_have_text("武汉市数据局何时成立？")
    visit.wait_marked("2月29日")  # what the reply cites
    expect(visit.page.locator(".wj-gold")).to_have_text(CITY_CODE)
    visit.ask("武汉市市长是谁？")
    expect(visit.page.locator(".wj-gold")).to_have_count(0)


def test_the_opened_failure_leaves_the_conversation_as_it_was(visit: Visit, small: str) -> None:
    visit.ask("武汉市市长是谁？")
    run(visit, small)
    visit.page.locator("#wj-result button[aria-expanded]").click()
    visit.page.get_by_role("button", name="在对话中打开").click()
    expect(visit.page.locator("#wj-chat .wj-question")).to_have_count(2)


def test_a_run_is_stopped_and_what_was_asked_is_shown(visit: Visit, long: str) -> None:
    start(visit, long)
    expect(visit.page.locator("#wj-progress")).to_contain_text("已答", timeout=60_000)
    visit.page.locator("#wj-stop").click()
    expect(visit.page.locator("#wj-result .wjr")).to_be_visible(timeout=60_000)
    expect(visit.page.locator("#wj-progress")).to_contain_text("已停止")
    expect(visit.page.locator("#wj-run")).to_be_enabled()
    visit.page.get_by_role("tab", name="对话").click()
    visit.ask("武汉市数据局是什么时候成立的？")
    assert "2月29日" in visit.reply()


def test_the_chat_answers_while_a_set_runs(visit: Visit, long: str) -> None:
    start(visit, long)
    expect(visit.page.locator("#wj-progress")).to_contain_text("已答", timeout=60_000)
    visit.page.get_by_role("tab", name="对话").click()
    visit.ask("武汉市数据局是什么时候成立的？")
    assert "2月29日" in visit.reply()
    visit.page.get_by_role("tab", name="评测").click()
    visit.page.locator("#wj-stop").click()
    expect(visit.page.locator("#wj-result .wjr")).to_be_visible(timeout=60_000)


def test_who_comes_second_is_told_at_once_and_may_run_later(
    visit: Visit, server: Server, browser: Browser, long: str
) -> None:
    start(visit, long)
    expect(visit.page.locator("#wj-progress")).to_contain_text("已答", timeout=60_000)
    for other in open_page(server, browser, 1280, 800):
        start(other, long)
        expect(other.page.locator(".toast-body")).to_contain_text("另一个页面正在评测", timeout=5_000)
        expect(other.page.locator("#wj-run")).to_be_enabled()
        visit.page.locator("#wj-stop").click()
        expect(visit.page.locator("#wj-result .wjr")).to_be_visible(timeout=60_000)
        other.page.locator("#wj-run").click()
        expect(other.page.locator("#wj-progress")).to_contain_text("已答", timeout=60_000)
        other.page.locator("#wj-stop").click()
        expect(other.page.locator("#wj-result .wjr")).to_be_visible(timeout=60_000)


def test_a_set_of_another_document_is_refused_in_words(visit: Visit, server: Server) -> None:
    for name in put(server.home, "elsewhere", [row("q1", "几月？", "三月", "这句话不在文章里。")]):
        start(visit, name)
        expect(visit.page.locator("#wj-progress .wj-failure")).to_contain_text("q1")
        expect(visit.page.locator("#wj-run")).to_be_enabled()


def test_a_set_that_is_gone_is_not_chosen_any_more(visit: Visit, server: Server) -> None:
    page = visit.page
    for name in put(server.home, "brief", [RIGHT]):
        page.get_by_role("tab", name="评测").click()
        page.locator("#wj-sets input").click()
        page.get_by_role("option", name=name, exact=True).click()
        expect(page.locator("#wj-sets input")).to_have_value(name)
    page.get_by_role("tab", name="对话").click()
    page.get_by_role("tab", name="评测").click()
    expect(page.locator("#wj-sets input")).not_to_have_value(name)
    expect(page.locator("#wj-sets input")).not_to_be_empty()  # the first of those that are there


def test_the_tab_speaks_english_and_fits_a_phone(phone: Visit, small: str) -> None:
    phone.page.get_by_role("button", name="English").click()
    expect(phone.page.get_by_role("tab", name="Evaluation")).to_be_visible()
    run(phone, small, tab="Evaluation")
    expect(phone.page.locator("#wj-result")).to_contain_text("Question by question")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
