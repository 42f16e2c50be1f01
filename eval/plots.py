"""The report's plots: a summary's groups and curves, each as an SVG; where there is nothing to draw, ""."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from corpus import Language
from eval.drawing import ACCENT, INK, LINE, SECOND, SIZE, SOFT, Frame, ems, render, word
from eval.metrics import LABELS, PRIMARY
from eval.plot_words import GROUP_NAMES, PLOT_WORDS, PlotWords
from eval.tables import rounded

_MOST_POINTS = 400  # of a curve: more cannot be seen
_BARS = 28
_LONGEST = 14.0  # em: a longer label is cut

Groups = Sequence[Mapping[str, Any]]
Curves = Mapping[str, Any]


@dataclass(frozen=True)
class Plot:
    """A plot with the words around it."""

    name: str
    title: str
    note: str
    svg: str


def draw_plots(summary: Mapping[str, Any], language: Language) -> list[Plot]:
    """Every plot that there are values for."""
    groups, curves, words = summary["groups"], summary["curves"], PLOT_WORDS[language]
    by_type_svg = by_type(groups, words, GROUP_NAMES[language])
    plots = [
        Plot("type", _by_type_title(groups, words), words.by_type_note, by_type_svg),
        Plot("recall", words.recall, words.recall_note, recall(curves, words)),
        Plot("risk", _risk_title(curves, words), words.risk_note, risk_coverage(curves, words)),
        Plot(
            "reliability",
            _reliability_title(curves, words),
            words.reliability_note,
            reliability(curves, words),
        ),
        Plot("latency", _latency_title(curves, words), words.latency_note, latencies(curves, words)),
    ]
    return [one for one in plots if one.svg]


def _by_type_title(groups: Groups, words: PlotWords) -> str:
    names = dict.fromkeys(metric for group in groups if (metric := _metric(group)))
    return words.by_type.format(metric=" / ".join(LABELS[name] for name in names))


def _latency_title(curves: Curves, words: PlotWords) -> str:
    return words.latency.format(
        **{name: _milliseconds(value) for name, value in curves["latency_ms"].items()}
    )


def _risk_title(curves: Curves, words: PlotWords) -> str:
    return words.risk.format(area=rounded(curves["area_under_risk"]))


def _reliability_title(curves: Curves, words: PlotWords) -> str:
    return words.reliability.format(error=rounded(curves["calibration_error"]))


def _metric(group: Mapping[str, Any]) -> str | None:
    """The metric a group is judged by: the primary one, or `contains` where no evidence is known."""
    return next((name for name in (PRIMARY, "contains") if name in group["metrics"]), None)


def by_type(groups: Groups, words: PlotWords, names: Mapping[str, str]) -> str:
    """The mean of every type and of all, with its interval and number of questions."""
    rows = [
        (_shortened(names.get(group["name"], group["name"])), group["metrics"][metric], metric)
        for group in groups
        if group["by"] != "language" and (metric := _metric(group))
    ]
    if not rows:
        return ""
    label = "; ".join(f"{name} {mean['mean']:.2f}" for name, mean, _ in rows)
    left = max(ems(name) for name, _, _ in rows) * SIZE + 14
    height = 19 * len(rows) + 42
    frame = Frame("type", f"{_by_type_title(groups, words)}: {label}", height, left, 90, named=True)

    def draw(axes: Axes) -> None:
        for y, (_, mean, metric) in enumerate(rows):
            axes.plot([mean["low"], mean["high"]], [y, y], color=ACCENT, linewidth=2, alpha=0.45)
            face = ACCENT if metric == PRIMARY else "none"
            axes.plot(mean["mean"], y, "o", color=ACCENT, markerfacecolor=face, markersize=5.5, clip_on=False)
            count = words.count.format(n=mean["n"])
            text = word(f"{mean['mean']:.2f} · {count}")
            axes.text(1.05, y, text, va="center", clip_on=False, color=SOFT, fontsize=SIZE - 0.5)
        axes.set_yticks(range(len(rows)), [word(name) for name, _, _ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", labelcolor=INK, pad=10)
        axes.spines["left"].set_visible(False)
        _unit_axis(axes, "x")

    return render(frame, draw)


def _shortened(name: str) -> str:
    while ems(name) > _LONGEST:
        name = f"{name[:-2]}…"
    return name


def recall(curves: Curves, words: PlotWords) -> str:
    """R@k over k with its interval."""
    points = curves["recall_at"]
    if not points:
        return ""
    ks, means = [p["k"] for p in points], [p["mean"] for p in points]
    label = ", ".join(f"R@{p['k']} {p['mean']:.3f}" for p in points)

    def draw(axes: Axes) -> None:
        lows, highs = [p["low"] for p in points], [p["high"] for p in points]
        axes.fill_between(ks, lows, highs, color=ACCENT, alpha=0.16, linewidth=0)
        axes.plot(ks, means, "o-", color=ACCENT, markersize=4, linewidth=1.6, gid="points")
        bottom = max(0.0, int(min(lows) * 10 - 0.5) / 10)
        axes.set_ylim(bottom, 1.02)
        axes.set_xlim(min(ks) - 0.4, max(ks) + 0.4)
        axes.set_xticks(ks, [str(k) for k in ks])
        steps = [step / 10 for step in range(round(bottom * 10), 11, 1 if bottom >= 0.5 else 2)]
        axes.set_yticks(steps, [f"{step:.1f}" for step in steps])
        axes.set_xlabel(word(words.recall_x))

    return render(Frame("recall", f"{words.recall}: {label}"), draw)


def risk_coverage(curves: Curves, words: PlotWords) -> str:
    """Risk over coverage; the area that is filled is the one in the title."""
    points = _thin(curves["risk_coverage"])
    if not points:
        return ""
    coverages, risks = [0.0, *(p[0] for p in points)], [points[0][1], *(p[1] for p in points)]

    def draw(axes: Axes) -> None:
        axes.fill_between(coverages, risks, step="pre", color=ACCENT, alpha=0.14, linewidth=0)
        axes.plot(coverages, risks, color=ACCENT, linewidth=1.6, drawstyle="steps-pre", gid="points")
        axes.plot([0, coverages[-1]], [risks[-1]] * 2, color=SECOND, linewidth=1.2, linestyle="--")
        axes.annotate(
            word(words.random), (0, risks[-1]), (4, 4), textcoords="offset points", color=SECOND, gid="random"
        )
        top = min(1.0, max(0.1, *risks) * 1.15 + 0.03)
        axes.set_ylim(0, top)
        steps = [
            n * (0.1 if top <= 0.6 else 0.2) for n in range(11) if n * (0.1 if top <= 0.6 else 0.2) <= top
        ]
        axes.set_yticks(steps, [f"{step:.1f}" for step in steps])
        _unit_axis(axes, "x")
        axes.set_xlabel(word(words.risk_x))
        axes.set_ylabel(word(words.risk_y))

    reached = f"{words.risk_x} {points[-1][0]:.2f}, {words.risk_y} {points[-1][1]:.2f}"
    return render(Frame("risk", f"{_risk_title(curves, words)}; {reached}", left=48), draw)


def reliability(curves: Curves, words: PlotWords) -> str:
    """What came true over confidence: a point a bin, sized by its questions."""
    bins = curves["reliability"]
    if not bins:
        return ""
    xs, ys, counts = ([one[name] for one in bins] for name in ("confidence", "share", "n"))

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=SECOND, linewidth=1.2, linestyle="--")
        axes.vlines(xs, xs, ys, color=ACCENT, alpha=0.45, linewidth=1.4)
        for x, y, n in zip(xs, ys, counts, strict=True):
            size = 4 + 7 * (n / max(counts)) ** 0.5
            axes.plot(x, y, "o", color=ACCENT, markersize=size, markeredgewidth=0, clip_on=False)
            # Away from the diagonal, so that the number does not stand on the line of the deviation.
            away = (0, 11 if y >= x else -11)
            centred: dict[str, Any] = {"ha": "center", "va": "center", "textcoords": "offset points"}
            axes.annotate(str(n), (x, y), away, color=SOFT, **centred)
        _unit_axis(axes, "x")
        _unit_axis(axes, "y")
        axes.set_ylim(-0.09, 1.09)
        axes.set_xlabel(word(words.reliability_x))
        axes.set_ylabel(word(words.reliability_y))

    label = "; ".join(f"{one['confidence']:.2f}: {one['share']:.2f} ({one['n']})" for one in bins)
    title = _reliability_title(curves, words)
    return render(Frame("reliability", f"{title}: {label}", height=240, left=48), draw)


def latencies(curves: Curves, words: PlotWords) -> str:
    """How long the questions took. What is slower than twice the 95th percentile is in the last bar."""
    values = curves["latencies_ms"]
    if not values:
        return ""
    marks = curves["latency_ms"]
    end = min(values[-1], 2 * marks["p95"]) or 1.0
    shown = [min(value, end) for value in values]

    def draw(axes: Axes) -> None:
        counts, _, _ = axes.hist(shown, bins=_BARS, range=(0, end), color=ACCENT, alpha=0.55, rwidth=0.9)
        top = float(max(counts))
        for name, level in (("p50", 1.17), ("p95", 1.05)):
            axes.axvline(marks[name], color=SECOND, linewidth=1.3, ymax=level / 1.25, gid=name)
            text = word(f"{name} {_milliseconds(marks[name])}")
            # At the side of the line where there is room.
            side, away = ("right", -4) if marks[name] > 0.7 * end else ("left", 4)
            place = (marks[name], top * level)
            axes.annotate(text, place, (away, -3), textcoords="offset points", ha=side, color=INK)
        axes.set_ylim(0, top * 1.25)
        axes.set_xlim(0, end * 1.02)
        axes.set_xlabel(word(words.latency_x + (words.clipped if end < values[-1] else "")))
        axes.set_ylabel(word(words.latency_y))

    return render(Frame("latency", _latency_title(curves, words), left=48), draw)


def _milliseconds(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _thin(points: Sequence[Sequence[float]]) -> Sequence[Sequence[float]]:
    """At most `_MOST_POINTS` of the points, the last one among them."""
    step = -(-len(points) // _MOST_POINTS) or 1
    return list(points[::-1][::step])[::-1]


def _unit_axis(axes: Axes, which: str) -> None:
    """An axis from 0 to 1."""
    steps = [0, 0.25, 0.5, 0.75, 1]
    labels = ["0", "0.25", "0.5", "0.75", "1"]
    if which == "x":
        axes.set_xlim(0, 1)
        axes.set_xticks(steps, labels)
        axes.grid(axis="x", color=LINE, linewidth=0.8)
    else:
        axes.set_yticks(steps, labels)
