"""The form that makes a collection: texts are read, shown as they were understood, and then indexed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, get_args

import gradio as gr

from app.building import Build
from app.collection_names import name_for
from app.errors import BuildStopped
from app.web.dialogue import Dialogue
from app.web.evaluation import progress_bar
from app.web.pane import choices_of
from app.web.preview import render_preview
from app.web.render import render_failure
from app.web.texts import Source, Text, discard, documents_of, left, pasted, read_all, uploaded
from app.web.words import WORDS, AddingWords, Words, explain
from corpus import Language, Layout, WenjuError

log = logging.getLogger(__name__)

_LAYOUTS: dict[str, Layout | None] = {"": None} | {layout: layout for layout in get_args(Layout)}
_OWN_TAB = 1  # the place of the form's tab among the tabs
_Sources = tuple[Source, ...]
_Texts = tuple[Text, ...]


@dataclass(frozen=True)
class _Made:
    """A collection that was built, and the texts that it was built of."""

    name: str
    texts: _Texts


class Adding:
    """The form's components, and what they do."""

    def __init__(self, dialogue: Dialogue, words: Words) -> None:
        self._dialogue, told = dialogue, words.adding
        self._sources: gr.State = gr.State(())
        self._texts: gr.State = gr.State(())  # what was read of them
        self._current: gr.State = gr.State(None)  # the Build that is running
        self._made: gr.State = gr.State(None)  # what was built last, as _Made
        self._looking: gr.State = gr.State(False)  # whether the tab is the one shown
        self._head = gr.HTML(_head(told))
        with gr.Row(elem_id="wj-sources"):
            # What comes in is taken from it at once, so that it is always a place to drop more. What a file
            # is, its bytes tell: a filter by name would refuse all that comes with one wrong name.
            self._files = gr.File(elem_id="wj-files", label=told.files, file_count="multiple", height=190)
            with gr.Column():
                self._pasted = gr.Textbox(elem_id="wj-pasted", **_paste(told), lines=4, max_lines=4)
                self._take = gr.Button(told.take, elem_id="wj-take", size="sm")
        with gr.Row(elem_id="wj-reading"):
            self._layout = gr.Radio(_layouts(told), value="", label=told.layout, elem_id="wj-layout")
            self._clear = gr.Button(told.clear, elem_id="wj-clear", size="sm", visible=False)
        self._status = gr.HTML(elem_id="wj-read-status")
        self._which = gr.Dropdown([], label=told.which, visible=False, elem_id="wj-read-which")
        self._preview = gr.HTML(elem_id="wj-preview")
        with gr.Row(elem_id="wj-making"):
            self._name = gr.Textbox(elem_id="wj-name", **_name(told), max_lines=1)
            self._start = gr.Button(told.build, variant="primary", elem_id="wj-build", interactive=False)
            self._stop = gr.Button(told.stop, visible=False, elem_id="wj-build-stop")
        self._progress = gr.HTML(elem_id="wj-build-progress")

    @property
    def translated(self) -> list[Any]:
        """The components whose words `translate` gives."""
        boxes = [self._files, self._pasted, self._layout, self._which, self._name]
        return [self._head, *boxes, self._take, self._clear, self._stop]

    @staticmethod
    def translate(words: Words) -> list[Any]:
        """The form's words in another language; what was read is told anew when it is read again."""
        told = words.adding
        return [
            _head(told),
            gr.update(label=told.files),
            gr.update(**_paste(told)),
            gr.update(label=told.layout, choices=_layouts(told)),
            gr.update(label=told.which),
            gr.update(**_name(told)),
            *(told.take, told.clear, told.stop),
        ]

    def follow(self, event: gr.events.Dependency, language: gr.State) -> None:
        """Say in another language what building will do, after an event that switched to it."""
        called = [self._name, self._texts, language]
        event.then(self._call, called, self._start, api_visibility="private", show_progress="hidden")

    def wire(self, tabs: gr.Tabs, conversation: gr.State, language: gr.State) -> gr.events.Dependency:
        """Connect the events. The one returned may have opened the collection that was made."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        shown = [self._texts, self._status, self._which, self._preview, self._name, self._start, self._clear]
        self._files.upload(
            _bring,
            [self._files, self._sources],
            [self._files, self._sources],
            trigger_mode="multiple",
            **quiet,
        )
        pasted_in = [self._pasted, self._sources, language]
        self._take.click(_take, pasted_in, [self._pasted, self._sources], **quiet)
        self._clear.click(_drop, self._sources, self._sources, **quiet)
        # One event for whatever has to be read: what comes in meanwhile is read behind it.
        gr.on(
            [self._sources.change, self._layout.input],
            self._read,
            [self._sources, self._texts, self._layout, self._name, language],
            shown,
            trigger_mode="always_last",
            concurrency_limit=2,
            **quiet,
        )
        self._name.change(self._call, [self._name, self._texts, language], self._start, **quiet)
        self._which.input(self._look, [self._texts, self._which, language], self._preview, **quiet)
        self._stop.click(self._halt, self._current, None, **quiet)
        tabs.select(self._see, None, self._looking, **quiet)
        running = [self._made, self._current, self._progress, self._stop, *shown]
        building = self._start.click(
            self._build, [self._texts, self._name, language], running, concurrency_limit=2, **quiet
        )
        done = [self._made, self._looking, self._sources]
        made: gr.events.Dependency = building.then(self._open, done, [conversation, tabs], **quiet)
        kept = [self._sources, self._name]
        made.then(_keep, [self._made, *kept], kept, **quiet)
        return made

    def _read(
        self, sources: _Sources, known: _Texts, layout: str, name: str, language: Language
    ) -> Iterator[list[Any]]:
        """All that was brought, one by one."""
        told, read = WORDS[language].adding, list[Text]()
        coming = read_all(sources, known, _LAYOUTS[layout], self._dialogue.library.shelf.limits)
        for done, source in enumerate(sources):
            bar = told.reading.format(name=source.name, done=done + 1, total=len(sources))
            yield [gr.skip(), progress_bar(done, len(sources), bar), *[gr.skip()] * 5]
            read.append(next(coming))
        yield self._understood(tuple(read), name, language)

    def _understood(self, texts: _Texts, name: str, language: Language) -> list[Any]:
        """What is shown of texts that were read."""
        told = WORDS[language].adding
        documents, same = documents_of(texts)
        notes = [
            render_failure(explain(text.failure, WORDS[language], text.source.name))
            for text in texts
            if text.failure
        ]
        notes += [f"<p>{escape(told.twice.format(name=one))}</p>" for one in same]
        last = documents[-1].id if documents else None
        choices = choices_of({one.id: one for one in documents}, [last] if last else [])
        return [
            texts,
            "".join(notes),
            gr.update(choices=choices, value=last, visible=len(documents) > 1),
            self._look(texts, last, language),
            # Proposed, not typed in: the box is its owner's, also while texts are read.
            gr.update(placeholder=_proposed(texts)),
            gr.update(value=self._call(name, texts, language), interactive=bool(documents)),
            gr.update(visible=bool(texts)),
        ]

    def _look(self, texts: _Texts, document_id: str | None, language: Language) -> str:
        """One of the documents that were read."""
        words = WORDS[language]
        shown = [document for document in documents_of(texts)[0] if document.id == document_id]
        return render_preview(shown[0], words.adding, words.pane.page) if shown else ""

    def _call(self, name: str, texts: _Texts, language: Language) -> str:
        """What the button says: whether the name is a new one."""
        told, name = WORDS[language].adding, name.strip() or _proposed(texts)
        is_there = name in self._dialogue.library.shelf.names()
        return told.adds.format(name=name) if is_there else told.build

    @staticmethod
    def _see(event: gr.SelectData) -> bool:
        return int(event.index) == _OWN_TAB

    def _open(self, made: _Made | None, looking: bool, sources: _Sources) -> tuple[Any, Any]:
        """What was built is opened, unless its maker has gone on to something else meanwhile."""
        if made is None or not looking or left(sources, made.texts):
            return gr.skip(), gr.skip()
        return self._dialogue.anew(made.name), gr.Tabs(selected="chat")

    def _build(self, texts: _Texts, name: str, language: Language) -> Iterator[list[Any]]:
        """The collection from the first text to the last; a failure is shown as one."""
        told, name = WORDS[language].adding, name.strip() or _proposed(texts)
        build = Build(self._dialogue.library.shelf, name, documents_of(texts)[0])
        try:
            for done, total in build.steps():
                text = told.building.format(done=done, total=total) if total else told.saving
                bar = progress_bar(done, total or 1, text)
                yield [None, build, bar, gr.update(visible=True), *_start(ready=False)]
        except BuildStopped:
            yield [*_idle(f"<p>{escape(told.stopped)}</p>"), *_start(ready=True)]
        except WenjuError as error:
            log.warning("%s", error)
            yield [*_idle(render_failure(explain(error, WORDS[language], name))), *_start(ready=True)]
        except Exception:
            # The page must outlive any failure; it is shown as one and logged with its cause.
            log.exception("a collection could not be built")
            yield [*_idle(render_failure(WORDS[language].failed)), *_start(ready=True)]
        else:
            ready = told.built.format(name=name, documents=len(self._dialogue.documents(name)))
            gr.Info(escape(ready), title=WORDS[language].told)
            yield [*_idle(f"<p>{escape(ready)}</p>", _Made(name, texts)), *[gr.skip()] * 7]

    @staticmethod
    def _halt(build: Build | None) -> None:
        if build is not None:
            build.stop()


def _bring(files: list[str] | None, sources: _Sources) -> tuple[None, _Sources]:
    """Files came in, beside what was there."""
    return None, (*sources, *uploaded(files or []))


def _take(text: str, sources: _Sources, language: Language) -> tuple[str, _Sources]:
    """A text was pasted, beside what was there."""
    return "", (*sources, *pasted(text, WORDS[language].adding.unnamed))


def _drop(sources: _Sources) -> _Sources:
    """Nothing of what was brought is wanted."""
    discard(sources)
    return ()


def _keep(made: _Made | None, sources: _Sources, name: str) -> tuple[Any, Any]:
    """What was built is taken from the form, and its name; what came in meanwhile stays."""
    if made is None:
        return gr.skip(), gr.skip()
    discard([text.source for text in made.texts])
    return left(sources, made.texts), "" if name.strip() == made.name else gr.skip()


def _proposed(texts: _Texts) -> str:
    """A name for a collection of texts whose owner gives none."""
    titles = (document.title for document in documents_of(texts)[0])
    return next(filter(None, map(name_for, titles)), "")


def _idle(told: str, made: _Made | None = None) -> list[Any]:
    """No build is running: what is said of the last one, and what it made."""
    return [made, None, told, gr.update(visible=False)]


def _start(ready: bool) -> list[Any]:
    """What was read stays as it is; the button that builds it can be pressed or not."""
    return [*[gr.skip()] * 5, gr.update(interactive=ready), gr.skip()]


def _head(told: AddingWords) -> str:
    return f"<h2>{escape(told.title)}</h2>"


def _paste(told: AddingWords) -> dict[str, Any]:
    return {"label": told.paste, "placeholder": told.paste_hint}


def _name(told: AddingWords) -> dict[str, Any]:
    return {"label": told.name, "info": told.name_hint}


def _layouts(told: AddingWords) -> list[tuple[str, str]]:
    return [(text, layout) for layout, text in told.layouts.items()]
