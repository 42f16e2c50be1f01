"""Our own layout: an optional first line about the set, then one question a line."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

from eval.formats.lines import numbered, parse
from eval.questions import GoldQuestion, QuestionSet


class Header(BaseModel):
    """The optional first line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    set: str
    article: str | None = None  # a file beside the set
    document_sha256: str | None = None
    license: str = ""

    @field_validator("article")
    @classmethod
    def _beside_the_set(cls, name: str | None) -> str | None:
        # A set may come from anywhere; it must not have other files of this machine read.
        if name is not None and (name in ("", ".", "..") or "/" in name or "\\" in name):
            raise ValueError(f"{name!r} is no name of a file beside the set")
        return name


def parse_jsonl(name: str, sha256: str, text: str, folder: Path) -> QuestionSet:
    """The set in the text of a file in `folder`. Raises QuestionSetError."""
    header, questions = Header(set=name), list[GoldQuestion]()
    for position, (number, line) in enumerate(numbered(text)):
        if position == 0 and '"set"' in line and '"question"' not in line:
            header = parse(name, number, line, Header)
        else:
            questions.append(parse(name, number, line, GoldQuestion))
    return QuestionSet(
        header.set,
        sha256,
        tuple(questions),
        article=folder.resolve() / header.article if header.article else None,
        document_sha256=header.document_sha256,
    )
