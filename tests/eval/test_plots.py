"""Plots: where the points stand, by hand, and what every drawing promises the page."""

from __future__ import annotations

import re
from typing import Any

import matplotlib
import pytest

from eval.plot_words import PLOT_WORDS
from eval.plots import by_type, draw_plots, latencies, recall, reliability, risk_coverage

ZH = PLOT_WORDS["zh"]
# As the axes lie in `Frame`: 330 points wide, 48 free at the left and 14 at the right.
LEFT, WIDTH = 48, 268


def mean(n: int, value: float) -> dict[str, Any]:
    return {"n": n, "mean": value, "low": max(0.0, value - 0.1), "high": min(1.0, value + 0.1)}


def group(by: str, name: str, **metrics: dict[str, Any]) -> dict[str, Any]:
    return {"by": by, "name": name, "questions": 9, "metrics": metrics}


GROUPS = [
    group("overall", "all", grounded=mean(6, 0.5), contains=mean(4, 0.75)),
    group("type", "number", grounded=mean(4, 0.75)),
    group("type", "$x$ </svg><img onerror=alert(1)>", grounded=mean(2, 0)),
    group("language", "zh", grounded=mean(6, 0.5)),
]
CURVES: dict[str, Any] = {
    "recall_at": [{"k": k, **mean(4, value)} for k, value in ((1, 0.5), (2, 0.75), (3, 1.0))],
    "risk_coverage": [[0.25, 0.0], [0.5, 0.5]],
    "area_under_risk": 0.25,
    "reliability": [{"n": 4, "confidence": 0.25, "share": 0.5}, {"n": 1, "confidence": 0.75, "share": 1.0}],
    "calibration_error": 0.25,
    "latency_ms": {"p50": 20.0, "p95": 100.0},
    "latencies_ms": [10.0, 20.0, 30.0, 100.0],
}
EMPTY: dict[str, Any] = {
    "recall_at": [],
    "risk_coverage": [],
    "area_under_risk": 0.0,
    "reliability": [],
    "calibration_error": 0.0,
    "latency_ms": {"p50": None, "p95": None},
    "latencies_ms": [],
}


def vertices(svg: str, name: str) -> list[tuple[float, float]]:
    """The corners of the line in the group of an id."""
    path = re.search(rf'<g id="{name}"> <path d="([^"]*)"', svg)
    assert path is not None
    return [(float(x), float(y)) for x, y in re.findall(r"[ML] (\S+) (\S+)", path[1])]


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_recall_is_drawn_at_every_k() -> None:
    (x1, y1), (x2, y2), (x3, y3) = vertices(recall(CURVES, ZH), "wjr-recall-points")
    assert x2 - x1 == pytest.approx(x3 - x2) and x2 > x1
    # 0.5, 0.75 and 1 are as far from one another, and higher is further up.
    assert y1 - y2 == pytest.approx(y2 - y3) and y2 < y1
    assert {"1", "2", "3", "段落数 k"} <= set(texts(recall(CURVES, ZH)))


def test_risk_is_drawn_as_steps_so_that_the_area_is_the_one_named() -> None:
    svg = risk_coverage(CURVES, ZH)
    corners = vertices(svg, "wjr-risk-points")
    xs = [x for x, _ in corners]
    assert xs == pytest.approx([LEFT, LEFT, LEFT + WIDTH / 4, LEFT + WIDTH / 4, LEFT + WIDTH / 2])
    flat, high = corners[0][1], corners[-1][1]
    # Risk 0 up to a quarter, 0.5 from there on; the axis ends at 1.15 * 0.5 + 0.03 over 164 points.
    assert [y for _, y in corners] == pytest.approx([flat, flat, flat, high, high])
    assert flat - high == pytest.approx(164 * 0.5 / 0.605)
    assert "AURC 0.250" in svg


def test_many_points_of_risk_are_thinned_and_the_last_one_stays() -> None:
    points = [[n / 5000, 0.1] for n in range(1, 4001)]
    corners = vertices(risk_coverage({**CURVES, "risk_coverage": points}, ZH), "wjr-risk-points")
    assert len(corners) <= 2 * 401
    assert corners[-1][0] == pytest.approx(LEFT + WIDTH * 0.8)


def test_reliability_has_a_point_a_bin_with_its_number_of_questions() -> None:
    svg = reliability(CURVES, ZH)
    found = re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)"', svg)
    centres = {(round(float(x)), round(float(y))) for x, y in found}
    # The share axis: -0.09 to 1.09 over 194 points above a margin of 36, the figure 240 high.
    heights = [240 - 36 - 194 * (share + 0.09) / 1.18 for share in (0.5, 1.0)]
    wanted = {(round(LEFT + WIDTH * c), round(y)) for c, y in zip((0.25, 0.75), heights, strict=True)}
    assert wanted <= centres
    assert {"4", "1"} <= set(texts(svg)) and "ECE 0.250" in svg


def test_latency_has_its_percentiles_marked() -> None:
    svg = latencies(CURVES, ZH)
    for name, value in (("p50", 20), ("p95", 100)):
        xs = {x for x, _ in vertices(svg, f"wjr-latency-{name}")}
        assert [*xs] == [pytest.approx(LEFT + WIDTH * value / 102)]
        assert f"{name} {value}" in texts(svg)
    assert "毫秒" in texts(svg)


def test_the_last_bar_says_so_when_it_holds_slower_ones() -> None:
    slow = {"latency_ms": {"p50": 10.0, "p95": 20.0}, "latencies_ms": [10.0, 20.0, 900.0]}
    assert "毫秒（末柱含更慢的）" in texts(latencies({**CURVES, **slow}, ZH))


def test_types_stand_with_their_mean_and_number_of_questions() -> None:
    shown = texts(by_type(GROUPS, ZH, {"all": "全部问题", "number": "数字"}))
    assert [text for text in shown if "题" in text] == [
        "全部问题",
        "0.50 · 6 题",
        "0.75 · 4 题",
        "0.00 · 2 题",
    ]
    assert "数字" in shown
    assert "中文" not in shown and "zh" not in shown  # languages are in the table


def test_without_evidence_contains_is_shown_and_named() -> None:
    groups = [
        group("type", "noise 0", contains=mean(3, 1.0)),
        group("type", "rejection", grounded=mean(2, 0.5)),
    ]
    plots = draw_plots({"groups": groups, "curves": EMPTY}, "en")
    assert [plot.title for plot in plots] == ["contains / grounded by type"]
    assert "1.00 · 3 q." in texts(plots[0].svg)


def test_a_name_is_text_and_nothing_else() -> None:
    svg = by_type(GROUPS, ZH, {})
    assert "<img" not in svg and svg.count("</svg>") == 1
    assert "$x$ &lt;/svg&gt;" in svg  # neither markup nor a formula


def test_a_long_name_is_cut() -> None:
    svg = by_type([group("type", "很长的名字" * 10, grounded=mean(1, 1.0))], ZH, {})
    assert "很长的名字很长的名字很长的…" in texts(svg)


def test_nothing_to_draw_is_no_plot() -> None:
    assert [draw(EMPTY, ZH) for draw in (recall, risk_coverage, reliability, latencies)] == [""] * 4
    assert by_type([], ZH, {}) == ""
    assert draw_plots({"groups": [], "curves": EMPTY}, "zh") == []


def test_plots_on_a_page_have_no_id_in_common_and_refer_to_their_own() -> None:
    svgs = "".join(plot.svg for plot in draw_plots({"groups": GROUPS, "curves": CURVES}, "zh"))
    ids = re.findall(r' id="([^"]*)"', svgs)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]*)', svgs)) <= set(ids)


def test_the_page_alone_gives_colours_fonts_and_rules() -> None:
    svgs = [plot.svg for plot in draw_plots({"groups": GROUPS, "curves": CURVES}, "zh")]
    assert len(svgs) == 5
    for svg in svgs:
        assert not re.search(r"#[0-9a-f]{6}\b|http|font-family|<style|<!--|<metadata", svg)
        assert "currentColor" in svg or "var(--wjr-" in svg
        assert svg.startswith('<svg class="wjr-svg" viewBox="0 0 330 ') and ' role="img" aria-label="' in svg


def test_the_same_values_give_the_same_bytes_whatever_the_style_of_the_process() -> None:
    first = draw_plots({"groups": GROUPS, "curves": CURVES}, "zh")
    with matplotlib.rc_context({"font.size": 30, "grid.linestyle": ":", "xtick.major.pad": 9}):
        assert draw_plots({"groups": GROUPS, "curves": CURVES}, "zh") == first
        assert matplotlib.rcParams["font.size"] == 30  # and leave it as it was
