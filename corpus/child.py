"""The process that reads one article for corpus/load.py.

On standard input a line of JSON that says what is asked, then the file's bytes; the answer is JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any

from corpus.build import build_document
from corpus.errors import ArticleError
from corpus.limits import Limits
from corpus.metadata import Metadata


def main() -> None:
    """Print the Document, or the class and message of what forbids to read it."""
    try:
        request = json.loads(sys.stdin.buffer.readline())
        limits = Limits(**request["limits"])
        _bound(limits)
        sys.stdout.write(json.dumps(_answer(request, limits)))
    except MemoryError:
        os.abort()  # PDFium ends the same way


def _bound(limits: Limits) -> None:
    _limit(resource.RLIMIT_AS, limits.memory_megabytes * 1_000_000)
    _limit(resource.RLIMIT_CPU, limits.seconds)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(what: int, value: int) -> None:
    """Set a limit as far as this system lets it be set."""
    _, hard = resource.getrlimit(what)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(what, (allowed, hard))
    except (OSError, ValueError):  # macOS bounds no addresses; the clock of the parent still runs
        pass


def _answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    metadata = Metadata(**request["metadata"])
    data = sys.stdin.buffer.read()
    try:
        document = build_document(request["name"], data, request["layout"], metadata, limits)
    except ArticleError as error:
        return {"error": type(error).__name__, "message": str(error)}
    return {"document": document.to_json()}


if __name__ == "__main__":
    main()
