"""A streamed text as statements: the same however it is cut into pieces, and without decoration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.statements import declines, statements
from tests.generated import PROPERTY

REPLY = "武汉有3.9万家企业[1]。“增长很快。”他说。\n\n1. 第一，**算力**；\n2. 第二，数据【2】。其余不详"
PLAIN = ["武汉有3.9万家企业。", "“增长很快。”他说。", "第一，算力；", "第二，数据。", "其余不详"]


def whole(pieces: list[str]) -> list[str]:
    return [text for done, _ in statements(pieces) for text in done]


def test_a_reply_is_cut_into_its_sentences() -> None:
    assert whole([REPLY]) == PLAIN


@PROPERTY
@given(st.lists(st.integers(0, len(REPLY)), max_size=12))
def test_where_the_pieces_end_changes_nothing(cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(REPLY)]
    assert whole([REPLY[a:b] for a, b in zip(ends, ends[1:], strict=False)]) == PLAIN


def test_what_is_not_complete_is_the_tail() -> None:
    steps = list(statements(["今天", "晴。明", "天雨。"]))
    assert steps == [([], "今天"), (["今天晴。"], "明"), ([], "明天雨。"), (["明天雨。"], "")]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("今天晴[1]。", "今天晴。"),
        ("今天晴。[1][2]", "今天晴。"),
        ("今天晴【3】。", "今天晴。"),
        ("## 今天晴", "今天晴"),
        ("- 今天晴。", "今天晴。"),
        ("3、今天晴。", "今天晴。"),
        ("3.9万家企业。", "3.9万家企业。"),
        ("It is dry [2].", "It is dry."),
    ],
)
def test_marks_and_the_models_own_numbers_go(written: str, plain: str) -> None:
    assert whole([written]) == [plain]


@pytest.mark.parametrize("pieces", [[], [""], ["\n\n"], ["。"], ["- \n- "]])
def test_nothing_said_is_no_statement(pieces: list[str]) -> None:
    assert whole(pieces) == []


@pytest.mark.parametrize(
    ("statement", "declined"),
    [
        ("文章中没有提到。", True),
        ("文章中没有提到他的年龄", True),
        ("The article does not say.", True),
        ("the article does not say who built it.", True),
        ("他在文章中没有提到年龄。", False),
    ],
)
def test_a_model_may_decline(statement: str, declined: bool) -> None:
    assert declines(statement) is declined
