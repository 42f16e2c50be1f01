"""The page: what is where, and what happens on which event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

import gradio as gr

from app.web.adding import Adding
from app.web.asking import Asking
from app.web.column import Column
from app.web.conversation import OpenConversation
from app.web.dialogue import Dialogue
from app.web.drawer import Drawer
from app.web.evaluation import Evaluation
from app.web.judging import Judging
from app.web.keeping import Keeping
from app.web.pane import Pane
from app.web.session import Session
from app.web.top import Top
from app.web.words import WORDS, Words
from corpus import Language
from eval.workbench import Workbench

_HOUR = 3600  # seconds: what an upload left behind goes then
_SPEAKS = """watch("value", wenju.speaks); wenju.speaks();"""
_SHOW_LATEST = "() => wenju.showLatest()"
_SHOW_NEW = "() => { wenju.gold(null); wenju.showLatest(); }"
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


class _Translated(Protocol):
    """A part whose words are of a language."""

    @property
    def translated(self) -> list[Any]:
        """The components whose words `translate` gives."""

    def translate(self, words: Words) -> list[Any]:
        """Their words in another language."""


@dataclass(frozen=True)
class _Tabs:
    """The tabs, and each of them."""

    all: gr.Tabs
    chat: gr.Tab
    shelf: gr.Tab
    evaluation: gr.Tab

    def translate(self, words: Words) -> list[Any]:
        """The names of the tabs in another language."""
        names = (words.chat_tab, words.shelf.tab, words.evaluation.tab)
        return [gr.update(label=name) for name in names]


@dataclass(frozen=True)
class _Parts:
    """The page's components that events read or change."""

    top: Top
    tabs: _Tabs
    column: Column
    back: gr.HTML
    judging: Judging
    pane: Pane
    keeping: Keeping
    adding: Adding
    evaluation: Evaluation
    drawer: Drawer | None


def build_page(bench: Workbench, dialogue: Dialogue, signed_in: bool) -> gr.Blocks:
    """The chat over the library's collections, its stored conversations if they are kept, and the evaluation.

    `signed_in`: only who has signed in sees it, and may sign out.
    """
    page: gr.Blocks
    with gr.Blocks(
        title="问据 Wenju", analytics_enabled=False, fill_width=True, delete_cache=(_HOUR, _HOUR)
    ) as page:
        parts = _lay_out(WORDS["zh"], bench, dialogue, signed_in)
        _wire(page, parts, dialogue)
    return page


def _lay_out(words: Words, bench: Workbench, dialogue: Dialogue, signed_in: bool) -> _Parts:
    top = Top(dialogue, words, signed_in)
    with gr.Tabs(selected="chat", elem_id="wj-tabs") as tabs:
        with gr.Tab(words.chat_tab, id="chat") as chat_tab, gr.Row(elem_id="wj-columns"):
            column = Column(dialogue, words)
            with gr.Column(scale=6):
                back = gr.HTML(_back(words), elem_id="wj-back", js_on_load=_SPEAKS)
                judging = Judging(bench, words)
                pane = Pane(dialogue, words)
        with gr.Tab(words.shelf.tab, id="shelf") as shelf_tab:
            keeping = Keeping(dialogue, words, shared=signed_in)
            adding = Adding(dialogue, words)
        with gr.Tab(words.evaluation.tab, id="evaluation") as evaluation_tab:
            evaluation = Evaluation(bench, words)
    drawer = Drawer(dialogue, dialogue.store, words) if dialogue.store is not None else None
    all_tabs = _Tabs(tabs, chat_tab, shelf_tab, evaluation_tab)
    return _Parts(top, all_tabs, column, back, judging, pane, keeping, adding, evaluation, drawer)


def _wire(page: gr.Blocks, parts: _Parts, dialogue: Dialogue) -> None:
    language, conversation = gr.State("zh"), gr.State(dialogue.anew())
    states = [conversation, language]
    parts.judging.wire(conversation, language)
    if parts.top.toggle:
        parts.top.toggle.click(None, js="() => wenju.drawer(true)")
    asking = Asking(dialogue, parts.column)
    Session(asking.is_answering).wire(page, conversation, language)
    switched = _wire_translation(parts, asking, states)
    parts.keeping.follow(switched, language)
    parts.adding.follow(switched, language)
    restored = _wire_restoring(page, parts.column, dialogue, states)
    changed = _wire_changes(parts, dialogue, states)
    for event in (restored, *changed, switched):
        _follow(parts, event, states)
    asking.give_up_after([restored, *changed], conversation, language)
    parts.judging.close_after([restored, *changed], conversation)
    for event in asking.wire(conversation, language):
        late = asking.follow(_follow(parts, event, states), conversation, language)
        if parts.drawer:
            parts.drawer.follow(late, conversation, language)


def _follow(parts: _Parts, event: gr.events.Dependency, states: list[gr.State]) -> gr.events.Dependency:
    """Show what the conversation is and what it is over. The event given waits until that can be asked."""
    conversation, language = states
    parts.pane.follow(event, conversation, language)
    if parts.drawer:
        parts.drawer.follow(event, conversation, language)
    there = parts.top.loading.follow(event, conversation, language)
    there.then(parts.column.offer, states, parts.column.suggestions, **_QUIET)
    return there


def _wire_restoring(
    page: gr.Blocks, column: Column, dialogue: Dialogue, states: list[gr.State]
) -> gr.events.Dependency:
    """What a page begins with. A question asked before that is there goes on, if it is the same."""
    conversation, language = states
    page.load(column.menu.refresh, language, column.menu.choice, **_QUIET)
    restored = page.load(_restored(dialogue), language, [conversation, column.chat], **_QUIET)
    shown: gr.events.Dependency = restored.then(None, js="() => { wenju.showLatest(); wenju.comeBack(); }")
    return shown


def _wire_changes(parts: _Parts, dialogue: Dialogue, states: list[gr.State]) -> list[gr.events.Dependency]:
    """The events after which the conversation, or what it is over, may be another."""
    conversation, language = states
    column, tabs = parts.column, parts.tabs
    cleared = column.chat.clear(
        lambda past: dialogue.anew(past.collection), conversation, conversation, **_QUIET
    )
    replaced = [
        parts.evaluation.wire(tabs.evaluation, tabs.all, conversation, language),
        parts.pane.wire(conversation, language),
        *parts.keeping.wire(tabs.shelf, tabs.all, conversation, language),
        parts.adding.wire(tabs.all, conversation, language),
    ]
    shown = [event.then(dialogue.messages, states, column.chat, **_QUIET) for event in replaced]
    return [
        cleared.then(None, js=_SHOW_NEW),
        *(event.then(None, js=_SHOW_LATEST) for event in shown),
        *(parts.drawer.wire(column.chat, conversation, language) if parts.drawer else []),
    ]


def _restored(dialogue: Dialogue) -> Callable[[Language, gr.Request], tuple[Any, Any]]:
    """What the page's address names: a stored conversation, or a collection."""

    def restore(language: Language, request: gr.Request) -> tuple[Any, Any]:
        conversation, collection = (request.query_params.get(name) for name in ("c", "in"))
        if not conversation and not collection:
            return gr.skip(), gr.skip()
        if conversation and dialogue.store is not None:
            now = dialogue.of(request).restore(str(conversation), language)
        else:
            now = dialogue.anew(collection)
        return now, dialogue.messages(now, language)

    return restore


def _wire_translation(parts: _Parts, asking: Asking, states: list[gr.State]) -> gr.events.Dependency:
    """The button that switches the language."""
    tabs, (_, language) = parts.tabs, states
    told: list[_Translated] = [
        parts.top,
        parts.judging,
        parts.pane,
        parts.keeping,
        parts.adding,
        parts.evaluation,
    ]
    told += [parts.drawer] if parts.drawer else []
    components = [component for part in told for component in part.translated]
    components += [*parts.column.translated, parts.back, tabs.chat, tabs.shelf, tabs.evaluation]

    def translate(past: OpenConversation, lang: Language, request: gr.Request) -> list[Any]:
        to: Language = "en" if lang == "zh" else "zh"
        words = WORDS[to]
        texts = [text for part in told for text in part.translate(words)]
        column = parts.column.translate(past, to, asking.is_answering(request))
        return [to, *texts, *column, _back(words), *tabs.translate(words)]

    switched = parts.top.switch.click(translate, states, [language, *components], **_QUIET)
    # The same reply in other words is no new one.
    seen: gr.events.Dependency = switched.then(None, js="() => wenju.seenLatest()")
    return seen


def _back(words: Words) -> str:
    """The way back on a phone, and the words that the scripts show."""
    told = {"ask-this": words.ask_this, "uses": words.uses, "changed": words.changed}
    told |= {"lang": words.tag, "chat": words.chat_tab, "article": words.article}
    told |= {"clear": words.clear, "question": words.question}
    told |= {name: getattr(words.actions, name) for name in ("copied", "send", "cancel")}
    told |= {"writing": words.writer.writing, "stopped": words.writer.stopped}
    data = "".join(f' data-{name}="{escape(text)}"' for name, text in told.items())
    return f'<a class="wj-back" href="#wj-chat">↑ {words.back}</a><i id="wj-words"{data}></i>'
