"""Documents and Answers as HTML. Every text is escaped here; offsets never reach the browser."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape
from itertools import groupby

from app.answer import Answer, Outcome, Place
from app.citations import marker_place, with_markers
from app.dates import DERIVED_YEAR
from app.dialogue import SMALL_TALK
from app.web.words import JudgingWords, Words
from corpus import Block, Document, Sentence

_TAGS = {"title": "h1", "subtitle": "p", "heading": "h2", "paragraph": "p", "caption": "p", "item": "li"}


def anchor(document_id: str, sentence_id: str) -> str:
    """The element id of a sentence in the article pane; a document's id may hold any character."""
    return f"wj-{hashlib.sha256(document_id.encode()).hexdigest()[:12]}-{sentence_id}"


def render_article(documents: Sequence[Document]) -> str:
    """The article pane: every sentence an element that can be scrolled to and marked."""
    return "\n".join(f'<article lang="{d.language}">{_render_blocks(d)}</article>' for d in documents)


def _render_blocks(document: Document) -> str:
    parts: list[str] = []
    for is_item, blocks in groupby(document.blocks, key=lambda block: block.kind == "item"):
        rendered = [_render_block(document, block) for block in blocks]
        parts.extend(["<ul>", *rendered, "</ul>"] if is_item else rendered)
    return "".join(parts)


def _render_block(document: Document, block: Block) -> str:
    tag = _TAGS[block.kind]
    # What stands between two sentences of a block is white space.
    between = "" if document.language == "zh" else " "
    body = between.join(_render_sentence(document, s) for s in document.sentences_of(block))
    return f'<{tag} class="wj-{block.kind}">{body}</{tag}>'


def _render_sentence(document: Document, sentence: Sentence) -> str:
    quote = escape(document.quote(sentence.start, sentence.end))
    return f'<span class="wj-s" id="{anchor(document.id, sentence.id)}">{quote}</span>'


def render_question(text: str) -> str:
    """A user's message: shown as typed, never as Markdown or HTML."""
    return f'<div class="wj-question">{_lines(text)}</div>'


def render_answer(answer: Answer, words: Words) -> str:
    """A reply with its numbers as links, and what it stands on below."""
    talk = any(note.code == SMALL_TALK for note in answer.notes)
    badge = "" if talk else f'<p class="wj-badge">{escape(words.outcomes[answer.outcome])}</p>'
    told = [
        note for note in answer.notes if note.code not in (DERIVED_YEAR, SMALL_TALK)
    ]  # the reply holds those
    notes = "".join(f'<p class="wj-note">{escape(note.text)}</p>' for note in told)
    return (
        f'<div class="wj-reply wj-{answer.outcome}">{badge}<div class="wj-text">{_reply(answer)}</div>{notes}'
        f"{_evidence(answer, words)}</div>"
    )


def render_judging(outcome: Outcome, words: JudgingWords) -> str:
    """The buttons by which a reply goes into the user's question set.

    Gradio takes data attributes out of messages; a class names the verdict.
    """
    verdicts = {"right": words.right, "wrong": words.wrong, "sentence": words.wrong_sentence}
    # `unsure` is never right, and a refusal has no sentence that could be wrong.
    fitting = {"answered": tuple(verdicts), "not_found": ("right", "wrong"), "unsure": ("wrong",)}[outcome]
    buttons = "".join(
        f'<button type="button" class="wj-verdict-{name}">{escape(verdicts[name])}</button>'
        for name in fitting
    )
    return f'<details class="wj-judge"><summary>{escape(words.open)}</summary>{buttons}</details>'


def render_failure(text: str) -> str:
    """A message about a failure, which is not a reply."""
    return f'<div class="wj-failure" role="alert">{_lines(text)}</div>'


def _reply(answer: Answer) -> str:
    """The reply's text; what links is known from its statements, for a quote may hold a "[1]" too."""
    citations = {citation.number: citation for citation in answer.citations}
    html, rest = "", answer.answer
    for statement in answer.statements:
        before, _, rest = rest.partition(with_markers(statement))
        at = marker_place(statement.text)
        links = "".join(_link(citations[n], f"[{n}]") for n in statement.citation_numbers)
        html += _lines(before) + _lines(statement.text[:at]) + links + _lines(statement.text[at:])
    return html + _lines(rest)


def _evidence(answer: Answer, words: Words) -> str:
    if answer.citations:
        rows = [
            f"<li>{_link(c, f'[{c.number}]')} <q>{_quote(c)}</q> {_where(c)}</li>" for c in answer.citations
        ]
        title = words.evidence
    elif answer.nearest:
        rows = [f"<li>{_link(p, '→')} <q>{_quote(p)}</q> {_where(p)}</li>" for p in answer.nearest]
        title = words.nearest
    else:
        return ""
    return f'<div class="wj-evidence"><p>{escape(title)}</p><ol>{"".join(rows)}</ol></div>'


def _quote(place: Place) -> str:
    """The sentence, the answer's own words in it marked."""
    html, at = "", place.start
    for start, end in place.highlights:
        before = place.quote[at - place.start : start - place.start]
        words = place.quote[start - place.start : end - place.start]
        html += f'{escape(before)}<b class="wj-span">{escape(words)}</b>'
        at = end
    return html + escape(place.quote[at - place.start :])


def _link(place: Place, label: str) -> str:
    target, quote = anchor(place.document_id, place.sentence_id), escape(place.quote, quote=True)
    return f'<a class="wj-cite" href="#{target}" title="{quote}">{escape(label)}</a>'


def _where(place: Place) -> str:
    return f'<span class="wj-where">{escape(place.section)}</span>'


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))
