"""The conversation of a page: asked, stored turn by turn, and taken up again."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import gradio as gr

from app.answer import Answer
from app.conversations import Conversations
from app.errors import ConversationsError, QuestionError
from app.pipeline import Pipeline
from app.questions import MAX_CHARS, Turn
from app.web.passages import render_search
from app.web.render import render_answer, render_failure, render_judging, render_question
from app.web.words import WORDS, Words
from corpus import Language

log = logging.getLogger(__name__)

_HISTORY = 6  # earlier turns that a question may point back to
Messages = list[gr.MessageDict]


@dataclass(frozen=True)
class ShownTurn:
    """A turn on the page; `id` is None where it is not stored."""

    answer: Answer
    id: int | None = None


@dataclass(frozen=True)
class OpenConversation:
    """The conversation on the page; `id` is None until a turn of it is stored."""

    id: str | None = None
    turns: tuple[ShownTurn, ...] = ()

    @property
    def answers(self) -> list[Answer]:
        """What was answered, in order."""
        return [turn.answer for turn in self.turns]

    def shows(self, answer: Answer, turn: int | None = None) -> OpenConversation:
        """The conversation with one turn more."""
        return replace(self, turns=(*self.turns, ShownTurn(answer, turn)))


@dataclass(frozen=True)
class Dialogue:
    """What a page does with its conversation. `store` None: nothing is kept."""

    pipeline: Pipeline
    store: Conversations | None
    collection: str

    def ask(self, text: str, past: OpenConversation, language: Language) -> Iterator[tuple[Any, ...]]:
        """The page's chat, question box and conversation: first with the question, then with its reply."""
        words = WORDS[language]
        shown = self.messages(past, language)
        asked = [*shown, _message("user", render_question(text[:MAX_CHARS]))]
        yield asked, "", past
        try:
            answer = self.pipeline.answer(text, _history(past.answers))
        except QuestionError as error:
            gr.Warning(escape(str(error)), title=words.notice)
            yield shown, text, past
        except Exception:
            # The page must outlive any failure; it is shown as one and logged with its cause.
            log.exception("a question failed")
            yield [*asked, _message("assistant", render_failure(words.failed))], text, past
        else:
            now = self._keep(past, answer, words)
            # The box is left alone: the next question may already stand there.
            yield self.messages(now, language), gr.skip(), now

    def read(self, conversation: str) -> OpenConversation:
        """A stored conversation over this collection. Raises a ConversationsError."""
        if self.store is None:
            return OpenConversation()
        found, turns = self.store.read(conversation)
        if found.collection != self.collection:
            return OpenConversation()
        return OpenConversation(found.id, tuple(ShownTurn(turn.answer, turn.id) for turn in turns))

    def messages(self, conversation: OpenConversation, language: Language) -> Messages:
        """The conversation as the chat shows it."""
        words, documents = WORDS[language], self.pipeline.documents
        messages: Messages = []
        for answer in conversation.answers:
            reply = render_answer(answer, documents, words)
            reply += render_search(answer, documents, words.search)
            reply += render_judging(answer.outcome, words.judging)
            messages.append(_message("user", render_question(answer.question)))
            messages.append(_message("assistant", reply))
        return messages

    def _keep(self, past: OpenConversation, answer: Answer, words: Words) -> OpenConversation:
        """Store a finished turn. Where that fails the reply is shown all the same, and the failure told."""
        if self.store is None:
            return past.shows(answer)
        try:
            if past.id is None:
                conversation, turn = self.store.begin(self.collection, answer)
                return replace(past, id=conversation).shows(answer, turn)
            return past.shows(answer, self.store.append(past.id, answer))
        except ConversationsError as error:
            log.warning("%s", error)
            gr.Warning(escape(f"{words.history.unstored} {error}"), title=words.notice)
            return replace(past, id=None).shows(answer)


def _message(role: Any, content: str) -> gr.MessageDict:
    return {"role": role, "content": content}


def _history(answers: Sequence[Answer]) -> list[Turn]:
    turns: list[Turn] = []
    for answer in answers[-_HISTORY:]:
        turns += [Turn("user", answer.question), Turn("assistant", answer.answer)]
    return turns
