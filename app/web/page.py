"""The page: what is where, and what happens on which event."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from app.answer import Answer
from app.errors import QuestionError
from app.pipeline import Pipeline
from app.questions import MAX_CHARS, Turn
from app.web.evaluation import Evaluation
from app.web.judging import Judging
from app.web.render import (
    render_answer,
    render_article,
    render_failure,
    render_judging,
    render_question,
)
from app.web.words import WORDS, Words
from corpus import Language
from eval.workbench import Workbench

log = logging.getLogger(__name__)

_SUGGESTIONS = 4
_HISTORY = 6  # earlier turns that a question may point back to
Messages = list[gr.MessageDict]


@dataclass(frozen=True)
class _Parts:
    """The page's components that events read or change."""

    heading: gr.HTML
    switch: gr.Button
    chat: gr.Chatbot
    suggestions: list[gr.Button]
    box: gr.Textbox
    back: gr.HTML
    judging: Judging
    tabs: gr.Tabs
    chat_tab: gr.Tab
    evaluation_tab: gr.Tab
    evaluation: Evaluation


def build_page(bench: Workbench) -> gr.Blocks:
    """The chat over one collection, and its evaluation."""
    suggestions = {lang: bench.documents[0].suggestions.get(lang, ()) for lang in WORDS}
    page: gr.Blocks
    with gr.Blocks(title="问据 Wenju", analytics_enabled=False, fill_width=True) as page:
        parts = _lay_out(WORDS["zh"], suggestions["zh"], bench)
        _wire(parts, bench.pipeline, suggestions)
    return page


def _lay_out(words: Words, suggestions: Sequence[str], bench: Workbench) -> _Parts:
    with gr.Row(elem_id="wj-top"):
        heading = gr.HTML(_heading(words))
        switch = gr.Button(words.switch, elem_id="wj-switch", size="sm")
    with gr.Tabs(selected="chat") as tabs:
        with gr.Tab(words.chat_tab, id="chat") as chat_tab:
            chat, buttons, box, back, judging = _lay_out_chat(words, suggestions, bench)
        with gr.Tab(words.evaluation.tab, id="evaluation") as evaluation_tab:
            evaluation = Evaluation(bench, words)
    return _Parts(
        heading, switch, chat, buttons, box, back, judging, tabs, chat_tab, evaluation_tab, evaluation
    )


def _lay_out_chat(
    words: Words, suggestions: Sequence[str], bench: Workbench
) -> tuple[gr.Chatbot, list[gr.Button], gr.Textbox, gr.HTML, Judging]:
    article = render_article(bench.documents)
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
        with gr.Column(scale=5):
            back = gr.HTML(_back(words), elem_id="wj-back")
            judging = Judging(bench.own, words)
            gr.HTML(
                f'<div class="wj-pane" role="region" aria-label="原文 Article" tabindex="0">{article}</div>'
            )
    return chat, buttons, box, back, judging


def _wire(parts: _Parts, pipeline: Pipeline, suggestions: Mapping[Language, Sequence[str]]) -> None:
    language, answers = gr.State("zh"), gr.State(list[Answer]())

    def ask(text: str, past: list[Answer], lang: Language) -> Iterator[tuple[Any, ...]]:
        yield from _ask(pipeline, text, past, lang)

    def translate(past: list[Answer], lang: Language) -> tuple[Any, ...]:
        to: Language = "en" if lang == "zh" else "zh"
        words = WORDS[to]
        return (
            to,
            _heading(words),
            words.switch,
            gr.update(value=_messages(past, words), placeholder=words.placeholder),
            gr.update(label=words.question, placeholder=words.question_hint, submit_btn=words.ask),
            _back(words),
            gr.update(label=words.chat_tab),
            gr.update(label=words.evaluation.tab),
            *(gr.update(**_suggestion(suggestions[to], i)) for i in range(_SUGGESTIONS)),
            *parts.judging.translate(words),
            *parts.evaluation.translate(words),
        )

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    asking: dict[str, Any] = {
        "inputs": [parts.box, answers, language],
        "outputs": [parts.chat, parts.box, answers],
        **quiet,
    }
    show_latest = "() => wenju.showLatest()"
    show_new = "() => { wenju.gold(null); wenju.showLatest(); }"
    parts.box.submit(ask, **asking).then(None, js=show_new)
    for button in parts.suggestions:
        taken = button.click(lambda text: text, button, parts.box, **quiet)
        taken.then(ask, **asking).then(None, js=show_new)
    parts.judging.wire(answers, language)
    opened = parts.evaluation.wire(parts.evaluation_tab, parts.tabs, answers, language)
    opened.then(_conversation, [answers, language], parts.chat, **quiet).then(None, js=show_latest)
    parts.chat.clear(lambda: [], None, answers, **quiet).then(None, js=show_new)
    translated = [
        language,
        parts.heading,
        parts.switch,
        parts.chat,
        parts.box,
        parts.back,
        parts.chat_tab,
        parts.evaluation_tab,
        *parts.suggestions,
        *parts.judging.translated,
        *parts.evaluation.translated,
    ]
    parts.switch.click(translate, [answers, language], translated, **quiet)


def _ask(pipeline: Pipeline, text: str, past: list[Answer], lang: Language) -> Iterator[tuple[Any, ...]]:
    """The page's outputs: first the question, then its reply."""
    words = WORDS[lang]
    shown = _messages(past, words)
    asked = [*shown, _message("user", render_question(text[:MAX_CHARS]))]
    yield asked, "", past
    try:
        answer = pipeline.answer(text, _history(past))
    except QuestionError as error:
        gr.Warning(str(error), title=words.notice)
        yield shown, text, past
    except Exception:
        # The page must outlive any failure; it is shown as one and logged with its cause.
        log.exception("a question failed")
        yield [*asked, _message("assistant", render_failure(words.failed))], text, past
    else:
        answers = [*past, answer]
        # The box is left alone: the next question may already stand there.
        yield _messages(answers, words), gr.skip(), answers


def _messages(answers: list[Answer], words: Words) -> Messages:
    messages: Messages = []
    for answer in answers:
        reply = render_answer(answer, words) + render_judging(answer.outcome, words.judging)
        messages.append(_message("user", render_question(answer.question)))
        messages.append(_message("assistant", reply))
    return messages


def _conversation(answers: list[Answer], lang: Language) -> Messages:
    return _messages(answers, WORDS[lang])


def _message(role: Any, content: str) -> gr.MessageDict:
    return {"role": role, "content": content}


def _history(answers: list[Answer]) -> list[Turn]:
    turns: list[Turn] = []
    for answer in answers[-_HISTORY:]:
        turns += [Turn("user", answer.question), Turn("assistant", answer.answer)]
    return turns


def _heading(words: Words) -> str:
    return f"<h1>问据 Wenju</h1><p>{words.subtitle}</p>"


def _back(words: Words) -> str:
    return f'<a class="wj-back" href="#wj-chat">↑ {words.back}</a>'


def _suggestion(texts: Sequence[str], i: int) -> dict[str, Any]:
    return {"value": texts[i] if i < len(texts) else "", "visible": i < len(texts)}
