"""The report of a run: a page that stands alone, and its inside for the chat page's Evaluation tab.

Every text is escaped by Jinja. The fragment holds the records as JSON in a hidden element, because a
`<script>` that comes in by innerHTML does not run and gradio's re-rendering passes over a `<template>`.
Its behaviour is `window.wenjuReport.mount(root)` of report.js.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from corpus import Language
from eval.metrics import LABELS, LOWER_IS_BETTER
from eval.plot_words import GROUP_NAMES
from eval.plots import draw_plots
from eval.records import Record
from eval.report_data import SHOWN, report_data
from eval.report_words import REPORT_WORDS, ReportWords

_DIGEST = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{12,}\b")
# Where each topic of the table begins, in the order of LABELS.
_TOPICS = {
    "grounded": "reply",
    "refusal_recall": "refusal",
    "exact_match": "short",
    "recall_at_1": "retrieval",
    "statements": "cost",
}
_HEADLINE = ("grounded", "contains", "citation_recall", "citation_precision", "refusal_recall", "recall_at_5")


@dataclass(frozen=True)
class Fact:
    """A line of the header; `full` is what `text` shortens."""

    label: str
    text: str
    full: str = ""


@dataclass(frozen=True)
class Topic:
    """Columns of the table that belong together: metrics that some group has a mean of."""

    label: str
    metrics: list[str]


def render_report(summary: Mapping[str, Any], records: Iterable[Record], language: Language) -> str:
    """The page: one file that asks for no other, by itself or from whoever wrote a record."""
    script = report_script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    template = _templates().get_template("report.html")
    return template.render(
        title=f"{summary['set']['name']} · {REPORT_WORDS[language].title}",
        language=language,
        style=report_style(),
        script=script,
        script_digest=digest,
        result=render_result(summary, records, language),
    )


def render_result(summary: Mapping[str, Any], records: Iterable[Record], language: Language) -> str:
    """The inside: `<section class="wjr">`, to be shown with `report_style` and mounted by `report_script`."""
    words, data = REPORT_WORDS[language], report_data(records, language)
    template = _templates().get_template("result.html")
    return template.render(
        summary=summary,
        language=language,
        words=words,
        names=GROUP_NAMES[language],
        facts=list(_facts(summary, words)),
        settings=list(_flat(summary.get("settings") or {})),
        topics=_topics(summary["groups"], words),
        labels=LABELS,
        lower=LOWER_IS_BETTER,
        headline=_headline(summary["groups"]),
        plots=draw_plots(summary, language),
        errors=[row for row in data["rows"] if row["verdict"] == "error"],
        data=data,
    )


def report_style() -> str:
    """The style sheet; every rule is for what is inside `.wjr`, or for the page of its own."""
    return (files("eval") / "templates" / "report.css").read_text(encoding="utf-8")


def report_script() -> str:
    """The script; it defines `window.wenjuReport` and mounts what is on the page of its own."""
    return (files("eval") / "templates" / "report.js").read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("eval"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # `tojson` writes <, > and & as \u003c and so on: what it gives is safe in any place of a page.
    templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    templates.filters["figure"] = _figure
    return templates


def _facts(summary: Mapping[str, Any], words: ReportWords) -> Iterator[Fact]:
    """What was run with what; what a summary does not say is left out."""
    labels, about, collection = words.facts, summary["set"], summary.get("collection") or {}
    yield Fact(labels["questions"], f"{summary['questions']:,}")
    yield Fact(labels["errors"], f"{len(summary['errors']):,}")
    if summary.get("started"):
        yield Fact(labels["started"], _moment(summary["started"]))
        yield Fact(labels["duration"], _duration(summary) or labels["unfinished"])
    origin = [about.get("file"), about.get("format"), about.get("split"), about.get("sha256")]
    yield _fact(labels["set"], origin)
    documents = collection.get("documents")
    count = len(documents) if isinstance(documents, Sequence | Mapping) else documents
    counted = labels["documents"].format(n=f"{count:,}") if isinstance(count, int) else None
    yield _fact(labels["collection"], [collection.get("name"), counted, collection.get("sha256")])
    for name, value in (summary.get("models") or {}).items():
        yield _fact(labels.get(name, name), [value])
    yield _fact(labels["version"], [summary.get("version")])
    yield _fact(labels["seed"], [summary.get("seed")])
    yield _fact(labels["machine"], [summary.get("machine")])
    if summary.get("peak_memory_mb"):
        yield Fact(labels["memory"], f"{summary['peak_memory_mb']:,.0f} MB")


def _fact(label: str, parts: Iterable[Any]) -> Fact:
    full = " · ".join(str(part) for part in parts if part is not None)
    short = _DIGEST.sub(r"\1…", full)
    return Fact(label, short, full if short != full else "")


def _moment(iso: str) -> str:
    """2026-07-02T09:12:44+00:00 as 2026-07-02 09:12 UTC."""
    moment = datetime.fromisoformat(iso)
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".rstrip()


def _duration(summary: Mapping[str, Any]) -> str:
    if not summary.get("finished"):
        return ""
    begin, end = (datetime.fromisoformat(summary[name]) for name in ("started", "finished"))
    minutes, seconds = divmod(round((end - begin).total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested settings by their dotted names."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _topics(groups: Sequence[Mapping[str, Any]], words: ReportWords) -> list[Topic]:
    topics: list[Topic] = []
    for metric in LABELS:
        if metric in _TOPICS:
            topics.append(Topic(words.topics[_TOPICS[metric]], []))
        if metric in SHOWN and any(metric in group["metrics"] for group in groups):
            topics[-1].metrics.append(metric)
    return [topic for topic in topics if topic.metrics]


def _headline(groups: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The few means that are set large; none for a set without means of the whole."""
    overall = [group["metrics"] for group in groups if group["by"] == "overall"]
    return {metric: means[metric] for means in overall for metric in _HEADLINE if metric in means}


def _figure(value: float, metric: str) -> str:
    """A mean as it is shown: a share with three digits, other figures as long as they make sense."""
    if metric == "latency_ms":
        return f"{value:,.0f}"
    return f"{value:.2f}" if metric == "statements" else f"{value:.3f}"
