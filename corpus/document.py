"""The document: one article's cleaned text with its blocks and sentences.

Every position is a Unicode code point offset into `Document.text`, end exclusive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, Literal, get_args

from corpus.script import simplified

BlockKind = Literal["title", "subtitle", "heading", "paragraph", "caption", "item"]
Layout = Literal["wrapped", "plain", "markdown"]  # how the lines of a text file are meant
Format = Literal["html", "docx", "pdf"]
Omission = Literal["dropped_characters", "pages_without_text"]
Language = Literal["zh", "en"]

# Headings and titles name what follows: they give context, they are not evidence.
EVIDENCE_KINDS: frozenset[BlockKind] = frozenset({"paragraph", "caption", "item"})


@dataclass(frozen=True)
class Block:
    """A run of text that stands on its own: `kind` says as what.

    `page` counts from 1; None where the file has no pages.
    """

    id: str
    kind: BlockKind
    section: str
    start: int
    end: int
    page: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(BlockKind):
            raise ValueError(f"block {self.id} has the unknown kind {self.kind!r}")


@dataclass(frozen=True)
class Sentence:
    """The unit of citation, wholly inside one block."""

    id: str
    block_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """One article. `published` is `YYYY-MM`, or None where nothing says it.

    `suggestions` are questions to start with, by the language of the page. `omissions` count what was
    not read: characters of menus and running headers, pages that are pictures.
    """

    id: str
    title: str
    text: str
    source_sha256: str
    layout: Layout | Format
    language: Language
    published: str | None
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    suggestions: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    omissions: Mapping[Omission, int] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """The hash of the UTF-8 cleaned text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def simplified(self) -> str:
        """The text in simplified characters, for whatever is matched; offsets are those of `text`."""
        return simplified(self.text)

    @cached_property
    def block_by_id(self) -> Mapping[str, Block]:
        """Blocks by their id."""
        return {block.id: block for block in self.blocks}

    @cached_property
    def sentence_by_id(self) -> Mapping[str, Sentence]:
        """Sentences by their id."""
        return {sentence.id: sentence for sentence in self.sentences}

    @cached_property
    def _sentences_by_block(self) -> Mapping[str, tuple[Sentence, ...]]:
        groups = groupby(self.sentences, key=lambda sentence: sentence.block_id)
        return {block_id: tuple(sentences) for block_id, sentences in groups}

    def sentences_of(self, block: Block) -> tuple[Sentence, ...]:
        """The sentences of a block, in order."""
        return self._sentences_by_block.get(block.id, ())

    def quote(self, start: int, end: int) -> str:
        """The text between two offsets."""
        return self.text[start:end]

    def section_of(self, sentence: Sentence) -> str:
        """The title of the section that a sentence stands in."""
        return self.block_by_id[sentence.block_id].section

    def page_of(self, sentence: Sentence) -> int | None:
        """The page that a sentence stands on, from 1; None where the file has no pages."""
        return self.block_by_id[sentence.block_id].page

    def to_json(self) -> dict[str, Any]:
        """A plain dict, ready for `json.dumps`."""
        data = asdict(self)
        # Left out where empty, so that an index stored before they were known stays valid.
        for part, name in [(data, "omissions"), *((block, "page") for block in data["blocks"])]:
            if not part[name]:
                del part[name]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Document:
        """The document that `to_json` wrote.

        Raises KeyError, TypeError or ValueError for data of another form.
        """
        fields = dict(data)
        fields["blocks"] = tuple(Block(**block) for block in data["blocks"])
        fields["sentences"] = tuple(Sentence(**sentence) for sentence in data["sentences"])
        fields["suggestions"] = {lang: tuple(asked) for lang, asked in data["suggestions"].items()}
        return cls(**fields)
