"""Rows in Milvus: what is wrong with the server is named, and is never an answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index import IndexStale, IndexUnreachable, RetrievalRules, Retriever, milvus_rows, open_archive
from index.archive_file import Records
from index.milvus_rows import MilvusRows, remove_rows, search_milvus
from index.rows import new_place
from index.searching import RowPlace
from tests.fakes import WordEmbedder
from tests.index.test_archive import EAST, NORTH, WEST, grow


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("milvus") / "rows.db")


@pytest.fixture
def place(url: str) -> Iterator[RowPlace]:
    place = new_place(url, 2, "fake:1")
    yield place
    remove_rows(place)


TEXTS = ["武汉有光。", "武汉有工厂，有一座工厂。", "3.9万人"]
VECTORS = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)


def test_rows_are_found_by_cosine_and_by_their_terms(place: RowPlace) -> None:
    MilvusRows(place).add(0, TEXTS, VECTORS)
    dense, lexical = search_milvus(place, 3)
    assert (len(dense), len(lexical)) == (3, 3)
    found = dense.search(VECTORS[0], 3)
    assert [row for row, _ in found] == [0, 1, 2]
    assert [score for _, score in found] == pytest.approx([1, 0.6, 0], abs=1e-5)
    assert [row for row, _ in dense.search(VECTORS[0], 3, among=[1, 2])] == [1, 2]
    assert [row for row, _ in lexical.search("工厂", 3)] == [1]
    assert [row for row, _ in lexical.search("3.9", 3)] == [2]
    assert {row for row, _ in lexical.search("武汉的光", 3)} == {0, 1}
    assert lexical.search("武汉的光", 3)[0][0] == 0
    assert (lexical.search("，", 3), lexical.search("武汉", 3, among=[])) == ([], [])
    # 武 stands in two of three rows: ln(1 + 1.5 / 2.5).
    assert lexical.idf("武") == pytest.approx(np.log(1.6))


def test_the_same_rows_again_are_no_more_rows(place: RowPlace) -> None:
    rows = MilvusRows(place)
    rows.add(0, TEXTS, VECTORS)
    rows.add(1, ["光"], VECTORS[:1])
    dense, lexical = search_milvus(place, 3)
    assert (len(dense), [row for row, _ in lexical.search("光", 3)]) == (3, [1, 0])
    rows.remove([(0, 1)])
    rows.tidy(2, 0)
    assert (len(dense), [row for row, _ in lexical.search("光", 3)]) == (1, [1])


def test_a_server_that_was_started_anew_is_searched(place: RowPlace) -> None:
    MilvusRows(place).add(0, TEXTS, VECTORS)
    milvus_rows._client(place.url).release_collection(place.name)
    _, lexical = search_milvus(place, 3)
    assert [row for row, _ in lexical.search("工厂", 3)] == [1]


def test_rows_of_another_model_are_named(place: RowPlace) -> None:
    other = RowPlace(place.url, place.name, 2, "fake:2")
    with pytest.raises(IndexStale, match="another embedding model"):
        search_milvus(other, 3)
    gone = RowPlace(place.url, "wenju_gone", 2, "fake:1")
    with pytest.raises(IndexStale, match="has no rows wenju_gone"):
        MilvusRows(gone)


def test_a_server_that_is_down_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(milvus_rows, "SECONDS", 1.0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with pytest.raises(IndexUnreachable, match=url):
        grow(tmp_path / "news", [EAST], url=url)
    # Nothing was begun that would be in the way later.
    grow(tmp_path / "news", [EAST])


def test_a_server_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(milvus_rows, "SECONDS", 1.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(IndexUnreachable, match=url):
            grow(tmp_path / "news", [EAST], url=url)


def test_a_server_that_goes_down_between_is_named(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "news"
    grow(folder, [EAST, WEST], url=url)
    retriever = Retriever(open_archive(folder), WordEmbedder(), RetrievalRules())

    def down(*args: object, **more: object) -> None:
        raise OSError("connection reset")

    with monkeypatch.context() as patched:
        patched.setattr("pymilvus.MilvusClient.search", down)
        with pytest.raises(IndexUnreachable, match="connection reset"):
            retriever.retrieve("光")
    with monkeypatch.context() as patched:
        patched.setattr("pymilvus.MilvusClient.upsert", down)
        with pytest.raises(IndexUnreachable, match="connection reset"):
            grow(folder, [NORTH])
    grow(folder, [NORTH])
    index = open_archive(folder)
    assert (list(index.documents), len(index.dense)) == (["east", "west", "north"], 4)


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pymilvus", None)
    with pytest.raises(IndexUnreachable, match=r"pip install 'wenju\[milvus\]'"):
        grow(tmp_path / "news", [EAST], url=str(tmp_path / "other.db"))


def test_what_is_deleted_here_goes_there(url: str, tmp_path: Path) -> None:
    from index import drop_archive_rows

    grow(tmp_path / "news", [EAST], url=url)
    place = Records(tmp_path / "news").place()
    drop_archive_rows(tmp_path / "news")
    with pytest.raises(IndexStale, match=place.name):
        MilvusRows(place)
