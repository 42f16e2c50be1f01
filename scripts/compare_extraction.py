"""Our readers beside markitdown, over the golden files of the tests.

    python3 -m venv /tmp/markitdown && /tmp/markitdown/bin/pip install 'markitdown[docx,pdf]'
    python -m scripts.compare_extraction --markitdown /tmp/markitdown/bin/markitdown

The golden blocks were written by hand for our own tests, so the comparison leans our way; it says where
the two differ, not which is better in general. Columns: the golden characters that the output lacks;
the characters that it has beyond them (menus, page numbers, changes struck out); neighbouring blocks in
the wrong order; titles and headings marked as such; blocks that stand alone and whole.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tabulate import tabulate

from corpus import build_document
from tests.corpus.formats.golden import GOLDEN, Golden

_HEADINGS = ("title", "heading")
_NAMES = re.compile(r"(^|；|; )[^：:；;]{1,12}(?:：|: )(?=\S)")  # 年份：2022；进度：开工


@dataclass(frozen=True)
class Output:
    """What a program made of a file: its blocks, and which of them it calls headings."""

    blocks: Sequence[str]
    headings: Sequence[str]


def ours(golden: Golden) -> Output:
    """The blocks of our reader."""
    document = build_document(golden.name, golden.make())
    texts = [(block.kind, document.quote(block.start, block.end)) for block in document.blocks]
    return Output([text for _, text in texts], [text for kind, text in texts if kind in _HEADINGS])


def theirs(golden: Golden, program: Path) -> Output:
    """The paragraphs, items and rows of markitdown's Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / golden.name
        path.write_bytes(golden.make())
        run = subprocess.run([program, path], capture_output=True, text=True, check=True)
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.)\s)|(?<=\|)\n", run.stdout)
    blocks = [block for block in blocks if bare(block)]
    return Output(blocks, [block for block in blocks if block.lstrip().startswith("#")])


def bare(text: str) -> str:
    """Letters and digits alone: neither marks of Markdown nor spaces count."""
    return "".join(filter(str.isalnum, text))


def row(golden: Golden, name: str, output: Output) -> list[object]:
    """One line of the table."""
    # A row's cells without the names of their columns, which markitdown gives once.
    wanted = [bare(_NAMES.sub(r"\1", text) if kind == "item" else text) for kind, text, _ in golden.blocks]
    given = [bare(_NAMES.sub(r"\1", text)) for text in output.blocks]
    whole = "".join(given)
    has, needs = Counter(whole), Counter("".join(wanted))
    places = [whole.find(text[:12]) for text in wanted]
    disorder = sum(a > b >= 0 for a, b in pairwise(places))
    headings = [bare(text) for kind, text, _ in golden.blocks if kind in _HEADINGS]
    marked = {bare(text) for text in output.headings}
    return [
        golden.name,
        name,
        (needs - has).total(),
        (has - needs).total(),
        disorder,
        f"{sum(text in marked for text in headings)} of {len(headings)}",
        f"{sum(text in given for text in wanted)} of {len(wanted)}",
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--markitdown", type=Path, required=True, help="the program, in an environment of its own"
    )
    program = parser.parse_args().markitdown
    rows = [
        row(golden, name, output)
        for golden in GOLDEN
        for name, output in (("ours", ours(golden)), ("markitdown", theirs(golden, program)))
    ]
    columns = ["file", "by", "lost", "beyond", "order", "headings", "whole blocks"]
    print(tabulate(rows, columns, tablefmt="github"))


if __name__ == "__main__":
    main()
