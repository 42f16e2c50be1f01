"""The runs of PDF pages as lines in reading order, without what stands on every page.

A page is cut at its gutter: an edge at which many runs begin and which few cross, with columns of
text, not cells, on both sides. What crosses it (a title, a wide figure's caption) parts the page into
bands; in each band the left column is read before the right one. Columns are cut again the same way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from corpus.formats.pdf_page import Page, Run
from corpus.formats.reading import n_letters

_ZONE = 0.12  # of the page's height, at the top and the bottom
_OUTER_ROWS = 2  # a running header may have a line below it
_PAGE_NUMBER = re.compile(
    r"[-–—·]?\s*(?:page\s*)?[0-9ivxlc]{1,5}(?:\s*(?:/|of)\s*\d{1,4})?\s*[-–—·]?"
    r"|第\s*\d+\s*[页頁](?:[\s,，/]*共\s*\d+\s*[页頁])?",
    re.IGNORECASE,
)
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
    numbers that count the pages.
    """
    sizes = Counter[int]()
    for page in pages:
        for run in page.runs:
            sizes[round(run.size)] += len(run.text)
    body = sizes.most_common(1)[0][0]
    edges = [[run for run in _edge_runs(page) if round(run.size) <= body] for page in pages]
    seen = Counter(
        key
        for page, runs in zip(pages, edges, strict=True)
        for key in {k for r in runs for k in _keys(r, page)}
    )
    often = 2 if len(pages) <= 4 else 3  # left and right pages may differ, as chapters do
    dropped = 0
    for page, runs in zip(pages, edges, strict=True):
        gone = {
            id(run)
            for run in runs
            if _PAGE_NUMBER.fullmatch(run.text) or any(seen[key] >= often for key in _keys(run, page))
        }
        dropped += sum(n_letters(run.text) for run in page.runs if id(run) in gone)
        page.runs = [run for run in page.runs if id(run) not in gone]
    return list(pages), dropped


def _keys(run: Run, page: Page) -> set[str]:
    """A run's text as it is, and with its numbers counted from the page: 第 3 页 of page 3 is 第 0 页."""
    return {run.text, re.sub(r"\d{1,5}", lambda number: str(int(number[0]) - page.number), run.text)}


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


def _edge_runs(page: Page) -> Iterator[Run]:
    rows = _rows(page.runs)
    outer = {id(row): row for row in (*rows[:_OUTER_ROWS], *rows[-_OUTER_ROWS:])}
    for row in outer.values():
        if not _ZONE * page.height < row[0].y < (1 - _ZONE) * page.height:
            yield from row


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
