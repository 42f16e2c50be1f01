"""The rules of corpus/sentences.py, one by one, then what holds for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import LONG_QUOTATION, LONGEST, split_sentences
from tests.generated import PROPERTY, texts

PIECES = ["武汉", "，", "、", "3.5", "“算力”", "《加油！》", "（见图1）", "5G", "1.加强", "10%"]


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["今天晴。", "明天雨！", "后天呢？"],
        ["真的吗？！", "好。"],
        ["他走了……后来又回来。", "没人看见。"],
        ["增长3.9%。", "其中1.2万册是新书。"],
        ["（见图1。）", "下一段。"],
        ["（见图1。）。", "下一段。"],
        ["措施有：1.加强监管；2.推进改革。", "完毕。"],
        ["今天晴.", "明天雨."],
        ["没有句号的标题"],
        ["第一句。", "没有句号的第二句"],
    ],
    ids=[
        "stops",
        "double",
        "ellipsis",
        "decimal",
        "bracket",
        "stop-behind-bracket",
        "points",
        "ascii",
        "none",
        "open",
    ],
)
def test_a_full_stop_ends_a_sentence_with_the_closers_behind_it(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["It rose 3.9 percent.", "Then it fell."],
        ["Mr. Smith met Dr. J. Doe in St. Louis.", "They talked."],
        ["Fruit, e.g. Apples, and nuts, i.e. Walnuts.", "Next."],
        ["The U.S. Army came in Sept. 1944.", "It left."],
        ["It cost $3.", "12 were sold!", "Why?", "Nobody knows."],
        ["She said “Go. Now.”", "Then she left."],
        ["“Who are you?” said Tom.", "He sat down."],
        ["see wenju.example.org for more.", "End."],
    ],
    ids=["decimal", "titles", "latin", "initials", "digits", "quotation", "attribution", "address"],
)
def test_an_ascii_stop_ends_a_sentence_only_before_the_next_one(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["《加油！武汉》上映。", "人很多。"],
        ["电影《加油！》上映。", "人很多。"],
        ["他看了《“加油！”武汉》。", "好。"],
        ["产值（2023年。初步统计）超过千亿。", "再看。"],
        ["【注意！请勿靠近】的牌子还在。", "风很大。"],
        ["他喊：“快！跑！再快！”", "没人动。"],
        ["“他问‘去吗？去吧。’我没答。”李四说。", "雨停了。"],
        ["“外面“里面。”还在外面。”李四说。", "雨停了。"],
        ["『甲。』乙。"[:4], "乙。"],
    ],
    ids=[
        "title",
        "title-ends",
        "title-quotes",
        "round",
        "square",
        "stops",
        "nested",
        "nested-same",
        "other-marks",
    ],
)
def test_nothing_splits_inside_brackets_and_quotations(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["“好。”他说。", "雨停了。"],
        ["“好。”镇长林绍文告诉记者，“下月动工。”", "雨停了。"],
        ["“好。”据武汉市数据局局长介绍，平台已上线。", "雨停了。"],
        ["「好。」他说道。", "雨停了。"],
        ["「好。」市長介紹，平臺已上線。", "雨停了。"],
        ["他说：“好。”", "大家笑了。"],
        ["他说：“好。”", "李四说：“不好。”"],
        ["他说：「好。」", "李四说：不好。"],
        ["他问：“好吗？”。", "没人答。"],
        ["“通了。”", "这条道路很宽。"],
        ["“通了。”", "他说不清是哪一天。"],
        ["“通了。”", "他很高兴，因为路通了。"],
        ["“甲！”", "“乙。”丙说。"],
    ],
    ids=[
        "said",
        "told",
        "according",
        "corners",
        "traditional",
        "colon",
        "colon-then-speaker",
        "corners-colon",
        "stop-behind",
        "road",
        "cannot-say",
        "no-verb",
        "two",
    ],
)
def test_a_quotation_stays_with_its_attribution(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


def quotation(length: int) -> tuple[str, str]:
    """The halves, each with a full stop, of a quotation of `length` characters, marks included."""
    first = "“" + "甲" * 78 + "。"
    return first, "乙" * (length - len(first) - 2) + "。”"


def test_a_quotation_of_the_longest_length_is_kept_whole() -> None:
    whole = "".join(quotation(LONG_QUOTATION))
    assert len(whole) == LONG_QUOTATION
    assert split(whole + "他走了。") == [whole, "他走了。"]


def test_a_longer_quotation_is_split_at_its_own_stops_and_keeps_its_speaker() -> None:
    first, second = quotation(LONG_QUOTATION + 1)
    assert split(first + second + "他走了。") == [first, second, "他走了。"]
    assert split(first + second + "他说。") == [first, second + "他说。"]


def test_an_unclosed_quotation_does_not_swallow_the_rest() -> None:
    assert split("“甲说。乙说。丙说。") == ["“甲说。", "乙说。", "丙说。"]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        (("甲" * 149 + "，") * 4, [(0, 300), (300, 600)]),
        ("甲" * 119 + "；" + "乙" * 199 + "，" + "丙" * 200, [(0, 120), (120, 520)]),
        ("甲" * 99 + "；" + "乙" * 199 + "，" + "丙" * 200, [(0, 300), (300, 500)]),
        ("word " * 99 + "word", [(0, 399), (400, 499)]),
        ("甲" * 1000, [(0, 400), (400, 800), (800, 1000)]),
        ("甲" * 400, [(0, 400)]),
    ],
    ids=["comma", "semicolon-first", "semicolon-too-early", "space", "nothing", "just-fits"],
)
def test_a_text_without_stops_is_cut_at_a_comma_or_a_space(text: str, spans: list[tuple[int, int]]) -> None:
    assert split_sentences(text) == spans


def test_white_space_belongs_to_no_sentence() -> None:
    assert split_sentences("  甲。 \u3000乙。 ") == [(2, 4), (6, 8)]
    assert split_sentences("") == split_sentences(" \t") == []


@PROPERTY
@given(texts | st.text())
def test_spans_are_ordered_stripped_and_leave_out_only_white_space(text: str) -> None:
    position = 0
    for start, end in split_sentences(text):
        assert position <= start < end <= start + LONGEST
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()


@PROPERTY
@given(
    st.lists(
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map(lambda body: f"{''.join(body)}。")
    )
)
def test_sentences_put_one_behind_another_come_apart_again(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


@pytest.mark.parametrize(
    "text",
    ["现场打出“武汉加油！”的横幅。", "他问“为什么？”时笑了。", "电影《加油！》上映。"],
)
def test_a_quotation_inside_a_clause_ends_nothing(text: str) -> None:
    assert split(text) == [text]


def test_a_quotation_in_a_quotation_ends_the_sentence_with_it() -> None:
    assert split("乙说：“甲说‘好。’”今天晴。") == ["乙说：“甲说‘好。’”", "今天晴。"]
