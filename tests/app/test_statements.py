"""A streamed text as statements: the same however it is cut into pieces, and without decoration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.statements import declines, statements, strays
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
        ("-今天晴。", "今天晴。"),
        ("-5℃的低温持续三天。", "-5℃的低温持续三天。"),
        ("全文一共12句。", "全文一共12句。"),
        ("今天晴（见原文第12句）。", "今天晴。"),
        ("今天晴，来源12句。", "今天晴，。"),
        ("3.9万家企业。", "3.9万家企业。"),
        ("It is dry [2].", "It is dry."),
        ("今天晴［12］。", "今天晴。"),
        ("武政［2024］10号文。", "武政［2024］10号文。"),
        ("今天晴![图](http://a.example/x.png)。", "今天晴。"),
        ("今天[晴](http://a.example)。", "今天晴。"),
        ("今天晴[1](http://a.example)。", "今天晴。"),
        ("<b>今天晴</b><br/>。", "今天晴。"),
        ("It is 3 < 5 and 7 > 5.", "It is 3 < 5 and 7 > 5."),
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


ZH = "武汉有10家工厂，见www.wuhan.example，Tesla Model 3也在那里产。"
EN = "Wuhan (武汉) has 10 plants, ha ha ha ha."


@pytest.mark.parametrize(
    ("statement", "stray"),
    [
        ("武汉有10家工厂。", False),
        ("武漢有10家工廠。", False),
        ("NVIDIA、Tesla、Intel都在武汉。", False),
        ("10。", False),
        ("Tesla Model 3。", False),  # as it stands there
        ("Tesla Model 4。", True),
        ("Wuhan has 10 factories.", True),
        ("见www.wuhan.example。", False),
        ("见www.other.example。", True),
        ("见other.example。", True),
        ("工厂工厂工厂工厂", True),
        ("工厂，工厂。", False),
        ("产值1000000000000元。", False),
        ("武汉有几家工厂？", True),
        ("“武汉有几家工厂？”", True),
    ],
)
def test_what_no_checker_can_judge_in_chinese(statement: str, stray: bool) -> None:
    assert strays(statement, ZH, "zh") is stray


@pytest.mark.parametrize(
    ("statement", "stray"),
    [
        ("Wuhan has 10 plants.", False),
        ("10.", False),
        ("武汉有10家。", True),
        ("Plants in Wuhan (武汉) are 10.", False),
        ("Plants in Wuhan, see https://a.example/10.", True),
        ("plants plants plants plants", True),
        ("Ha ha ha ha.", False),  # as it stands there
        ("Has Wuhan 10 plants?", True),
    ],
)
def test_what_no_checker_can_judge_in_english(statement: str, stray: bool) -> None:
    assert strays(statement, EN, "en") is stray


@pytest.mark.parametrize(
    ("statement", "stray"),
    [
        ("10个", True),
        ("12名远控员", True),
        ("有12名远控员。", False),
        ("作业区仅需12名远控员即可完成", False),
    ],
)
def test_a_fragment_says_nothing_that_could_be_checked(statement: str, stray: bool) -> None:
    assert strays(statement, "铁路作业区只要12名远控员。园区有10个项目。", "zh") is stray
