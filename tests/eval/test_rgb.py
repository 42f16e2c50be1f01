"""The RGB layout: from small files made by hand."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.formats import read_set
from eval.formats.rgb import NOISE, choose
from eval.questions import GoldQuestion, GoldSentence, QuestionSet, QuestionSetError, check_fits
from tests.generated import PROPERTY

POSITIVE = [f"第{n}篇说园区有10个。" for n in "一二三四五六"]
NEGATIVE = [f"别的第{n}篇说道路很长。" for n in "一二三四五六"]


def line(**changes: object) -> dict[str, Any]:
    good = {"id": 0, "query": "园区有几个？", "answer": ["10个"], "positive": POSITIVE, "negative": NEGATIVE}
    return {**good, **changes}


def read(tmp_path: Path, *lines: object) -> QuestionSet:
    path = tmp_path / "zh.json"
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in lines), encoding="utf-8")
    return read_set(path, "rgb")


def passages(made: QuestionSet, question: GoldQuestion) -> list[str]:
    texts = {document.id: document.text for document in made.documents}
    return [texts[document_id] for document_id in question.within]


def test_the_noise_table_of_five_passages(tmp_path: Path) -> None:
    made = read(tmp_path, line())
    table = {question.type: passages(made, question) for question in made.questions}
    assert table == {
        "noise 0": POSITIVE[:5],
        "noise 0.2": POSITIVE[:4] + NEGATIVE[:1],
        "noise 0.4": POSITIVE[:3] + NEGATIVE[:2],
        "noise 0.6": POSITIVE[:2] + NEGATIVE[:3],
        "noise 0.8": POSITIVE[:1] + NEGATIVE[:4],
        "rejection": NEGATIVE[:5],
    }
    check_fits(made, {document.id: document for document in made.documents})
    assert made.document_sha256 is None


def test_a_question_under_noise(tmp_path: Path) -> None:
    made = read(tmp_path, line(id="a7"))
    asked = made.questions[3]
    ids = [document.id for document in made.documents if document.text in POSITIVE[:2]]
    assert asked == GoldQuestion(
        id="a7/noise 0.6",
        lang="zh",
        type="noise 0.6",
        question="园区有几个？",
        answers=("10个",),
        must_contain=(("10个",),),
        evidence_sets=tuple(
            (GoldSentence(document_id=i, text=t),) for i, t in zip(ids, POSITIVE[:2], strict=True)
        ),
        within=asked.within,
    )


def test_rejection_is_unanswerable(tmp_path: Path) -> None:
    rejection = read(tmp_path, line()).questions[-1]
    assert (rejection.id, rejection.answerable) == ("0/rejection", False)


@pytest.mark.parametrize(
    ("groups", "negatives", "rate", "helpful", "noise"),
    [
        (["abcde"], "vwxyz", 0.4, "abc", "vw"),
        (["ab"], "vwxyz", 0.0, "ab", "vwx"),  # too few helpful ones: unhelpful ones fill
        (["abcdef"], "v", 0.8, "abcd", "v"),  # and the other way round
        (["ab"], "v", 0.8, "ab", "v"),
        (["abcdef"], "", 0.8, "abcde", ""),
        ([""], "vwxyz", 0.2, "", "vwxyz"),
        # Groups in turn, and at least one passage of each whatever the noise.
        (["abc", "def"], "vwxyz", 0.0, "adbec", ""),
        (["abc", "def"], "vwxyz", 0.4, "adb", "vw"),
        (["abc", "def"], "vwxyz", 0.8, "ad", "vwx"),
        (["a", "def"], "vwxyz", 0.2, "adef", "v"),
        (["abc", "", "g"], "vwxyz", 0.8, "ag", "vwx"),  # an empty group has none to give
        (["abc", "ade"], "vwxyz", 0.2, "abdc", "v"),  # one passage in two groups is one
        ([*"abcdef"], "vwxyz", 0.0, "abcdef", ""),  # six groups: six passages
    ],
)
def test_choosing(groups: list[str], negatives: str, rate: float, helpful: str, noise: str) -> None:
    assert choose(groups, negatives, rate) == (list(helpful), list(noise))


@PROPERTY
@given(
    sizes=st.lists(st.integers(0, 6), min_size=1, max_size=4),
    spare=st.integers(0, 7),
    rate=st.sampled_from(NOISE),
)
def test_there_are_five_passages_where_so_many_exist(sizes: list[int], spare: int, rate: float) -> None:
    groups = [[f"{g}.{i}" for i in range(size)] for g, size in enumerate(sizes)]
    helpful, noise = choose(groups, [f"n{i}" for i in range(spare)], rate)
    assert len(helpful) + len(noise) == min(5, sum(sizes) + spare)
    assert all(any(one in helpful for one in group) for group in groups if group)
    assert noise == [f"n{i}" for i in range(len(noise))]


def test_integration_needs_every_element(tmp_path: Path) -> None:
    groups = [["影展在1月3号。别的不说。", "影展又说1月3日。"], ["书展在1月12日。"]]
    made = read(
        tmp_path, line(answer=[["1月3日", "1月3号"], "1月12日"], positive=groups, negative=NEGATIVE[:3])
    )
    assert [q.type for q in made.questions] == [f"integration, noise {rate:g}" for rate in NOISE] + [
        "rejection"
    ]
    first, last = made.questions[0], made.questions[4]
    assert first.answers == ()  # no span can be both
    assert first.must_contain == (("1月3日", "1月3号"), ("1月12日",))
    assert passages(made, first) == [groups[0][0], groups[1][0], groups[0][1], *NEGATIVE[:2]]
    assert passages(made, last) == [groups[0][0], groups[1][0], *NEGATIVE[:3]]
    assert first.evidence == [["影展在1月3号。", "书展在1月12日。"], ["影展又说1月3日。", "书展在1月12日。"]]
    assert last.evidence == [["影展在1月3号。", "书展在1月12日。"]]


def test_one_sentence_that_holds_every_element_is_enough(tmp_path: Path) -> None:
    both = "影展在1月3日，书展在1月12日。"
    made = read(tmp_path, line(answer=["1月3日", "1月12日"], positive=[[both], [both]], negative=[]))
    assert made.questions[0].evidence == [[both]]
    assert [len(q.within) for q in made.questions] == [1] * 5


@pytest.mark.parametrize("answer", [[["10个", "十个"]], "10个", ["10个"]])
def test_an_answer_of_one_element(tmp_path: Path, answer: object) -> None:
    asked = read(tmp_path, line(answer=answer)).questions[0]
    wanted = ("10个", "十个") if answer == [["10个", "十个"]] else ("10个",)
    assert (asked.answers, asked.must_contain) == (wanted, (wanted,))


def test_evidence_is_of_helpful_passages_and_where_they_say_it(tmp_path: Path) -> None:
    positive = [
        "园区有10个。又说有10个。",
        "这里没有数。",
        "共有110个。",
        "10个新的园区\n\n建成园区10个，很好。",
    ]
    made = read(tmp_path, line(positive=positive, negative=["别处也有10个。"]))
    asked = made.questions[0]
    # The first sentence of each; 110 is not 10, a heading cannot be cited, a negative is no evidence.
    assert asked.evidence == [["园区有10个。"], ["建成园区10个，很好。"]]
    assert asked.answerable


def test_an_answer_that_no_sentence_holds_has_no_evidence(tmp_path: Path) -> None:
    asked = read(tmp_path, line(answer=["二十"])).questions[0]
    assert (asked.answerable, asked.must_contain, asked.evidence_sets) == (True, (("二十",),), ())


def test_a_passage_that_stands_twice_is_one(tmp_path: Path) -> None:
    negative = [NEGATIVE[0], POSITIVE[0], NEGATIVE[0], " ", "……", NEGATIVE[1]]
    made = read(tmp_path, line(positive=[POSITIVE[0], POSITIVE[0], ""], negative=negative))
    assert [d.text for d in made.documents] == [POSITIVE[0], *NEGATIVE[:2]]
    # What helps is never among what does not help, least of all where nothing should be found.
    assert passages(made, made.questions[-1]) == NEGATIVE[:2]
    assert passages(made, made.questions[0]) == [POSITIVE[0], *NEGATIVE[:2]]


@pytest.mark.parametrize(
    ("positive", "negative", "count"), [([], NEGATIVE, 1), (POSITIVE, [], 5), ([[]], [], 0)]
)
def test_conditions_without_passages_are_not_asked(
    tmp_path: Path, positive: list[Any], negative: list[str], count: int
) -> None:
    made = read(tmp_path, line(id="kept"), line(positive=positive, negative=negative))
    assert len(made.questions) == 6 + count


def test_ids_are_unique_over_lines(tmp_path: Path) -> None:
    made = read(tmp_path, line(id=0), line(id="1"))
    assert len({d.id for d in made.documents}) == len(made.documents) == 2 * 12
    assert [q.id for q in made.questions] == [
        f"{n}/{kind}" for n, kind in product("01", [*(f"noise {rate:g}" for rate in NOISE), "rejection"])
    ]
    assert not set(made.questions[0].within) & set(made.questions[6].within)
    with pytest.raises(QuestionSetError, match="the id '0/noise 0' stands twice"):
        read(tmp_path, line(id=0), line(id="0"))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ([1], "Input should be an object"),
        ({"id": 1, "query": "几个？"}, "answer: Field required"),
        (line(answer=5), "answer"),
        (line(answer=[]), "answer: "),
        (line(answer=["10个", []]), "answer"),
        (line(positive=["一篇。", ["两篇。"]]), "positive"),
        (line(negative="一篇。"), "negative: Input should be a valid array"),
        (line(query="？"), ".*'？' holds no letter or digit"),
        (line(answer=[""]), ".*'' holds no letter or digit"),
    ],
)
def test_a_broken_line_is_named_with_its_number(tmp_path: Path, broken: object, message: str) -> None:
    with pytest.raises(QuestionSetError, match=f"^zh, line 2: {message}"):
        read(tmp_path, line(), broken)
    path = tmp_path / "cut.json"
    path.write_text(json.dumps(line()) + '\n\n{"id": 1, "que', encoding="utf-8")
    with pytest.raises(QuestionSetError, match="^cut, line 3: Invalid JSON"):
        read_set(path, "rgb")
