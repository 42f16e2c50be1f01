"""The sentence scorer over three passages of one sentence each, every feature worked out by hand."""

from __future__ import annotations

import math
from dataclasses import astuple, replace

import pytest

from app import scorer
from app.reader import Candidate, candidates
from app.scorer import Features, SentenceScorer
from corpus import Document, build_document
from index import Hit, PassageRules, RetrievalRules, Retriever, build_index
from tests.fakes import WordEmbedder

# Vectors over (武汉, 算力, 工厂, 5G, 光, 城):
SENTENCES = (
    "武汉有3家工厂。",  # (1, 0, 1, 0, 0, 0) / sqrt 2
    "武汉的算力中心建在东区。",  # (1, 1, 0, 0, 0, 0) / sqrt 2
    "光城在今年6月开业。",  # (0, 0, 0, 0, 1, 1) / sqrt 2
)


def idf(n: int) -> float:
    """The rarity of a term that n of the 3 passages hold."""
    return math.log(1 + (3 - n + 0.5) / (n + 0.5))


@pytest.fixture(scope="module")
def tiny() -> SentenceScorer:
    """Passages that are too short for two sentences."""
    document = build_document("doc", "\n\n".join(SENTENCES).encode(), "plain")
    embedder = WordEmbedder()
    rules = PassageRules(max_chars=20, overlap_chars=0)
    index = build_index([document], embedder, rules)
    assert [index.passage_text(p) for p in index.passages] == list(SENTENCES)
    return SentenceScorer(Retriever(index, embedder, RetrievalRules()))


def hits(tiny: SentenceScorer) -> list[Hit]:
    """The three passages in order, ranks 1 to 3."""
    index = tiny.retriever.index
    return [Hit(i + 1, p, index.passage_text(p), 1.0, None, None) for i, p in enumerate(index.passages)]


def features(tiny: SentenceScorer, query: str) -> list[Features]:
    return tiny.features(query, candidates(tiny.retriever.index, hits(tiny)))


def assert_features(found: Features, expected: Features) -> None:
    # Sentence vectors are kept as float16: a cosine is good to 3 digits, and similarity is ten times it.
    assert astuple(found) == pytest.approx(astuple(expected), abs=0.03)


def test_every_feature_of_a_chinese_question(tiny: SentenceScorer) -> None:
    # Without 有 and 几家 the content is 武汉 (2 passages) and 工厂 (1 passage).
    city = idf(2) / (idf(2) + idf(1))
    assert city == pytest.approx(0.324, abs=0.001)
    first, second, third = features(tiny, "武汉有几家工厂？")
    assert_features(first, Features((1 - 0.8) * 10, 1, 1, 0, 1, 0, 0, 0, 1))
    assert_features(second, Features((0.5 - 0.8) * 10, city, city, 0, -1, 0, 0, 0, 1 / 2))
    assert_features(third, Features((0 - 0.8) * 10, 0, 0, 0, 1, 0, 0, 0, 1 / 3))


def test_every_feature_of_an_english_question(tiny: SentenceScorer) -> None:
    # Only the number can be shared. Cosines with 武汉: sqrt ½, sqrt ½, 0; their mean is 0.4714.
    first, second, third = features(tiny, "Are the 3 factories situated around 武汉?")
    half = math.sqrt(0.5)
    mean = 2 * half / 3
    assert_features(first, Features(0, 1, 1, 0, 0, 0, 1, (half - mean) * 30, 1))
    assert_features(second, Features(0, 0, 0, 0, 0, 1, 1, (half - mean) * 30, 1 / 2))
    assert_features(third, Features(0, 0, 0, 0, 0, 1, 1, (0 - mean) * 30, 1 / 3))


def test_what_stands_nowhere_is_unknown(tiny: SentenceScorer) -> None:
    # 南京 is in no passage, 工厂 in one.
    share = idf(0) / (idf(0) + idf(1))
    assert [f.unknown for f in features(tiny, "南京的工厂")] == pytest.approx([share] * 3)
    assert [f.covered for f in features(tiny, "南京的工厂")] == pytest.approx([1 - share, 0, 0])


def test_a_question_without_content_shares_nothing(tiny: SentenceScorer) -> None:
    assert [(f.covered, f.unknown) for f in features(tiny, "是什么？")] == [(0, 0)] * 3


def test_what_is_near_is_the_passage_and_its_heading(tiny: SentenceScorer) -> None:
    (hit, *_), document = hits(tiny), next(iter(tiny.retriever.index.documents.values()))
    wide = replace(hit, text="\n".join(SENTENCES), passage=replace(hit.passage, section="东湖"))
    found = tiny.features("武汉的东湖的算力", [Candidate(document, document.sentences[0], wide)])[0]
    total = idf(2) + idf(0) + idf(1)  # 武汉, 东湖 (in no passage), 算力
    assert found.covered == pytest.approx(idf(2) / total)
    assert found.covered_near == pytest.approx(1)
    (june,) = tiny.features("6月的武汉", [Candidate(document, document.sentences[0], wide)])
    assert june.wrong_number == 0  # the third sentence holds the 6


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("什么时候开业？", [-1, -1, 1]),
        ("几月开业？", [-1, -1, 1]),
        ("When does it open?", [-1, -1, 1]),
        ("多少家？", [1, -1, 1]),
        ("How many?", [1, -1, 1]),
        ("谁开业？", [-1, -1, -1]),
        ("开业了吗？", [0, 0, 0]),
    ],
)
def test_an_answer_of_the_asked_kind(tiny: SentenceScorer, query: str, matches: list[int]) -> None:
    assert [f.type_match for f in features(tiny, query)] == matches


@pytest.mark.parametrize(
    ("sentence", "match"), [("厂长王五介绍了经验。", 1), ("王五是厂长。", -1), ("新厂的负责人是王五。", 1)]
)
def test_who_is_answered_where_somebody_speaks_or_has_an_office(sentence: str, match: int) -> None:
    document = build_document("doc", sentence.encode(), "plain")
    embedder = WordEmbedder()
    alone = SentenceScorer(
        Retriever(build_index([document], embedder, PassageRules()), embedder, RetrievalRules())
    )
    assert [f.type_match for f in features(alone, "谁？")] == [match]


def test_who_is_answered_in_traditional_text() -> None:
    document = build_document("doc", "廠長王五說明經驗。".encode(), "plain")
    embedder = WordEmbedder()
    alone = SentenceScorer(
        Retriever(build_index([document], embedder, PassageRules()), embedder, RetrievalRules())
    )
    (found,) = features(alone, "谁是厂长？")
    assert found.type_match == 1
    assert found.covered == 1  # 厂长, the only content


@pytest.mark.parametrize(
    ("query", "wrong"),
    [("3家工厂", [0, 1, 1]), ("5家工厂", [1, 1, 1]), ("6月和3家", [1, 1, 1]), ("工厂", [0, 0, 0])],
)
def test_a_number_that_is_not_near_is_wrong(tiny: SentenceScorer, query: str, wrong: list[int]) -> None:
    assert [f.wrong_number for f in features(tiny, query)] == wrong


def test_probability_of_a_feature_vector(monkeypatch: pytest.MonkeyPatch, tiny: SentenceScorer) -> None:
    monkeypatch.setattr(scorer, "INTERCEPT", -4.0)
    monkeypatch.setattr(scorer, "WEIGHTS", Features(1, 2, 3, 4, 5, -6, 7, 8, 9))
    vector = Features(2, 0.5, 1, 0.25, -1, 1, 0, 0, 0.5)
    score = -4 + 2 + 1 + 3 + 1 - 5 - 6 + 0 + 0 + 4.5
    assert score == -3.5
    assert SentenceScorer._probability(vector) == pytest.approx(1 / (1 + math.exp(3.5)))


def test_reading_sorts_sentences_and_ranks_their_passages(
    monkeypatch: pytest.MonkeyPatch, tiny: SentenceScorer
) -> None:
    # Similarity alone: cosines ½, 1, 0 of 武汉算力 give 10 x (cosine - 0.8).
    monkeypatch.setattr(scorer, "INTERCEPT", 1.0)
    monkeypatch.setattr(scorer, "WEIGHTS", Features(0.5, 0, 0, 0, 0, 0, 0, 0, 0))
    reading = tiny.read("武汉算力", hits(tiny))
    assert [span.sentence_id for span in reading.spans] == ["s2", "s1", "s3"]
    assert [(span.start, span.end) for span in reading.spans] == [(9, 21), (0, 8), (22, 32)]
    expected = [1 / (1 + math.exp(-(1 + 0.5 * 10 * (cosine - 0.8)))) for cosine in (1, 0.5, 0)]
    assert [span.support for span in reading.spans] == pytest.approx(expected, abs=0.002)
    assert reading.confidence == reading.spans[0].support
    assert reading.short_answer is None
    assert reading.passage_ranks == {("doc", "p2"): 1, ("doc", "p1"): 2, ("doc", "p3"): 3}


def test_equal_sentences_keep_the_order_of_their_passages(
    monkeypatch: pytest.MonkeyPatch, tiny: SentenceScorer
) -> None:
    monkeypatch.setattr(scorer, "WEIGHTS", Features(0, 0, 0, 0, 0, 0, 0, 0, 0))
    reading = tiny.read("光", hits(tiny)[::-1])
    assert [span.sentence_id for span in reading.spans] == ["s3", "s2", "s1"]


def test_no_passages_give_no_confidence(tiny: SentenceScorer) -> None:
    reading = tiny.read("武汉", [])
    assert (reading.spans, reading.confidence, reading.passage_ranks) == ((), 0.0, {})


def test_a_sentence_of_two_passages_is_one_candidate_of_the_better_one(article: Document) -> None:
    embedder = WordEmbedder()
    index = build_index([article], embedder, PassageRules(max_chars=120, overlap_chars=80))
    ids = [sentence_id for passage in index.passages for sentence_id in passage.sentence_ids]
    twice = [i for i in ids if ids.count(i) == 2]
    assert twice
    ranked = [Hit(i + 1, p, index.passage_text(p), 1.0, None, None) for i, p in enumerate(index.passages)]
    found = candidates(index, ranked[::-1])
    assert len(found) == len(set(ids))
    holder = next(c.hit for c in found if c.sentence.id == twice[0])
    assert holder.passage == [p for p in index.passages if twice[0] in p.sentence_ids][-1]
