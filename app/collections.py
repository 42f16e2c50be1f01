"""Collections by name or by file: found, loaded, changed, and rebuilt when they no longer fit."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from app.alike import documents_sha256
from app.collection_names import FILE, SHIPPED, check_name, may_name, names_file, same_name
from app.errors import CollectionError, CollectionMissing, CollectionUnwritable, NameTaken
from corpus import Document, Layout, Limits, load_document, load_trusted
from index import (
    Embedder,
    Growing,
    Index,
    IndexMissing,
    IndexUnfinished,
    IndexUnreachable,
    IndexUnusable,
    MadeWith,
    PassageRules,
    Progress,
    Recipe,
    Remembering,
    WholeIndex,
    alone,
    archive_documents,
    build_index,
    is_archive,
    load_index,
    make_private,
    open_archive,
    read_documents,
    save_index,
)

log = logging.getLogger(__name__)

_T = TypeVar("_T")

_ELSEWHERE = "Set WENJU_HOME to a folder that can be written."
_MARKS = ("manifest.json", "archive.db")  # what a folder holds that is a collection
_WAIT = 0.3  # seconds between two looks at whether a change is still wanted


@dataclass(frozen=True)
class Shelf:
    """Where indexes are kept, how they are built, and what reading a file for one may take.

    The rows of new large collections go to Milvus at `url`, if there is one.
    """

    folder: Path
    embedder: Embedder
    rules: PassageRules
    progress: Progress | None = None
    limits: Limits = Limits()
    url: str = ""

    def open(self, name: str, layout: Layout | None = None) -> Index:
        """The index of a collection: the shipped article, a file, or a name given to `add`.

        A missing, stale or damaged index is built again, with a message in the log.
        Raises CollectionError, or an ArticleError for a file that cannot be read.
        """
        if name == SHIPPED or names_file(name) or layout is not None:
            return self.index(*self.find(name, layout))
        return self.open_stored(name)

    def open_stored(self, name: str) -> Index:
        """The index of a collection of the user's; a file of that name is none. Raises CollectionError."""
        if self.is_large(name):
            return self._from_archive(name, open_archive)
        documents = self.stored(name)
        try:
            return load_index(self.folder / name, self._recipe(documents))
        except IndexUnusable:
            pass
        try:
            with self.changing(name):  # so that what is built again is what is there then
                return self.index(name, self.stored(name))
        except CollectionUnwritable:
            return self.index(name, documents)

    def is_large(self, name: str) -> bool:
        """Whether a collection grows in place, as `growing` changes it."""
        return may_name(name) and is_archive(self.folder / name)

    def documents(self, name: str) -> Mapping[str, Document]:
        """The documents of a collection by their ids, without its index. Raises as `open` does."""
        if name == SHIPPED or names_file(name):
            return {document.id: document for document in self.find(name)[1]}
        return self.stored_documents(name)

    def stored_documents(self, name: str) -> Mapping[str, Document]:
        """The same of a collection of the user's; a file of that name is none. Raises CollectionError."""
        if self.is_large(name):
            return self._from_archive(name, archive_documents)
        return {document.id: document for document in self.stored(name)}

    @contextmanager
    def growing(self, name: str) -> Iterator[Growing]:
        """A large collection, to put documents in and take some out; a new one where there is none.

        Raises CollectionError or ArchiveBusy. Where it fails, what was put in before stays.
        """
        check_name(name)
        if (self.folder / name / _MARKS[0]).exists():
            raise NameTaken(f"{name!r} holds single articles. Give the large collection another name.")
        self.check_free(name)
        try:
            with Growing(self.folder / name, self.embedder, self._made_with(), self.url) as growing:
                yield growing
        except OSError as error:
            raise self._unwritable(name, error) from error

    def _from_archive(self, name: str, take: Callable[[Path, MadeWith], _T]) -> _T:
        try:
            return take(self.folder / name, self._made_with())
        except IndexUnreachable:
            raise
        except IndexUnfinished as error:
            raise CollectionError(f"{error}. Go on with: wenju index PATH --collection {name}") from error
        except IndexUnusable as error:
            raise CollectionError(f"{error}. Make another collection of its documents.") from error

    def _made_with(self) -> MadeWith:
        return MadeWith(self.embedder.fingerprint, self.rules)

    def hold(self, documents: Sequence[Document]) -> Index:
        """The index of documents that are no collection of the user's, such as those of a question set."""
        return self.index(f"{FILE}{documents_sha256({d.id: d.sha256 for d in documents})[:12]}", documents)

    def add(self, name: str, documents: Sequence[Document]) -> Index:
        """Build a named collection of documents, in place of whatever is of that name.

        Raises CollectionError.
        """
        check_name(name)
        with self.changing(name):
            try:
                _, before = self._before(name)
            except CollectionError:
                before = None
            return self._put(name, documents, before)

    def change(self, name: str, edit: Callable[[Sequence[Document]], Sequence[Document]]) -> Index:
        """Build a collection of what `edit` makes of its documents, of which there may be none yet.

        Raises CollectionError.
        """
        check_name(name)
        with self.changing(name):
            documents, before = self._before(name)
            return self._put(name, edit(documents), before)

    def _put(self, name: str, documents: Sequence[Document], before: WholeIndex | None) -> Index:
        """Save documents; what they share with an index from before is not embedded again."""
        self.check_free(name)
        ids = [document.id for document in documents]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise CollectionError(f"two files are named {twice[0]!r}. Rename one of them.")
        if not documents:
            raise CollectionError(f"{name!r} would hold nothing. Give it a text.")
        embedder = Remembering(self.embedder, before, self.rules) if before else self.embedder
        try:
            with alone(self.folder / name):  # else a large one that begins meanwhile would be replaced
                if self.is_large(name):
                    raise NameTaken(f"{name!r} is a large collection. Put files into it with wenju index.")
                return save_index(self.folder / name, documents, embedder, self.rules, self.progress)
        except OSError as error:
            raise self._unwritable(name, error) from error

    def check_free(self, name: str) -> None:
        """Raise NameTaken where another collection has a name that a disk may take for this one."""
        taken = [other for other in self.names() if other != name and same_name(other, name)]
        if taken:
            raise NameTaken(f"there is a collection {taken[0]!r} already. Choose another name.")

    @contextmanager
    def changing(self, name: str) -> Iterator[None]:
        """One change of a collection at a time. Raises CollectionUnwritable."""
        lock = FileLock(self.folder / f".{name}.change.lock")
        try:
            make_private(self.folder)
            while True:
                try:
                    lock.acquire(timeout=_WAIT)
                    break
                except Timeout:
                    if self.progress is not None:
                        self.progress(0, 0)  # whoever no longer wants it raises here
        except OSError as error:
            raise self._unwritable(name, error) from error
        try:
            yield
        finally:
            lock.release()

    def names(self) -> list[str]:
        """The collections that can be opened by name."""
        stored = {path.parent.name for mark in _MARKS for path in self.folder.glob(f"[!.]*/{mark}")}
        return sorted({SHIPPED} | {name for name in stored if not name.startswith(FILE)})

    def written(self, name: str) -> int:
        """When a collection of the user's was last written; 0 for one that lies elsewhere."""
        marks = [self.folder / name / mark for mark in _MARKS] if name != SHIPPED else []
        return max((mark.stat().st_mtime_ns for mark in marks if mark.is_file()), default=0)

    def find(self, name: str, layout: Layout | None = None) -> tuple[str, list[Document]]:
        """The folder of a collection's index, and its documents. Raises as `open` does."""
        if names_file(name):
            path = Path(os.path.expanduser(name))
            key = hashlib.sha256(os.fsencode(f"{path.resolve()} {layout}")).hexdigest()[:12]
            return f"{FILE}{key}", [load_document(path, layout, self.limits)]
        if layout is not None:
            raise CollectionError(
                f"--layout says how a file is read; the collection {name!r} was read when it was made."
            )
        return name, [load_shipped()] if name == SHIPPED else self.stored(name)

    def stored(self, name: str) -> list[Document]:
        """The documents of a collection of the user's. Raises CollectionMissing or CollectionError."""
        try:
            return read_documents(self.folder / name)
        except IndexUnusable as error:
            if not (self.folder / name).is_dir():
                raise CollectionMissing(
                    f"there is no collection {name!r} (there are: {', '.join(self.names())}) and no such "
                    f"file. Make one with: wenju index PATH --collection {name}"
                ) from error
            raise CollectionError(
                f"{error}. Its documents are lost; make it again: wenju index PATH --collection {name}"
            ) from error

    def index(self, name: str, documents: Sequence[Document]) -> Index:
        """The saved index if it is of these documents and settings, otherwise a new one."""
        try:
            return load_index(self.folder / name, self._recipe(documents))
        except IndexMissing:
            log.info("building the index of %s", name)
        except IndexUnusable as error:
            log.warning("%s; building it again", error)
        try:
            return save_index(self.folder / name, documents, self.embedder, self.rules, self.progress)
        except OSError as error:
            log.warning("%s The index is kept in memory for this run.", self._unwritable(name, error))
        return build_index(documents, self.embedder, self.rules, progress=self.progress)

    def _before(self, name: str) -> tuple[Sequence[Document], WholeIndex | None]:
        """What a collection holds, and its index if it is of this model and these rules."""
        try:
            documents = self.stored(name)
            return documents, load_index(self.folder / name, self._recipe(documents))
        except CollectionMissing:
            return (), None
        except IndexUnusable:
            return documents, None

    def _recipe(self, documents: Sequence[Document]) -> Recipe:
        return Recipe.of(documents, self.embedder, self.rules)

    def _unwritable(self, name: str, error: OSError) -> CollectionUnwritable:
        why = error.strerror or error  # NumPy gives no number when the disk is full
        return CollectionUnwritable(f"cannot write {self.folder / name} ({why}). {_ELSEWHERE}")


@cache
def load_shipped() -> Document:
    """The article that ships with Wenju."""
    return load_trusted(Path(str(files("corpus") / "articles" / f"{SHIPPED}.txt")))
