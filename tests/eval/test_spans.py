"""Short answers: exact match and F1 under the published definitions, each value worked out by hand.

The rules of CMRC 2018 are those of its `cmrc2018_evaluate.py` (v5): lower case, a list of marks removed,
ideographs one by one and other text in words, F1 over the longest common run of these segments.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.spans import cmrc_segments, exact_match, f1, f1_characters, squad_exact_match, squad_f1
from tests.generated import PROPERTY, queries

MEASURES = [exact_match, f1, f1_characters, squad_exact_match, squad_f1]


@pytest.mark.parametrize(
    ("prediction", "golds", "exact", "run_f1"),
    [
        ("武汉市", ["武汉市"], 1, 1),
        ("武汉市", ["武汉"], 0, 2 * 2 / (3 + 2)),
        ("在武汉市", ["武汉市民"], 0, 2 * 3 / (4 + 4)),
        # A run, not a subsequence: 甲乙丙 are all in the gold, but only 甲乙 stand together.
        ("甲乙丙", ["甲乙戊丙"], 0, 2 * 2 / (3 + 4)),
        ("甲丙", ["甲乙丙"], 0, 2 * 1 / (2 + 3)),
        ("北京", ["南宁"], 0, 0),
        # Marks of the list go, and what they parted runs together.
        ("《楚天都市报》。", ["楚天都市报"], 1, 1),
        ("1999-2000年", ["19992000年"], 1, 1),
        ("张三、李四", ["张三和李四"], 0, 2 * 2 / (4 + 5)),
        # Marks that are not in the list stay: the half-width comma, brackets, the per cent sign, ‘ and ……
        ("1,300家", ["1300家"], 0, 2 * 1 / (2 + 2)),
        ("好（非常）", ["好非常"], 1, 1),
        ("好(非常)", ["好非常"], 0, 2 * 2 / (5 + 3)),
        ("10%", ["10"], 0, 2 * 1 / (2 + 1)),
        ("‘好’", ["好"], 0, 2 * 1 / (2 + 1)),
        ("是……好", ["是好"], 0, 2 * 1 / (3 + 2)),
        # Letters and digits are words: a part of one is no match.
        ("2018", ["2018年"], 0, 2 * 1 / (1 + 2)),
        ("18年", ["2018年"], 0, 2 * 1 / (2 + 2)),
        ("3.5亿元", ["约3.5亿元"], 0, 2 * 3 / (3 + 4)),
        ("iPhone 15 Pro手机", ["IPHONE 15 pro"], 0, 2 * 3 / (5 + 3)),
        ("NVIDIA", ["nvidia"], 1, 1),
        # Inside, white space counts for exact match and parts nothing else; around, it goes.
        ("1985年", ["1985 年"], 0, 1),
        (" 1985年 ", ["1985年"], 1, 1),
        # The best of several golds.
        ("周三", ["星期三", "周三", "三"], 1, 1),
        ("周三", ["三", "星期三"], 0, 2 * 1 / (2 + 1)),
        # Traditional characters are others than simplified ones.
        ("武漢市", ["武漢市"], 1, 1),
        ("武漢市", ["武汉市"], 0, 2 * 1 / (3 + 3)),
        ("", ["武汉"], 0, 0),
        ("。", ["武汉"], 0, 0),
        ("武汉", [], 0, 0),
        ("武汉", [""], 0, 0),
    ],
)
def test_the_rules_of_cmrc_2018(prediction: str, golds: list[str], exact: int, run_f1: float) -> None:
    assert exact_match(prediction, golds) == exact
    assert f1(prediction, golds) == pytest.approx(run_f1)


@pytest.mark.parametrize("mark", "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
def test_every_mark_of_the_script_is_removed(mark: str) -> None:
    assert exact_match(f"甲{mark}乙", ["甲乙"]) == 1
    assert f1(f"甲{mark}乙", ["甲乙"]) == 1


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", []),
        ("光谷", ["光", "谷"]),
        ("5G+工业互联网", ["5g", "工", "业", "互", "联", "网"]),
        ("Made in China，2025", ["made", "in", "china2025"]),  # the script joins what a mark parts
        ("约3.5亿元", ["约", "3.5", "亿", "元"]),
        ("かな漢", ["かな", "漢"]),  # kana are no ideographs
        ("龦", ["龦"]),  # beyond the script's range, which ends at U+9FA5: a word
        ("龦龧", ["龦龧"]),
    ],
)
def test_segments(text: str, segments: list[str]) -> None:
    assert list(cmrc_segments(text)) == segments


@pytest.mark.parametrize(
    ("prediction", "golds", "exact", "bag_f1"),
    [
        ("The Eiffel Tower.", ["eiffel tower"], 1, 1),
        ("an apple a day", ["Apple day!"], 1, 1),
        ("theatre", ["atre"], 0, 0),  # `the` is removed as a word only
        ("Denver Broncos", ["The Denver Broncos won"], 0, 2 * 2 / (2 + 3)),
        ("Broncos Denver", ["Denver Broncos"], 0, 1),  # a bag has no order
        ("to be or not to be", ["to be"], 0, 2 * 2 / (6 + 2)),  # each word as often as it stands
        ("10-13", ["1013"], 1, 1),
        ("two   words", ["two words"], 1, 1),
        ("cat", ["dog", "the cat"], 1, 1),
        ("the", ["a"], 1, 0),  # nothing is left of either; as in the script
        ("", ["cat"], 0, 0),
        ("武汉市", ["武汉"], 0, 0),  # no white space, one word: the definition is for English
        ("武汉市。", ["武汉市"], 0, 0),  # only ASCII punctuation goes
    ],
)
def test_the_definition_of_squad(prediction: str, golds: list[str], exact: int, bag_f1: float) -> None:
    assert squad_exact_match(prediction, golds) == exact
    assert squad_f1(prediction, golds) == pytest.approx(bag_f1)


@pytest.mark.parametrize(
    ("prediction", "golds", "bag_f1"),
    [
        ("武汉市", ["武汉"], 2 * 2 / (3 + 2)),
        ("汉武", ["武汉"], 1),
        ("甲乙丙", ["甲乙戊丙"], 2 * 3 / (3 + 4)),  # where the longest run counts two
        ("1,300家", ["１３００家"], 1),  # matched as everywhere else: NFKC, separators, marks
        ("18年", ["2018年"], 2 * 3 / (3 + 5)),
        ("天天", ["天"], 2 * 1 / (2 + 1)),
        ("……", ["天"], 0),
        ("", ["天"], 0),
    ],
)
def test_bag_of_characters(prediction: str, golds: list[str], bag_f1: float) -> None:
    assert f1_characters(prediction, golds) == pytest.approx(bag_f1)


@PROPERTY
@given(prediction=queries, golds=st.lists(queries, max_size=4))
def test_more_golds_never_harm_and_their_order_is_nothing(prediction: str, golds: list[str]) -> None:
    for measure in MEASURES:
        value = measure(prediction, golds)
        assert 0 <= value <= 1
        assert measure(prediction, golds[::-1]) == value
        assert value == max((measure(prediction, [gold]) for gold in golds), default=0)


@PROPERTY
@given(answer=queries.filter(lambda text: any(map(str.isalnum, text))))
def test_a_gold_answer_scores_one(answer: str) -> None:
    for measure in MEASURES:
        if "a" not in answer.lower() or measure not in (squad_exact_match, squad_f1):  # an article
            assert measure(answer, ["别的", answer]) == 1
