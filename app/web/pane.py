"""The article beside the chat: which collection is open, which of its documents is shown, which are asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from app.collection_names import SHIPPED
from app.collections import load_shipped
from app.web.conversation import OpenConversation
from app.web.dialogue import Dialogue
from app.web.render import anchored, is_current, render_article
from app.web.words import WORDS, Words, explain
from corpus import Document, Language, WenjuError
from index import titles

_SCRIPT = """
wenju.evidence(element);
wenju.connect({ show: (place) => trigger("select", { place }) });
let place = wenju.place(element);
watch("value", () => (place = wenju.shown(element, place)));
"""
_LISTED = 500  # documents of a collection that the lists offer; a citation leads to any


@dataclass(frozen=True)
class _Shown:
    """What the pane shows: a document as it was then."""

    collection: str
    document_id: str
    sha256: str
    language: Language  # of the words around it


class Pane:
    """The pane's components, and what they do. The conversation says what is open; the pane follows it."""

    def __init__(self, dialogue: Dialogue, words: Words) -> None:
        self._dialogue = dialogue
        first = dialogue.library.first
        documents = dialogue.documents(first)
        document = next(iter(documents.values()))
        self._shown: gr.State = gr.State(_Shown(first, document.id, document.sha256, "zh"))
        with gr.Row(elem_id="wj-which", visible=self._is_choice(documents)) as self._row:
            self._collection = gr.Dropdown(
                **self._collections(first), label=words.pane.collection, elem_id="wj-collection"
            )
            self._document = gr.Dropdown(
                **_documents(documents, document.id), label=words.pane.document, elem_id="wj-document"
            )
            self._within = gr.Dropdown(
                **_within(documents, ()), label=words.pane.within, multiselect=True, elem_id="wj-within"
            )
        article = self._framed(render_article(document, words.pane.page), first, words)
        self._article = gr.HTML(article, elem_id="wj-article", js_on_load=_SCRIPT)

    @property
    def translated(self) -> list[Any]:
        """The components whose words `translate` gives."""
        return [self._collection, self._document, self._within]

    @staticmethod
    def translate(words: Words) -> list[Any]:
        """The labels in another language."""
        return [
            gr.update(label=text) for text in (words.pane.collection, words.pane.document, words.pane.within)
        ]

    def wire(self, conversation: gr.State, language: gr.State) -> gr.events.Dependency:
        """Connect the events. The one returned has opened another collection."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        chosen = [self._document, conversation, language]
        shown = [self._document, self._article, self._shown]
        # A second choice, or a second number, may come while the first is on its way.
        self._document.input(self._choose, chosen, shown, trigger_mode="always_last", **quiet)
        led = [conversation, language]
        self._article.select(self._lead, led, shown, trigger_mode="multiple", **quiet)
        self._within.input(_narrow, [self._within, conversation], None, trigger_mode="always_last", **quiet)
        return self._collection.input(self._open, [self._collection, conversation], conversation, **quiet)

    def follow(self, event: gr.events.Dependency, conversation: gr.State, language: gr.State) -> None:
        """Show what the conversation is over, after an event that may have changed it."""
        components = [self._row, self._collection, self._document, self._within, self._article, self._shown]
        inputs = [conversation, self._shown, language]
        event.then(self._follow, inputs, components, api_visibility="private", show_progress="hidden")

    def _open(self, name: str, past: OpenConversation) -> OpenConversation:
        """A new conversation over another collection."""
        return past if name == past.collection else self._dialogue.anew(name)

    def _follow(self, past: OpenConversation, shown: _Shown, language: Language) -> list[Any]:
        try:
            documents = self._dialogue.library.opening(past.collection).documents
        except WenjuError as error:
            return self._nothing(past, explain(error, WORDS[language], past.collection), language)
        row = gr.update(visible=self._is_choice(documents))
        head = [row, gr.update(**self._collections(past.collection))]
        within = gr.update(**_within(documents, past.within.documents))
        known = documents.get(shown.document_id)
        if known and shown == _Shown(past.collection, known.id, known.sha256, language):
            listed = _documents(documents, known.id)  # there may be others by now
            del listed["value"]  # which a number may be changing
            return [*head, gr.update(**listed), within, gr.skip(), gr.skip()]
        if known is None or shown.collection != past.collection:
            known = _cited(past, documents)
        choice = gr.update(**_documents(documents, known.id))
        return [*head, choice, within, *self._show(known, past, language)]

    def _nothing(self, past: OpenConversation, why: str, language: Language) -> list[Any]:
        """The pane where there is no article: it says why."""
        nothing: dict[str, Any] = {"choices": [], "value": None, "visible": False}
        pane = self._framed(f"<p>{escape(why)}</p>", "", WORDS[language])
        row, choice = gr.update(visible=True), gr.update(**self._collections(past.collection))
        shown = _Shown(past.collection, "", "", language)
        return [row, choice, gr.update(**nothing), gr.update(**nothing), pane, shown]

    def _choose(self, document_id: str, past: OpenConversation, language: Language) -> list[Any]:
        """A document was chosen in the list."""
        document = self._dialogue.documents(past.collection).get(document_id)
        return [gr.skip(), *(self._show(document, past, language) if document else [gr.skip(), gr.skip()])]

    def _lead(self, past: OpenConversation, language: Language, event: gr.EventData) -> list[Any]:
        """A number leads to a sentence of a document that is not shown."""
        documents = self._dialogue.documents(past.collection)
        found = anchored(str(event.place), documents)
        if found is None:
            return [gr.skip()] * 3
        choice = gr.update(**_documents(documents, found[0].id))
        return [choice, *self._show(found[0], past, language)]

    def _show(self, document: Document, past: OpenConversation, language: Language) -> list[Any]:
        shown = _Shown(past.collection, document.id, document.sha256, language)
        article = render_article(document, WORDS[language].pane.page)
        return [self._framed(article, past.collection, WORDS[language]), shown]

    def _framed(self, html: str, collection: str, words: Words) -> str:
        """The pane, with the name that the page's address has for what is not shown at first."""
        library = self._dialogue.library
        name = collection if collection != library.first and collection in library.names() else ""
        return (
            f'<div class="wj-pane" role="region" aria-label="{escape(words.article)}" tabindex="0" '
            f'data-name="{escape(name)}">{html}</div>'
        )

    def _is_choice(self, documents: Mapping[str, Document]) -> bool:
        return len(self._dialogue.library.names()) > 1 or len(documents) != 1

    def _collections(self, name: str) -> dict[str, Any]:
        names = self._dialogue.library.names()
        labels = [(label(one), one) for one in (names if name in names else [name, *names])]
        return {"choices": labels, "value": name, "visible": len(labels) > 1}


def label(name: str) -> str:
    """What a list calls a collection: the shipped article by its title, a file without its folder."""
    return load_shipped().title if name == SHIPPED else name.rpartition("/")[2]


def _cited(past: OpenConversation, documents: Mapping[str, Document]) -> Document:
    """The document that the last reply cites first, to which its number leads; else the first of all."""
    cited = past.answers[-1].citations if past.turns else ()
    ids = (place.document_id for place in cited if is_current(place, documents))
    return documents[next(ids, next(iter(documents)))]


def _narrow(chosen: list[str], past: OpenConversation) -> None:
    """The next questions are asked over these documents."""
    past.within.documents = tuple(chosen)


def _documents(documents: Mapping[str, Document], document_id: str) -> dict[str, Any]:
    choices = choices_of(documents, [document_id])
    return {"choices": choices, "value": document_id, "visible": len(documents) > 1}


def _within(documents: Mapping[str, Document], chosen: tuple[str, ...]) -> dict[str, Any]:
    kept = [document_id for document_id in chosen if document_id in documents]
    return {"choices": choices_of(documents, kept), "value": kept, "visible": len(documents) > 1}


def choices_of(documents: Mapping[str, Document], needed: list[str]) -> list[tuple[str, str]]:
    """Titles with ids; a title that stands twice is told apart by the id."""
    listed = titles(documents, _LISTED)
    listed |= {one: documents[one].title for one in needed if one in documents}
    count = Counter(listed.values())
    return [(title if count[title] == 1 else f"{title} ({one})", one) for one, title in listed.items()]
