"""Comparisons: how a question is parted, and what follows from two answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.comparison import Comparison, split_comparison
from app.derived import Told, derive


@pytest.mark.parametrize(
    ("question", "sides", "asked"),
    [
        ("数据局挂牌和平台上线，哪件事在先？", ("数据局挂牌", "平台上线"), "earlier"),
        ("算力平台上线和数据局挂牌哪个更早", ("算力平台上线", "数据局挂牌"), "earlier"),
        ("甲公司和乙公司谁先成立？", ("甲公司", "乙公司"), "earlier"),
        ("甲公司和乙公司谁先上市？", ("甲公司", "乙公司"), "earlier"),
        ("甲公司和乙公司，哪个是更晚成立的？", ("甲公司", "乙公司"), "later"),
        ("甲园和乙园的揭牌时间哪个早？", ("甲园的揭牌时间", "乙园的揭牌时间"), "earlier"),
        ("甲园揭牌比乙园开工早了多少天？", ("甲园揭牌", "乙园开工"), "days"),
        ("甲园揭牌到乙榜发布相隔多少天？", ("甲园揭牌", "乙榜发布"), "days"),
        ("新建园区和优化提升的园区哪个多？", ("新建园区", "优化提升的园区"), "more"),
        ("甲展会与乙展会，哪个开得晚？", ("甲展会", "乙展会"), "later"),
        ("甲区引进的企业，跟乙区引进的企业比，哪边多？", ("甲区引进的企业", "乙区引进的企业"), "more"),
        ("武汉和成都哪个早餐好吃？", None, None),
        ("张三和李四谁先后担任院长？", None, None),
        ("甲厂和乙厂谁的工人少？", ("甲厂的工人", "乙厂的工人"), "less"),
        ("武汉和成都谁的GDP高", ("武汉的GDP", "成都的GDP"), "more"),
        ("从园区揭牌到榜单发布，前后相差几天？", ("园区揭牌", "榜单发布"), "days"),
        ("园区揭牌和榜单发布隔了多少天", ("园区揭牌", "榜单发布"), "days"),
        ("应用案例的数量，比“揭榜”上榜项目多几个？", ("应用案例的数量", "“揭榜”上榜项目"), "difference"),
        ("甲厂和乙厂的工人相差多少？", ("甲厂的工人", "乙厂的工人"), "difference"),
        ("新建的园区和改造的园区一共多少个？", ("新建的园区", "改造的园区"), "total"),
        ("平台获奖，和图景推介，是在同一个会上吗？", ("平台获奖", "图景推介"), "both"),
        ("甲区今年来了多少企业，乙区的又有几家？", ("甲区今年来了多少企业", "乙区的又有几家"), "both"),
        ("甲区今年来了多少企业？乙区今年来了几家？", ("甲区今年来了多少企业", "乙区今年来了几家"), "both"),
        ("甲园是哪一天揭牌的？乙榜是哪一天发布的？", ("甲园是哪一天揭牌的", "乙榜是哪一天发布的"), "both"),
    ],
)  # fmt: skip
def test_a_comparison_is_parted(question: str, sides: tuple[str, str] | None, asked: str | None) -> None:
    comparison = split_comparison(question)
    assert (comparison and comparison.sides, comparison and comparison.asked) == (sides, asked)


@pytest.mark.parametrize(
    "question",
    [
        "武汉位列第几位？",
        "武汉和成都的企业有哪些？",
        "武汉和成都哪个大？",  # what of them?
        "武汉、成都和西安哪个的企业最多？",  # three
        "中华人民共和国运动会的排球比赛分为哪些小项？",
        "谁和谁签了约？",
        "多少家企业和高校参加了大会？",
        "全国参与大赛的企业一共有多少家？",
        "湖北省与会企业一共有多少家？",
        "“数据要素×”比赛的奖金最高多少？",
        "甲的占比比人工作业高多少？",
        "武汉和华为哪年签约了多少？",
        "武汉和华为谁投资了多少？",
        "文旅、交通等各领域有哪些应用？",
        "公司与政府在各领域的合作",
        "武汉和平公园有多大？",
        "数据局是什么时候成立的，主要做什么？",  # the second does not name what it is about
        "甲区今年来了多少企业，是从哪些省来的？",
        "听说甲区今年来了不少企业，乙区今年来了几家？",  # one question
        "甲区今年来了多少企业？乙区今年谁来了？",  # of two kinds: the second may lean on the first
        "数字经济增加值是多少，占GDP比重是多少？",
        "数字经济增加值是多少，同比增长了百分之几呢？",
        "数字经济增加值是多少，在全市占的比重是多少？",
        "数字经济增加值是多少，规模占全省多少？",
        "武汉2024年新建园区多少个？优化提升了多少个？",
        "武汉2024年新建园区多少个？优化提升园区多少个？",
        "武汉今年用了多少台设备，一年能节省多少人？",
        "大会在哪里举行？参会企业有多少家？",
        "大会今年来了多少企业？参会公司有多少家？",
        "武汉的算力平台什么时候上线？较去年增长多少？",
        "请问武汉是怎么发展数字经济的，取得了什么成果？",
        "截至今年几月份，武汉市开放多少公里道路？",
        "无论企业有多少家，武汉市的困难有多少？",
        "我想知道武汉有多少家企业，请告诉我全市具体数字是多少",
        "甲园区是什么时候揭牌的？乙市什么时候发布了哪些榜单？",  # a list is more than a sentence
        "要是哪几家公司坏了规矩，甲区有几家公司来管？",
        "甲公司和乙公司哪个更先进？",
        "甲公司和乙公司哪个早一点？",
        "平台受到关注隔了多久？",
        "大数据协同平台建设分别是哪年？",
        "内蒙古呼和浩特市数据中心分别有多少？",
        "武汉跟踪服务平台分别有几个？",
        "长江中游城市群协同创新发展平台一共有多少个？",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    assert split_comparison(question) is None


@pytest.mark.parametrize(
    ("question", "queries"),
    [
        ("甲厂和乙厂分别是哪年成立的？", ("甲厂是哪年成立的？", "乙厂是哪年成立的？")),
        ("数据局和产业园哪个成立得更早？", ("数据局成立是什么时候？", "产业园成立是什么时候？")),
        ("甲公司比乙公司早成立多少天？", ("甲公司成立是什么时候？", "乙公司成立是什么时候？")),
        ("甲公司比乙公司早几天上市的？", ("甲公司上市是什么时候？", "乙公司上市是什么时候？")),
        ("武汉和成都的企业分别有多少？", ("武汉的企业有多少？", "成都的企业有多少？")),
    ],
)
def test_each_side_is_asked_what_the_question_asks(question: str, queries: tuple[str, str]) -> None:
    comparison = split_comparison(question)
    assert comparison is not None
    assert comparison.queries == queries


def test_what_a_side_is_asked() -> None:
    assert Comparison(("甲", "乙"), "days").queries == ("甲是什么时候？", "乙是什么时候？")
    assert Comparison(("甲有几家", "乙有几家"), "both").queries == ("甲有几家", "乙有几家")
    assert Comparison(("甲", "乙"), "more").queries == ("甲是多少？", "乙是多少？")


def told(text: str, document: str = "doc") -> Told:
    """An answer between bars in its sentence."""
    before, answer, after = text.split("|")
    return Told(document, before + answer + after, len(before), len(before) + len(answer))


@pytest.mark.parametrize(
    ("asked", "first", "second", "stated"),
    [
        ("days", "|11月14日|，揭牌。", "|11月27日|，发布。", "11月14日与11月27日相差13天（推算）。"),
        ("days", "于|2023年2月27日|。", "|2023年3月1日|。", "2023年2月27日与2023年3月1日相差2天（推算）。"),
        ("days", "于|2024年2月27日|。", "|2024年3月1日|。", "2024年2月27日与2024年3月1日相差3天（推算）。"),
        ("days", "|2月29日|开。", "|3月1日|开。", "2月29日与3月1日相差1天（推算）。"),
        ("days", "|2月27日|开。", "|3月1日|开。", None),  # 2 or 3: nobody says which year
        ("days", "|2023年2月27日|开。", "|3月1日|开。", None),
        ("days", "去年|12月1日|开。", "|12月3日|开。", None),
        ("days", "23年|12月1日|开。", "24年|1月1日|开。", None),
        ("days", "|2月30日|开。", "|3月1日|开。", None),
        ("days", "|11月14日|至16日开。", "|11月27日|开。", None),
        ("days", "11月14日，园区|揭牌|。", "|11月27日|。", "11月14日与11月27日相差13天（推算）。"),
        ("days", "11月14日签约，11月15日|揭牌|。", "|11月27日|。", None),
        ("days", "|2023年|筹备，2月28日挂牌。", "|2月1日|。", None),  # the answer is another time
        ("earlier", "今年|2月29日|挂牌。", "|7月9日|上线。", "甲在先，今年2月29日早于7月9日（推算）。"),
        ("later", "|2月29日|挂牌。", "|7月9日|上线。", "乙在后，2月29日早于7月9日（推算）。"),
        ("earlier", "|7月9日|挂牌。", "|7月9日|上线。", "两者都在7月9日（推算）。"),
        ("more", "有|40家|。", "有|20家|。", "甲更多：甲40家，乙20家（推算）。"),
        ("less", "有|40家|。", "有|20家|。", "乙更少：甲40家，乙20家（推算）。"),
        ("more", "有|20家|。", "共|20家|。", "甲20家，乙20家，两者相同（推算）。"),
        ("more", "有|40余家|。", "有|20家|。", None),
        ("more", "有|40家|以上。", "有|20家|。", None),
        ("more", "节点超|3.9万家|。", "有|2万家|。", None),
        ("more", "下降|5%|。", "|3%|。", None),
        ("more", "同比下滑|5%|。", "|3%|。", None),
        ("more", "负增长|5%|。", "|3%|。", None),
        ("more", "净亏|5亿元|。", "|3亿元|。", None),
        *(
            ("more", f"{plan}|300家|。", "有|200家|。", None)
            for plan in (
                "计划建设", "预计到2025年达到", "计划到2025年，建设", "目标", "力争达到", "拟建", "将建",
                "有望达", "人均", "年均服务", "平均每省有", "未达到", "没有达到", "至少达到", "增至", "降到",
            )
        ),
        ("more", "按照行动计划，已建成|300家|。", "有|200家|。", "甲更多：甲300家，乙200家（推算）。"),
        ("more", "入选“火炬计划”的有|300家|。", "有|200家|。", "甲更多：甲300家，乙200家（推算）。"),
        ("more", "虚拟园区有|300家|。", "有|200家|。", "甲更多：甲300家，乙200家（推算）。"),
        ("more", "总数达到|300家|。", "有|200家|。", "甲更多：甲300家，乙200家（推算）。"),
        ("difference", "10到|20家|。", "有|5家|。", None),
        ("difference", "|30元|/吨。", "|20元|/斤。", None),
        ("difference", "收入|1亿2000万元|。", "收入|9000万元|。", None),  # not 2000万元
        ("earlier", "去年成立，|12月3日|揭牌。", "今年|2月1日|投产。", None),
        ("earlier", "较去年多，|2月3日|揭牌。", "|3月1日|投产。", "甲在先，2月3日早于3月1日（推算）。"),
        ("earlier", "2023年动工，|12月28日|揭牌。", "2024年启动，|3月1日|发布。", None),  # the year is apart
        ("more", "有|300家|。", "新增|50家|。", None),  # what there is, and what came
        ("more", "新增|60家|。", "新增了|50家|。", "甲更多：甲60家，乙50家（推算）。"),
        ("more", "增速|5%|。", "增长|3%|。", "甲更多：甲5%，乙3%（推算）。"),
        ("more", "萎缩|5%|。", "增速|3%|。", None),
        ("more", "位列第|10位|。", "第|3位|。", None),
        ("more", "长|518平方公里|。", "长|300平方米|。", None),
        ("more", "有|3.9万家|。", "有|4,000家|。", "甲更多：甲3.9万家，乙4,000家（推算）。"),
        ("difference", "的|18个|。", "等|10个|。", "甲18个，乙10个，相差8个（推算）。"),
        ("difference", "的|18个|。", "|10大|项目。", "甲18个，乙10个，相差8个（推算）。"),
        ("difference", "占|10.5%|。", "占|8%|。", "甲10.5%，乙8%，相差2.5个百分点（推算）。"),
        ("difference", "达|3000亿元|。", "为|180亿元|。", "甲3000亿元，乙180亿元，相差2,820亿元（推算）。"),
        ("difference", "为|3.9万家|。", "为|4000家|。", "甲3.9万家，乙4000家，相差3.5万家（推算）。"),
        ("difference", "有|10至20个|。", "有|5个|。", None),
        ("difference", "有|5千家|。", "有|3千家|。", None),
        ("difference", "用|5G|。", "用|4G|。", None),
        ("total", "新建|10个|。", "改造|21个|。", "甲10个，乙21个，合计31个（推算）。"),
        ("total", "新建10个，改造|21个|。", "新建|10个|，改造21个。", "甲21个，乙10个，合计31个（推算）。"),
        ("total", "占|10%|。", "占|20%|。", None),
        ("total", "约|10个|。", "改造|21个|。", None),
        ("total", "|甲|。", "|乙|。", None),
        ("total", "有|10个|。", "有|10个|。", None),  # the same words twice
        ("both", "|10个|。", "|21个|个。", None),
    ],
)  # fmt: skip
def test_what_follows_from_two_answers(asked: str, first: str, second: str, stated: str | None) -> None:
    comparison = Comparison(("甲", "乙"), asked, {"more": "多", "less": "少"}.get(asked, ""))  # type: ignore[arg-type]
    assert derive(comparison, told(first), told(second)) == stated


@pytest.mark.parametrize(
    ("published", "first", "second", "earlier"),
    [
        (None, "12月28日", "1月5日", None),  # 12月28日 of the year before, in the news of a January
        (None, "2月1日", "11月5日", None),
        (None, "3月1日", "12月5日", "甲"),
        (None, "今年1月5日", "今年12月28日", "甲"),
        ("2024-01", "12月28日", "1月5日", None),
        ("2024-01", "1月7日", "1月5日", "乙"),
        ("2024-04", "6月1日", "3月5日", None),
        ("2024-12", "2月29日", "11月14日", "甲"),
    ],
)
def test_days_without_a_year_must_be_of_one(
    published: str | None, first: str, second: str, earlier: str | None
) -> None:
    one, other = (replace(told(f"|{day}|，揭牌。"), published=published) for day in (first, second))
    stated = derive(Comparison(("甲", "乙"), "earlier"), one, other)
    assert (stated and stated[0]) == earlier
    assert earlier or derive(Comparison(("甲", "乙"), "days"), one, other) is None


def test_days_of_two_documents_need_their_years() -> None:
    days = Comparison(("甲", "乙"), "earlier")
    assert derive(days, told("|3月1日|。"), told("|5月2日|。", "other")) is None
    stated = derive(days, told("|2023年3月1日|。"), told("|2024年1月2日|。", "other"))
    assert stated == "甲在先，2023年3月1日早于2024年1月2日（推算）。"
