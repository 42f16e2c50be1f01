"""Retrieval over four passages whose vectors, terms and ranks can be worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest

from corpus import Document, build_document
from index import Index, PassageRules, RetrievalRules, Retriever, build_index
from tests.fakes import WordEmbedder

# One passage a section. The fake counts (武汉, 算力, 工厂, 5G, 光, 城):
#   p1 (1,1,0,0,0,0)/√2   p2 (0,0,1,1,0,0)/√2   p3 (0,0,0,0,2,1)/√5   p4 (1,0,0,0,1,1)/√3
TEXT = """\
## 甲

武汉建设算力。

## 乙

工厂用上5G。

## 丙

光的城，光的厂。

## 丁

武汉是一座光城。
"""


@pytest.fixture(scope="module")
def document() -> Document:
    return build_document("cities", TEXT.encode(), "markdown")


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def index(document: Document, embedder: WordEmbedder) -> Index:
    return build_index([document], embedder, PassageRules())


Found = list[tuple[str, int | None, int | None]]


def ranks(retriever: Retriever, query: str) -> Found:
    hits = retriever.retrieve(query)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    return [(hit.passage.id, hit.dense_rank, hit.lexical_rank) for hit in hits]


def test_both_rankings_agree(index: Index, embedder: WordEmbedder) -> None:
    # Cosines: p1 1, p4 1/√6, p2 and p3 0, by row. Terms: p1 holds 武 汉 武汉 算 力 算力, p4 the first three.
    hits = Retriever(index, embedder, RetrievalRules()).retrieve("武汉算力")
    assert [(hit.passage.id, hit.dense_rank, hit.lexical_rank) for hit in hits] == [
        ("p1", 1, 1),
        ("p4", 2, 2),
        ("p2", 3, None),
        ("p3", 4, None),
    ]
    assert [hit.score for hit in hits] == pytest.approx([1 / 61, 1 / 62, 0.5 / 63, 0.5 / 64])
    assert [hit.text for hit in hits[:2]] == ["武汉建设算力。", "武汉是一座光城。"]
    assert hits[0].passage.section == "甲"


def test_rankings_that_differ_are_fused(index: Index, embedder: WordEmbedder) -> None:
    # The fake knows no 厂: every cosine is 0, by row. 厂 stands in p2 (8 terms) and in p3 (10 terms).
    # p2: 0.5/62 + 0.5/61 = 0.01626, p3: 0.5/63 + 0.5/62 = 0.01600, p1: 0.5/61, p4: 0.5/64
    assert ranks(Retriever(index, embedder, RetrievalRules()), "厂") == [
        ("p2", 2, 1),
        ("p3", 3, 2),
        ("p1", 1, None),
        ("p4", 4, None),
    ]


def test_a_dense_weight_of_0_leaves_what_the_terms_found(index: Index, embedder: WordEmbedder) -> None:
    retriever = Retriever(index, embedder, RetrievalRules(dense_weight=0))
    assert ranks(retriever, "厂") == [("p2", 2, 1), ("p3", 3, 2)]
    assert [hit.score for hit in retriever.retrieve("厂")] == pytest.approx([1 / 61, 1 / 62])
    assert ranks(retriever, "bridge") == []


def test_a_dense_weight_of_1_follows_the_cosines(index: Index, embedder: WordEmbedder) -> None:
    # Cosines with 城: p4 1/√3, p3 1/√5, p1 and p2 0. The terms put p3 (10 terms) before p4 (13 terms).
    retriever = Retriever(index, embedder, RetrievalRules(dense_weight=1))
    assert ranks(retriever, "城") == [("p4", 1, 2), ("p3", 2, 1), ("p1", 3, None), ("p2", 4, None)]
    assert [hit.score for hit in retriever.retrieve("城")] == pytest.approx([1 / 61, 1 / 62, 1 / 63, 1 / 64])


def test_top_k_cuts_what_is_returned(index: Index, embedder: WordEmbedder) -> None:
    assert ranks(Retriever(index, embedder, RetrievalRules(top_k=2)), "厂") == [("p2", 2, 1), ("p3", 3, 2)]


def test_depth_cuts_each_ranking(index: Index, embedder: WordEmbedder) -> None:
    # Cosines: p3 2/√10, p2 1/2. Terms: p2 holds 工 厂 工厂, p3 厂 光. Cut at one row they tie: by row.
    assert ranks(Retriever(index, embedder, RetrievalRules(1, 1)), "工厂，光") == [("p2", None, 1)]
    assert ranks(Retriever(index, embedder, RetrievalRules(2, 2)), "工厂，光") == [("p2", 2, 1), ("p3", 1, 2)]


def test_a_query_without_a_term_still_has_a_vector(index: Index, embedder: WordEmbedder) -> None:
    assert ranks(Retriever(index, embedder, RetrievalRules()), "") == [
        ("p1", 1, None),
        ("p2", 2, None),
        ("p3", 3, None),
        ("p4", 4, None),
    ]


def test_similarities_are_dot_products_in_the_order_asked(
    document: Document, index: Index, embedder: WordEmbedder
) -> None:
    # Sentences alternate with headings, which have vectors too: 甲 s1, 武汉建设算力。 s2, 乙 s3, ...
    asked = [document.sentence_by_id[id_] for id_ in ("s8", "s2", "s4", "s6")]
    similarities = Retriever(index, embedder, RetrievalRules()).similarities("武汉", document, asked)
    assert similarities == pytest.approx([3**-0.5, 2**-0.5, 0, 0], abs=5e-4)  # float16 keeps three digits
    quotes = [document.quote(sentence.start, sentence.end) for sentence in asked]
    dots = embedder.embed_passages(quotes) @ embedder.embed_queries(["武汉"])[0]
    np.testing.assert_allclose(similarities, dots, atol=5e-4)


def test_similarities_of_the_second_document_are_its_own(document: Document, embedder: WordEmbedder) -> None:
    other = build_document("other", "算力。城。".encode(), "markdown")
    index = build_index([document, other], embedder, PassageRules())
    similarities = Retriever(index, embedder, RetrievalRules()).similarities("城", other, other.sentences)
    assert list(similarities) == [0, 1]
    hits = Retriever(index, embedder, RetrievalRules(top_k=1)).retrieve("算力。城。")
    assert (hits[0].passage.document_id, hits[0].text) == ("other", "算力。城。")


def test_a_query_is_embedded_once_for_search_and_similarities(
    document: Document, index: Index, embedder: WordEmbedder
) -> None:
    retriever = Retriever(index, embedder, RetrievalRules())
    before = embedder.embedded
    retriever.retrieve("武汉")
    retriever.similarities("武汉", document, document.sentences)
    assert embedder.embedded == before + 1 + len(document.sentences)


def test_the_section_is_embedded_before_the_passage_but_not_searched(embedder: WordEmbedder) -> None:
    document = build_document("a", "## 算力\n\n很多。\n\n## 城\n\n不多。".encode(), "markdown")

    def cosines(heading_context: bool) -> list[float]:
        index = build_index([document], embedder, PassageRules(heading_context=heading_context))
        assert index.lexical.search("算力", 5) == []
        return [score for _, score in index.dense.search(embedder.embed_queries(["算力"])[0], 5)]

    assert cosines(True) == [1, 0]
    assert cosines(False) == [0, 0]


def test_progress_is_told(document: Document, embedder: WordEmbedder) -> None:
    told: list[tuple[int, int]] = []
    build_index([document], embedder, PassageRules(), progress=lambda done, of: told.append((done, of)))
    assert told == [(4, 4)]  # four passages


@pytest.mark.parametrize(
    "rules",
    [{"top_k": 0}, {"top_k": 7, "depth": 6}, {"dense_weight": 1.1}, {"dense_weight": -0.1}],
    ids=str,
)
def test_rules_out_of_range_are_refused(rules: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must hold"):
        RetrievalRules(**rules)  # type: ignore[arg-type]  # the point of the test


def test_only_the_named_documents_are_searched(document: Document, embedder: WordEmbedder) -> None:
    twin = build_document("twin", TEXT.encode(), "markdown")
    retriever = Retriever(build_index([document, twin], embedder, PassageRules()), embedder, RetrievalRules())
    assert {hit.passage.document_id for hit in retriever.retrieve("武汉")} == {"cities", "twin"}
    alone = retriever.retrieve("武汉", within=["twin", "twin"])
    assert [(hit.passage.document_id, hit.passage.id) for hit in alone][:2] == [
        ("twin", "p1"),
        ("twin", "p4"),
    ]
    assert {hit.passage.document_id for hit in alone} == {"twin"}
    with pytest.raises(KeyError, match="nobody"):
        retriever.retrieve("武汉", within=["nobody"])


def test_a_sentence_is_embedded_when_it_is_asked_for_and_once(
    index: Index, embedder: WordEmbedder, document: Document
) -> None:
    assert embedder.embedded == 4  # the passages
    retriever = Retriever(index, embedder, RetrievalRules())
    second = document.sentences[1:2]
    for _ in range(2):
        assert retriever.vectors_of(document, second).tolist() == [pytest.approx([0.5**0.5] * 2 + [0] * 4)]
    assert embedder.embedded == 5
