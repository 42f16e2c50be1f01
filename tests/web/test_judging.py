"""A reply is judged, and becomes a row of the user's own set."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Server, Visit

pytestmark = [pytest.mark.browser, pytest.mark.model]

ASKED = "武汉市数据局是什么时候成立的？"
FOUNDED = "武汉市数据局于今年2月29日正式挂牌成立"
ROADS = "已突破3379公里"


@pytest.fixture
def own(server: Server) -> Iterator[Path]:
    """The user's own set; gone after the test."""
    file = server.home / "sets" / "my-wuhan-digital-economy.jsonl"
    yield file
    file.unlink(missing_ok=True)


def rows(file: Path) -> list[dict[str, Any]]:
    header, *lines = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    assert header["set"] == file.stem
    return lines


def judge(visit: Visit, verdict: str) -> None:
    """Open what is under the last reply and choose."""
    last = visit.page.locator(".wj-judge").last
    last.locator("summary").click()
    last.get_by_role("button", name=verdict).click()


def pick(visit: Visit, text: str) -> None:
    """Click the first sentence of the article that holds a text."""
    sentence = visit.page.locator(".wj-paragraph > .wj-s", has_text=text).first
    expect(sentence).to_have_attribute("aria-pressed", re.compile("true|false"))  # it can be picked by now
    sentence.click()


def test_a_right_reply_is_one_click(visit: Visit, own: Path) -> None:
    visit.ask("你好")  # which nobody can judge
    visit.ask(ASKED)
    judge(visit, "答得对")
    expect(visit.page.locator(".toast-body")).to_contain_text("共 1 题")
    (row,) = rows(own)
    assert (row["question"], row["type"]) == (ASKED, "own")
    assert [sentence.startswith(FOUNDED) for sentence in row["evidence_sets"][0]] == [True]
    expect(visit.page.locator("#wj-judging")).to_be_hidden()


def test_the_right_sentence_is_clicked_in_the_article(visit: Visit, own: Path) -> None:
    visit.ask(ASKED)
    judge(visit, "句子不对")
    expect(visit.page.locator("#wj-judging")).to_be_visible()
    pick(visit, ROADS)
    expect(visit.page.locator("#wj-judging [role=status]")).to_contain_text("共 1 题")
    (row,) = rows(own)
    assert [ROADS in sentence for sentence in row["evidence_sets"][0]] == [True]
    pick(visit, FOUNDED)  # a second one
    expect(visit.page.locator("#wj-judging li")).to_have_count(2)
    pick(visit, ROADS)  # taken back
    expect(visit.page.locator("#wj-judging li")).to_have_count(1)
    visit.page.locator("#wj-must input, #wj-must textarea").fill("2月29日；挂牌")
    visit.page.get_by_role("button", name="完成", exact=True).click()
    expect(visit.page.locator("#wj-judging")).to_be_hidden()
    expect(visit.page.locator("body.wj-picking")).to_have_count(0)
    (row,) = rows(own)
    assert (row["must_contain"], len(row["evidence_sets"][0])) == (["2月29日", "挂牌"], 1)


def test_two_sentences_are_clicked_at_once(visit: Visit, own: Path) -> None:
    visit.ask(ASKED)
    judge(visit, "句子不对")
    expect(visit.page.locator(".wj-paragraph > .wj-s").first).to_have_attribute("aria-pressed", "false")
    both = "[...document.querySelectorAll('.wj-paragraph > .wj-s')].slice(0, 2).forEach((one) => one.click())"
    visit.page.evaluate(both)
    expect(visit.page.locator("#wj-judging li")).to_have_count(2)


def test_all_taken_back_writes_nothing(visit: Visit, own: Path) -> None:
    visit.ask(ASKED)
    judge(visit, "答错了")
    pick(visit, ROADS)
    expect(visit.page.locator("#wj-judging li")).to_have_count(1)
    pick(visit, ROADS)
    expect(visit.page.locator("#wj-judging li")).to_have_count(0)
    visit.page.get_by_role("button", name="完成", exact=True).click()
    expect(visit.page.locator("#wj-judging")).to_be_hidden()
    assert not own.exists()


def test_a_wrong_reply_to_what_the_article_does_not_say(visit: Visit, own: Path) -> None:
    visit.ask(ASKED)
    judge(visit, "答错了")
    visit.page.get_by_role("button", name="文章没有回答").click()
    expect(visit.page.locator("#wj-judging")).to_be_hidden()
    (row,) = rows(own)
    assert (row["type"], row["answers"], row["evidence_sets"]) == ("unanswerable", [], [])


def test_a_refusal_is_right_or_wrong_and_has_no_sentence(visit: Visit, own: Path) -> None:
    visit.ask("武汉市市长是谁？")
    visit.page.locator(".wj-judge summary").click()
    assert visit.page.locator(".wj-judge button").all_inner_texts() == ["答得对", "答错了"]
    visit.page.get_by_role("button", name="答得对").click()
    expect(visit.page.locator(".toast-body")).to_contain_text("共 1 题")
    assert rows(own)[0]["type"] == "unanswerable"


def test_the_last_judgement_on_a_question_stands(visit: Visit, own: Path) -> None:
    visit.ask(ASKED)
    judge(visit, "答得对")
    expect(
        visit.page.locator(".toast-body")
    ).to_be_visible()  # written down: a click before that is not taken
    judge(visit, "答错了")
    pick(visit, ROADS)
    expect(visit.page.locator("#wj-judging li")).to_have_count(1)
    (row,) = rows(own)
    assert ROADS in row["evidence_sets"][0][0]


def test_sentences_are_picked_from_the_keyboard_and_headings_are_not(visit: Visit, own: Path) -> None:
    visit.ask(ASKED)
    judge(visit, "句子不对")
    sentence = visit.page.locator(".wj-paragraph > .wj-s", has_text=ROADS).first
    expect(sentence).to_have_attribute("aria-pressed", "false")
    sentence.press("Enter")
    expect(sentence).to_have_attribute("aria-pressed", "true")
    visit.page.locator(".wj-title .wj-s").click()
    expect(visit.page.locator("#wj-judging li")).to_have_count(1)


def test_an_earlier_reply_is_judged_by_its_own_question(visit: Visit, own: Path) -> None:
    visit.ask(ASKED)
    visit.ask("武汉市市长是谁？")
    first = visit.page.locator(".wj-judge").first
    first.locator("summary").click()
    first.get_by_role("button", name="答得对").click()
    expect(visit.page.locator(".toast-body")).to_be_visible()
    assert [row["question"] for row in rows(own)] == [ASKED]


def test_a_phone_is_led_to_the_panel(phone: Visit, own: Path) -> None:
    phone.ask(ASKED)
    judge(phone, "句子不对")
    expect(phone.page.locator("#wj-judging")).to_be_in_viewport()
    pick(phone, FOUNDED)
    expect(phone.page.locator("#wj-judging li")).to_have_count(1)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_users_set_is_run_in_the_tab(visit: Visit, own: Path) -> None:
    visit.ask(ASKED)
    judge(visit, "答得对")
    expect(visit.page.locator(".toast-body")).to_be_visible()
    visit.page.get_by_role("tab", name="评测").click()
    visit.page.locator("#wj-sets input").click()
    visit.page.get_by_role("option", name=own.stem).click()
    visit.page.locator("#wj-run").click()
    expect(visit.page.locator("#wj-result .wjr")).to_be_visible(timeout=60_000)
    expect(visit.page.locator("#wj-result")).to_contain_text("1.000")
