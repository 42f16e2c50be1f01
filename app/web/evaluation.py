"""The Evaluation tab: choose a set, run it, stop it, look at what came out, open a question in the chat."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

import gradio as gr

from app.answer import Answer
from app.errors import CollectionError
from app.web.conversation import OpenConversation
from app.web.render import anchor, render_failure
from app.web.words import WORDS, EvaluationWords, Words
from corpus import Language, WenjuError
from eval.metrics import PRIMARY
from eval.workbench import Run, Workbench

log = logging.getLogger(__name__)

_BETWEEN = 0.3  # seconds between two updates of the progress; more often only flickers
_RESULT = """
const mount = () => {
  const root = element.querySelector(".wjr");
  if (!root) return;
  root.dataset.open = "true";
  wenjuReport.mount(root);
};
element.addEventListener("wenju-open", (event) => trigger("select", { id: event.detail.id }));
watch("value", mount);
mount();
"""
_GOLD = """watch("value", () => wenju.gold(element.querySelector("[data-places]")));"""


class Evaluation:
    """The tab's components, and what they do."""

    def __init__(self, bench: Workbench, words: Words) -> None:
        self._bench, self._running = bench, threading.Lock()
        self._run: gr.State = gr.State(None)
        told = words.evaluation
        self._introduction = gr.HTML(_introduction(told))
        with gr.Row(elem_id="wj-evaluate"):
            names = bench.sets()
            self._sets = gr.Dropdown(names, value=names[0], label=told.set, elem_id="wj-sets")
            self._start = gr.Button(told.run, variant="primary", elem_id="wj-run")
            self._stop = gr.Button(told.stop, visible=False, elem_id="wj-stop")
        self._progress = gr.HTML(elem_id="wj-progress")
        self._result = gr.HTML(elem_id="wj-result", js_on_load=_RESULT)
        # Without a face: the gold sentences of the question that was opened, for the article pane.
        self._gold = gr.HTML(elem_id="wj-gold", js_on_load=_GOLD)

    @property
    def translated(self) -> list[Any]:
        """The components whose words `translate` gives."""
        return [self._introduction, self._sets, self._start, self._stop]

    @staticmethod
    def translate(words: Words) -> list[Any]:
        """The tab's words in another language; a result stays in the language it was made in."""
        told = words.evaluation
        return [_introduction(told), gr.update(label=told.set), told.run, told.stop]

    def wire(
        self, tab: gr.Tab, tabs: gr.Tabs, conversation: gr.State, language: gr.State
    ) -> gr.events.Dependency:
        """Connect the events. The one returned puts a question of the result into the conversation."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        shown = [self._run, self._progress, self._result, self._start, self._stop]
        tab.select(self._list, [conversation, self._sets], self._sets, **quiet)
        chosen = [self._sets, conversation, language]
        # Whoever comes second is told so, where Gradio would let them wait and say nothing.
        self._start.click(self._go_alone, chosen, shown, concurrency_limit=None, **quiet)
        self._stop.click(self._halt, self._run, self._stop, **quiet)
        opened = [conversation, tabs, self._gold]
        return self._result.select(self._open, [self._run, conversation, language], opened, **quiet)

    def _list(self, past: OpenConversation, chosen: str | None) -> Any:
        """The sets for what is open, none where it is gone; one that is gone itself is not chosen."""
        try:
            sets = self._bench.over(past.collection).sets()
        except CollectionError:
            sets = []
        return gr.update(choices=sets, value=chosen if chosen in sets else next(iter(sets), None))

    def _go_alone(self, name: str | None, past: OpenConversation, language: Language) -> Iterator[list[Any]]:
        """A run, unless another one is running: two would slow each other, and whoever asks."""
        if not self._running.acquire(blocking=False):
            gr.Warning(WORDS[language].evaluation.busy, title=WORDS[language].told)
            yield [gr.skip()] * 5
            return
        try:
            yield from self._go(name, past, language)
        finally:
            self._running.release()

    def _go(self, name: str | None, past: OpenConversation, language: Language) -> Iterator[list[Any]]:
        """A run from the first question to the result; a failure is shown as one."""
        told = WORDS[language].evaluation
        if name is None:
            return
        try:
            waiting = [gr.update(interactive=False), gr.update(visible=False)]
            yield [None, progress_bar(0, 1, told.loading), "", *waiting]
            run = self._bench.over(past.collection).begin(name)
            yield [run, gr.skip(), gr.skip(), *_buttons(running=True)]
            yield from self._ask(run, told)
            yield self._finish(run, language)
        except WenjuError as error:
            yield [None, render_failure(str(error)), "", *_buttons(running=False)]
        except Exception:
            # The page must outlive any failure; it is shown as one and logged with its cause.
            log.exception("an evaluation failed")
            yield [None, render_failure(WORDS[language].failed), "", *_buttons(running=False)]

    def _ask(self, run: Run, told: EvaluationWords) -> Iterator[list[Any]]:
        total, told_at = len(run.questions.questions), 0.0
        right = failed = 0
        for done, record in enumerate(self._bench.ask(run), start=1):
            failed += record.error is not None
            right += bool(record.metrics and record.metrics.get(PRIMARY))
            if time.monotonic() - told_at > _BETWEEN:
                told_at = time.monotonic()
                text = told.progress.format(done=done, total=total, right=right, failed=failed)
                yield [run, progress_bar(done, total, text), gr.skip(), gr.skip(), gr.skip()]

    @staticmethod
    def _halt(run: Run | None) -> Any:
        """End the run with the question that is being asked; what was asked is then shown."""
        if run is not None:
            run.stop()
        return gr.update(interactive=False)

    def _finish(self, run: Run, language: Language) -> list[Any]:
        from eval.report import render_result  # a second of import: not before it is needed

        told = WORDS[language].evaluation
        summary = self._bench.finish(run)
        result = render_result(summary, run.folder.records(), language)
        total, lines = len(run.questions.questions), [told.report.format(path=run.folder.path)]
        if summary["questions"] < total:
            lines.insert(0, told.stopped.format(done=summary["questions"], total=total))
        text = "".join(f"<p>{escape(line)}</p>" for line in lines)
        return [run, text, result, *_buttons(running=False)]

    def _open(
        self, run: Run | None, past: OpenConversation, language: Language, event: gr.EventData
    ) -> tuple[Any, Any, Any]:
        """A question of the result as the latest turn of the conversation, its gold sentences marked."""
        try:
            record = self._bench.record(run, str(event.id)) if run else None
            places = [anchor(*place) for place in self._bench.gold(run, record)] if run and record else []
        except WenjuError as error:
            gr.Warning(escape(str(error)), title=WORDS[language].told)
            return gr.skip(), gr.skip(), gr.skip()
        if run is None or record is None or record.answer_record is None:
            gr.Warning(WORDS[language].evaluation.lost, title=WORDS[language].told)
            return gr.skip(), gr.skip(), gr.skip()
        if places:
            gr.Info(WORDS[language].evaluation.gold, title=WORDS[language].told)
        # With the time: the page hears of a value only when it is another.
        marks = f'<i data-places="{" ".join(places)}" data-at="{time.monotonic_ns()}"></i>'
        now = OpenConversation(run.collection)
        if past.collection == run.collection:
            now = replace(now, within=past.within, id=past.id, turns=past.turns)
        return now.shows(Answer.from_json(record.answer_record)), gr.Tabs(selected="chat"), marks


def _introduction(told: EvaluationWords) -> str:
    return f'<p class="wj-introduction">{escape(told.introduction)}</p>'


def progress_bar(done: int, total: int, text: str) -> str:
    """A progress bar that a screen reader can read, and is not told of at every step."""
    bar = f'<progress max="{total}" value="{done}"></progress>'
    return f'<label class="wj-bar">{escape(text)}{bar}</label>'


def _buttons(running: bool) -> tuple[Any, Any]:
    return gr.update(interactive=not running), gr.update(visible=running, interactive=running)
