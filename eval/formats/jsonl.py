"""Our own layout: an optional first line about the set, then one question a line."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from eval.formats.lines import numbered, parse
from eval.questions import GoldQuestion, QuestionSet


class Header(BaseModel):
    """The optional first line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    set: str
    document_sha256: str | None = None
    license: str = ""


def parse_jsonl(name: str, sha256: str, text: str) -> QuestionSet:
    """The set in the text of a file. Raises QuestionSetError."""
    header, questions = Header(set=name), list[GoldQuestion]()
    for position, (number, line) in enumerate(numbered(text)):
        if position == 0 and '"set"' in line and '"question"' not in line:
            header = parse(name, number, line, Header)
        else:
            questions.append(parse(name, number, line, GoldQuestion))
    return QuestionSet(header.set, sha256, tuple(questions), document_sha256=header.document_sha256)
