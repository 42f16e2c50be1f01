"""Plain questions over the shipped article with the shipped weights, answers found by reading it."""

from __future__ import annotations

import pytest

from app.pipeline import Pipeline
from app.questions import Turn
from corpus import Document
from tests.app.test_pipeline import assert_contract, assert_grounded

pytestmark = pytest.mark.model

FOUNDED = (
    "武汉市数据局于今年2月29日正式挂牌成立，统筹推进数字经济创新发展，深化数据赋能城市治理，"
    "紧紧围绕国家确定的数据要素市场化配置改革主线，多项工作成果入选国家试点示范和全国典型案例。"
)


EASY = [
    ("武汉市数据局是什么时候成立的？", FOUNDED),
    (
        "武汉在2024数字经济百强市中排第几？",
        "11月27日，中国电子信息产业发展研究院旗下赛迪顾问发布《2024中国城市数字经济发展研究报告》"
        "以及2024数字经济百强市，其中武汉位列第十位，较上年前进一位。",
    ),
    (
        "汉江湾人工智能产业园是哪天揭牌的？",
        "11月14日，武汉首批市级人工智能培育产业园区——汉江湾人工智能产业园揭牌迎来“开门红”。",
    ),
    (
        "武汉的开放测试道路有多少公里？",
        "作为国内首个发放智能网联汽车商业化试点牌照的城市，武汉全市累计开放测试道路里程已突破3379公里"
        "（单向里程），覆盖12个行政区，辐射面积约3000平方公里，开放里程和开放区域数量位列全国第一。",
    ),
    (
        "光谷部署了多少架无人机？",
        "在光谷518平方公里的“试验场”里，低空共享无人机应用示范区项目共部署了无人机186架、自动机库128套，"
        "总规划航线超2000条，在交通管理、活动安防、消防应急、能源巡检、民生服务等领域发挥作用。",
    ),
    (
        "2024中国5G+工业互联网大会是什么时候开幕的？",
        "11月19日，2024中国5G+工业互联网大会在汉开幕。",
    ),
    (
        "九州医药供应链的交易额是多少？",
        "九州医药供应链刚建成一年，已吸引全国3.5万多家医药产业上下游企业“入链”，物流覆盖全国96%的地区，"
        "交易额突破100亿元。",
    ),
    (
        "长飞光纤打造了什么工厂？",
        "长飞光纤打造光缆5G工厂，烽火通信打造5G与F5G“双千兆”工厂，格创东智累计交付200余个整厂标杆项目。",
    ),
    (
        "圈外数字创意产业园引进了多少家企业？",
        "圈外数字创意产业园以区块链、大数据计算两大产业为方向，引进40余家数字经济企业，"
        "创新驱动转化发展新动能，被评为第五批湖北省现代服务业集聚区。",
    ),
    (
        "“i武汉”城市码上线了多少项服务？",
        "“i武汉”城市码累计上线民生服务事项200项，获新华社《政务智库报告》推介。",
    ),
]
REFUSED = [
    ("武汉市市长是谁？", "文章中没有提到。"),
    ("武汉的房价是多少？", "文章中没有提到。"),
    ("武汉大学有多少学生？", "文章中没有提到。"),
    ("What is the population of Wuhan?", "The article does not say."),
]


@pytest.mark.parametrize(("question", "sentence"), EASY)
def test_an_easy_question_is_answered_by_its_sentence(
    shipped: Pipeline, question: str, sentence: str
) -> None:
    answer = shipped.answer(question)
    assert answer.outcome == "answered"
    assert [citation.quote for citation in answer.citations] == [sentence]
    assert answer.answer.split("\n（")[0] == f"{sentence.removesuffix('。')}[1]。"  # the year may follow
    assert_grounded(answer, shipped.documents)
    assert_contract(answer)


@pytest.mark.parametrize(("question", "reply"), REFUSED)
def test_what_the_article_does_not_say_is_not_found(shipped: Pipeline, question: str, reply: str) -> None:
    answer = shipped.answer(question)
    assert (answer.outcome, answer.answer) == ("not_found", reply)
    assert (answer.citations, answer.nearest) == ((), ())
    assert_contract(answer)


def test_a_follow_up_is_understood_by_the_question_before_it(shipped: Pipeline) -> None:
    history = [Turn("user", "武汉市数据局做什么？"), Turn("assistant", "统筹推进数字经济创新发展。")]
    answer = shipped.answer("它是什么时候成立的？", history)
    assert answer.outcome == "answered"
    assert answer.citations[0].quote == FOUNDED
    assert_grounded(answer, shipped.documents)


def test_every_suggestion_is_answered_but_for_the_one_that_shows_a_refusal(
    article: Document, shipped: Pipeline
) -> None:
    outcomes = {
        question: shipped.answer(question).outcome
        for questions in article.suggestions.values()
        for question in questions
    }
    assert len(outcomes) == 8
    refused = {question for question, outcome in outcomes.items() if outcome != "answered"}
    assert refused == {"武汉市市长是谁？", "What is the population of Wuhan?"}
