"""Passages, their dense and lexical index, and the retriever over it."""

from index.analyzer import analyze
from index.embedder import EMBEDDED, Embedder, Progress, SentenceEmbedder, embedded_folder
from index.errors import IndexDamaged, IndexMissing, IndexStale, IndexUnusable, ModelError
from index.passages import Passage, PassageRules, split_passages
from index.place import make_private, move_index, remove_index, tidy
from index.remembering import Remembering
from index.retriever import Hit, Index, RetrievalRules, Retriever, build_index
from index.store import Recipe, load_index, read_documents, read_manifest, save_index

__all__ = [
    "EMBEDDED",
    "Embedder",
    "Hit",
    "Index",
    "IndexDamaged",
    "IndexMissing",
    "IndexStale",
    "IndexUnusable",
    "ModelError",
    "Passage",
    "PassageRules",
    "Progress",
    "Recipe",
    "Remembering",
    "RetrievalRules",
    "Retriever",
    "SentenceEmbedder",
    "analyze",
    "build_index",
    "embedded_folder",
    "load_index",
    "make_private",
    "move_index",
    "read_documents",
    "read_manifest",
    "remove_index",
    "save_index",
    "split_passages",
    "tidy",
]
