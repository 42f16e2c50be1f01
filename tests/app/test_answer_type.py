"""What kind of thing a question asks for, and the texts that hold one."""

from __future__ import annotations

import pytest

from app.answer_type import answer_type, places

DAY = "11月19日，大会在汉开幕。"
FIGURE = "园区引进40余家企业。"
NEITHER = "武昌持续推进大厦扩容。"


def holds(question: str, text: str) -> bool:
    """Whether the text holds what the question asks for."""
    asked = answer_type(question)
    assert asked is not None
    return any(True for _ in places(asked, text))


@pytest.mark.parametrize(
    "question",
    [
        "大会哪天开幕？",
        "啥时候完工啊",
        "它是哪一年开园的？",
        "何时成立",
        "大会几月几日开幕？",
        "几号开始",
        "When did it open?",
        "In which year was it founded?",
    ],
)
def test_a_time_is_asked_for(question: str) -> None:
    assert holds(question, DAY)
    assert holds(question, "明代以来，这里就是码头。")
    assert holds(question, "上个月起，每天9:30开门。")
    assert not holds(question, NEITHER)
    assert not holds(question, FIGURE)


@pytest.mark.parametrize(
    "question", ["引进了多少企业？", "有几个企业？", "企业数量有多大", "How many firms came?", "占百分之几？"]
)
def test_a_figure_is_asked_for(question: str) -> None:
    assert holds(question, FIGURE)
    assert holds(question, "已有十余家企业。")
    assert holds(question, "投资过亿元，占地万亩。")
    assert not holds(question, "半导体园区起步。")
    assert not holds(question, NEITHER)


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("武汉得了多少分？", "武汉位列第十位。", False),
        ("比去年增长了多少倍？", "较去年同期实现翻番。", True),
        ("花了多少钱？", "耗资3.2亿。", True),
        ("花了多少钱？", "共有3.9万家企业。", False),
        ("要几分钟？", "约半小时车程。", True),
        ("打了几分？", "打了十天。", False),
        ("投资多少元？", "投资3.2亿美金。", True),
        ("生产了多少吨钢？", "生产钢500万公斤。", True),
        ("生产了多少吨钢？", "生产钢500万辆。", False),
        ("排在第几位？", "位居全国榜首。", True),
        ("全国第几个获奖？", "是首个获奖的城市。", True),
        ("造成多少人死亡？", "事故未造成人员伤亡。", True),
        ("有多少人反对？", "表决时无人反对。", True),
        ("有多少人反对？", "未来可期。", False),
        ("办法什么时候施行？", "自公布之日起施行。", True),
        ("武汉得了多少分？", "武汉得85.6分，位列第十位。", True),
        ("有多少辆车在测试？", "测试里程3379公里。", False),
        ("有多少辆车在测试？", "上路的有500多辆。", True),
        ("花了多少钱？", "总投资1.26亿元。", True),
        ("花了多少钱？", "共有257个项目。", False),
        ("门票多少钱？", "门票免费。", True),
        ("产量是多少吨？", "甲厂，产量（吨）：300", True),
        ("车程多少分钟？", "约半小时。", True),
        ("增长了多少倍？", "增长200%。", True),
        ("打算招多少人？", "招引落户数创企业20余家。", False),
        ("打算招多少人？", "计划招聘200余名工程师。", True),
        ("当天有多少人到场？", "到场的达2,790。", True),
        ("有多少人次乘坐？", "运送50万趟次。", True),
        ("有几家企业？", "引进40余家企业。", True),
        ("有几家企业？", "投资过亿元，占地万亩。", False),
        ("多少家庭受益？", "惠及3000余套住房。", True),
        ("出过几回事故？", "测试里程3379公里。", False),
        ("出过几回事故？", "这是首次发生事故。", True),
        ("话题被看了多少次？", "阅读量已超70万。", True),
        ("他几岁了？", "时年42岁。", True),
        ("他几岁了？", "他有3个孩子。", False),
        ("泡几天？", "浸泡八天。", True),
        ("泡几天？", "每斤3元。", False),
        ("有多少公里？", "距太阳14光年。", True),
        ("有多少公里？", "投资3亿元。", False),
        ("占地多少亩？", "面积为1750㎡。", True),
        ("占地多少亩？", "投资3亿元。", False),
        ("有多少架无人机？", "共部署无人机186架。", True),
        ("有多少架无人机？", "航线超2000条。", False),
        ("有几套住房？", "面积为1750㎡。", False),
        ("地震是几级？", "规模为7.2。", True),
        ("建了多少年？", "历时三载。", True),
        ("建了多少年？", "共有18栋。", False),
        ("有几层？", "楼高18层。", True),
        ("气温多少度？", "最高38℃。", True),
        ("一年发多少度电？", "年发电量1.2亿千瓦时。", True),
        ("有多少年轻人返乡？", "返乡青年达2300余名。", True),
        ("消耗多少天然气？", "消耗302亿立方米。", True),
        ("卖了多少家电？", "售出30万件。", True),
        ("投资有多少回报？", "收益率6.5%。", True),
        ("过去几年投入多少资金？", "累计投入3.2亿元。", True),
        ("有多少人参加、花了多少钱？", "耗资320万元。", True),
        ("有多少人参加？", "引进20余台设备。", False),
        ("有几人来自武汉？", "引进20余台设备。", False),
        ("收了多少回扣？", "收受20万元。", True),
        ("造成多少人伤亡？", "造成3死5伤。", True),
        ("造成多少人伤亡？", "零伤亡。", True),
        ("有多少人乘坐？", "发送8.6万旅客。", True),
        ("有多少人支持？", "支持率达67%。", True),
        ("机队有多少架飞机？", "机队规模达300。", True),
        ("全年出过几次事故？", "全年未发生事故。", True),
    ],
)
def test_a_unit_that_is_named_must_be_there(question: str, text: str, held: bool) -> None:
    assert holds(question, text) is held


@pytest.mark.parametrize(
    "question",
    [
        "谁申报的？",
        "哪家公司在2024年签约？",
        "这几年发生了什么？",
        "什么时候由谁成立的？",  # two things: the answer may be either
        "为什么没有多少居民？",
        "Who founded it in 2020?",
        "Who ruled France when Napoleon fell?",
        "How does the system respond when the network fails?",
        "When the button is pressed, does the light turn on?",
        "这是啥，有多少？",
        "影响有多大？",
        "园区有多少家企业？ 它盈利吗？",  # a question of its own, not the one before
        "How many firms are there? Is it profitable?",
    ],
)
def test_anything_may_answer(question: str) -> None:
    assert answer_type(question) is None


def test_the_last_question_of_several_tells_what_is_asked() -> None:
    assert answer_type("甲公司什么时候成立的？ 有多少员工？") is answer_type("有多少员工？")
    assert answer_type("园区有多少家企业？ 能告诉我吗？") is answer_type("园区有多少家企业？")
    assert answer_type("新建了多少个园区？ 那优化提升的呢？") is answer_type("新建了多少个园区？")
