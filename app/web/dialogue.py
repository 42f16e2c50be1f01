"""The conversation of a page: asked, stored turn by turn, and taken up again."""

from __future__ import annotations

import logging
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import gradio as gr

from app.answer import Answer, Note, Unfinished
from app.conversations import LOCAL, Conversations
from app.errors import ConversationsError, QuestionError
from app.library import Library
from app.questions import MAX_CHARS, Turn
from app.suggestions import suggest
from app.talk import is_talk
from app.web.conversation import Ask, OpenConversation, ShownTurn
from app.web.pace import paced
from app.web.passages import render_search
from app.web.render import (
    render_actions,
    render_answer,
    render_edit,
    render_failure,
    render_judging,
    render_question,
    render_writing,
)
from app.web.words import WORDS, Words
from app.writers import Writers
from corpus import Document, Language, WenjuError

log = logging.getLogger(__name__)

WITHIN = "within"  # the code of the note that names the documents asked
_HISTORY = 6  # earlier turns that a question may point back to
Messages = list[gr.MessageDict]


@dataclass(frozen=True)
class Dialogue:
    """What a page does with its conversation. `store` None: nothing is kept."""

    library: Library
    store: Conversations | None
    writers: Writers
    stopped: set[str] = field(default_factory=set)  # tokens of questions that were stopped while they ran

    def of(self, request: gr.Request) -> Dialogue:
        """The dialogue of who sent a request."""
        return self if self.store is None else replace(self, store=own(self.store, request))

    def ask(self, ask: Ask, past: OpenConversation, language: Language) -> Generator[tuple[Any, ...]]:
        """The page's chat, question box, conversation and Ask: with the question, then with its reply.

        Where it fails the conversation is the one before. Closing it stops the writer.
        """
        words, kept = WORDS[language], past.until(ask.since)
        idle: dict[str, Any] = {"submit_btn": words.ask, "stop_btn": False}
        question = _message("user", render_question(ask.text[:MAX_CHARS]))
        asked = [*self.messages(kept, language), question]
        emptied: dict[str, Any] = {"value": ""} if ask.typed else {}
        yield asked, gr.update(**emptied, submit_btn=False, stop_btn=words.stop), past, ask
        try:
            answer = yield from self._followed(ask, past, asked, language)
        except QuestionError as error:
            gr.Warning(escape(str(error)), title=words.notice)
            yield self.messages(past, language), gr.update(**idle), past, None
        except Exception as error:
            # The page must outlive any failure; it is shown as one and logged with its cause.
            if isinstance(error, WenjuError):
                told = words.unloaded.format(error=error)
            else:
                log.exception("a question failed")
                told = words.failed
            failed = [question, _message("assistant", render_failure(told))]
            yield [*self.messages(past, language), *failed], gr.update(**idle), past, None
        else:
            if answer is None:
                return  # nobody waits for it; nothing of it is kept
            now = self._keep(past, kept, answer, words)
            # The box's text is left alone: the next question may already stand there.
            yield self.messages(now, language), gr.update(**idle), now, None

    def is_ready(self, conversation: OpenConversation) -> bool:
        """Whether a question is answered, or refused, without waiting for the collection."""
        try:
            return self.library.opening(conversation.collection).coming.done()
        except WenjuError:
            return True

    def documents(self, collection: str) -> Mapping[str, Document]:
        """The documents of a collection, by id; none where it is gone."""
        try:
            return self.library.opening(collection).documents
        except WenjuError:
            return {}

    def _followed(
        self, ask: Ask, past: OpenConversation, asked: Messages, language: Language
    ) -> Generator[tuple[Any, ...], None, Answer | None]:
        """Show the reply as it is written; the Answer, or None where it was stopped."""
        documents, shown, answer = self.documents(past.collection), asked, None
        with closing(paced(self._answering(ask, past, language))) as told:
            for step in told:
                if ask.token in self.stopped:
                    self.stopped.discard(ask.token)
                    yield (gr.skip(),) * 4  # Gradio shows the last step again at the end
                    return None
                if isinstance(step, Answer):
                    answer = step
                    continue
                if step is not None:
                    writing = render_writing(step, ask.text, documents, WORDS[language])
                    shown = [*asked, _message("assistant", writing)]
                yield shown, gr.skip(), gr.skip(), gr.skip()
        return answer

    def _answering(
        self, ask: Ask, past: OpenConversation, language: Language
    ) -> Generator[Unfinished | Answer]:
        """The reply as it is written, then the Answer."""
        opening = self.library.opening(past.collection, again=True)
        pipeline = replace(opening.pipeline, writer=self.writers.writer(ask.writer))
        within = [document_id for document_id in past.within.documents if document_id in opening.documents]
        history = _history(past.until(ask.since).answers)
        with closing(pipeline.answering(ask.text, history, within)) as steps:
            for step in steps:
                if within and isinstance(step, Answer) and not is_talk(step):
                    titles = [opening.documents[document_id].title for document_id in within]
                    told = WORDS[language].pane.only.format(titles=WORDS[language].listed.join(titles))
                    step = replace(step, notes=(*step.notes, Note(WITHIN, told)))
                yield step

    def stop(self, ask: Ask) -> None:
        """Let nothing come of a question that is being answered."""
        self.stopped.add(ask.token)

    def undo(self, past: OpenConversation, language: Language) -> OpenConversation:
        """The conversation without its last turn; as it was where that could not be removed."""
        now, last = past.until(len(past.turns) - 1), past.turns[-1]
        try:
            if self.store is not None and past.id is not None and last.id is not None:
                self.store.remove(past.id, [last.id])
        except ConversationsError as error:
            gr.Warning(escape(str(error)), title=WORDS[language].told)
            return past
        # The stored conversation goes with its last turn.
        return now if any(turn.id is not None for turn in now.turns) else replace(now, id=None)

    def anew(self, collection: str | None = None) -> OpenConversation:
        """An empty conversation, over the first collection where none that is there is named."""
        named = collection if collection in self.library.names() else None
        return OpenConversation(named or self.library.first)

    def read(self, conversation: str) -> OpenConversation:
        """A stored conversation. Raises a ConversationsError."""
        if self.store is None:
            return self.anew()
        found, turns = self.store.read(conversation)
        shown = tuple(ShownTurn(turn.answer, turn.id) for turn in turns)
        return OpenConversation(found.collection, id=found.id, turns=shown)

    def restore(self, conversation: str, language: Language) -> OpenConversation:
        """A stored conversation, or a new one where it cannot be read, which is told."""
        try:
            return self.read(conversation)
        except ConversationsError as error:
            gr.Warning(escape(str(error)), title=WORDS[language].told)
            return self.anew()

    def suggest(self, conversation: OpenConversation, language: Language) -> list[str]:
        """Questions to ask next: the article's own ones, or made from it once the models are there."""
        try:
            opening = self.library.opening(conversation.collection)
        except WenjuError:
            return []
        asked = {answer.question for answer in conversation.answers}
        first = next(iter(opening.documents.values()))
        given = [text for text in first.suggestions.get(language, ()) if text not in asked]
        cited = any(answer.citations for answer in conversation.answers)
        if not opening.is_open or (given and not (cited and language == first.language)):
            return given
        made = suggest(opening.pipeline, conversation.answers) if cited else opening.starters
        return made or given

    def messages(self, conversation: OpenConversation, language: Language) -> Messages:
        """The conversation as the chat shows it."""
        words, documents = WORDS[language], self.documents(conversation.collection)
        messages: Messages = []
        last = len(conversation.turns) - 1
        for i, answer in enumerate(conversation.answers):
            reply = render_answer(answer, documents, words)
            talk = is_talk(answer)
            reply += "" if talk else render_search(answer, documents, words.search)
            reply += render_actions(words.actions, last=i == last)
            reply += "" if talk else render_judging(answer.outcome, words.judging)
            question = render_question(answer.question) + render_edit(words.actions)
            messages.append(_message("user", question))
            messages.append(_message("assistant", reply))
        return messages

    def _keep(
        self, past: OpenConversation, kept: OpenConversation, answer: Answer, words: Words
    ) -> OpenConversation:
        """Store a finished turn behind what is kept of the past, in place of the rest.

        Where that fails the reply is shown all the same, and the failure told.
        """
        if self.store is None:
            return kept.shows(answer)
        instead = [turn.id for turn in past.turns[len(kept.turns) :] if turn.id is not None]
        try:
            if past.id is None:
                conversation, turn = self.store.begin(past.collection, answer)
                return replace(kept, id=conversation).shows(answer, turn)
            return kept.shows(answer, self.store.append(past.id, answer, instead))
        except ConversationsError as error:
            log.warning("%s", error)
            gr.Warning(escape(f"{words.history.unstored} {error}"), title=words.told)
            return kept.unstored.shows(answer)


def own(store: Conversations, request: gr.Request) -> Conversations:
    """The conversations of who is signed in, which the server knows; where nobody signs in, everybody's."""
    return replace(store, owner=request.username or LOCAL)


def _message(role: Any, content: str) -> gr.MessageDict:
    return {"role": role, "content": content}


def _history(answers: Sequence[Answer]) -> list[Turn]:
    turns: list[Turn] = []
    for answer in answers[-_HISTORY:]:
        turns += [Turn("user", answer.question), Turn("assistant", answer.answer)]
    return turns
