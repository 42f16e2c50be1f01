"""A stored conversation as a file: Markdown and HTML to read, JSON with everything.

Each quote stands with its place. What was typed, quoted or named is text in every form, never markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Literal, get_args

from app.answer import Answer, Citation, Place
from app.conversations import Conversation, StoredTurn

Form = Literal["md", "html", "json"]
FORMS: tuple[Form, ...] = get_args(Form)
SCHEMA = 1

_MARKUP = re.compile(r"[\\`*_\[\]<>#|~&$]")
# At the beginning of a line these make lists and headings.
_LEADING = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))", re.MULTILINE)
_STYLE = (
    "body{max-width:44em;margin:2em auto;padding:0 1em;font:1rem/1.8 system-ui,sans-serif}"
    "h2{font-size:1.1rem;margin-top:2em}blockquote{margin:.6em 0;padding-left:1em;border-left:3px solid #bbb}"
    "small{color:#555}p,h1,h2,blockquote{overflow-wrap:anywhere;white-space:pre-wrap}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # the file fetches nothing and runs nothing


@dataclass(frozen=True)
class Labels:
    """The words that an export adds, in the language of whoever reads it."""

    language: str
    outcomes: Mapping[str, str]
    nearest: str


def export(conversation: Conversation, turns: Sequence[StoredTurn], form: Form, labels: Labels) -> str:
    """The text of the file."""
    if form == "json":
        data = {
            "schema": SCHEMA,
            "conversation": asdict(conversation),
            "turns": [{"time": turn.time, "answer": turn.answer.to_json()} for turn in turns],
        }
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return (_markdown if form == "md" else _html)(conversation, turns, labels)


def file_name(conversation: Conversation, form: Form) -> str:
    """A name that every file system takes.

    >>> file_name(Conversation("i", "c", "甲/乙: 在哪里？", "", "2026-11-26T01:02:03+00:00"), "md")
    'wenju-2026-11-26-甲-乙-在哪里.md'
    """
    title = re.sub(r"\W+", "-", conversation.title)[:40].strip("-")
    return f"wenju-{conversation.updated[:10]}-{title}.{form}"


def _markdown(conversation: Conversation, turns: Sequence[StoredTurn], labels: Labels) -> str:
    parts = [
        f"# {_marked(conversation.title)}",
        _marked(f"{conversation.collection}, {conversation.updated}"),
    ]
    for number, turn in enumerate(turns, start=1):
        answer = turn.answer
        parts += [f"## {number}. {_marked(' '.join(answer.question.split()))}"]
        parts += [f"*{labels.outcomes[answer.outcome]}*", _marked(answer.answer).replace("\n", "  \n")]
        parts += _quotes(answer, labels, _quoted_in_markdown)
    return "\n\n".join(parts) + "\n"


def _quoted_in_markdown(text: str, where: str) -> str:
    lines = [*_marked(text).split("\n"), "", _marked(where)]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _marked(text: str) -> str:
    """The text so that Markdown shows it as it is.

    >>> print(_marked("1. *a* <b>"))
    1\\. \\*a\\* \\<b\\>
    """
    plain = _MARKUP.sub(r"\\\g<0>", "\n".join(line.strip() for line in text.split("\n")))
    return _LEADING.sub(lambda m: m[1] + (f"{m[2]}\\" if m[2].isdigit() else f"\\{m[2]}"), plain)


def _html(conversation: Conversation, turns: Sequence[StoredTurn], labels: Labels) -> str:
    title = escape(conversation.title)
    body = [
        f"<h1>{title}</h1><p><small>{escape(f'{conversation.collection}, {conversation.updated}')}</small>"
    ]
    for number, turn in enumerate(turns, start=1):
        answer = turn.answer
        body += [f"<h2>{number}. <bdi>{escape(answer.question)}</bdi></h2>"]
        body += [
            f"<p><small>{escape(labels.outcomes[answer.outcome])}</small>",
            f"<p>{escape(answer.answer)}",
        ]
        body += _quotes(answer, labels, _quoted_in_html)
    return (
        f'<!DOCTYPE html><html lang="{labels.language}"><meta charset="utf-8"><title>{title}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<style>{_STYLE}</style>\n" + "\n".join(body) + "\n</html>\n"
    )


def _quoted_in_html(text: str, where: str) -> str:
    return f"<blockquote><bdi>{escape(text)}</bdi>\n<small>{escape(where)}</small></blockquote>"


def _quotes(answer: Answer, labels: Labels, quoted: Callable[[str, str], str]) -> list[str]:
    """The cited sentences, or the nearest ones told apart, each with its place."""
    places: tuple[Place, ...] = answer.citations or answer.nearest
    return [quoted(_numbered(place, labels), _where(place)) for place in places]


def _numbered(place: Place, labels: Labels) -> str:
    return (
        f"[{place.number}] {place.quote}"
        if isinstance(place, Citation)
        else f"{labels.nearest}: {place.quote}"
    )


def _where(place: Place) -> str:
    return (
        f"{place.document_title} > {place.part} > {place.sentence_id} [{place.start}:{place.end}], "
        f"sha256 {place.document_sha256}"
    )
