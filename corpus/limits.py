"""How much reading one article may take."""

from __future__ import annotations

from dataclasses import dataclass

_RANGES = {
    "megabytes": (1, 2000),
    "pages": (1, 100_000),
    "seconds": (1, 86_400),
    "memory_megabytes": (256, 1_000_000),  # less would not even start the reader
}


@dataclass(frozen=True)
class Limits:
    """An article that needs more is refused. A megabyte is 1,000,000 bytes. Raises ValueError."""

    megabytes: int = 100  # of the file; an illustrated book is some 50 MB
    pages: int = 2000  # of a PDF: an encyclopaedia's volume, some 30 seconds
    seconds: int = 120  # to read it, by the clock and of the processor
    memory_megabytes: int = 2000  # addresses of the reading process; a book of 1,000 pages takes 200 MB

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"articles.{name} must be between {low} and {high}")


DEFAULT_LIMITS = Limits()
