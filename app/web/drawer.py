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
from app.web.dialogue import Dialogue, OpenConversation, own
from app.web.render import quoted
from app.web.words import WORDS, HistoryWords, Words
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

    def wire(self, page: gr.Blocks, chat: gr.Chatbot, conversation: gr.State, language: gr.State) -> None:
        """Connect the events that change the conversation on the page."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        inputs = [conversation, self._search, language]
        shown = [conversation, chat, self._list]
        latest = "() => { wenju.gold(null); wenju.drawer(false); wenju.showLatest(); }"
        restored = page.load(self._restore, inputs, shown, **quiet)
        restored.then(None, js="() => { wenju.showLatest(); wenju.comeBack(); }")
        self._new.click(self._begin, inputs, shown, **quiet).then(None, js=latest)
        self._list.select(self._open, inputs, shown, **quiet).then(None, js=latest)
        self._list.delete(self._delete, inputs, shown, **quiet)
        self._list.edit(self._rename, inputs, self._list, **quiet)
        self._list.download(self._export, language, self._file, **quiet)
        self._search.change(self.render, inputs, self._list, trigger_mode="always_last", **quiet)

    def follow(self, event: gr.events.Dependency, conversation: gr.State, language: gr.State) -> None:
        """Show the list anew after an event that changed the conversation."""
        inputs = [conversation, self._search, language]
        event.then(self.render, inputs, self._list, api_visibility="private", show_progress="hidden")

    def render(self, current: OpenConversation, search: str, language: Language, request: gr.Request) -> str:
        """The list, of the conversations that hold what is sought."""
        words = WORDS[language].history
        try:
            found = own(self._store, request).find(self._dialogue.collection, search)
        except ConversationsError as error:
            return f'<p class="wj-failure" role="alert">{escape(str(error))}</p>'
        return _render(found, current.id, words) if found else _nothing(current.id, search, words)

    def _restore(
        self, past: OpenConversation, search: str, language: Language, request: gr.Request
    ) -> list[Any]:
        """The conversation that the page's address names."""
        asked = request.query_params.get("c")
        if not asked:
            return self._shown(past, search, language, request)
        return self._show(str(asked), search, language, request)

    def _begin(
        self, past: OpenConversation, search: str, language: Language, request: gr.Request
    ) -> list[Any]:
        return self._shown(OpenConversation(), search, language, request)

    def _open(
        self,
        past: OpenConversation,
        search: str,
        language: Language,
        event: gr.EventData,
        request: gr.Request,
    ) -> list[Any]:
        return self._show(str(event.id), search, language, request)

    def _show(self, conversation: str, search: str, language: Language, request: gr.Request) -> list[Any]:
        now = OpenConversation()
        try:
            now = self._dialogue.of(request).read(conversation)
        except ConversationsError as error:
            _tell(error, language)
        return self._shown(now, search, language, request)

    def _delete(
        self,
        past: OpenConversation,
        search: str,
        language: Language,
        event: gr.EventData,
        request: gr.Request,
    ) -> list[Any]:
        gone = self._done(lambda: own(self._store, request).delete(str(event.id)), language)
        if gone:
            gr.Info(WORDS[language].history.deleted)
        now = OpenConversation() if gone and past.id == event.id else past
        return self._shown(now, search, language, request)

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

    def _shown(
        self, now: OpenConversation, search: str, language: Language, request: gr.Request
    ) -> list[Any]:
        return [now, self._dialogue.messages(now, language), self.render(now, search, language, request)]


def _tell(error: ConversationsError, language: Language) -> None:
    gr.Warning(escape(str(error)), title=WORDS[language].notice)


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


def _render(found: Sequence[Conversation], current: str | None, words: HistoryWords) -> str:
    rows = "".join(_row(conversation, conversation.id == current, words) for conversation in found)
    return f'<ul class="wj-list" data-current="{escape(current or "")}">{rows}</ul>'


def _row(conversation: Conversation, current: bool, words: HistoryWords) -> str:
    title, lang = escape(conversation.title), language_of(conversation.title)
    updated = datetime.fromisoformat(conversation.updated).astimezone()
    exports = "".join(
        f'<button type="button" class="wj-export" data-form="{form}">{label}</button>'
        for form, label in ((form, words.export.format(form=name)) for form, name in _FORMS.items())
    )
    more = escape(words.more.format(title=conversation.title))
    sure = escape(words.confirm).format(title=quoted(conversation.title))
    return (
        f'<li data-id="{escape(conversation.id)}"><button type="button" class="wj-entry"'
        f"{' aria-current=true' if current else ''}><span lang={lang}>{title}</span>"
        f"<time>{updated:%m-%d %H:%M}</time></button>"
        f'<input class="wj-retitle" value="{title}" maxlength="{MAX_TITLE}" '
        f'aria-label="{words.rename}" hidden>'
        f'<details class="wj-more"><summary aria-label="{more}">⋯</summary>'
        f'<button type="button" class="wj-rename">{words.rename}</button>'
        f'{exports}<button type="button" class="wj-delete">{words.delete}</button>'
        f'<p class="wj-sure" role="alert" hidden>{sure} '
        f'<button type="button" class="wj-delete-it">{words.delete}</button>'
        f'<button type="button" class="wj-keep">{words.keep}</button></p></details></li>'
    )
