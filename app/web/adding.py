"""The form that makes a collection: texts are read, shown as they were understood, and then indexed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from app.building import Build
from app.collections import name_for
from app.errors import BuildStopped
from app.web.dialogue import Dialogue, OpenConversation
from app.web.evaluation import progress_bar
from app.web.preview import render_preview
from app.web.render import render_failure
from app.web.words import WORDS, AddingWords, Words
from corpus import ArticleError, Document, Language, Layout, WenjuError, read_document

log = logging.getLogger(__name__)

_TYPES = [".txt", ".md", ".markdown", ".html", ".htm", ".docx", ".pdf"]
_TITLE = 60  # characters of a pasted text's first line that name it
_Layouts = Layout | str  # "" where it is to be detected


@dataclass(frozen=True)
class _Source:
    """A text as it came in."""

    name: str
    data: bytes


class Adding:
    """The form's components, and what they do."""

    def __init__(self, dialogue: Dialogue, words: Words) -> None:
        self._dialogue, told = dialogue, words.adding
        self._read_now: gr.State = gr.State(())  # the documents that were read
        self._current: gr.State = gr.State(None)  # the Build that is running
        self._head = gr.HTML(_head(told))
        with gr.Row(elem_id="wj-sources"):
            self._files = gr.File(
                elem_id="wj-files", label=told.files, file_count="multiple", file_types=_TYPES, height=170
            )
            self._pasted = gr.Textbox(elem_id="wj-pasted", **_paste(told), lines=5, max_lines=5)
        with gr.Row(elem_id="wj-reading"):
            self._layout = gr.Radio(_layouts(told), value="", label=told.layout, elem_id="wj-layout")
            self._read_button = gr.Button(told.read, elem_id="wj-read", size="sm")
        self._status = gr.HTML(elem_id="wj-read-status")
        self._which = gr.Dropdown(
            [], show_label=False, label=told.title, visible=False, elem_id="wj-read-which"
        )
        self._preview = gr.HTML(elem_id="wj-preview")
        with gr.Row(elem_id="wj-making"):
            self._name = gr.Textbox(elem_id="wj-name", **_name(told), max_lines=1)
            self._build_button = gr.Button(
                told.build, variant="primary", elem_id="wj-build", interactive=False
            )
            self._stop = gr.Button(told.stop, visible=False, elem_id="wj-build-stop")
        self._progress = gr.HTML(elem_id="wj-build-progress")

    @property
    def translated(self) -> list[Any]:
        """The components whose words `translate` gives."""
        return [
            self._head,
            self._files,
            self._pasted,
            self._layout,
            self._read_button,
            self._name,
            self._build_button,
            self._stop,
        ]

    @staticmethod
    def translate(words: Words) -> list[Any]:
        """The form's words in another language; what was read is told anew when it is read again."""
        told = words.adding
        return [
            _head(told),
            gr.update(label=told.files),
            gr.update(**_paste(told)),
            gr.update(label=told.layout, choices=_layouts(told)),
            told.read,
            gr.update(**_name(told)),
            told.build,
            told.stop,
        ]

    def wire(self, tabs: gr.Tabs, conversation: gr.State, language: gr.State) -> gr.events.Dependency:
        """Connect the events. The one returned has opened the collection that was made."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        sources = [self._files, self._pasted, self._layout, self._name, language]
        understood = [
            self._read_now,
            self._status,
            self._which,
            self._preview,
            self._name,
            self._build_button,
        ]
        for event in (self._files.change, self._layout.input, self._read_button.click):
            event(self._read, sources, understood, trigger_mode="always_last", concurrency_limit=2, **quiet)
        self._name.change(self._call, [self._name, language], self._build_button, **quiet)
        self._which.input(self._look, [self._read_now, self._which, language], self._preview, **quiet)
        made = [conversation, tabs, self._files, self._pasted, *understood]
        shown = [self._current, self._progress, self._build_button, self._stop, *made]
        wanted = [self._read_now, self._name, conversation, language]
        building = self._build_button.click(self._build, wanted, shown, concurrency_limit=2, **quiet)
        self._stop.click(self._halt, self._current, None, **quiet)
        return building

    def _read(
        self, files: list[str] | None, pasted: str, layout: _Layouts, name: str, language: Language
    ) -> Iterator[list[Any]]:
        """Every source as it is understood: documents, what went wrong, a preview."""
        told, sources = WORDS[language].adding, [*_uploaded(files or []), *_from_paste(pasted, language)]
        documents: list[Document] = []
        notes: list[str] = []
        for i, source in enumerate(sources, start=1):
            reading = told.reading.format(name=source.name, done=i, total=len(sources))
            yield [gr.skip(), progress_bar(i - 1, len(sources), reading), *[gr.skip()] * 4]
            try:
                limits = self._dialogue.library.shelf.limits
                document = read_document(source.name, source.data, layout or None, limits)  # type: ignore[arg-type]
            except ArticleError as error:
                notes.append(render_failure(str(error)))
                continue
            if any(document.source_sha256 == other.source_sha256 for other in documents):
                notes.append(f"<p>{escape(told.twice.format(name=source.name))}</p>")
            else:
                documents.append(_told_apart(document, documents))
        yield self._understood(documents, notes, name, language)

    def _understood(
        self, documents: Sequence[Document], notes: Sequence[str], name: str, language: Language
    ) -> list[Any]:
        choices = [(document.title, document.id) for document in documents]
        first = documents[0].id if documents else None
        which = gr.update(choices=choices, value=first, visible=len(documents) > 1)
        proposed = name or (name_for(documents[0].title) if documents else "")
        return [
            tuple(documents),
            "".join(notes),
            which,
            self._look(documents, first, language),
            proposed,
            gr.update(interactive=bool(documents)),
        ]

    def _look(self, documents: Sequence[Document], document_id: str | None, language: Language) -> str:
        """One of the documents that were read."""
        words = WORDS[language]
        shown = [document for document in documents if document.id == document_id]
        return render_preview(shown[0], words.adding, words.pane.page) if shown else ""

    def _build(
        self, documents: tuple[Document, ...], name: str, past: OpenConversation, language: Language
    ) -> Iterator[list[Any]]:
        """The collection from the first text to the open chat; a failure is shown as one."""
        told, name, waiting = WORDS[language].adding, name.strip(), [gr.skip()] * 10
        idle = [None, "", gr.update(interactive=True), gr.update(visible=False)]
        if not name:
            gr.Warning(told.nameless, title=WORDS[language].notice)
            yield [*idle, *waiting]
            return
        build = Build(self._dialogue.library.shelf, name, documents)
        try:
            for done, total in build.steps():
                text = told.building.format(done=done, total=total) if total else told.saving
                bar = progress_bar(done, total or 1, text)
                yield [build, bar, gr.update(interactive=False), gr.update(visible=True), *waiting]
        except BuildStopped:
            yield [*_failed(idle, f"<p>{escape(told.stopped)}</p>"), *waiting]
        except WenjuError as error:
            yield [*_failed(idle, render_failure(str(error))), *waiting]
        except Exception:
            # The page must outlive any failure; it is shown as one and logged with its cause.
            log.exception("a collection could not be built")
            yield [*_failed(idle, render_failure(WORDS[language].failed)), *waiting]
        else:
            now = self._dialogue.anew(name)
            gr.Info(escape(told.built.format(name=name, documents=len(self._dialogue.documents(name)))))
            empty = self._understood([], [], "", language)
            yield [*idle, now, gr.Tabs(selected="chat"), None, "", *empty]

    def _call(self, name: str, language: Language) -> str:
        """What the button says: whether the name is a new one."""
        told, name = WORDS[language].adding, name.strip()
        is_there = name in self._dialogue.library.shelf.names()
        return told.adds.format(name=name) if is_there else told.build

    @staticmethod
    def _halt(build: Build | None) -> None:
        if build is not None:
            build.stop()


def _uploaded(files: Sequence[str]) -> list[_Source]:
    return [_Source(Path(file).name, Path(file).read_bytes()) for file in files]


def _from_paste(text: str, language: Language) -> list[_Source]:
    """A pasted text, named by its first line."""
    lines = text.strip().splitlines()
    if not lines:
        return []
    title = lines[0].strip(" #")[:_TITLE] or WORDS[language].adding.pasted
    return [_Source(f"{title}.txt", text.encode("utf-8", "replace"))]


def _told_apart(document: Document, others: Sequence[Document]) -> Document:
    """The document with an id that none of the others has."""
    taken, n = {other.id for other in others}, 1
    while (named := document.id if n == 1 else f"{document.id} ({n})") in taken:
        n += 1
    return replace(document, id=named)


def _failed(idle: Sequence[Any], told: str) -> list[Any]:
    return [idle[0], told, *idle[2:]]


def _head(told: AddingWords) -> str:
    return f"<h2>{escape(told.title)}</h2>"


def _paste(told: AddingWords) -> dict[str, Any]:
    return {"label": told.paste, "placeholder": told.paste_hint}


def _name(told: AddingWords) -> dict[str, Any]:
    return {"label": told.name, "info": told.name_hint}


def _layouts(told: AddingWords) -> list[tuple[str, str]]:
    return [(text, layout) for layout, text in told.layouts.items()]
