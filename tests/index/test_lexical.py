"""BM25 against a calculation on paper."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import IndexDamaged
from index.lexical import LexicalIndex
from tests.generated import PROPERTY, queries

# Terms: 光 城 光城 | 光 光 光光 | 武 汉 武汉 5g 工 厂 工厂: lengths 3, 3, 7, on average 13/3.
# k1 (1 - b + b * length / average), with k1 = 1.2 and b = 0.75, is K = 12/13 for length 3 and 114/65 for 7.
ROWS = ["光城", "光光", "武汉5G工厂"]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(ROWS)


def test_idf_of_terms_in_two_one_and_no_row(index: LexicalIndex) -> None:
    assert len(index) == 3
    assert index.idf("光") == pytest.approx(math.log(1 + 1.5 / 2.5)) == pytest.approx(0.4700, abs=5e-5)
    assert index.idf("5g") == pytest.approx(math.log(1 + 2.5 / 1.5)) == pytest.approx(0.9808, abs=5e-5)
    assert index.idf("桥") == pytest.approx(math.log(1 + 3.5 / 0.5)) == pytest.approx(2.0794, abs=5e-5)


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        # 0.4700 * 2 * 2.2 / (2 + 12/13) and 0.4700 * 1 * 2.2 / (1 + 12/13)
        ("光", [(1, 0.7075), (0, 0.5377)]),
        # 0.9808 * 2.2 / (1 + 114/65)
        ("5G", [(2, 0.7836)]),
        ("光，5G", [(2, 0.7836), (1, 0.7075), (0, 0.5377)]),
        # 城 and 光城 are as rare as 5g: 0.5377 + 2 * 0.9808 * 1.144
        ("光城", [(0, 2.7818), (1, 0.7075)]),
        # a term counts once in a query
        ("光，光", [(1, 0.7075), (0, 0.5377)]),
    ],
)
def test_scores_worked_out_by_hand(index: LexicalIndex, query: str, hits: list[tuple[int, float]]) -> None:
    found = index.search(query, 10)
    assert [row for row, _ in found] == [row for row, _ in hits]
    assert [score for _, score in found] == pytest.approx([score for _, score in hits], abs=5e-5)


@pytest.mark.parametrize("query", ["桥", "bridge", "", "，。"])
def test_nothing_is_found_for_unknown_terms_and_empty_queries(index: LexicalIndex, query: str) -> None:
    assert index.search(query, 10) == []


def test_an_unknown_term_adds_nothing_to_a_known_one(index: LexicalIndex) -> None:
    assert index.search("光，桥", 10) == index.search("光", 10)


def test_equal_scores_come_in_the_order_of_rows_and_k_cuts_there() -> None:
    index = LexicalIndex.build(["城", "光", "光", "光", "城"])
    found = index.search("光", 10)
    assert [row for row, _ in found] == [1, 2, 3]
    assert len({score for _, score in found}) == 1
    assert index.search("光", 2) == found[:2]


def test_an_index_without_rows_finds_nothing() -> None:
    assert LexicalIndex.build([]).search("光", 5) == []


MORE_ROWS = [*ROWS, "光城的光", "5G的城"]


@pytest.fixture(scope="module")
def in_memory() -> LexicalIndex:
    return LexicalIndex.build(MORE_ROWS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lexical") / "index"
    LexicalIndex.build(MORE_ROWS, folder)
    return folder


@PROPERTY
@given(query=queries)
def test_a_stored_index_finds_what_one_in_memory_finds(
    in_memory: LexicalIndex, folder: Path, query: str
) -> None:
    assert LexicalIndex.load(folder).search(query, 10) == in_memory.search(query, 10)


@PROPERTY
@given(query=queries, among=st.sets(st.integers(0, len(MORE_ROWS) - 1)))
def test_only_the_named_rows_are_found_with_the_scores_they_have(
    in_memory: LexicalIndex, query: str, among: set[int]
) -> None:
    whole = in_memory.search(query, 10)
    assert in_memory.search(query, 10, among=sorted(among)) == [hit for hit in whole if hit[0] in among]


@pytest.mark.parametrize("name", ["meta.json", "*.idx", "*.term", "*.fast", "*.fieldnorm"])
@pytest.mark.parametrize("how", ["deleted", "cut"])
def test_a_damaged_folder_is_named(folder: Path, tmp_path: Path, name: str, how: str) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    (path,) = (tmp_path / "copy").glob(name)
    if how == "deleted":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(IndexDamaged, match="copy"):
        LexicalIndex.load(tmp_path / "copy")


def test_a_missing_folder_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="none"):
        LexicalIndex.load(tmp_path / "none")
