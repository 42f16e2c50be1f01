"""Table rows as sentences that can be cited: 年份：2023；进度：合龙."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from corpus.characters import is_cjk

# A file may claim any span; what is repeated costs memory, and the names of rows stand on the left.
MAX_COLUMN_SPAN = 100
MAX_HANGING_COLUMN = 30

_Row = list[str | None]  # every column's text; None where a cell to the left reaches over the column


@dataclass(frozen=True)
class Cell:
    """A cell's text and how far it reaches; `text` None repeats the cell above."""

    text: str | None
    columns: int = 1
    rows: int = 1


def row_texts(rows: Iterable[Sequence[Cell]], has_header: bool) -> Iterator[str]:
    """One text a row; where there is a header, it names the cells and is no row of its own.

    >>> list(row_texts([[Cell("年份"), Cell("进度")], [Cell("2023"), Cell("合龙")]], has_header=True))
    ['年份：2023；进度：合龙']
    >>> list(row_texts([[Cell("2022", rows=2), Cell("开工")], [Cell("合龙")]], has_header=False))
    ['2022 | 开工', '2022 | 合龙']
    """
    grid = filter(any, _grid(rows))
    header = next(grid, [])
    second = next(grid, None)
    if second is None:
        yield _joined(header)
    elif has_header:
        names = _names(header)
        yield from (_named(names, row) for row in chain([second], grid))
    else:
        yield from (_joined(row) for row in chain([header, second], grid))


def _grid(rows: Iterable[Sequence[Cell]]) -> Iterator[_Row]:
    above: _Row = []
    hanging: dict[int, tuple[int, str | None]] = {}  # column -> rows that it still covers, its text
    for cells in rows:
        row: _Row = []
        for cell in [*cells, None]:
            while hanging.get(len(row), (0, None))[0] > 0:
                left, text = hanging[len(row)]
                hanging[len(row)] = (left - 1, text)
                row.append(text)
            if cell is None:
                break
            text = cell.text
            if text is None:
                text = above[len(row)] if len(row) < len(above) else None
            reach: _Row = [text, *[None] * (min(cell.columns, MAX_COLUMN_SPAN) - 1)]
            if cell.rows > 1 and len(row) + len(reach) <= MAX_HANGING_COLUMN:
                hanging |= {len(row) + i: (cell.rows - 1, part) for i, part in enumerate(reach)}
            row += reach
        yield row
        above = row


def _names(header: _Row) -> list[str]:
    """The name of each column; a cell that reaches over several names all of them."""
    names: list[str] = []
    for text in header:
        names.append(text if text is not None else names[-1] if names else "")
    return names


def _joined(row: _Row) -> str:
    return " | ".join(filter(None, row))


def _named(names: Sequence[str], row: _Row) -> str:
    chinese = any(is_cjk(c) for text in (*names, *row) if text for c in text)
    colon, stop = ("：", "；") if chinese else (": ", "; ")
    padded = chain(names, [""] * len(row))
    pairs = [(name, text) for name, text in zip(padded, row, strict=False) if text]
    return stop.join(f"{name}{colon}{text}" if name and name != text else text for name, text in pairs)
