"""The list of conversations, in a drawer at the side: open, search, rename, export, delete, begin anew.

`static/drawer.js` turns clicks in the list into events; every title is escaped here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from typing import Any

import gradio as gr

from app.conversations import MAX_TITLE, Conversation, Conversations
from app.errors import ConversationsError
from app.export import FORMS, Form, Labels, export, file_name
from app.questions import language_of
from app.web.conversation import OpenConversation
from app.web.dialogue import Dialogue, own
from app.web.pane import label
from app.web.render import quoted
from app.web.words import WORDS, HistoryWords, Words, heading
from corpus import Language

_LIST = """
const listed = () => wenju.listed(element.querySelector(".wj-list"));
wenju.list(element, trigger);
watch("value", listed);
listed();
"""
_EXPORT = """watch("value", () => wenju.save(element.querySelector("[data-name]")));"""
_FORMS: dict[Form, str] = {"md": "Markdown", "html": "HTML", "json": "JSON"}


class Drawer:
    """The drawer's components, and what they do."""

    def __init__(self, dialogue: Dialogue, store: Conversations, words: Words) -> None:
        self._dialogue, self._store = dialogue, store
        with gr.Column(elem_id="wj-drawer"):
            self._head = gr.HTML(_head(words.history))
            self._new = gr.Button(words.history.new, elem_id="wj-new", size="sm")
            self._search = gr.Textbox(elem_id="wj-search", **_box(words.history), max_lines=1)
            self._list = gr.HTML(elem_id="wj-list", js_on_load=_LIST)
            # Without a face: the file that is to be saved, which leaves nothing on the server's disk.
            self._file = gr.HTML(elem_id="wj-file", js_on_load=_EXPORT)

    @property
    def translated(self) -> list[Any]:
        """The components whose words `translate` gives."""
        return [self._head, self._new, self._search]

    @staticmethod
    def translate(words: Words) -> list[Any]:
        """The drawer's words in another language; the list is told by itself."""
        return [_head(words.history), words.history.new, gr.update(**_box(words.history))]

    def wire(
        self, chat: gr.Chatbot, conversation: gr.State, language: gr.State
    ) -> list[gr.events.Dependency]:
        """Connect the events; those given have changed the conversation on the page or the list."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        states = [conversation, language]
        latest = "() => { wenju.gold(null); wenju.drawer(false); wenju.showLatest(); }"
        self._list.edit(self._rename, [conversation, self._search, language], self._list, **quiet)
        self._list.download(self._export, language, self._file, **quiet)
        self._search.change(
            self.render,
            [conversation, self._search, language],
            self._list,
            trigger_mode="always_last",
            **quiet,
        )
        shown = {"inputs": states, "outputs": [conversation, chat], **quiet}
        return [
            self._new.click(self._begin, **shown).then(None, js=latest),
            self._list.select(self._open, **shown).then(None, js=latest),
            self._list.delete(self._delete, **shown),
        ]

    def follow(self, event: gr.events.Dependency, conversation: gr.State, language: gr.State) -> None:
        """Show the list anew after an event that changed the conversation."""
        inputs = [conversation, self._search, language]
        event.then(self.render, inputs, self._list, api_visibility="private", show_progress="hidden")

    def render(self, current: OpenConversation, search: str, language: Language, request: gr.Request) -> str:
        """The list, of the conversations that hold what is sought."""
        words = WORDS[language].history
        try:
            found = own(self._store, request).find(search)
        except ConversationsError as error:
            return f'<p class="wj-failure" role="alert">{escape(str(error))}</p>'
        return _render(found, current, words) if found else _nothing(current.id, search, words)

    def _begin(self, past: OpenConversation, language: Language) -> tuple[Any, Any]:
        return self._shown(self._dialogue.anew(past.collection), language)

    def _open(
        self, past: OpenConversation, language: Language, event: gr.EventData, request: gr.Request
    ) -> tuple[Any, Any]:
        return self._shown(self._dialogue.of(request).restore(str(event.id), language), language)

    def _delete(
        self, past: OpenConversation, language: Language, event: gr.EventData, request: gr.Request
    ) -> tuple[Any, Any]:
        gone = self._done(lambda: own(self._store, request).delete(str(event.id)), language)
        if gone:
            gr.Info(WORDS[language].history.deleted, title=WORDS[language].told)
        now = self._dialogue.anew(past.collection) if gone and past.id == event.id else past
        return self._shown(now, language)

    def _rename(
        self,
        past: OpenConversation,
        search: str,
        language: Language,
        event: gr.EventData,
        request: gr.Request,
    ) -> str:
        self._done(lambda: own(self._store, request).rename(str(event.id), str(event.title)), language)
        return self.render(past, search, language, request)

    def _export(self, language: Language, event: gr.EventData, request: gr.Request) -> str:
        """A conversation as a file's name and text."""
        words, form = WORDS[language], next(form for form in FORMS if form == event.form)
        try:
            found, turns = own(self._store, request).read(str(event.id))
        except ConversationsError as error:
            _tell(error, language)
            return ""
        text = export(found, turns, form, Labels(language, words.outcomes, words.nearest))
        # With the time: the page hears of a value only when it is another.
        name, at = escape(file_name(found, form)), time.monotonic_ns()
        return f'<i data-name="{name}" data-text="{escape(text)}" data-at="{at}"></i>'

    def _done(self, act: Callable[[], None], language: Language) -> bool:
        try:
            act()
        except ConversationsError as error:
            _tell(error, language)
            return False
        return True

    def _shown(self, now: OpenConversation, language: Language) -> tuple[Any, Any]:
        return now, self._dialogue.messages(now, language)


def _tell(error: ConversationsError, language: Language) -> None:
    gr.Warning(escape(str(error)), title=heading(error, WORDS[language]))


def _head(words: HistoryWords) -> str:
    return (
        f'<div class="wj-drawer-head"><h2 id="wj-drawer-title">{escape(words.title)}</h2>'
        f'<button type="button" class="wj-close">{escape(words.close)}</button></div>'
    )


def _box(words: HistoryWords) -> dict[str, Any]:
    return {"label": words.search, "placeholder": words.search_hint}


def _nothing(current: str | None, search: str, words: HistoryWords) -> str:
    text = words.nothing if search.strip() else words.empty
    return f'<ul class="wj-list" data-current="{escape(current or "")}"></ul><p>{escape(text)}</p>'


def _render(found: Sequence[Conversation], current: OpenConversation, words: HistoryWords) -> str:
    rows = "".join(_row(conversation, current, words) for conversation in found)
    return f'<ul class="wj-list" data-current="{escape(current.id or "")}">{rows}</ul>'


def _row(conversation: Conversation, current: OpenConversation, words: HistoryWords) -> str:
    title, lang = escape(conversation.title), language_of(conversation.title)
    updated = datetime.fromisoformat(conversation.updated).astimezone()
    exports = "".join(
        f'<button type="button" class="wj-export" data-form="{form}">{label}</button>'
        for form, label in ((form, words.export.format(form=name)) for form, name in _FORMS.items())
    )
    over = quoted(label(conversation.collection))
    elsewhere = "" if conversation.collection == current.collection else f"<small>{over}</small>"
    more = escape(words.more.format(title=conversation.title))
    sure = escape(words.confirm).format(title=quoted(conversation.title))
    return (
        f'<li data-id="{escape(conversation.id)}"><button type="button" class="wj-entry"'
        f"{' aria-current=true' if conversation.id == current.id else ''}><span lang={lang}>{title}</span>"
        f"{elsewhere}<time>{updated:%m-%d %H:%M}</time></button>"
        f'<input class="wj-retitle" value="{title}" maxlength="{MAX_TITLE}" '
        f'aria-label="{words.rename}" hidden>'
        f'<details class="wj-more"><summary aria-label="{more}">⋯</summary>'
        f'<button type="button" class="wj-rename">{words.rename}</button>'
        f'{exports}<button type="button" class="wj-delete">{words.delete}</button>'
        f'<p class="wj-sure" role="alert" hidden>{sure} '
        f'<button type="button" class="wj-delete-it">{words.delete}</button>'
        f'<button type="button" class="wj-keep">{words.keep}</button></p></details></li>'
    )
