"""The runs of PDF pages as lines in reading order, without what stands on every page.

A page is cut at its gutter: an edge at which many runs begin and which few cross, with columns of
text, not cells, on both sides. What crosses it (a title, a wide figure's caption) parts the page into
bands; in each band the left column is read before the right one. Columns are cut again the same way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median

from corpus.formats.pdf_page import Page, Run
from corpus.formats.reading import n_letters

_ZONE = 0.12  # of the page's height, at the top and the bottom
_OUTER_ROWS = 2  # a running header may have a line below it
_PAGE_NUMBER = re.compile(
    r"[-–—·]?\s*(?:page\s*)?(?:[0-9]{1,4}|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3}))(?:\s*(?:/|of)\s*\d{1,4})?\s*[-–—·]?"
    r"|第\s*\d+\s*[页頁](?:[\s,，/]*共\s*\d+\s*[页頁])?",
    re.IGNORECASE,
)
_MAX_NUMBERS = 6  # of a header that are tried: a date, a chapter, the page, the pages
_MIN_LINES = 4  # in each of two columns
_MIN_WIDTH = 0.2  # of the text's width; a narrower column holds keys or numbers
_FILL = 0.6  # of its column: what half the lines of running text reach; cells do not
_MAX_EDGES = 20  # that are tried; those of columns are the commonest
_MAX_RUNS = 3000  # of a page whose columns are looked for; a dense newspaper page has 1,000


@dataclass(frozen=True)
class Line:
    """One line of a column: its cells (more than one where gaps part it) and where it stands.

    `left` and `right` are the edges of its column; `y` is the baseline and grows upwards.
    """

    cells: tuple[str, ...]
    spans: tuple[tuple[float, float], ...]  # where each cell begins and ends
    y: float
    size: float
    is_bold: bool
    page: int
    left: float
    right: float

    @property
    def x0(self) -> float:
        """Where the line begins."""
        return self.spans[0][0]

    @property
    def x1(self) -> float:
        """Where the line ends."""
        return self.spans[-1][1]

    @property
    def text(self) -> str:
        """The line's cells as one text."""
        return " ".join(self.cells)


def without_running_heads(pages: Sequence[Page]) -> tuple[list[Page], int]:
    """The pages without headers, footers and page numbers, and the number of letters taken off.

    A header stands at the edge of several pages, is no larger than the text, and stays the same but for
    numbers that count the pages. A number alone in its line at the edge is a page number.
    """
    sizes = Counter[int]()
    for page in pages:
        for run in page.runs:
            sizes[round(run.size)] += len(run.text)
    body = sizes.most_common(1)[0][0]
    edges = [[row for row in _edge_rows(page) if round(row[0].size) <= body] for page in pages]
    seen = Counter[str]()
    for page, rows in zip(pages, edges, strict=True):
        seen.update({key for row in rows for run in row for key in _keys(run, page)})
    often = 2 if len(pages) <= 4 else 3  # left and right pages may differ, as chapters do
    kept: list[Page] = []
    dropped = 0
    for page, rows in zip(pages, edges, strict=True):
        heads = [run for row in rows for run in row if any(seen[key] >= often for key in _keys(run, page))]
        heads += [row[0] for row in rows if len(row) == 1 and _PAGE_NUMBER.fullmatch(row[0].text)]
        gone = {id(run) for run in heads}
        dropped += sum(n_letters(run.text) for run in page.runs if id(run) in gone)
        kept.append(replace(page, runs=[run for run in page.runs if id(run) not in gone]))
    return kept, dropped


def _keys(run: Run, page: Page) -> set[str]:
    """A run's text as it is, and with each of its numbers counted from the page: 3/12 of page 3 is 0/12."""
    text, keys = run.text, {run.text}
    for number in islice(re.finditer(r"\d{1,5}", text), _MAX_NUMBERS):
        keys.add(f"{text[: number.start()]}{int(number[0]) - page.number}{text[number.end() :]}")
    return keys


def in_order(pages: Sequence[Page]) -> list[Line]:
    """The lines of all pages in the order in which they are read."""
    groups = [(page, list(_columns(page.runs))) for page in pages if page.runs]
    # A page that holds a few short lines cannot tell how wide its text is; the others can.
    reach = max((_right(_rows(found[0])) for _, found in groups if len(found) == 1), default=0.0)
    lines: list[Line] = []
    for page, found in groups:
        for group in found:
            rows = [_merged(row) for row in _rows(group)]
            lines += _lines(rows, page.number, reach if len(found) == 1 else _right(rows))
    return lines


def _edge_rows(page: Page) -> Iterator[list[Run]]:
    rows = _rows(page.runs)
    for i, row in enumerate(rows):
        outer = i < _OUTER_ROWS or i >= len(rows) - _OUTER_ROWS
        if outer and not _ZONE * page.height < row[0].y < (1 - _ZONE) * page.height:
            yield row


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs of one baseline, top to bottom, each row left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.y):
        if rows and rows[-1][0].y - run.y <= max(run.size, rows[-1][0].size) / 2:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.x0) for row in rows]


def _columns(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """The runs in groups, each a column or what stands across columns, in reading order."""
    gutter = _gutter(runs) if len(runs) <= _MAX_RUNS else None
    if gutter is None:
        yield list(runs)
        return
    band: list[Run] = []
    wide: list[Run] = []
    for row in _rows(runs):
        if any(run.x0 < gutter < run.x1 for run in row):
            yield from _halves(band, gutter)
            band = []
            wide += row
        else:
            if wide:
                yield wide
                wide = []
            band += row
    if wide:
        yield wide
    yield from _halves(band, gutter)


def _halves(runs: Sequence[Run], gutter: float) -> Iterator[list[Run]]:
    for half in ([r for r in runs if r.x0 < gutter], [r for r in runs if r.x0 >= gutter]):
        if half:
            yield from _columns(half)


def _gutter(runs: Sequence[Run]) -> float | None:
    """Where the columns part, just left of an edge; None where there is one column."""
    edges = Counter(round(run.x0 / 2) for run in runs)
    best: tuple[int, float] | None = None
    for edge, count in edges.most_common(_MAX_EDGES):
        if count > 1 and (gutter := _gutter_at(runs, 2 * edge - 2)) is not None:
            crossing = sum(run.x0 < gutter < run.x1 for run in runs)
            if best is None or crossing < best[0]:
                best = (crossing, gutter)
    return None if best is None else best[1]


def _gutter_at(runs: Sequence[Run], x: float) -> float | None:
    left = [run for run in runs if run.x1 <= x]
    right = [run for run in runs if run.x0 >= x]
    if min(len(left), len(right)) < _MIN_LINES or len(left) + len(right) < len(runs) / 2:
        return None
    width = max(run.x1 for run in runs) - min(run.x0 for run in runs)
    for side in (left, right):
        reach = max(run.x1 for run in side) - min(run.x0 for run in side)
        filled = median(sum(run.x1 - run.x0 for run in row) for row in _rows(side))
        if reach < _MIN_WIDTH * width or filled < _FILL * reach:
            return None
    beside = min(max(r.y for r in left), max(r.y for r in right)) - max(
        min(r.y for r in left), min(r.y for r in right)
    )
    return x if beside > 0 else None


def _right(rows: Sequence[Sequence[Run]]) -> float:
    """The right edge of rows; where there are many, a tenth may stick out."""
    ends = sorted(row[-1].x1 for row in rows)
    return ends[len(ends) * 9 // 10] if len(ends) > 10 else ends[-1]


def _lines(rows: Sequence[Sequence[Run]], page: int, right: float) -> Iterator[Line]:
    left = min(row[0].x0 for row in rows)
    for row in rows:
        yield Line(
            cells=tuple(run.text for run in row),
            spans=tuple((run.x0, run.x1) for run in row),
            y=row[0].y,
            size=max(run.size for run in row),
            is_bold=all(run.is_bold for run in row),
            page=page,
            left=left,
            right=right,
        )


def _merged(row: Sequence[Run]) -> list[Run]:
    """The runs of a row, those joined that lie close to each other but not in the file's order."""
    merged = [row[0]]
    for run in row[1:]:
        last = merged[-1]
        gap, size = run.x0 - last.x1, max(run.size, last.size)
        if gap > size:
            merged.append(run)
            continue
        between = " " if gap > size / 5 else ""
        bold = last.is_bold and run.is_bold
        merged[-1] = Run(last.text + between + run.text, last.x0, max(last.x1, run.x1), last.y, size, bold)
    return merged
