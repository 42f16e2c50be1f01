"""Indexes on disk: a folder with a manifest, written beside its place and renamed.

manifest.json       format, model fingerprint, settings, document hashes, SHA-256 of each file
documents.jsonl     the cleaned documents, one a line
dense.faiss         passage vectors
lexical/            Tantivy
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus import Document
from index.dense import DenseIndex
from index.embedder import Embedder, Progress
from index.errors import IndexDamaged, IndexMissing, IndexStale, IndexUnusable
from index.lexical import LexicalIndex
from index.passages import PassageRules
from index.place import locked, make_private, put
from index.retriever import WholeIndex, build_index
from index.searching import PassageList

_PARTS = {"documents.jsonl", "dense.faiss", "lexical"}
FORMAT = 4  # raise it when the files or what they hold change


@dataclass(frozen=True)
class Recipe:
    """What an index is built from and how; an index with another recipe is stale."""

    model: str
    passages: PassageRules
    documents: dict[str, str]  # id -> SHA-256 of the document with its blocks and metadata

    @classmethod
    def of(cls, documents: Sequence[Document], embedder: Embedder, rules: PassageRules) -> Recipe:
        """The recipe for documents as they are now."""
        return cls(embedder.fingerprint, rules, {d.id: _fingerprint(d) for d in documents})


def save_index(
    folder: Path,
    documents: Sequence[Document],
    embedder: Embedder,
    rules: PassageRules,
    progress: Progress | None = None,
) -> WholeIndex:
    """Build the index of documents and put it at `folder` in one step, in place of what is there.

    Raises OSError when the place cannot be written; what lay there is then untouched.
    """
    make_private(folder.parent)

    def build(fresh: Path) -> None:
        index = build_index(documents, embedder, rules, fresh / "lexical", progress)
        index.dense.save(fresh / "dense.faiss")
        lines = [json.dumps(d.to_json(), ensure_ascii=False) for d in documents]
        (fresh / "documents.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        manifest = {
            "format": FORMAT,
            **asdict(Recipe.of(documents, embedder, rules)),
            "files": {name: _sha256(fresh / name) for name in _files(fresh)},
        }
        (fresh / "manifest.json").write_text(
            json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8"
        )

    return put(folder, build, lambda: _load(folder, None))


def load_index(folder: Path, recipe: Recipe | None = None) -> WholeIndex:
    """The index at `folder`, every file checked.

    Raises IndexMissing, IndexDamaged, or IndexStale when it was built by another recipe.
    """
    with locked(folder):
        return _load(folder, recipe)


def read_documents(folder: Path) -> list[Document]:
    """The documents stored in an index, for building it anew. Raises IndexMissing or IndexDamaged.

    Altered documents are refused; where the manifest is lost, nothing can tell, and they are read.
    """
    with locked(folder):
        try:
            manifest = read_manifest(folder)
        except IndexMissing:
            raise
        except IndexUnusable:
            return _parse_documents(folder)
        _check_file(folder, "documents.jsonl", manifest)
        return _parse_documents(folder)


def _load(folder: Path, recipe: Recipe | None) -> WholeIndex:
    manifest = read_manifest(folder)
    if recipe is not None:
        wanted = asdict(recipe)
        stale = [name for name in wanted if manifest.get(name) != wanted[name]]
        if stale:
            raise IndexStale(f"the index {folder} was built with another {', '.join(stale)}")
    for name in manifest["files"]:
        _check_file(folder, name, manifest)
    documents = _parse_documents(folder)
    try:
        index = WholeIndex(
            documents={document.id: document for document in documents},
            passages=PassageList(documents, PassageRules(**manifest["passages"])),
            dense=DenseIndex.load(folder / "dense.faiss"),
            lexical=LexicalIndex.load(folder / "lexical"),
        )
    except (OSError, EOFError, KeyError, TypeError, ValueError) as error:
        raise IndexDamaged(f"the index {folder} cannot be read: {error}") from error
    if not len(index.dense) == len(index.lexical) == len(index.passages):
        raise IndexDamaged(f"the parts of the index {folder} do not fit each other")
    return index


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an index. Raises IndexMissing, IndexDamaged or IndexStale (another format)."""
    path = folder / "manifest.json"
    if not folder.is_dir():
        raise IndexMissing(f"there is no index at {folder}")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        made_by = manifest["format"]
        if not _PARTS <= {name.split("/")[0] for name in manifest["files"]}:
            raise ValueError("it does not name every part of the index")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path} cannot be read: {error}") from error
    if made_by != FORMAT:
        raise IndexStale(f"the index {folder} has format {made_by}; this version of Wenju reads {FORMAT}")
    return dict(manifest)


def _parse_documents(folder: Path) -> list[Document]:
    try:
        lines = (folder / "documents.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
        return [Document.from_json(json.loads(line)) for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"the documents in {folder} cannot be read: {error}") from error


def _check_file(folder: Path, name: str, manifest: Mapping[str, Any]) -> None:
    path = folder / name
    try:
        intact = _sha256(path) == manifest["files"].get(name)
    except OSError:
        intact = False
    if not intact:
        raise IndexDamaged(f"{path} is missing or altered")


def _files(folder: Path) -> list[str]:
    # Tantivy's own lock files come and go; they hold nothing.
    paths = (p for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock")
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fingerprint(document: Document) -> str:
    return hashlib.sha256(json.dumps(document.to_json(), sort_keys=True).encode()).hexdigest()
