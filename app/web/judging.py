"""Judging a reply: right, wrong or the wrong sentence; what is right becomes a row of the user's set.

The buttons stand in the replies' HTML and the sentences in the article's. `wenju.js` tells of clicks on
either through the bridge, a component without a face whose events reach Python.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import gradio as gr

from app.answer import Answer
from app.errors import CollectionError
from app.questions import Turn
from app.reply import QUERY_FROM_HISTORY
from app.web.conversation import OpenConversation
from app.web.render import anchor, anchored, quoted
from app.web.words import WORDS, Words, explain, heading
from corpus import EVIDENCE_KINDS, Language, WenjuError
from eval.own import Judgement, OwnSet
from eval.questions import GoldSentence
from eval.workbench import Workbench

_MUST_CONTAIN = 10  # strings, each of so many characters; more is a copy of the article
_MUST_CHARS = 100
# What the events give: the state, the bridge, the panel, its text, the words.
_NOTHING: list[Any] = [gr.skip()] * 5
_CLOSED: list[Any] = [None, "", gr.update(visible=False), "", ""]
_BRIDGE = """wenju.connect({
  judge: (turn, verdict) => trigger("like", { turn, verdict }),
  pick: (place) => trigger("select", { place }),
});
watch("value", () => wenju.picking(element.querySelector("[data-places]")));"""


@dataclass(frozen=True)
class Pending:
    """A judgement that waits for sentences: what was asked, and the places picked so far."""

    collection: str
    question: str
    history: tuple[Turn, ...]
    places: tuple[str, ...] = ()  # element ids, in the order of their picking
    must: str = ""


class Judging:
    """The panel above the article, and what it does."""

    def __init__(self, bench: Workbench, words: Words) -> None:
        self._bench = bench
        self._pending = gr.State(None)
        self._bridge = gr.HTML(elem_id="wj-bridge", js_on_load=_BRIDGE)
        with gr.Column(visible=False, elem_id="wj-judging") as self._panel:
            self._status = gr.HTML(elem_id="wj-judging-status")
            self._must = gr.Textbox(elem_id="wj-must", **_box(words), max_lines=1)
            with gr.Row():
                self._unanswerable = gr.Button(words.judging.unanswerable, size="sm")
                self._done = gr.Button(words.judging.done, size="sm", variant="primary")

    @property
    def translated(self) -> list[Any]:
        """The components whose words `translate` gives."""
        return [self._must, self._unanswerable, self._done]

    @staticmethod
    def translate(words: Words) -> list[Any]:
        """The panel's words in another language."""
        return [gr.update(**_box(words)), words.judging.unanswerable, words.judging.done]

    @property
    def _quiet(self) -> dict[str, Any]:
        """What an event changes, without a sign of it."""
        shown = [self._pending, self._bridge, self._panel, self._status, self._must]
        return {"outputs": shown, "api_visibility": "private", "show_progress": "hidden"}

    def wire(self, conversation: gr.State, language: gr.State) -> None:
        """Connect the events."""
        quiet = self._quiet
        waiting = [self._pending, self._must, language]
        self._bridge.like(self._begin, [conversation, language], **quiet)
        # The next sentence may be clicked before this one is written down.
        self._bridge.select(self._pick, waiting, trigger_mode="multiple", **quiet)
        self._must.submit(self._type, waiting, **quiet)
        self._unanswerable.click(self._refuse, waiting, **quiet)
        self._done.click(self._close, waiting, **quiet)

    def close_after(self, changed: Sequence[gr.events.Dependency], conversation: gr.State) -> None:
        """Close the panel after events that put an article of another collection beside it."""
        for event in changed:
            event.then(self._leave, [self._pending, conversation], **self._quiet)

    @staticmethod
    def _leave(pending: Pending | None, now: OpenConversation) -> list[Any]:
        return _NOTHING if pending is None or pending.collection == now.collection else _CLOSED

    def _begin(self, past: OpenConversation, language: Language, event: gr.EventData) -> list[Any]:
        """A verdict on the reply of a turn: what is right is written, for the rest sentences are asked."""
        answers = past.answers
        answer, verdict, words = answers[int(event.turn)], str(event.verdict), WORDS[language]
        pending = Pending(past.collection, answer.question, _history(answers, int(event.turn)))
        if verdict == "right":
            if self._has_changed(pending, answer):
                gr.Warning(words.judging.changed, title=words.told)
                return _CLOSED
            places = tuple(anchor(c.document_id, c.sentence_id) for c in answer.citations)
            return self._end(replace(pending, places=places, must=answer.short_answer or ""), words)
        kept = (answer.short_answer or "") if verdict == "sentence" else ""
        return self._show(replace(pending, must=kept), words)

    def _has_changed(self, pending: Pending, answer: Answer) -> bool:
        """Whether a document that the reply cites is another now, or gone."""
        try:
            documents = self._bench.over(pending.collection).documents
        except CollectionError:  # gone: whoever writes is told
            return False
        cited = {citation.document_id: citation.document_sha256 for citation in answer.citations}
        return any(name not in documents or documents[name].sha256 != was for name, was in cited.items())

    def _pick(self, pending: Pending | None, must: str, language: Language, event: gr.EventData) -> list[Any]:
        """A sentence of the article was clicked: it is taken, or taken back."""
        place = str(event.place)
        if pending is None or not self._golds(replace(pending, places=(place,))):
            return _NOTHING
        left = tuple(other for other in pending.places if other != place)
        places = left if place in pending.places else (*left, place)
        return self._keep(replace(pending, places=places, must=must), WORDS[language])

    def _type(self, pending: Pending | None, must: str, language: Language) -> list[Any]:
        """Words that the reply must hold were typed."""
        if pending is None or must == pending.must:
            return _NOTHING
        return self._keep(replace(pending, must=must), WORDS[language])

    def _refuse(self, pending: Pending | None, must: str, language: Language) -> list[Any]:
        """The article does not say."""
        return _NOTHING if pending is None else self._end(replace(pending, places=()), WORDS[language])

    def _close(self, pending: Pending | None, must: str, language: Language) -> list[Any]:
        """What is picked is written down; words that were typed since then, too."""
        if pending is None or not pending.places or must == pending.must:
            return _CLOSED
        return self._end(replace(pending, must=must), WORDS[language])

    def _keep(self, pending: Pending, words: Words) -> list[Any]:
        """Write down what is picked so far, or nothing, and wait for more."""
        try:
            if not pending.places:
                self._own(pending).take_back(pending.question, pending.history)
                return self._show(pending, words)
            return self._show(pending, words, self._write(pending, words))
        except WenjuError as error:
            return self._show(pending, words, explain(error, words, pending.collection))

    def _end(self, pending: Pending, words: Words) -> list[Any]:
        """Write a judgement down and close the panel."""
        try:
            gr.Info(escape(self._write(pending, words)), title=words.told)
        except WenjuError as error:
            gr.Warning(escape(explain(error, words, pending.collection)), title=heading(error, words))
        return _CLOSED

    def _own(self, pending: Pending) -> OwnSet:
        return self._bench.over(pending.collection).own

    def _golds(self, pending: Pending) -> list[GoldSentence]:
        """The sentences that were picked, without what is none and what is no evidence."""
        try:
            documents = self._bench.over(pending.collection).documents
        except CollectionError:  # deleted meanwhile: whoever writes is told
            return []
        found = filter(None, (anchored(place, documents) for place in pending.places))
        return [
            GoldSentence(document_id=document.id, text=document.quote(sentence.start, sentence.end))
            for document, sentence in found
            if document.block_by_id[sentence.block_id].kind in EVIDENCE_KINDS
        ]

    def _write(self, pending: Pending, words: Words) -> str:
        own = self._own(pending)
        several = len(own.documents) > 1
        evidence = tuple(gold if several else gold.text for gold in self._golds(pending))
        judgement = Judgement(pending.question, pending.history, evidence, _strings(pending.must))
        return words.judging.saved.format(name=own.name, count=own.put(judgement))

    def _show(self, pending: Pending, words: Words, message: str = "") -> list[Any]:
        told = escape(words.judging.pick).format(question=quoted(pending.question))
        picked = "".join(f"<li>{escape(gold.text)}</li>" for gold in self._golds(pending))
        status = f'<p>{told}</p><ol>{picked}</ol><p role="status">{escape(message)}</p>'
        places = f'<i data-places="{" ".join(pending.places)}"></i>'
        return [pending, places, gr.update(visible=True), status, pending.must]


def _history(answers: Sequence[Answer], turn: int) -> tuple[Turn, ...]:
    """The turn before, where the question was understood by it; most questions stand alone."""
    if turn == 0 or all(note.code != QUERY_FROM_HISTORY for note in answers[turn].notes):
        return ()
    before = answers[turn - 1]
    return (Turn("user", before.question), Turn("assistant", before.answer))


def _strings(must: str) -> tuple[str, ...]:
    parts = (part.strip()[:_MUST_CHARS] for part in re.split("[;；\n]", must))
    return tuple(dict.fromkeys(filter(None, parts)))[:_MUST_CONTAIN]


def _box(words: Words) -> dict[str, Any]:
    return {"label": words.judging.must, "placeholder": words.judging.must_hint}
