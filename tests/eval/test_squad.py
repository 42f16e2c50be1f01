"""The SQuAD layout: from small files made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.formats import Split, read_set
from eval.questions import GoldQuestion, QuestionSet, QuestionSetError, check_fits, sentence_text

TEXT = "全市建成园区10个。阳逻港有12人，占3成。测试道路12公里。"


def asked(number: int, *answers: tuple[str, int], **more: object) -> dict[str, Any]:
    golds = [{"text": text, "answer_start": start} for text, start in answers]
    return {"id": f"Q{number}", "question": f"第{number}问？", "answers": golds, **more}


def article(title: str | None, *paragraphs: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    body = [{"context": context, "id": "ignored", "qas": qas} for context, qas in paragraphs]
    return {"paragraphs": body} if title is None else {"title": title, "paragraphs": body}


def read(tmp_path: Path, *articles: dict[str, Any], split: Split | None = None) -> QuestionSet:
    path = tmp_path / "made.json"
    path.write_text(json.dumps({"version": "v1", "data": articles}), encoding="utf-8")
    return read_set(path, "squad", split)


def one(tmp_path: Path, *answers: tuple[str, int], text: str = TEXT, **more: object) -> GoldQuestion:
    """The question in its open form, with a question before it that is always kept."""
    first = asked(0, (text[:2], 0))
    questions = read(tmp_path, article("园区", (text, [first, asked(1, *answers, **more)]))).questions
    return questions[2]


def test_a_question_is_asked_under_both_conditions(tmp_path: Path) -> None:
    made = read(
        tmp_path,
        article("园区", (TEXT, [asked(1, ("10个", 6), ("10", 6), ("10个", 6))])),
        article("道路", ("没有问题。", [])),
    )
    assert [(d.id, d.title, d.text) for d in made.documents] == [
        ("paragraph-1", "园区", TEXT),
        ("paragraph-2", "道路", "没有问题。"),
    ]
    opened, given = made.questions
    assert (opened.id, opened.type, opened.within) == ("Q1/open-domain", "open-domain", ())
    assert (given.id, given.type, given.within) == ("Q1/gold paragraph", "gold paragraph", ("paragraph-1",))
    for question in (opened, given):
        assert (question.lang, question.question, question.history) == ("zh", "第1问？", ())
        assert question.answers == ("10个", "10")
        assert question.must_contain == (("10个", "10"),)  # any of them
        assert question.evidence == [["全市建成园区10个。"]]
    check_fits(made, {document.id: document for document in made.documents})


@pytest.mark.parametrize(
    ("answers", "evidence"),
    [
        # 12 stands twice: the start says which.
        ([("12", 13)], [["阳逻港有12人，占3成。"]]),
        ([("12", 25)], [["测试道路12公里。"]]),
        # A wrong start: the nearest place where the text stands.
        ([("12公里", 3)], [["测试道路12公里。"]]),
        ([("12", 16)], [["阳逻港有12人，占3成。"]]),
        ([("12", 24)], [["测试道路12公里。"]]),
        ([("12", 999)], [["测试道路12公里。"]]),
        ([("10个", -1)], [["全市建成园区10个。"]]),
        # An answer across two sentences stands in both; three are three.
        ([("10个。阳逻港", 6)], [["全市建成园区10个。", "阳逻港有12人，占3成。"]]),
        (
            [("个。阳逻港有12人，占3成。测", 8)],
            [["全市建成园区10个。", "阳逻港有12人，占3成。", "测试道路12公里。"]],
        ),
        # Golds in different sentences are different sets; what is not in the text gives none.
        ([("10", 6), ("3成", 18)], [["全市建成园区10个。"], ["阳逻港有12人，占3成。"]]),
        ([("10", 6), ("没有", 6)], [["全市建成园区10个。"]]),
    ],
)
def test_the_sentences_of_an_answer(
    tmp_path: Path, answers: list[tuple[str, int]], evidence: list[list[str]]
) -> None:
    question = one(tmp_path, *answers)
    assert question.evidence == evidence
    assert question.answers == tuple(text for text, _ in answers)


def test_cleaning_may_change_the_white_space_of_an_answer(tmp_path: Path) -> None:
    text = "学院 成立于 1985 年。　　1985 年有 30 人。"
    question = one(tmp_path, ("1985 年", 15), text=text)
    assert question.evidence == [["1985年有30人。"]]
    assert question.answers == ("1985 年",)  # as the file has it


@pytest.mark.parametrize(
    "dropped",
    [
        asked(1, ("没有这话", 0)),
        asked(1, ("", 0)),
        asked(1, ("园区概况", 31)),  # a heading cannot be cited
        asked(1, ("。", 9)),  # nothing that a reply could be asked to hold
        asked(1, ("10个", 6), question=" "),
    ],
    ids=["not in the text", "empty", "a heading", "a mark", "blank question"],
)
def test_a_question_that_cannot_be_scored_is_dropped(tmp_path: Path, dropped: dict[str, Any]) -> None:
    text = f"{TEXT}\n\n园区概况\n\n很好。"
    made = read(tmp_path, article("园区", (text, [asked(0, ("10个", 6)), dropped, asked(2, ("3成", 18))])))
    assert [question.id.split("/")[0] for question in made.questions] == ["Q0", "Q0", "Q2", "Q2"]


@pytest.mark.parametrize(
    "impossible",
    [
        asked(1, is_impossible=True, plausible_answers=[{"text": "12", "answer_start": 13}]),
        asked(1, ("12", 13), is_impossible=True),
        asked(1),
    ],
    ids=["2.0", "with an answer", "without any"],
)
def test_an_impossible_question_is_unanswerable(tmp_path: Path, impossible: dict[str, Any]) -> None:
    made = read(tmp_path, article("园区", (TEXT, [asked(0, ("12", 13), is_impossible=False), impossible])))
    assert [question.answerable for question in made.questions] == [True, True, False, False]
    assert [q.within for q in made.questions[2:]] == [(), ("paragraph-1",)]


# By the SHA-256 of their UTF-8: 154e… 180c… 33e3… 7153… 793e… 7b48… 8f6f… 9a9b… a523… c680…
BY_HASH = "戊辛甲乙壬庚癸己丁丙"


def titled(titles: str, **more: object) -> list[dict[str, Any]]:
    return [
        article(title, (f"{title}有{n}个。", [asked(n, (f"{n}个", 2), **more)]))
        for n, title in enumerate(titles, start=10)
    ]


def asked_titles(made: QuestionSet) -> list[str]:
    return sorted({sentence_text(q.evidence_sets[0][0])[0] for q in made.questions})


@pytest.mark.parametrize(
    ("impossible", "splits"),
    [
        (None, {"train": BY_HASH[:6], "tune": BY_HASH[6:7], "report": BY_HASH[7:]}),
        (True, {"train": BY_HASH[:7], "tune": BY_HASH[7:8], "report": BY_HASH[8:]}),  # SQuAD 2.0
    ],
)
def test_splits_by_the_hash_of_the_title(
    tmp_path: Path, impossible: bool | None, splits: dict[Split, str]
) -> None:
    articles = titled("甲乙丙丁戊己庚辛壬癸")
    if impossible:
        articles[3]["paragraphs"][0]["qas"].append(asked(99, is_impossible=True))
    whole = read(tmp_path, *articles)
    parts = {split: read(tmp_path, *articles, split=split) for split in splits}
    for split, titles in splits.items():
        answerable = [q for q in parts[split].questions if q.answerable]
        part = QuestionSet("part", "0", tuple(answerable))
        assert asked_titles(part) == sorted(titles)
        assert parts[split].name == f"made-{split}"
        assert parts[split].documents == whole.documents  # all paragraphs are searched, whoever is asked
    ids = [q.id for part in parts.values() for q in part.questions]
    assert sorted(ids) == sorted(q.id for q in whole.questions)


def test_the_order_in_the_file_does_not_move_an_article(tmp_path: Path) -> None:
    assert asked_titles(read(tmp_path, *titled(BY_HASH[::-1]), split="report")) == sorted(BY_HASH[7:])


def test_articles_of_one_title_are_in_one_split(tmp_path: Path) -> None:
    # Of ten articles the sixth and seventh in order bear one title: the line would pass between them.
    articles = titled("甲乙丙丁戊己庚辛壬癸")
    twin = next(a for a in articles if a["title"] == "癸")
    twin["title"] = "庚"
    assert asked_titles(read(tmp_path, *articles, split="train")) == sorted(BY_HASH[:7])
    with pytest.raises(QuestionSetError, match="^made-tune holds no question"):
        read(tmp_path, *articles, split="tune")
    nameless = [{**a, "title": ""} for a in articles[:5]] + [article(None, (TEXT, [asked(1, ("10个", 6))]))]
    assert len(read(tmp_path, *nameless, split="train").questions) == 12
    with pytest.raises(QuestionSetError, match="^made-report holds no question"):
        read(tmp_path, *nameless, split="report")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not JSON", "^made is not of the SQuAD layout: Invalid JSON: .* line 1 column"),
        ("[]", "^made is not of the SQuAD layout: Input should be an object"),
        ('{"version": "v1"}', "^made is not of the SQuAD layout: data: Field required"),
        (
            '{"data": [{"paragraphs": [{"context": "甲。", "qas": [{"id": "1"}]}]}]}',
            r"data\.0\.paragraphs\.0\.qas\.0\.question: Field required",
        ),
        (
            '{"data": [{"paragraphs": [{"context": "甲。", "qas": [{"id": "1", "question": "甲？", '
            '"answers": [{"text": 5, "answer_start": 0}]}]}]}]}',
            r"data\.0\.paragraphs\.0\.qas\.0\.answers\.0\.text: Input should be a valid string",
        ),
        ('{"data": [{"paragraphs": [{"context": " ", "qas": []}]}]}', "^made: paragraph-1 is empty"),
        ('{"data": []}', "^made holds no question"),
    ],
)
def test_a_broken_file_names_the_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "made.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionSetError, match=message) as caught:
        read_set(path, "squad")
    assert "\n" not in str(caught.value)


def test_duplicate_ids(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="the id 'Q1/open-domain' stands twice"):
        read(tmp_path, article("园区", (TEXT, [asked(1, ("10", 6)), asked(1, ("3成", 18))])))
