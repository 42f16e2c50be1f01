"""Texts that were brought to the page: each read once a layout, told apart, and no longer than needed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.alike import twins
from corpus import ArticleError, ArticleNotFound, ArticleUnread, Document, Layout, Limits, read_document

log = logging.getLogger(__name__)

_TITLE = 60  # characters of a pasted text's first line that name it


@dataclass(frozen=True)
class Source:
    """A file that was uploaded, or text that was pasted."""

    name: str
    content: Path | str

    def read(self, layout: Layout | None, limits: Limits) -> Text:
        """The text as it is understood; what forbids to read it is kept in its place."""
        content = self.content
        try:
            data = content.encode("utf-8", "replace") if isinstance(content, str) else content.read_bytes()
            return Text(self, layout, read_document(self.name, data, layout, limits))
        except OSError as error:  # an upload is cleared away after an hour
            return Text(self, layout, None, ArticleNotFound(f"cannot read {self.name}: {error.strerror}."))
        except ArticleError as error:
            if isinstance(error, ArticleUnread):
                log.warning("%s", error)
            return Text(self, layout, None, error)
        except Exception:
            # The page must outlive any failure; it is shown as one and logged with its cause.
            log.exception("%s could not be read", self.name)
            return Text(
                self, layout, None, ArticleUnread(f"{self.name} could not be read; the log says why.")
            )


@dataclass(frozen=True)
class Text:
    """A source that was read: its document, or why there is none."""

    source: Source
    layout: Layout | None
    document: Document | None
    failure: ArticleError | None = None


def uploaded(paths: Sequence[str]) -> list[Source]:
    """The sources that uploaded files are."""
    return [Source(Path(path).name, Path(path)) for path in paths]


def pasted(text: str, unnamed: str) -> list[Source]:
    """The source that pasted text is, named by its first line; none for blank text."""
    lines = text.strip().splitlines()
    return [Source(f"{lines[0].strip(' #')[:_TITLE] or unnamed}.txt", text)] if lines else []


def discard(sources: Sequence[Source]) -> None:
    """Remove uploads that are no longer needed from the disk."""
    for source in sources:
        if isinstance(source.content, Path):
            source.content.unlink(missing_ok=True)


def left(sources: Sequence[Source], built: Sequence[Text]) -> tuple[Source, ...]:
    """What came in while texts were built into a collection."""
    done = {text.source for text in built}
    return tuple(source for source in sources if source not in done)


def read_all(
    sources: Sequence[Source], known: Sequence[Text], layout: Layout | None, limits: Limits
) -> Iterator[Text]:
    """Every source in the layout; what was read in it before is not read again."""
    there = {(text.source, text.layout): text for text in known}
    for source in sources:
        yield there.get((source, layout)) or source.read(layout, limits)


def documents_of(texts: Sequence[Text]) -> tuple[list[Document], list[str]]:
    """The documents, each with an id of its own, and the names of sources that repeat one before them."""
    read = [(text.source.name, text.document) for text in texts if text.document]
    same = twins([document for _, document in read])
    documents: list[Document] = []
    for i, (_, document) in enumerate(read):
        if i not in same:
            documents.append(_told_apart(document, documents))
    return documents, [read[i][0] for i in same]


def _told_apart(document: Document, others: Sequence[Document]) -> Document:
    taken, n = {other.id for other in others}, 1
    while (named := document.id if n == 1 else f"{document.id} ({n})") in taken:
        n += 1
    return replace(document, id=named)
