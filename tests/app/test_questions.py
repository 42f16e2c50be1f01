"""Questions: what is refused, what is cleaned, and when the earlier turn is asked for again."""

from __future__ import annotations

import pytest

from app.errors import QuestionError
from app.questions import MAX_CHARS, Turn, resolve

HISTORY = [
    Turn("user", "武汉有哪些产业园？"),
    Turn("assistant", "有三个。"),
    Turn("user", "武汉市数据局做什么？"),
    Turn("assistant", "它统筹数字经济。"),
]


@pytest.mark.parametrize("text", ["", " \t\n\u3000", "？！……", "\x00\x07\u200b", "🎉", "😀😀?a", "7"])
def test_a_question_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="^请输入一个问题。 / Please type a question.$"):
        resolve(text)


def test_the_longest_question_is_asked_and_one_more_is_refused() -> None:
    assert resolve(" " + "字" * MAX_CHARS + " ").queries == ("字" * MAX_CHARS,)
    with pytest.raises(QuestionError, match="1,001 .* 1,000"):
        resolve("字" * (MAX_CHARS + 1))


def test_control_and_invisible_characters_become_spaces_and_the_text_stays_as_typed() -> None:
    typed = "\x1b武汉\x00市\u202e长\ud800是谁？\r\n"
    question = resolve(typed)
    assert question.text == typed
    assert question.queries == ("武汉 市 长 是谁？",)


def test_a_traditional_question_is_understood_as_a_simplified_one() -> None:
    typed = "武漢有哪些產業園區？"
    question = resolve(typed)
    assert question.text == typed
    assert question.queries == ("武汉有哪些产业园区？",)
    assert question.wants_list
    assert resolve("總結一下這篇文章").wants_outline
    assert resolve("謝謝").talk == "thanks"
    assert resolve("武漢排名第一，對嗎？").queries[1] == "武汉排名第几？"
    compared = resolve("從園區揭牌到榜單發佈，相差幾天？").comparison
    assert compared is not None
    assert (compared.sides, compared.asked) == (("园区揭牌", "榜单发布"), "days")


def test_a_traditional_follow_up_is_asked_behind_what_was_asked_in_either_script() -> None:
    behind = "武汉市数据局做什么？ 该局是什么时候成立的？"
    for before in ("武汉市数据局做什么？", "武漢市數據局做什麼？"):
        question = resolve("該局是什麼時候成立的？", [Turn("user", before), Turn("assistant", "它統籌。")])
        assert question.from_history == behind
    assert resolve("那廣州呢？", HISTORY).topic == "广州"
    more = resolve("還有別的嗎？", [*HISTORY[2:3], Turn("assistant", "它統籌數字經濟[1]。")])
    assert more.queries == ("武汉市数据局做什么？",)
    assert more.told == ("它統籌數字經濟[1]。",)  # as it was told


@pytest.mark.parametrize(
    "text",
    [
        "那它是什么时候成立的？", "其中有几个？", "该局在哪里？", "无人机呢？",
        "谁推出了这项技术？", "这项技术是谁推出的？", "谁负责这个项目？", "这座大厦什么时候建成？",
        "为什么这么说？", "这次大会有多少人参加？", "此次大会在哪召开？", "这里有多少家企业？",
        "谁在这里工作？", "这位专家叫什么名字？", "后者是什么时候上线的？", "两者相差多少？",
        "上述企业有哪些？",
        "刚才说的平台有多少用户？", "谁创办了该公司？", "其负责人是谁？", "这些数据从哪里来？", "在哪？",
        "占比多少？", "成都呢？",
        "When was it founded?", "What about their staff?", "And the harbour?",
    ],
)  # fmt: skip
def test_a_question_that_points_back_is_asked_again_behind_the_last_one(text: str) -> None:
    assert resolve(text, HISTORY).queries == (text, f"武汉市数据局做什么？ {text}")


@pytest.mark.parametrize(
    "text",
    [
        "武汉市数据局是什么时候成立的？", "呢绒厂在哪里？", "应该怎样做？", "Android itself has limits",
        "The island has a harbour?", "这篇文章是谁写的？", "谁写了这份报告？", "这则新闻发表于哪天？",
        "武汉本该做什么？", "圆环这家公司有多少人？", "为什么高这么多？",
        "这一篇报道的标题是什么？", "其他城市排第几？", "患者有多少？", "说说武汉的产业园",
        "因此武汉得到了什么？",
    ],
)  # fmt: skip
def test_a_question_that_stands_alone_is_asked_once(text: str) -> None:
    assert resolve(text, HISTORY).queries == (text,)


@pytest.mark.parametrize("history", [[], [Turn("assistant", "您好，请提问。")]])
def test_without_an_earlier_question_there_is_nothing_to_point_back_to(history: list[Turn]) -> None:
    assert resolve("那它呢？", history).queries == ("那它呢？",)


def test_a_long_earlier_question_gives_way_to_the_question_itself() -> None:
    first, again = resolve("那它呢？", [Turn("user", "字" * MAX_CHARS)]).queries
    assert first == "那它呢？"
    assert again == "字" * (MAX_CHARS - 6) + "？ 那它呢？"


def test_an_earlier_question_is_cleaned_too() -> None:
    assert resolve("那它呢？", [Turn("user", "武汉\x00港\n")]).queries[1] == "武汉 港？ 那它呢？"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("武汉市市长是谁？", "zh"),
        ("5G工厂有多少", "zh"),
        ("AI产业园", "zh"),
        ("Who is the mayor?", "en"),
        ("What is the 揭榜挂帅 list about?", "en"),  # 18 letters, 4 characters
        ("abcd工厂", "zh"),  # four letters are just twice two
        ("the abc工厂", "en"),  # six letters, and an English word
        ("abcde工厂", "zh"),  # a name at its head
        ("ChatGPT是什么？", "zh"),
        ("DeepSeek是谁？", "zh"),
        ("Kubernetes有哪些？", "zh"),
        ("Microsoft在哪？", "zh"),
        ("什么是machine learning？", "zh"),
        ("Doctor Who是谁演的？", "zh"),
        ("介绍Transformer", "zh"),
        ("OpenAI发布了Transformer", "en"),  # neither asks nor is framed by Chinese
        ("WHO 何时成立？", "zh"),  # the organisation
        ("WHO 的建议", "zh"),
        ("Where is 在水一方?", "en"),
        ("Who is 应盛?", "en"),
        ("How are you是什么意思？", "zh"),
        ("Describe 武汉", "en"),
        ("Companies of 武汉", "en"),
        ("The film 哪吒 in numbers", "en"),
        ("2024?", "zh"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert resolve(text).language == language


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("武汉有哪些产业园？", True),
        ("列出获奖的项目", True),
        ("签约的企业都有谁？", True),
        ("武汉有什么荣誉？", True),
        ("三个厂分别在哪里？", True),
        ("List the awards", True),
        ("Which companies signed?", True),
        ("武汉有什么特点？", False),
        ("数据局是什么时候成立的？", False),
        ("Which company signed?", False),
    ],
)
def test_questions_for_a_list(text: str, wanted: bool) -> None:
    assert resolve(text).wants_list is wanted


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("那成都呢？", "成都"),
        ("那“流得动”呢", "流得动"),
        ("What about the bridge?", "bridge"),
        ("成都呢？", "成都"),
        ("为什么呢？", None),
        ("后来呢？", None),
        ("那它呢？", None),
        ("那它是哪一年开园的？", None),
        ("那后来呢？", None),
        ("那是真的吗？", None),
        ("那有没有具体数字？", None),
        ("那武汉入选了示范城市吗？", None),
        ("那武汉也入选了吗", None),
        ("那武汉是第十名", None),
        ("那武汉排名提升了没有", None),
        ("那效果好不好", None),
        ("武汉地铁方便不方便呢？", None),
        ("那市民的了解程度呢？", "市民的了解程度"),
        ("那不锈钢呢？", "不锈钢"),
        ("前者呢？", None),
        ("刚才说的平台呢？", None),
        ("江汉那边呢？", "江汉那边"),
        ("武汉这边呢？", "武汉这边"),
    ],
)
def test_a_contrast_names_its_topic(typed: str, topic: str | None) -> None:
    assert resolve(typed, [Turn("user", "武汉排第几？")]).topic == topic


def test_without_an_earlier_question_there_is_no_contrast() -> None:
    assert resolve("那成都呢？").topic is None


@pytest.mark.parametrize(
    "typed",
    [
        "什么时候成立的？",
        "谁申报的",
        "有多少人？",
        "在哪里？",
        "为什么呢？",
        "具体有几个？",
        "具体是什么？",
        "主要有哪些？",
        "详细说说",
        "能再具体讲讲吗？",
        "When?",
        "How many?",
    ],
)
def test_a_question_without_a_subject_is_asked_behind_the_one_before(typed: str) -> None:
    asked = resolve(typed, [Turn("user", "甲公司是什么？")])
    assert asked.queries == (typed, f"甲公司是什么？ {typed}")


@pytest.mark.parametrize(
    "typed",
    [
        "谁是应盛？",
        "什么时候大桥通车的？",
        "为什么武汉成功了？",
        "多少企业参加了试点？",
        "为什么武汉能上升？",
        "How many firms came?",
    ],
)
def test_a_question_with_a_subject_stands_alone(typed: str) -> None:
    assert resolve(typed, [Turn("user", "甲公司是什么？")]).queries == (typed,)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("那么武汉的园区和成都的园区哪个多？", ("武汉的园区", "成都的园区")),
        ("武汉的园区和成都的园区哪个多呢？", ("武汉的园区", "成都的园区")),
        ("请问，那么武汉的园区和成都的园区哪个多？", ("武汉的园区", "成都的园区")),
        ("那它和成都的园区哪个多？", None),  # which of the two is not said
        ("那个园区和成都的园区哪个多？", None),
        ("那成都呢？", None),
    ],
)
def test_a_comparison_names_both_sides(text: str, sides: tuple[str, str] | None) -> None:
    comparison = resolve(text).comparison
    assert (comparison and comparison.sides) == sides


def test_a_polite_beginning_is_no_part_of_what_is_asked() -> None:
    history = [*HISTORY, Turn("user", "请问还有吗？"), Turn("assistant", "没有。")]
    question = resolve("你好，请问那成都呢？", history)
    assert question.topic == "成都"
    assert question.queries == ("你好，请问那成都呢？", "武汉市数据局做什么？ 你好，请问那成都呢？")
    assert resolve("请问该局在哪里？", HISTORY).from_history is not None
    assert resolve("请问你是谁？").talk == "ability"


def test_more_of_a_comparison_compares_nothing() -> None:
    asked = "从园区揭牌到榜单发布，相差几天？"
    question = resolve("还有吗？", [Turn("user", asked), Turn("assistant", "13天[1]。")])
    assert (question.queries, question.comparison) == ((asked,), None)
