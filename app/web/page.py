"""The page: what is where, and what happens on which event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from app.conversations import Conversations
from app.web.adding import Adding
from app.web.asking import Asking
from app.web.dialogue import Dialogue, Messages, OpenConversation
from app.web.drawer import Drawer
from app.web.evaluation import Evaluation
from app.web.judging import Judging
from app.web.keeping import Keeping
from app.web.loading import Loading
from app.web.pane import Pane
from app.web.words import WORDS, Words
from corpus import Language
from eval.workbench import Workbench

_SUGGESTIONS = 4
_HOUR = 3600  # seconds: what an upload left behind goes then
_SHOW_LATEST = "() => wenju.showLatest()"
_SHOW_NEW = "() => { wenju.gold(null); wenju.showLatest(); }"
_SPEAKS = """watch("value", wenju.speaks); wenju.speaks();"""


@dataclass(frozen=True)
class _Parts:
    """The page's components that events read or change."""

    toggle: gr.Button | None
    heading: gr.HTML
    loading: Loading
    switch: gr.Button
    leave: gr.Button | None
    drawer: Drawer | None
    chat: gr.Chatbot
    suggestions: list[gr.Button]
    box: gr.Textbox
    back: gr.HTML
    judging: Judging
    pane: Pane
    tabs: gr.Tabs
    shelf_tab: gr.Tab
    keeping: Keeping
    adding: Adding
    chat_tab: gr.Tab
    evaluation_tab: gr.Tab
    evaluation: Evaluation


def build_page(bench: Workbench, store: Conversations | None, signed_in: bool) -> gr.Blocks:
    """The chat over one collection, its stored conversations if they are kept, and its evaluation.

    `signed_in`: only who has signed in sees it, and may sign out.
    """
    dialogue = Dialogue(bench.library, store)
    page: gr.Blocks
    with gr.Blocks(
        title="问据 Wenju", analytics_enabled=False, fill_width=True, delete_cache=(_HOUR, _HOUR)
    ) as page:
        parts = _lay_out(WORDS["zh"], bench, dialogue, signed_in)
        _wire(page, parts, dialogue)
    return page


def _lay_out(words: Words, bench: Workbench, dialogue: Dialogue, signed_in: bool) -> _Parts:
    toggle = drawer = leave = None
    with gr.Row(elem_id="wj-top"):
        if dialogue.store is not None:
            toggle = gr.Button(words.history.title, elem_id="wj-toggle", size="sm")
        heading = gr.HTML(_heading(words))
        loading = Loading(dialogue.library)
        switch = gr.Button(words.switch, elem_id="wj-switch", size="sm")
        if signed_in:
            leave = gr.Button(words.sign_out, elem_id="wj-leave", size="sm", link="/logout")
    with gr.Tabs(selected="chat", elem_id="wj-tabs") as tabs:
        with gr.Tab(words.chat_tab, id="chat") as chat_tab:
            chat, buttons, box, back, judging, pane = _lay_out_chat(words, bench, dialogue)
        with gr.Tab(words.shelf.tab, id="shelf") as shelf_tab:
            keeping = Keeping(dialogue, words, shared=signed_in)
            adding = Adding(dialogue, words)
        with gr.Tab(words.evaluation.tab, id="evaluation") as evaluation_tab:
            evaluation = Evaluation(bench, words)
    if dialogue.store is not None:
        drawer = Drawer(dialogue, dialogue.store, words)
    return _Parts(
        toggle=toggle,
        heading=heading,
        loading=loading,
        switch=switch,
        leave=leave,
        drawer=drawer,
        chat=chat,
        suggestions=buttons,
        box=box,
        back=back,
        judging=judging,
        pane=pane,
        tabs=tabs,
        shelf_tab=shelf_tab,
        keeping=keeping,
        adding=adding,
        chat_tab=chat_tab,
        evaluation_tab=evaluation_tab,
        evaluation=evaluation,
    )


def _lay_out_chat(
    words: Words, bench: Workbench, dialogue: Dialogue
) -> tuple[gr.Chatbot, list[gr.Button], gr.Textbox, gr.HTML, Judging, Pane]:
    suggestions = dialogue.suggest(dialogue.anew(), "zh")
    with gr.Row(elem_id="wj-columns"):
        with gr.Column(scale=5):
            chat = gr.Chatbot(
                elem_id="wj-chat",
                show_label=False,
                label="Wenju",
                buttons=[],
                latex_delimiters=[],  # a quote is shown as it is written
                placeholder=words.placeholder,
                feedback_options=None,
                autoscroll=False,  # which shows the end of a long reply; wenju.js shows its beginning
            )
            with gr.Row(elem_id="wj-suggestions"):
                buttons = [gr.Button(**_suggestion(suggestions, i), size="sm") for i in range(_SUGGESTIONS)]
            box = gr.Textbox(
                elem_id="wj-question",
                label=words.question,
                placeholder=words.question_hint,
                submit_btn=words.ask,
                max_lines=6,
                autofocus=True,
            )
        with gr.Column(scale=6):
            back = gr.HTML(_back(words), elem_id="wj-back", js_on_load=_SPEAKS)
            judging = Judging(bench, words)
            pane = Pane(dialogue, words)
    return chat, buttons, box, back, judging, pane


def _wire(page: gr.Blocks, parts: _Parts, dialogue: Dialogue) -> None:
    language, conversation = gr.State("zh"), gr.State(dialogue.anew())
    states = [conversation, language]
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    restored = page.load(_restored(dialogue), language, [conversation, parts.chat], **quiet)
    asked = Asking(dialogue, parts.chat, parts.box).wire(parts.suggestions, conversation, language)
    parts.judging.wire(conversation, language)
    cleared = parts.chat.clear(
        lambda past: dialogue.anew(past.collection), conversation, conversation, **quiet
    )
    replaced = [
        parts.evaluation.wire(parts.evaluation_tab, parts.tabs, conversation, language),
        parts.pane.wire(conversation, language),
        *parts.keeping.wire(parts.shelf_tab, parts.tabs, conversation, language),
        parts.adding.wire(parts.tabs, conversation, language),
    ]
    shown = [event.then(dialogue.messages, states, parts.chat, **quiet) for event in replaced]
    changing = [
        restored.then(None, js="() => { wenju.showLatest(); wenju.comeBack(); }"),
        *asked,
        cleared.then(None, js=_SHOW_NEW),
        *(event.then(None, js=_SHOW_LATEST) for event in shown),
        *(parts.drawer.wire(parts.chat, conversation, language) if parts.drawer else []),
    ]
    if parts.toggle:
        parts.toggle.click(None, js="() => wenju.drawer(true)")
    switched = _wire_translation(parts, dialogue, states)
    parts.keeping.follow(switched, language)
    for event in (*changing, switched):
        parts.pane.follow(event, conversation, language)
        there = parts.loading.follow(event, conversation, language)
        there.then(lambda past, lang: _offered(dialogue, past, lang), states, parts.suggestions, **quiet)
        if parts.drawer:
            parts.drawer.follow(event, conversation, language)


def _restored(dialogue: Dialogue) -> Callable[[Language, gr.Request], tuple[Any, Any]]:
    """What the page's address names: a stored conversation, or a collection."""

    def restore(language: Language, request: gr.Request) -> tuple[Any, Any]:
        conversation, collection = (request.query_params.get(name) for name in ("c", "in"))
        if conversation and dialogue.store is not None:
            now = dialogue.of(request).restore(str(conversation), language)
        else:
            now = dialogue.anew(collection)
        return now, dialogue.messages(now, language)

    return restore


def _wire_translation(parts: _Parts, dialogue: Dialogue, states: Sequence[gr.State]) -> gr.events.Dependency:
    """The button that switches the language. `states` are the conversation and the language."""
    components = _translated(parts)

    def translate(past: OpenConversation, lang: Language) -> list[Any]:
        to: Language = "en" if lang == "zh" else "zh"
        return [to, *_translations(parts, dialogue.messages(past, to), WORDS[to])]

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    switched = parts.switch.click(translate, list(states), [states[1], *components], **quiet)
    # The same reply in other words is no new one.
    seen: gr.events.Dependency = switched.then(None, js="() => wenju.seenLatest()")
    return seen


def _translated(parts: _Parts) -> list[Any]:
    """The components whose words `_translations` gives, in that order."""
    return [
        parts.heading,
        parts.switch,
        parts.chat,
        parts.box,
        parts.back,
        parts.chat_tab,
        parts.evaluation_tab,
        parts.shelf_tab,
        *parts.judging.translated,
        *parts.pane.translated,
        *parts.keeping.translated,
        *parts.adding.translated,
        *parts.evaluation.translated,
        *([parts.toggle, *parts.drawer.translated] if parts.drawer else []),
        *([parts.leave] if parts.leave else []),
    ]


def _translations(parts: _Parts, messages: Messages, words: Words) -> list[Any]:
    return [
        _heading(words),
        words.switch,
        gr.update(value=messages, placeholder=words.placeholder),
        gr.update(label=words.question, placeholder=words.question_hint, submit_btn=words.ask),
        _back(words),
        gr.update(label=words.chat_tab),
        gr.update(label=words.evaluation.tab),
        gr.update(label=words.shelf.tab),
        *parts.judging.translate(words),
        *parts.pane.translate(words),
        *parts.keeping.translate(words),
        *parts.adding.translate(words),
        *parts.evaluation.translate(words),
        *([words.history.title, *parts.drawer.translate(words)] if parts.drawer else []),
        *([words.sign_out] if parts.leave else []),
    ]


def _offered(dialogue: Dialogue, past: OpenConversation, language: Language) -> list[dict[str, Any]]:
    """The buttons with questions to ask next."""
    texts = dialogue.suggest(past, language)
    return [gr.update(**_suggestion(texts, i)) for i in range(_SUGGESTIONS)]


def _heading(words: Words) -> str:
    return f"<h1>问据 Wenju</h1><p>{words.subtitle}</p>"


def _back(words: Words) -> str:
    """The way back on a phone, and the words that the scripts show."""
    told = {"ask-this": words.ask_this, "uses": words.uses, "changed": words.changed}
    told |= {"lang": words.tag, "chat": words.chat_tab, "article": words.article}
    told |= {"clear": words.clear, "question": words.question}
    told |= {name: getattr(words.actions, name) for name in ("copied", "send", "cancel")}
    data = "".join(f' data-{name}="{escape(text)}"' for name, text in told.items())
    return f'<a class="wj-back" href="#wj-chat">↑ {words.back}</a><i id="wj-words"{data}></i>'


def _suggestion(texts: Sequence[str], i: int) -> dict[str, Any]:
    return {"value": texts[i] if i < len(texts) else "", "visible": i < len(texts)}
