"""The report: what its data and its HTML say, by hand."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from corpus import Language
from eval.plot_words import PLOT_WORDS
from eval.questions import GoldSentence
from eval.records import Record
from eval.report import render_report, render_result, report_style
from eval.report_data import report_data
from eval.report_words import REPORT_WORDS
from eval.summary import summarise
from eval.tables import group_tables
from tests.eval.reported import DIGEST, HOSTILE, PARK, PORT, RECORDS, SUMMARY, gold, record, summary_of


class Elements(HTMLParser):
    """The elements of a page, and the text of the element that holds the data."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.data = ""
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append((tag, dict(attrs)))
        self._inside = ("data-wjr", "data") in attrs

    def handle_data(self, data: str) -> None:
        """Keep the data's text."""
        self.data += data if self._inside else ""

    def handle_endtag(self, tag: str) -> None:
        """The data hold no element."""
        self._inside = False


def rows_of(*records: Record) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report_data(records, "zh")["rows"]
    return found


def test_right_wrong_and_error_are_told_apart() -> None:
    assert [row["verdict"] for row in rows_of(*RECORDS)] == ["right", "wrong", "right", "error", "right"]


def test_without_evidence_contains_decides() -> None:
    asked = gold("q", (PARK,), evidence_sets=())
    assert [rows_of(record(asked, "answered", said))[0]["verdict"] for said in (PARK, PORT)] == [
        "right",
        "wrong",
    ]
    # And what is cited is neither right nor wrong.
    assert rows_of(record(asked, "answered", PARK))[0]["cited"] == [[1, PARK, "导语", None]]


def test_a_row_says_what_was_cited_and_what_should_have_been() -> None:
    asked = gold("q", (PARK,), (GoldSentence(document_id="d", text=PORT), PARK))
    (row,) = rows_of(record(asked, "answered", PORT[:-1], "武汉的光。"))
    assert row["cited"] == [[1, PORT[:-1], "导语", True], [2, "武汉的光。", "导语", False]]
    assert row["gold"] == [[[PARK, False]], [[PORT, True, "d"], [PARK, False]]]
    assert row["wanted"] == [[("10个", "十个"), False]]
    assert row["confidence"] == 0.5 and row["timings"] == {"read": 2.0, "total": 7.5}


def test_what_an_error_did_not_cite_is_not_held_against_it() -> None:
    row = rows_of(*RECORDS)[3]
    assert row["gold"] == [[[PARK, None]], [[PORT, None], [PARK, None]]]
    assert row["wanted"] == [[("10个", "十个")]]


def test_every_passage_is_there_once() -> None:
    data = report_data(RECORDS, "zh")
    assert [text for _, _, text in data["passages"]] == [PARK + PORT, PORT, HOSTILE]
    assert [row.get("hits") for row in data["rows"]] == [
        [[0, 1, None, 1], [1, 2, None, 2]],
        [[1, 1, None, 1], [0, 2, None, 2]],
        [[1, 1, None, 1]],
        None,
        [[2, 1, None, 1]],
    ]


def test_errors_are_listed_apart_with_their_messages() -> None:
    page = render_result(SUMMARY, RECORDS, "zh")
    errors = page[page.index('class="wjr-errors"') : page.index("</ul>")]
    assert "1 个问题出错" in errors and "RuntimeError" in errors and errors.count("<li>") == 1
    assert SUMMARY["groups"][0]["questions"] == 4  # it is in no mean
    assert "wjr-errors" not in render_result(summary_of(RECORDS[0]), RECORDS[:1], "zh")


def test_the_header_shortens_fingerprints_and_keeps_them_whole_in_the_title() -> None:
    page = render_result(SUMMARY, RECORDS, "en")
    assert f'<dd title="sha256:{DIGEST}">sha256:0123456789ab…</dd>' in page
    assert "<dd>&lt;b&gt;reader&lt;/b&gt;</dd>" in page
    assert "<dd>2026-07-02 09:12 UTC</dd>" in page and "<dd>1:00:05</dd>" in page
    assert "<code>retrieval.top_k</code></dt><dd>8</dd>" in page
    assert "None" not in re.sub(r'data-wjr="data">.*', "", page)


def test_a_summary_may_say_little() -> None:
    page = render_result({"set": {"name": "s"}, **summarise([], [], False)}, [], "en")
    assert "<table" not in page and "<svg" not in page and "wjr-list" in page


def test_a_run_of_an_older_version_opens() -> None:
    """Its summary has neither what reading changed nor what confidence tells apart."""
    older = {name: value for name, value in SUMMARY.items() if name not in ("reading", "discrimination")}
    assert render_report(older, RECORDS, "zh") == render_report(SUMMARY, RECORDS, "zh")
    told, *rest = group_tables(SUMMARY).split("\n\n")[::-1]
    assert "area under ROC" in told
    assert group_tables(older) == "\n\n".join(rest[::-1])


def table_of(page: str) -> tuple[list[str], list[str]]:
    """The heads of the table's columns and rows."""
    table = page[page.index("<table") : page.index("</table>")]
    return tuple(  # type: ignore[return-value]  # two of them
        [
            re.sub(r"<[^>]*>", "", head).strip()
            for head in re.findall(rf'<th scope="{of}"[^>]*>(.*?)</th>', table)
        ]
        for of in ("col", "row")
    )


def test_the_table_has_a_row_a_group_and_the_main_metrics() -> None:
    page = render_result(SUMMARY, RECORDS, "en")
    columns, rows = table_of(page)
    assert columns[:4] == ["Group", "Questions", "grounded", "contains"]
    assert [column for column in columns if column.startswith("R@")] == [
        "R@1",
        "R@5",
        "R@10",
        "R@1 after reading",
    ]
    assert "false refusals ↓" in columns and "grounded ↓" not in columns
    assert [unescape(row) for row in rows] == [
        "all questions",
        HOSTILE.strip(),
        "number",
        "unanswerable",
        "Chinese",
    ]
    # Three of four are grounded; three were answerable, and two of those contain what they must.
    assert "<td>4</td>" in page and "<b>0.750</b>" in page
    assert re.search(r"<b>0.667</b><small>[^<]*</small><small>n=3</small>", page)


def test_conditions_have_no_common_mean() -> None:
    summary = summary_of(*RECORDS[:3], conditions=True)
    page = render_result(summary, RECORDS[:3], "en")
    assert table_of(page)[1] == ["number", "unanswerable"]
    assert "wjr-headline" not in page


def test_hostile_text_stays_text_in_the_fragment() -> None:
    elements = Elements(render_result(SUMMARY, RECORDS, "zh"))
    assert not {"img", "script", "template", "iframe"} & {tag for tag, _ in elements.found}
    assert not [name for _, attributes in elements.found for name in attributes if name.startswith("on")]
    row = json.loads(elements.data)["rows"][4]
    assert row["question"] == row["type"] == HOSTILE and row["cited"][0][1] == HOSTILE
    assert "<script" not in render_result(SUMMARY, RECORDS, "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_asks_for_nothing(language: Language) -> None:
    page = render_report(SUMMARY, RECORDS, language)
    for tag, attributes in Elements(page).found:
        assert tag not in {"link", "img", "iframe", "object", "base"}
        assert "src" not in attributes
        assert all(
            (value or "").startswith("#")
            for name, value in attributes.items()
            if name in ("href", "xlink:href")
        )
    assert not re.search(r"https?://|@import|url\((?!#)", page)
    assert "default-src 'none'" in page


def test_the_same_run_gives_the_same_bytes() -> None:
    assert render_report(SUMMARY, iter(RECORDS), "zh") == render_report(SUMMARY, list(RECORDS), "zh")


def test_the_style_touches_nothing_else_on_a_page() -> None:
    style = re.sub(r"/\*.*?\*/", "", report_style())
    for selectors in re.findall(r"([^{}]+)\{", style):
        for selector in selectors.strip().split(","):
            assert re.match(r"(\.dark )?\.wjr(-page)?\b|@media|[a-z ]+\)$", selector.strip()), selector


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: (lighter + 0.05) / (darker + 0.05)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_text_can_be_read_in_every_theme() -> None:
    themes = re.findall(r"\{([^{}]*--wjr-bg: [^{}]*)\}", report_style())
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--wjr-(\w+): (?:var\([^,]*, )?(#\w{6})", theme))
        for text in ("ink", "soft", "accent", "second", "good", "bad"):
            assert min(contrast(colours[text], colours[on]) for on in ("bg", "panel")) >= 4.5, text
        assert contrast(colours["ink"], colours["mark"]) >= 4.5


def test_both_languages_fill_in_the_same_things() -> None:
    def blanks(words: object) -> dict[str, list[str]]:
        flat: dict[str, list[str]] = {}

        def walk(name: str, value: object) -> None:
            if isinstance(value, dict):
                for key, inner in value.items():
                    walk(f"{name}.{key}", inner)
            else:
                flat[name] = sorted(re.findall(r"\{\w+\}", str(value)))

        walk("", words)
        return flat

    for words in (REPORT_WORDS, PLOT_WORDS):
        assert blanks(asdict(words["zh"])) == blanks(asdict(words["en"]))
