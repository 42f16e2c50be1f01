"""What the list of collections says of one, without a page."""

from __future__ import annotations

import re

import pytest

from app.holdings import Holding
from app.web.keeping import _outs
from app.web.words import WORDS


def lines(n_documents: int) -> list[str]:
    """What is said of taking documents out of a collection of so many, without the markup."""
    holding = Holding("新闻", tuple(f"<{n}>" for n in range(n_documents)), 0, None)
    parts = re.split("</button>|</p>", _outs(holding, WORDS["zh"].shelf))
    return [re.sub("<[^>]*>", "", part) for part in parts if part]


@pytest.mark.parametrize(
    ("n_documents", "n_named", "rest"),
    [
        (1, 0, None),  # the last one goes with its collection
        (2, 2, None),
        (50, 50, None),
        (51, 50, "这里只列出前 50 篇，共 51 篇。"),
    ],
)
def test_the_first_documents_can_be_taken_out_and_of_others_it_says_how(
    n_documents: int, n_named: int, rest: str | None
) -> None:
    told = lines(n_documents)
    assert told[:n_named] == [f"移出“&lt;{n}&gt;”" for n in range(n_named)]
    assert bool(told) == bool(n_named)
    command = "其余的用命令移出：wenju index --collection &#x27;新闻&#x27; --remove 编号"
    assert [line for line in told if "只列出" in line] == ([f"{rest}{command}"] if rest else [])
