"""Filling a large collection from files, batch by batch, so that a build that was killed can be gone on with.

What cannot be read is named and passed over. Documents that are in already, from the same bytes, are not
embedded again; one of an id that is there takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from app.collection_names import name_for
from app.errors import CollectionError
from app.file_hash import sha256_of
from corpus import (
    ENDINGS,
    ArticleError,
    Document,
    Limits,
    Parsed,
    check_id,
    load_document,
    parse_line,
    read_lines,
)
from index import Growing, Progress

_BATCH = 40_000  # characters: some seconds of embedding, which is what a killed build loses
_MEGABYTE = 1_000_000
_ENDINGS = (".txt", ".md", ".html", ".htm", ".docx", ".pdf")  # of a folder's files; others are left out


@dataclass(frozen=True)
class File:
    """A file; `id` is that of its document, where it holds one."""

    path: Path
    id: str


@dataclass(frozen=True)
class Filled:
    """What became of the documents: new ones, those that were in already; and what was passed over, and why.

    The ids in `replaced` are those of documents that took the place of another.
    """

    added: int
    same: int
    faults: list[str]
    replaced: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Source:
    """Where a document stands, what tells its id, and how many bytes of its file were read by then."""

    place: str
    parse: Callable[[], Parsed]  # raises ArticleError
    done: int


def is_many(path: Path) -> bool:
    """Whether a path is a folder or a file of many documents."""
    return path.is_dir() or path.name.lower().endswith(ENDINGS)


@dataclass
class Filling:
    """Documents on their way into a collection. With `strict` the first fault stops it."""

    growing: Growing
    limits: Limits
    strict: bool
    progress: Progress
    _seen: set[str] = field(default_factory=set)
    _batch: list[Document] = field(default_factory=list)
    _faults: list[str] = field(default_factory=list)
    _added: int = 0
    _same: int = 0
    _replaced: list[str] = field(default_factory=list)

    def fill(self, files: Sequence[File]) -> Filled:
        """Put the documents of files in; what was put in stays where this fails.

        Raises CollectionError for a fault if it is strict, ArticleError for the last file that could not be
        read to its end, once the others have been read, or OSError.
        """
        total = sum(_size(file.path) for file in files)
        before, cut_short = 0, None
        for file in files:
            try:
                for source in self._sources(file):
                    self._take(source)
                    if sum(len(document.text) for document in self._batch) >= _BATCH:
                        self._put()
                        self.progress(before + source.done, total)
            except ArticleError as error:
                cut_short = error
                if self.strict:
                    break
            before += _size(file.path)
        self._put()
        self.progress(before, total)
        if cut_short:
            raise cut_short
        return self.filled

    @property
    def filled(self) -> Filled:
        """What has become of the documents until now."""
        return Filled(self._added, self._same, self._faults, self._replaced)

    def _sources(self, file: File) -> Iterator[_Source]:
        if not is_many(file.path):
            yield _Source(str(file.path), partial(_parse_file, file, self.limits), _size(file.path))
            return
        longest = self.limits.megabytes * _MEGABYTE
        for line in read_lines(file.path, longest):
            yield _Source(
                f"{file.path}, line {line.number}", partial(parse_line, line.text, longest), line.done
            )

    def _take(self, source: _Source) -> None:
        """Read a document that is new."""
        try:
            parsed = source.parse()
            if parsed.id in self._seen:
                raise ArticleError(f"the id {parsed.id!r} stands before it already")
            if self.growing.source_of(parsed.id) == parsed.source_sha256:
                self._same += 1
            else:
                self._batch.append(parsed.read())
            self._seen.add(parsed.id)
        except ArticleError as error:
            fault = f"{source.place}: {str(error).rstrip('.')}."
            if self.strict:
                self._put()
                raise CollectionError(f"{fault} What stands before it is in.") from error
            self._faults.append(fault)

    def _put(self) -> None:
        if self._batch:
            ids = [document.id for document in self._batch]
            replaced = [own_id for own_id in ids if self.growing.source_of(own_id) is not None]
            self.growing.add(self._batch)
            self._replaced += replaced
            self._added += len(ids) - len(replaced)
            self._batch = []


def name_of(path: Path) -> str:
    """A name for a collection of what lies there: a folder's whole name, a file's without its known ending.

    Empty where no letter of it may stand in one.

    >>> name_of(Path("news.2024.jsonl.xz")), name_of(Path("报告（2024）.txt")), name_of(Path("report.2024"))
    ('news.2024', '报告 2024', 'report.2024')
    """
    endings = () if path.is_dir() else (*_ENDINGS, ".markdown", *ENDINGS)
    known = next((ending for ending in endings if path.name.lower().endswith(ending)), "")
    return name_for(path.name[: len(path.name) - len(known)])


def files_of(*paths: Path) -> list[File]:
    """Files; of a folder all those of texts, whose documents go by their paths in it.

    An id is without the file's ending, unless a file before it differs in the ending alone.
    """
    taken: dict[str, str] = {}
    files = []
    for file, name in (found for path in paths for found in _found(path)):
        own_id = Path(name).with_suffix("").as_posix()
        alone = is_many(file) or taken.setdefault(own_id, name) == name
        files.append(File(file, own_id if alone else name))
    return files


def _found(path: Path) -> Iterator[tuple[Path, str]]:
    """Files, each with its name or its path in the folder."""
    if not path.is_dir():
        yield path, path.name
        return
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        if not file.name.startswith(".") and file.name.lower().endswith((*_ENDINGS, *ENDINGS)):
            yield file, file.relative_to(path).as_posix()


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _parse_file(file: File, limits: Limits) -> Parsed:
    own_id = check_id(file.id)
    try:
        source = sha256_of(file.path)
    except OSError as error:
        raise ArticleError(f"it cannot be read: {error.strerror}") from error
    return Parsed(own_id, source, lambda: replace(load_document(file.path, None, limits), id=own_id))
