"""Comparisons: how a question is parted, and what follows from two answers."""

from __future__ import annotations

import pytest

from app.comparison import Comparison, split_comparison
from app.derived import derive


@pytest.mark.parametrize(
    ("question", "sides", "asked"),
    [
        ("数据局挂牌和平台上线，哪件事在先？", ("数据局挂牌", "平台上线"), "earlier"),
        ("算力平台上线和数据局挂牌哪个更早", ("算力平台上线", "数据局挂牌"), "earlier"),
        ("甲展会与乙展会，哪个开得晚？", ("甲展会", "乙展会"), "later"),
        (
            "甲园区引进的企业，跟乙园区引进的企业比，哪边多？",
            ("甲园区引进的企业", "乙园区引进的企业"),
            "more",
        ),
        ("甲厂和乙厂谁的工人少？", ("甲厂", "乙厂"), "less"),
        ("从园区揭牌到榜单发布，前后相差几天？", ("园区揭牌", "榜单发布"), "days"),
        ("园区揭牌和榜单发布隔了多少天", ("园区揭牌", "榜单发布"), "days"),
        ("应用案例的数量，比上榜项目多几个？", ("应用案例的数量", "上榜项目"), "difference"),
        ("甲厂和乙厂的工人相差多少？", ("甲厂", "乙厂的工人"), "difference"),
        ("新建的园区和改造的园区一共多少个？", ("新建的园区", "改造的园区"), "total"),
        ("平台获奖，和图景推介，是在同一个会上吗？", ("平台获奖", "图景推介"), "both"),
    ],
)
def test_a_comparison_is_parted(question: str, sides: tuple[str, str], asked: str) -> None:
    comparison = split_comparison(question)
    assert comparison is not None
    assert (comparison.sides, comparison.asked) == (sides, asked)


@pytest.mark.parametrize(
    "question",
    [
        "武汉位列第几位？",
        "武汉和成都的企业有哪些？",
        "中华人民共和国运动会的排球比赛分为哪些小项？",
        "谁和谁签了约？",
        "多少家企业和高校参加了大会？",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    assert split_comparison(question) is None


def test_each_side_is_asked_what_the_question_asks() -> None:
    assert Comparison(("甲", "乙"), "days").queries == ("甲是什么时候？", "乙是什么时候？")
    assert Comparison(("甲", "乙"), "more").queries == ("甲是多少？", "乙是多少？")
    comparison = split_comparison("甲厂和乙厂分别是哪年成立的？")
    assert comparison is not None
    assert comparison.queries == ("甲厂是哪年成立的？", "乙厂是哪年成立的？")


@pytest.mark.parametrize(
    ("asked", "answers", "stated"),
    [
        ("days", ("11月14日", "11月27日"), "11月14日与11月27日相差13天。"),
        ("days", ("2023年2月27日", "2023年3月1日"), "2023年2月27日与2023年3月1日相差2天。"),
        ("days", ("2024年2月27日", "2024年3月1日"), "2024年2月27日与2024年3月1日相差3天。"),
        ("days", ("2月29日", "3月1日"), "2月29日与3月1日相差1天。"),  # only a leap year has the first
        ("days", ("2月27日", "3月1日"), None),  # 2 or 3: nobody says which year
        ("days", ("2023年2月27日", "3月1日"), None),
        ("days", ("去年12月1日", "12月3日"), None),
        ("days", ("2月30日", "3月1日"), None),
        ("earlier", ("2月29日", "7月9日"), "甲在先（2月29日早于7月9日）。"),
        ("later", ("2月29日", "7月9日"), "乙在后（2月29日早于7月9日）。"),
        ("earlier", ("7月9日", "7月9日"), "两者都在7月9日。"),
        ("more", ("40余家", "20余家"), "甲更多（40余家多于20余家）。"),
        ("less", ("40余家", "20余家"), "乙更少（40余家多于20余家）。"),
        ("more", ("20余家", "20余家"), None),  # rounded: who knows
        ("more", ("3.9万家", "4,000家"), "甲更多（3.9万家多于4,000家）。"),
        ("more", ("40家", "20个"), None),  # other units
        ("difference", ("18个", "10个"), "18个与10个相差8个。"),
        ("difference", ("10.5%", "8%"), "10.5%与8%相差2.5个百分点。"),
        ("difference", ("40余家", "20家"), None),
        ("total", ("10个", "21个"), "10个与21个合计31个。"),
        ("total", ("约10个", "21个"), None),
        ("total", ("甲", "乙"), None),
        ("both", ("10个", "21个"), None),
    ],
)
def test_what_follows_from_two_answers(asked: str, answers: tuple[str, str], stated: str | None) -> None:
    comparison = Comparison(("甲", "乙"), asked)  # type: ignore[arg-type]
    assert derive(comparison, answers, answers) == stated


def test_a_day_outside_the_answer_counts_only_when_it_is_the_only_one() -> None:
    comparison = Comparison(("甲", "乙"), "days")
    answers = ("揭牌", "11月27日")
    assert derive(comparison, ("11月14日，甲揭牌。", "…"), answers) == "11月14日与11月27日相差13天。"
    assert derive(comparison, ("11月14日签约，11月15日揭牌。", "…"), answers) is None
