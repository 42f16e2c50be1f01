"""The door to question sets, our own layout, and whether a set fits its documents."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from app.questions import Turn
from corpus import Document, build_document
from eval.formats import Format, find_set, read_set, shipped_sets
from eval.questions import GoldQuestion, GoldSentence, QuestionSet, QuestionSetError, check_fits

GOOD: dict[str, Any] = {
    "id": "q1", "lang": "zh", "type": "date", "question": "几月？", "answers": ["12月"],
    "must_contain": ["12月"], "evidence_sets": [["12月揭榜。"]],
}  # fmt: skip
REFUSED = {**GOOD, "id": "q2", "answers": [], "must_contain": [], "evidence_sets": []}
HEADER = {"set": "mine", "document_sha256": "ab" * 32, "license": "CC0"}


def jsonl(*lines: object) -> str:
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def read(tmp_path: Path, text: str | bytes, layout: Format = "jsonl") -> QuestionSet:
    path = tmp_path / "set.jsonl"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_set(path, layout)


def test_every_field_is_read(tmp_path: Path) -> None:
    line = {
        **GOOD,
        "history": [{"role": "user", "content": "揭榜了吗？"}, {"role": "assistant", "content": "是。"}],
        "must_contain": ["揭榜", ["12月", "十二月"]],
        "derived": True,
        "evidence_sets": [["12月揭榜。", {"document_id": "d", "text": "十二月。"}], ["腊月。"]],
        "within": ["d"],
    }
    assert read(tmp_path, jsonl(line)).questions == (
        GoldQuestion(
            id="q1",
            lang="zh",
            type="date",
            question="几月？",
            history=(Turn("user", "揭榜了吗？"), Turn("assistant", "是。")),
            answers=("12月",),
            must_contain=("揭榜", ("12月", "十二月")),
            derived=True,
            evidence_sets=(("12月揭榜。", GoldSentence(document_id="d", text="十二月。")), ("腊月。",)),
            within=("d",),
        ),
    )
    (question,) = read(tmp_path, jsonl(line)).questions
    assert question.evidence == [["12月揭榜。", "十二月。"], ["腊月。"]]


def test_a_question_without_any_gold_is_unanswerable(tmp_path: Path) -> None:
    both = read(tmp_path, jsonl(GOOD, REFUSED)).questions
    assert [question.answerable for question in both] == [True, False]


def test_a_header_names_the_set_and_its_document(tmp_path: Path) -> None:
    named = read(tmp_path, jsonl(HEADER, GOOD))
    assert (named.name, named.document_sha256, len(named.questions)) == ("mine", "ab" * 32, 1)
    plain = read(tmp_path, jsonl(GOOD))
    assert (plain.name, plain.document_sha256, len(plain.questions)) == ("set", None, 1)
    later = read(tmp_path, "\n \n" + jsonl(HEADER, GOOD))
    assert (later.name, len(later.questions)) == ("mine", 1)
    assert len(read(tmp_path, jsonl({**GOOD, "type": "set"})).questions) == 1  # a question all the same


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    data = gzip.compress(jsonl(GOOD).encode(), mtime=0)
    assert read(tmp_path, data).sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(jsonl(GOOD, REFUSED).encode()),
        b"\xef\xbb\xbf" + jsonl(GOOD, REFUSED).encode(),
        gzip.compress(b"\xef\xbb\xbf" + jsonl(GOOD, REFUSED).encode()),
        jsonl(GOOD, REFUSED).replace("\n", "\r\n").encode(),
        jsonl(GOOD, REFUSED).strip().encode(),
        f"\n{jsonl(GOOD)}\n  \n\t\n{jsonl(REFUSED)}\n\n".encode(),
    ],
    ids=["gzip", "mark", "gzip and mark", "windows", "no last line feed", "blank lines"],
)
def test_ways_a_file_may_be_written(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data).questions == read(tmp_path, jsonl(GOOD, REFUSED)).questions


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_a_line_ends_at_a_line_feed_only(tmp_path: Path, separator: str) -> None:
    split = {**GOOD, "question": f"几{separator}月？"}
    assert read(tmp_path, jsonl(split)).questions[0].question == f"几{separator}月？"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (jsonl(GOOD, GOOD), r"the id 'q1' stands twice\.$"),
        (jsonl(GOOD) + "\n{broken\n", r"^set, line 3: Invalid JSON: .* at column \d+\.$"),
        (jsonl(GOOD, [1]), r"^set, line 2: Input should be an object\.$"),
        (jsonl({**GOOD, "id": 5}), r"^set, line 1: id: Input should be a valid string\.$"),
        (jsonl({**GOOD, "id": ""}), r"^set, line 1: id: "),
        (jsonl(GOOD, {**GOOD, "lang": "fr"}), r"^set, line 2: lang: Input should be 'zh' or 'en'\.$"),
        (jsonl({**GOOD, "answer": "12月"}), r"line 1: answer: Extra inputs are not permitted\.$"),
        (jsonl({**GOOD, "answers": "12月"}), r"line 1: answers: Input should be a valid array\.$"),
        (jsonl({**GOOD, "must_contain": [12]}), r"line 1: must_contain\.0"),
        (jsonl({**GOOD, "evidence_sets": ["12月揭榜。"]}), r"line 1: evidence_sets\.0: "),
        (jsonl({**GOOD, "evidence_sets": [[{"document_id": "d"}]]}), r"line 1: evidence_sets\.0\.0"),
        (jsonl({**GOOD, "history": [{"role": "bot", "content": ""}]}), r"line 1: history\.0\.role: "),
        # An empty text stands in every passage and an empty set is found by nothing at all.
        (jsonl({**GOOD, "evidence_sets": [["12月揭榜。"], []]}), "an evidence set holds no sentence"),
        (
            jsonl({**GOOD, "must_contain": ["12月", []]}),
            "line 1: .*inner list of must_contain holds no string",
        ),
        (jsonl({**GOOD, "evidence_sets": [["。"]]}), "line 1: .*'。' holds no letter or digit"),
        (jsonl({**GOOD, "must_contain": ["12月", [""]]}), "line 1: .*'' holds no letter or digit"),
        (jsonl({**GOOD, "question": " "}), "line 1: .*' ' holds no letter or digit"),
        (jsonl({k: v for k, v in GOOD.items() if k != "question"}), "line 1: question: Field required"),
        (jsonl({**HEADER, "licence": "CC0"}, GOOD), "line 1: licence: Extra inputs are not permitted"),
        (jsonl(GOOD, HEADER), "^set, line 2: "),  # a header stands first
        (jsonl(HEADER), "^mine holds no question"),
        ("\n\n", "^set holds no question"),
        ("", "^set holds no question"),
        (b"\xb5\xda\xd2\xbb", "cannot read the question set .*set.jsonl: 'utf-8' codec"),
        (gzip.compress(jsonl(GOOD).encode())[:-4], "cannot read the question set .*set.jsonl: Compressed"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 30, "cannot read the question set .*set.jsonl: "),
    ],
)
def test_a_broken_file_is_named_in_one_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(QuestionSetError, match=message) as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("layout", ["jsonl", "squad", "rgb"])
def test_what_is_no_file_is_named(tmp_path: Path, layout: Format) -> None:
    for path in (tmp_path / "nothing.jsonl", tmp_path):
        with pytest.raises(QuestionSetError, match=f"cannot read the question set {path}"):
            read_set(path, layout)


@pytest.mark.parametrize("layout", ["jsonl", "rgb"])
def test_only_a_squad_file_has_splits(tmp_path: Path, layout: Format) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(jsonl(GOOD), encoding="utf-8")
    with pytest.raises(
        QuestionSetError, match=rf"--split parts a squad file; set\.jsonl was named as {layout}"
    ):
        read_set(path, layout, "report")


def test_the_article_of_a_set_is_the_file_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(jsonl({**HEADER, "article": "notes.md"}, GOOD), encoding="utf-8")
    assert read_set(path).article == tmp_path / "notes.md"
    monkeypatch.chdir(tmp_path)  # also where the set is named without its folder
    assert read_set(Path("set.jsonl")).article == tmp_path / "notes.md"
    assert read(tmp_path, jsonl(HEADER, GOOD)).article is None


@pytest.mark.parametrize("name", ["", ".", "..", "../notes.md", "/etc/passwd", "a\\notes.md"])
def test_a_set_names_no_article_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(QuestionSetError) as caught:
        read(tmp_path, jsonl({**HEADER, "article": name}, GOOD))
    assert str(caught.value) == (
        f"set, line 1: article: Value error, {name!r} is no name of a file beside the set."
    )


def test_a_set_is_found_by_its_path_or_its_name(tmp_path: Path) -> None:
    own = tmp_path / "sets"
    own.mkdir()
    mine = own / "mine.jsonl"
    mine.write_text(jsonl(GOOD), encoding="utf-8")
    (own / "notes.txt").write_text("", encoding="utf-8")
    assert find_set(str(mine), tmp_path / "nowhere") == mine
    assert find_set("mine", own) == mine
    assert find_set("article-dev", own) in shipped_sets()
    for unknown in ("notes", "nothing.jsonl", str(tmp_path)):
        with pytest.raises(QuestionSetError) as caught:
            find_set(unknown, own)
        assert str(caught.value) == (
            f"there is no question set {unknown}. Give a file, or one of: mine, "
            "article-dev, article-test, english-test."
        )


@pytest.mark.parametrize("name", ["~no-such-user-here/x", "长" * 300])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(QuestionSetError, match="question set"):
        find_set(name, tmp_path)


@pytest.fixture
def pages() -> list[Document]:
    return [
        build_document("one", "12月揭榜。1月开工。".encode(), "plain"),
        build_document("two", "腊月停工。".encode(), "plain"),
    ]


def fitting(**changes: object) -> QuestionSet:
    question = GoldQuestion.model_validate_json(json.dumps({**GOOD, **changes}))
    return QuestionSet("mine", "0", (question,))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"evidence_sets": [["1月开工。", "腊月停工。"]]},  # over two documents
        {"evidence_sets": [[{"document_id": "two", "text": "腊月停工。"}]], "within": ["two"]},
        {"evidence_sets": [], "answers": [], "must_contain": []},
    ],
)
def test_a_set_that_fits(pages: list[Document], changes: dict[str, object]) -> None:
    check_fits(fitting(**changes), {page.id: page for page in pages})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"evidence_sets": [["12月揭榜。"], ["没有的话。"]]},
            "'q1' names .* not in the collection: '没有的话。'",
        ),
        (
            {"evidence_sets": [[{"document_id": "two", "text": "12月揭榜。"}]]},
            "'q1' .* not in 'two': '12月揭榜",
        ),
        ({"evidence_sets": [[{"document_id": "six", "text": "12月揭榜。"}]]}, "'q1' .* not in 'six'"),
        ({"within": ["one", "six"]}, "'q1' is asked within 'six', which is not in the collection"),
    ],
)
def test_a_set_that_does_not_fit(pages: list[Document], changes: dict[str, object], message: str) -> None:
    with pytest.raises(QuestionSetError, match=f"^mine: question {message}"):
        check_fits(fitting(**changes), {page.id: page for page in pages})


def test_a_set_made_for_another_document(pages: list[Document]) -> None:
    questions = fitting().questions
    check_fits(
        QuestionSet("mine", "0", questions, document_sha256=pages[0].sha256),
        {page.id: page for page in pages},
    )
    with pytest.raises(QuestionSetError, match=f"^mine was made for a document with the hash {'ab' * 6}…"):
        check_fits(
            QuestionSet("mine", "0", questions, document_sha256="ab" * 32), {page.id: page for page in pages}
        )
