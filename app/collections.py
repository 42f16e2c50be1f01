"""Collections by name or by file: found, loaded, and rebuilt when they no longer fit."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from app.errors import BadName, CollectionError, CollectionUnwritable
from corpus import Document, Layout, Limits, load_document, load_trusted
from index import (
    Embedder,
    Index,
    IndexMissing,
    IndexUnusable,
    PassageRules,
    Progress,
    Recipe,
    build_index,
    load_index,
    read_documents,
    save_index,
)

log = logging.getLogger(__name__)

SHIPPED = "wuhan-digital-economy"
_FILE = "file-"  # how the indexes of files begin, which have no name of their own
_ELSEWHERE = "Set WENJU_HOME to a folder that can be written."
_LONGEST = 64  # characters of a name
_NAME = re.compile(r"\w(?:[\w .-]*[\w-])?")


@dataclass(frozen=True)
class Shelf:
    """Where indexes are kept, how they are built, and what reading a file for one may take."""

    folder: Path
    embedder: Embedder
    rules: PassageRules
    progress: Progress | None = None
    limits: Limits = Limits()

    def open(self, name: str, layout: Layout | None = None) -> Index:
        """The index of a collection: the shipped article, a file, or a name given to `add`.

        A missing, stale or damaged index is built again, with a message in the log.
        Raises CollectionError, or an ArticleError for a file that cannot be read.
        """
        return self.index(*self.find(name, layout))

    def read(self, name: str) -> list[Document]:
        """The documents of a collection, without its index. Raises as `open` does."""
        return self.find(name)[1]

    def hold(self, documents: Sequence[Document]) -> Index:
        """The index of documents that are no collection of the user's, such as those of a question set."""
        return self.index(f"{_FILE}{documents_sha256(documents)[:12]}", documents)

    def add(self, name: str, documents: Sequence[Document]) -> Index:
        """Build a named collection of documents, in place of one of that name."""
        check_name(name)
        ids = [document.id for document in documents]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise CollectionError(f"two files are named {twice[0]!r}. Rename one of them.")
        try:
            return self._save(name, documents)
        except OSError as error:
            raise CollectionUnwritable(
                f"cannot write {self.folder / name} ({error.strerror or error}). {_ELSEWHERE}"
            ) from error

    def names(self) -> list[str]:
        """The collections that can be opened by name."""
        stored = self.folder.glob("[!.]*/manifest.json")
        return sorted({SHIPPED} | {p.parent.name for p in stored if not p.parent.name.startswith(_FILE)})

    def written(self, name: str) -> int:
        """When a collection of the user's was last written; 0 for one that lies elsewhere."""
        try:
            return (self.folder / name / "manifest.json").stat().st_mtime_ns if name != SHIPPED else 0
        except OSError:
            return 0

    def find(self, name: str, layout: Layout | None = None) -> tuple[str, list[Document]]:
        """The folder of a collection's index, and its documents. Raises as `open` does."""
        if _names_file(name):
            path = Path(os.path.expanduser(name))
            key = hashlib.sha256(f"{path.resolve()} {layout}".encode()).hexdigest()[:12]
            return f"{_FILE}{key}", [load_document(path, layout, self.limits)]
        if layout is not None:
            raise CollectionError(
                f"--layout says how a file is read; the collection {name!r} was read when it was made."
            )
        return name, [load_shipped()] if name == SHIPPED else self._stored(name)

    def _stored(self, name: str) -> list[Document]:
        try:
            return read_documents(self.folder / name)
        except IndexUnusable as error:
            if not (self.folder / name).is_dir():
                raise CollectionError(
                    f"there is no collection {name!r} (there are: {', '.join(self.names())}) and no such "
                    f"file. Make one with: wenju index PATH --collection {name}"
                ) from error
            raise CollectionError(
                f"{error}. Its documents are lost; make it again: wenju index PATH --collection {name}"
            ) from error

    def index(self, name: str, documents: Sequence[Document]) -> Index:
        """The saved index if it is of these documents and settings, otherwise a new one."""
        try:
            return load_index(self.folder / name, Recipe.of(documents, self.embedder, self.rules))
        except IndexMissing:
            log.info("building the index of %s", name)
        except IndexUnusable as error:
            log.warning("%s; building it again", error)
        return self._build(name, documents)

    def _build(self, name: str, documents: Sequence[Document]) -> Index:
        try:
            return self._save(name, documents)
        except OSError as error:
            log.warning(
                "cannot write %s (%s); the index is kept in memory for this run. %s",
                self.folder / name,
                error.strerror or error,  # NumPy gives no number when the disk is full
                _ELSEWHERE,
            )
        return build_index(documents, self.embedder, self.rules, progress=self.progress)

    def _save(self, name: str, documents: Sequence[Document]) -> Index:
        return save_index(self.folder / name, documents, self.embedder, self.rules, self.progress)


def check_name(name: str) -> None:
    """Raise CollectionError for what cannot name a collection of the user's."""
    if not _may_name(name) or name == SHIPPED or name.startswith(_FILE):
        raise BadName(
            f"{name!r} cannot name a collection. Use up to {_LONGEST} letters, digits, spaces, '-', '_' and "
            f"'.', not {SHIPPED!r} and nothing that begins with {_FILE!r}."
        )


def name_for(title: str) -> str:
    """A name for a collection of something that has a title; empty where no letter of it may stand in one.

    >>> name_for("报告（2024）：终稿"), name_for("../notes.")
    ('报告 2024 终稿', 'notes')
    """
    return re.sub(r"[^\w.-]+", " ", title).strip(" .-")[:_LONGEST].rstrip(" .")


def _may_name(name: str) -> bool:
    return len(name) <= _LONGEST and _NAME.fullmatch(name) is not None


def collection_key(name: str) -> str:
    """What a collection goes by wherever it is opened from: its name, or the whole path of its file.

    >>> collection_key("mine"), collection_key("/home/me/../me/notes.md")
    ('mine', '/home/me/notes.md')
    """
    return str(Path(os.path.expanduser(name)).resolve()) if _names_file(name) else name


def _names_file(name: str) -> bool:
    return name != SHIPPED and (os.path.isfile(os.path.expanduser(name)) or not _may_name(name))


def twins(documents: Sequence[Document]) -> dict[int, int]:
    """The places of documents that hold the very bytes of an earlier one, each with the place of that one."""
    first: dict[tuple[str, str], int] = {}
    places = [first.setdefault((d.source_sha256, d.layout), i) for i, d in enumerate(documents)]
    return {i: place for i, place in enumerate(places) if place != i}


@cache
def load_shipped() -> Document:
    """The article that ships with Wenju."""
    return load_trusted(Path(str(files("corpus") / "articles" / f"{SHIPPED}.txt")))


def documents_sha256(documents: Iterable[Document]) -> str:
    """One hash of several documents: of their ids and texts, in their order."""
    lines = "".join(f"{document.id} {document.sha256}\n" for document in documents)
    return hashlib.sha256(lines.encode()).hexdigest()
