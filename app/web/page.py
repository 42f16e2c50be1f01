"""The page: what is where, and what happens on which event."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import gradio as gr

from app.answer import Answer
from app.errors import QuestionError
from app.pipeline import Pipeline
from app.questions import Turn
from app.web.render import render_answer, render_article, render_failure, render_question
from app.web.words import WORDS, Words
from corpus import Language

log = logging.getLogger(__name__)

_SUGGESTIONS = 4
_HISTORY = 6  # earlier turns that a question may point back to
Messages = list[gr.MessageDict]


def build_page(pipeline: Pipeline) -> gr.Blocks:
    """The chat over one collection."""
    documents = list(pipeline.documents.values())
    suggestions = {lang: documents[0].suggestions.get(lang, ()) for lang in WORDS}
    rendered = render_article(documents)
    words = WORDS["zh"]
    page: gr.Blocks
    with gr.Blocks(title="问据 Wenju", analytics_enabled=False, fill_width=True) as page:
        language = gr.State("zh")
        answers = gr.State(list[Answer]())
        with gr.Row(elem_id="wj-top"):
            heading = gr.HTML(_heading(words))
            switch = gr.Button(words.switch, elem_id="wj-switch", size="sm")
        with gr.Row(elem_id="wj-columns"):
            with gr.Column(scale=5):
                chat = gr.Chatbot(
                    elem_id="wj-chat", show_label=False, label="Wenju", height="60vh", buttons=[],
                    placeholder=words.placeholder, layout="bubble", feedback_options=None,
                )  # fmt: skip
                with gr.Row(elem_id="wj-suggestions"):
                    buttons = [
                        gr.Button(_at(suggestions["zh"], i), visible=i < len(suggestions["zh"]), size="sm")
                        for i in range(_SUGGESTIONS)
                    ]
                box = gr.Textbox(
                    label=words.question, placeholder=words.question_hint, submit_btn=words.ask,
                    elem_id="wj-question", lines=1, max_lines=6, autofocus=True,
                )  # fmt: skip
            with gr.Column(scale=5):
                article = gr.HTML(_article(rendered, words), elem_id="wj-article")

        def ask(text: str, past: list[Answer], lang: Language) -> Iterator[tuple[Any, ...]]:
            yield from _ask(pipeline, text, past, lang)

        def translate(past: list[Answer], lang: Language) -> tuple[Any, ...]:
            to: Language = "en" if lang == "zh" else "zh"
            new = WORDS[to]
            asked = suggestions[to]
            return (
                to,
                _heading(new),
                new.switch,
                gr.update(value=_messages(past, new), placeholder=new.placeholder),
                _article(rendered, new),
                gr.update(label=new.question, placeholder=new.question_hint, submit_btn=new.ask),
                *(gr.update(value=_at(asked, i), visible=i < len(asked)) for i in range(_SUGGESTIONS)),
            )

        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asking: dict[str, Any] = {
            "inputs": [box, answers, language],
            "outputs": [chat, box, answers],
            **quiet,
        }
        show_latest = "() => wenju.showLatest()"
        box.submit(ask, **asking).then(None, js=show_latest)
        for button in buttons:
            button.click(lambda text: text, button, box, **quiet).then(ask, **asking).then(
                None, js=show_latest
            )
        chat.clear(lambda: [], None, answers, **quiet)
        switch.click(
            translate, [answers, language], [language, heading, switch, chat, article, box, *buttons], **quiet
        )
    return page


def page_assets() -> dict[str, Any]:
    """The style, script and theme that `launch` takes; nothing of them comes from elsewhere."""
    static = files("app") / "web" / "static"
    script = (static / "wenju.js").read_text(encoding="utf-8")
    fonts = (
        "system-ui",
        "PingFang SC",
        "Hiragino Sans GB",
        "Microsoft YaHei",
        "Noto Sans CJK SC",
        "sans-serif",
    )
    return {
        "css": (static / "wenju.css").read_text(encoding="utf-8"),
        "head": f"<script>{script}</script>",
        "theme": gr.themes.Default(font=[gr.themes.Font(name) for name in fonts], font_mono=["monospace"]),
    }


def _ask(pipeline: Pipeline, text: str, past: list[Answer], lang: Language) -> Iterator[tuple[Any, ...]]:
    """The page's outputs: first the question, then its reply."""
    words = WORDS[lang]
    shown = _messages(past, words)
    asked = [*shown, _message("user", render_question(text[:200]))]
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
        yield _messages(answers, words), "", answers


def _messages(answers: list[Answer], words: Words) -> Messages:
    messages: Messages = []
    for answer in answers:
        messages.append(_message("user", render_question(answer.question)))
        messages.append(_message("assistant", render_answer(answer, words)))
    return messages


def _message(role: Any, content: str) -> gr.MessageDict:
    return {"role": role, "content": content}


def _history(answers: list[Answer]) -> list[Turn]:
    turns: list[Turn] = []
    for answer in answers[-_HISTORY:]:
        turns += [Turn("user", answer.question), Turn("assistant", answer.answer)]
    return turns


def _heading(words: Words) -> str:
    return f"<h1>问据 Wenju</h1><p>{words.subtitle}</p>"


def _article(body: str, words: Words) -> str:
    return (
        f'<a class="wj-back" href="#wj-chat">↑ {words.back}</a>'
        f'<div class="wj-pane" role="region" aria-label="{words.article}" tabindex="0">{body}</div>'
    )


def _at(texts: tuple[str, ...], i: int) -> str:
    return texts[i] if i < len(texts) else ""
