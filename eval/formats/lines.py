"""JSON lines, each checked against a model; a broken one is named with its number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from eval.questions import QuestionSetError

Line = TypeVar("Line", bound=BaseModel)


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold something, with their numbers from 1."""
    # Not `splitlines`: a JSON string may hold U+2028 as it is.
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def parse(name: str, number: int, line: str, model: type[Line]) -> Line:
    """A line as a model. Raises QuestionSetError that names the line and the field."""
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        fault = first_fault(error).replace(" at line 1 column ", " at column ")  # of this line, not the file
        raise QuestionSetError(f"{name}, line {number}: {fault}.") from error


def first_fault(error: ValidationError) -> str:
    """Where and what the first fault is.

    A field that may be one of several types has a fault for each; the outermost says most.
    """
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
