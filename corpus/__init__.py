"""Articles as data: load, clean, split into blocks and sentences with exact offsets."""

from corpus.build import MAX_BYTES, Metadata, build_document, load_document
from corpus.characters import is_cjk
from corpus.document import EVIDENCE_KINDS, Block, Document, Language, Layout, Omission, Sentence
from corpus.errors import ArticleError, WenjuError
from corpus.script import simplified

__all__ = [
    "EVIDENCE_KINDS",
    "MAX_BYTES",
    "ArticleError",
    "Block",
    "Document",
    "Language",
    "Layout",
    "Metadata",
    "Omission",
    "Sentence",
    "WenjuError",
    "build_document",
    "is_cjk",
    "load_document",
    "simplified",
]
