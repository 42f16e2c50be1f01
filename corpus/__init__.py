"""Articles as data: load, clean, split into blocks and sentences with exact offsets."""

from corpus.build import build_document, build_text
from corpus.characters import is_cjk
from corpus.document import EVIDENCE_KINDS, Block, Document, Language, Layout, Omission, Sentence
from corpus.errors import ArticleError, ArticleNotFound, ArticleUnread, WenjuError
from corpus.limits import Limits
from corpus.lines import ENDINGS, Parsed, check_id, parse_line, read_lines
from corpus.load import load_document, load_trusted, read_document
from corpus.metadata import Metadata
from corpus.script import simplified
from corpus.sentences import split_sentences

__all__ = [
    "ENDINGS",
    "EVIDENCE_KINDS",
    "ArticleError",
    "ArticleNotFound",
    "ArticleUnread",
    "Block",
    "Document",
    "Language",
    "Layout",
    "Limits",
    "Metadata",
    "Omission",
    "Parsed",
    "Sentence",
    "WenjuError",
    "build_document",
    "build_text",
    "check_id",
    "is_cjk",
    "load_document",
    "load_trusted",
    "parse_line",
    "read_document",
    "read_lines",
    "simplified",
    "split_sentences",
]
