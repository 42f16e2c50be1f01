"""The list of collections: open, add to, rename, take a document out, delete.

`static/shelf.js` turns clicks in the list into events; every name is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import gradio as gr

from app import holdings
from app.collections import load_shipped
from app.holdings import Holding
from app.web.conversation import OpenConversation
from app.web.dialogue import Dialogue, own
from app.web.render import quoted
from app.web.words import WORDS, ShelfWords, Words, explain, heading
from corpus import Language, WenjuError

_LISTED = 50  # documents of a collection that are named; more are counted
_SCRIPT = "wenju.shelf(element, trigger);"


class Keeping:
    """The list's components, and what they do. `shared`: several people sign in, and share it."""

    def __init__(self, dialogue: Dialogue, words: Words, shared: bool) -> None:
        self._dialogue, self._shared = dialogue, shared
        self._head = gr.HTML(self._told(words))
        self._list = gr.HTML(elem_id="wj-shelf", js_on_load=_SCRIPT)

    @property
    def translated(self) -> list[Any]:
        """The components whose words `translate` gives."""
        return [self._head]

    def translate(self, words: Words) -> list[Any]:
        """The heading in another language; the list is told by itself."""
        return [self._told(words)]

    def wire(
        self, tab: gr.Tab, tabs: gr.Tabs, conversation: gr.State, language: gr.State
    ) -> list[gr.events.Dependency]:
        """Connect the events; those given may have changed which collection is open, or what is in it."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        states = [conversation, language]
        tab.select(self.render, language, self._list, **quiet)
        opened = self._list.select(self._open, None, [conversation, tabs], **quiet)
        changing = [
            listen(act, states, [conversation, self._list], **quiet)
            for listen, act in (
                (self._list.edit, self._rename),
                (self._list.clear, self._take_out),
                (self._list.delete, self._delete),
            )
        ]
        return [opened, *changing]

    def follow(self, event: gr.events.Dependency, language: gr.State) -> None:
        """Show the list anew after an event that may have changed it."""
        event.then(self.render, language, self._list, api_visibility="private", show_progress="hidden")

    def render(self, language: Language, request: gr.Request) -> str:
        """The list."""
        words = WORDS[language].shelf
        found = holdings.holdings(self._dialogue.library.shelf)
        if not found:
            return f"<p>{escape(words.none)}</p>"
        rows = "".join(self._row(holding, words, request) for holding in found)
        return f'<ul class="wj-list">{rows}</ul>'

    def _open(self, event: gr.EventData) -> tuple[Any, Any]:
        return self._dialogue.anew(str(event.id)), gr.Tabs(selected="chat")

    def _rename(
        self, past: OpenConversation, language: Language, event: gr.EventData, request: gr.Request
    ) -> tuple[Any, Any]:
        name, new, store = str(event.id), " ".join(str(event.title).split()), self._dialogue.store

        def act() -> None:
            holdings.rename(self._dialogue.library.shelf, name, new)
            if store is not None:
                store.follow(name, new)

        done = name == new or _done(act, new, language)
        is_open = done and name != new and past.collection == name
        now = OpenConversation(new, past.within, past.id, past.turns) if is_open else gr.skip()
        return now, self.render(language, request)

    def _take_out(
        self, past: OpenConversation, language: Language, event: gr.EventData, request: gr.Request
    ) -> tuple[Any, Any]:
        name, document = str(event.id), str(event.document)
        shelf = self._dialogue.library.shelf
        if _done(lambda: holdings.take_out(shelf, name, [document]), document, language):
            words = WORDS[language]
            gr.Info(escape(words.shelf.taken_out.format(document=document)), title=words.told)
        return gr.skip(), self.render(language, request)

    def _delete(
        self, past: OpenConversation, language: Language, event: gr.EventData, request: gr.Request
    ) -> tuple[Any, Any]:
        name, now = str(event.id), gr.skip()
        if _done(lambda: holdings.delete(self._dialogue.library.shelf, name), name, language):
            words = WORDS[language]
            gr.Info(escape(words.shelf.deleted.format(name=name)), title=words.told)
            now = self._dialogue.anew() if past.collection == name else gr.skip()
        return now, self.render(language, request)

    def _told(self, words: Words) -> str:
        shared = f'<p class="wj-note">{escape(words.shelf.shared)}</p>' if self._shared else ""
        shipped = escape(words.shelf.shipped).format(title=quoted(load_shipped().title))
        return f"<h2>{escape(words.shelf.title)}</h2>{shared}<p>{shipped}</p>"

    def _row(self, holding: Holding, words: ShelfWords, request: gr.Request) -> str:
        name, n_documents = escape(holding.name), len(holding.document_ids)
        facts = words.facts.format(
            documents=n_documents,
            size=f"{holding.n_bytes / 1000:,.0f} KB",
            built=f"{holding.built:%Y-%m-%d %H:%M}" if holding.built else "",
        )
        sure = escape(words.confirm).format(
            name=quoted(holding.name), conversations=self._conversations(holding.name, request)
        )
        state = " disabled" if holding.damaged else ""
        told = escape(words.damaged.format(why=holding.damaged) if holding.damaged else facts)
        return (
            f'<li data-id="{name}"><button type="button" class="wj-entry"{state}>'
            f"<span>{name}</span><small>{told}</small></button>"
            f'<input class="wj-retitle" value="{name}" aria-label="{escape(words.rename)}" hidden>'
            f'<button type="button" class="wj-add">{escape(words.add)}</button>'
            f'<details class="wj-more"><summary aria-label="{escape(words.more.format(name=holding.name))}">⋯'
            f'</summary><button type="button" class="wj-rename">{escape(words.rename)}</button>'
            f"{_outs(holding, words)}"
            f'<button type="button" class="wj-delete">{escape(words.delete)}</button>'
            f'<p class="wj-sure" role="alert" hidden>{sure} '
            f'<button type="button" class="wj-delete-it">{escape(words.delete)}</button>'
            f'<button type="button" class="wj-keep">{escape(words.keep)}</button></p></details></li>'
        )

    def _conversations(self, name: str, request: gr.Request) -> int:
        store = self._dialogue.store
        return 0 if store is None else own(store, request).count(name)


def _outs(holding: Holding, words: ShelfWords) -> str:
    """The buttons that take a document out of a collection of several, which ask first."""
    ids = holding.document_ids
    if len(ids) < 2:
        return ""
    outs = "".join(
        f'<button type="button" class="wj-take-out" data-document="{escape(one)}">'
        f"{escape(words.take_out.format(document=one))}</button>"
        for one in ids[:_LISTED]
    )
    more = words.listed.format(shown=_LISTED, documents=len(ids), name=holding.name)
    rest = f"<p>{escape(more)}</p>" if len(ids) > _LISTED else ""
    sure = escape(words.confirm_out).format(document='<span class="wj-quoted"></span>')
    return (
        f'{outs}{rest}<p class="wj-sure wj-sure-out" role="alert" hidden>{sure} '
        f'<button type="button" class="wj-take-it-out">{escape(words.out)}</button>'
        f'<button type="button" class="wj-keep-in">{escape(words.keep)}</button></p>'
    )


def _done(act: Callable[[], None], name: str, language: Language) -> bool:
    try:
        act()
    except WenjuError as error:
        words = WORDS[language]
        gr.Warning(escape(explain(error, words, name)), title=heading(error, words))
        return False
    return True
