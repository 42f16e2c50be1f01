"""Passages, their dense and lexical index, and the retriever over it."""

from index.analyzer import analyze
from index.archive import archive_documents, drop_archive_rows, open_archive, sha256s, titles
from index.archive_file import MadeWith, is_archive
from index.embedder import EMBEDDED, Embedder, EmbeddingModel, Progress, SentenceEmbedder, embedded_folder
from index.errors import (
    ArchiveBusy,
    IndexDamaged,
    IndexMissing,
    IndexStale,
    IndexUnfinished,
    IndexUnreachable,
    IndexUnusable,
    ModelError,
)
from index.growing import Growing, alone
from index.passages import Passage, PassageRules, split_passages
from index.place import make_private, move_index, remove_index, tidy
from index.remembering import Remembering
from index.retriever import Hit, Index, RetrievalRules, Retriever, WholeIndex, build_index
from index.server_embedder import SERVER, ServerEmbedder
from index.store import Recipe, load_index, read_documents, read_manifest, save_index

__all__ = [
    "EMBEDDED",
    "ArchiveBusy",
    "Embedder",
    "EmbeddingModel",
    "Growing",
    "Hit",
    "Index",
    "IndexDamaged",
    "IndexMissing",
    "IndexStale",
    "IndexUnfinished",
    "IndexUnreachable",
    "IndexUnusable",
    "MadeWith",
    "ModelError",
    "Passage",
    "PassageRules",
    "Progress",
    "Recipe",
    "Remembering",
    "RetrievalRules",
    "Retriever",
    "SERVER",
    "SentenceEmbedder",
    "ServerEmbedder",
    "WholeIndex",
    "alone",
    "analyze",
    "archive_documents",
    "build_index",
    "drop_archive_rows",
    "embedded_folder",
    "is_archive",
    "load_index",
    "make_private",
    "move_index",
    "open_archive",
    "read_documents",
    "read_manifest",
    "remove_index",
    "save_index",
    "sha256s",
    "split_passages",
    "tidy",
    "titles",
]
