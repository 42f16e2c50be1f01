"""Documents and Answers as HTML. Every text is escaped here; offsets never reach the browser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set
from html import escape
from itertools import groupby

from app.answer import Answer, Citation, Outcome, Place, Statement, Unfinished
from app.citations import marker_place, with_markers
from app.questions import language_of
from app.reply import UNSUPPORTED
from app.talk import IN_REPLY, is_talk
from app.web.words import ActionWords, JudgingWords, Words
from corpus import Block, Document, Sentence

# Below the page's own h1.
_TAGS = {"title": "h2", "subtitle": "p", "heading": "h3", "paragraph": "p", "caption": "p", "item": "li"}


def anchor(document_id: str, sentence_id: str) -> str:
    """The element id of a sentence in the article pane; a document's id may hold any character."""
    return f"{_element(document_id)}-{sentence_id}"


def anchored(place: str, documents: Mapping[str, Document]) -> tuple[Document, Sentence] | None:
    """The sentence whose element id a page sent; None where there is none."""
    element, _, sentence_id = place.rpartition("-")
    for document_id in documents:
        if _element(document_id) == element and sentence_id in documents[document_id].sentence_by_id:
            return documents[document_id], documents[document_id].sentence_by_id[sentence_id]
    return None


def _element(document_id: str) -> str:
    return f"wj-{hashlib.sha256(document_id.encode()).hexdigest()[:12]}"


def render_article(document: Document, page: str) -> str:
    """A document for the pane: every sentence an element that can be scrolled to and marked.

    `page` says where a page begins: it holds `{page}`.
    """
    parts: list[str] = []
    at: int | None = None
    for (is_item, number), blocks in groupby(document.blocks, key=lambda b: (b.kind == "item", b.page)):
        rendered = [_render_block(document, block) for block in blocks]
        if number != at:
            parts.append(f'<p class="wj-page">{escape(page.format(page=number))}</p>')
            at = number
        parts.extend(["<ul>", *rendered, "</ul>"] if is_item else rendered)
    return f'<article lang="{document.language}">{"".join(parts)}</article>'


def _render_block(document: Document, block: Block) -> str:
    tag = _TAGS[block.kind]
    # What stands between two sentences of a block is white space.
    between = "" if document.language == "zh" else " "
    body = between.join(_render_sentence(document, s) for s in document.sentences_of(block))
    return f'<{tag} class="wj-{block.kind}">{body}</{tag}>'


def _render_sentence(document: Document, sentence: Sentence) -> str:
    quote = escape(document.quote(sentence.start, sentence.end))
    return f'<span class="wj-s" id="{anchor(document.id, sentence.id)}">{quote}</span>'


def quoted(text: str) -> str:
    """The article's or a user's words beside ours: text, in a direction of its own."""
    return f'<span class="wj-quoted">{escape(text)}</span>'


def render_question(text: str) -> str:
    """A user's message: shown as typed, never as Markdown or HTML."""
    return f'<div class="wj-question" lang="{language_of(text)}">{_lines(text)}</div>'


def render_answer(answer: Answer, documents: Mapping[str, Document], words: Words) -> str:
    """A reply with its numbers as links, and what it stands on below.

    Where a cited document is no longer as it was, the numbers lead nowhere: the stored quotes stand.
    """
    badge = "" if is_talk(answer) else f'<p class="wj-badge">{escape(words.outcomes[answer.outcome])}</p>'
    told = [note for note in answer.notes if note.code not in IN_REPLY]
    notes = "".join(f'<p class="wj-note">{escape(note.text)}</p>' for note in told)
    places = (*answer.citations, *answer.nearest)
    current = frozenset(p.document_sha256 for p in places if is_current(p, documents))
    if any(place.document_sha256 not in current for place in places):
        notes += f'<p class="wj-note wj-changed">{escape(words.stale)}</p>'
    return (
        f'<div class="wj-reply wj-{answer.outcome}">{badge}'
        f'<div class="wj-text" lang="{language_of(answer.question)}">{_reply(answer, current)}</div>{notes}'
        f"{_evidence(answer, current, words, several=len(documents) > 1)}</div>"
    )


def render_writing(step: Unfinished, question: str, documents: Mapping[str, Document], words: Words) -> str:
    """A reply that is being written: what is checked, the words behind it, and what it is written of."""
    places = (*step.citations, *step.evidence)
    current = frozenset(p.document_sha256 for p in places if is_current(p, documents))
    told = [_statement(s, step.citations, current, _behind(s, question)) for s in step.statements]
    if step.tail:
        told.append(f'<span class="wj-tail">{_lines(step.tail)}</span>')
    several = len(documents) > 1
    rows = "".join(
        f"<li>{_quote(p)} {_where(p, several, words)} {_look_up(p, current, words)}</li>"
        for p in step.evidence
    )
    reading = f"<p>{escape(words.writer.reading)}</p><ol>{rows}</ol>" if rows else ""
    return (
        f'<div class="wj-writing"><p class="wj-badge">{escape(words.writer.waiting)}</p>'
        f'<div class="wj-text" lang="{language_of(question)}">{"<br>".join(told)}</div>'
        f'<div class="wj-evidence">{reading}</div></div>'
    )


def is_current(place: Place, documents: Mapping[str, Document]) -> bool:
    """Whether the document of a place is there, as it was then."""
    document = documents.get(place.document_id)
    return document is not None and document.sha256 == place.document_sha256


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


def render_actions(words: ActionWords, last: bool) -> str:
    """What can be done with a reply; the last one can be asked again and taken back."""
    fitting = {"copy": words.copy} | ({"retry": words.retry, "undo": words.undo} if last else {})
    buttons = "".join(
        f'<button type="button" class="wj-{name}">{escape(text)}</button>' for name, text in fitting.items()
    )
    return f'<div class="wj-actions">{buttons}</div>'


def render_edit(words: ActionWords) -> str:
    """The button by which a question is asked in other words."""
    return f'<button type="button" class="wj-edit">{escape(words.edit)}</button>'


def render_failure(text: str) -> str:
    """A message about a failure, which is not a reply."""
    return f'<div class="wj-failure" role="alert">{_lines(text)}</div>'


def _reply(answer: Answer, current: Set[str]) -> str:
    """The reply's text; what links is known from its statements, for a quote may hold a "[1]" too."""
    html, rest = "", answer.answer
    for statement in answer.statements:
        before, _, rest = rest.partition(with_markers(statement))
        behind = _behind(statement, answer.question)
        behind = behind if rest.startswith(behind) else ""
        rest = rest.removeprefix(behind)
        html += _lines(before) + _statement(statement, answer.citations, current, behind)
    return html + _lines(rest)


def _behind(statement: Statement, question: str) -> str:
    """What is said behind a statement that nothing bears out."""
    return UNSUPPORTED[language_of(question)] if statement.verdict == "unsupported" else ""


def _statement(statement: Statement, citations: Iterable[Citation], current: Set[str], behind: str) -> str:
    """A statement with its numbers as links; one that nothing bears out has none, and looks like it."""
    by_number, at = {citation.number: citation for citation in citations}, marker_place(statement.text)
    links = "".join(_link(by_number[n], f"[{n}]", current) for n in statement.citation_numbers)
    text = _lines(statement.text[:at]) + links + _lines(statement.text[at:]) + escape(behind)
    unborne = ' class="wj-unborne"' if statement.verdict == "unsupported" else ""
    return f'<span lang="{language_of(statement.text)}"{unborne}>{text}</span>'


def _evidence(answer: Answer, current: Set[str], words: Words, several: bool) -> str:
    """The cited sentences; where nothing answers, the nearest ones, without a number and told apart."""
    if answer.citations:
        title = words.evidence
        rows = [
            f"{_link(c, f'[{c.number}]', current)} {_quote(c)} {_where(c, several, words)}"
            for c in answer.citations
        ]
    elif answer.nearest:
        title = words.nearest
        rows = [
            f"{_quote(p)} {_where(p, several, words)} {_look_up(p, current, words)}" for p in answer.nearest
        ]
    else:
        return ""
    items = "".join(f"<li>{row}</li>" for row in rows)
    return f'<div class="wj-evidence"><p>{escape(title)}</p><ol>{items}</ol></div>'


def _quote(place: Place) -> str:
    """The sentence, the answer's own words in it marked."""
    html, at = "", place.start
    for start, end in place.highlights:
        before = place.quote[at - place.start : start - place.start]
        words = place.quote[start - place.start : end - place.start]
        html += f'{escape(before)}<b class="wj-span">{escape(words)}</b>'
        at = end
    html += escape(place.quote[at - place.start :])
    return f'<q lang="{language_of(place.quote)}">{html}</q>'


def _link(place: Place, label: str, current: Set[str]) -> str:
    """A link into the article, or the label alone where the article is another one now."""
    if place.document_sha256 not in current:
        return f'<span class="wj-cite wj-stale" tabindex="0">{escape(label)}</span>'
    target = anchor(place.document_id, place.sentence_id)
    return f'<a class="wj-cite" href="#{target}">{escape(label)}</a>'


def _look_up(place: Place, current: Set[str], words: Words) -> str:
    """The way to a sentence that is not cited."""
    if place.document_sha256 not in current:
        return ""
    target = anchor(place.document_id, place.sentence_id)
    return f'<a class="wj-near" href="#{target}">{escape(words.look_up)}</a>'


def _where(place: Place, several: bool, words: Words) -> str:
    """The place of a sentence: its section and page, its document where there are several."""
    parts = [place.document_title] if several else []
    parts += [place.section] if place.section else []
    parts += [words.pane.page.format(page=place.page)] if place.page is not None else []
    where = " · ".join(parts)
    return f'<span class="wj-where" lang="{language_of(where)}">{escape(where)}</span>'


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))
