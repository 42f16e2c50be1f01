"""Large collections on disk: what is put in is found, what is taken out is not, and a kill loses nothing."""

from __future__ import annotations

import gc
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus import Document, build_document
from index import (
    ArchiveBusy,
    Growing,
    Index,
    IndexDamaged,
    IndexMissing,
    IndexStale,
    IndexUnfinished,
    MadeWith,
    PassageRules,
    RetrievalRules,
    Retriever,
    archive,
    open_archive,
    sha256s,
    titles,
)
from index.archive import ArchiveDocuments
from index.archive_file import DATABASE
from index.local_rows import VECTORS
from index.rows import search_rows
from tests.fakes import BrokenEmbedder, WordEmbedder

RULES = PassageRules(max_chars=20, overlap_chars=0)
MADE_WITH = MadeWith("fake:1", RULES)
ROOT = Path(__file__).parents[2]


def made(name: str, text: str) -> Document:
    return build_document(name, text.encode(), "plain")


EAST = made("east", "武汉的算力在东边。工厂在西边，工厂不在东边。")
WEST = made("west", "光在城里。")
NORTH = made("north", "5G在北边的工厂。")


def grow(folder: Path, documents: Sequence[Document], finish: bool = True, url: str = "") -> None:
    with Growing(folder, WordEmbedder(), MADE_WITH, url) as growing:
        growing.add(documents)
        if finish:
            growing.finish()


def found(index: Index, query: str) -> list[tuple[str, str]]:
    """What is found by its words, best first: documents with the text of their passages."""
    hits = Retriever(index, WordEmbedder(), RetrievalRules(dense_weight=0)).retrieve(query)
    return [(hit.passage.document_id, hit.text) for hit in hits]


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file of Milvus Lite."""
    return str(tmp_path_factory.mktemp("milvus") / "rows.db")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """An archive with its rows beside it."""
    folder = tmp_path / "indexes" / "news"
    grow(folder, [EAST, WEST])
    return folder


@pytest.fixture(params=["files", "milvus"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An archive with its rows in one place and in the other: the same must hold."""
    if request.param == "files":
        return Path(request.getfixturevalue("files"))
    folder = tmp_path / "indexes" / "news"
    grow(folder, [EAST, WEST], url=str(request.getfixturevalue("milvus")))
    return folder


def test_what_is_put_in_is_found_with_its_document(folder: Path) -> None:
    index = open_archive(folder, MADE_WITH)
    assert dict(index.documents) == {"east": EAST, "west": WEST}
    assert (len(index.documents), len(index.passages), len(index.dense), len(index.lexical)) == (2, 3, 3, 3)
    assert [index.passages[row].document_id for row in range(3)] == ["east", "east", "west"]
    assert found(index, "光") == [("west", "光在城里。")]
    assert found(index, "工厂")[0] == ("east", "工厂在西边，工厂不在东边。")
    both = Retriever(index, WordEmbedder(), RetrievalRules()).retrieve("光")
    assert (both[0].text, both[0].dense_rank, both[0].lexical_rank) == ("光在城里。", 1, 1)
    assert (titles(index.documents, 1), sha256s(index.documents)) == (
        {"east": EAST.title},
        {"east": EAST.sha256, "west": WEST.sha256},
    )


def test_within_names_the_documents_that_are_searched(folder: Path) -> None:
    retriever = Retriever(open_archive(folder), WordEmbedder(), RetrievalRules())
    assert {hit.passage.document_id for hit in retriever.retrieve("光 工厂", ["west"])} == {"west"}
    with pytest.raises(KeyError):
        retriever.retrieve("光", ["nowhere"])


def test_it_grows_and_shrinks_in_place(folder: Path) -> None:
    grow(folder, [NORTH])
    assert found(open_archive(folder), "5G") == [("north", "5G在北边的工厂。")]
    with Growing(folder, WordEmbedder(), MADE_WITH) as growing:
        growing.remove(["west", "nowhere"])
        growing.finish()
    index = open_archive(folder)
    assert (list(index.documents), len(index.passages), len(index.dense), len(index.lexical)) == (
        ["east", "north"],
        3,
        3,
        3,
    )
    assert found(index, "光") == []
    assert "west" not in index.documents


def test_a_document_takes_the_place_of_one_of_its_id(folder: Path) -> None:
    grow(folder, [made("west", "城里有5G。")])
    index = open_archive(folder)
    assert (found(index, "光"), found(index, "5G")) == ([], [("west", "城里有5G。")])
    assert len(index.lexical) == len(index.passages) == len(index.dense) == 3


def test_who_has_it_open_does_not_see_what_comes_in(folder: Path) -> None:
    before = open_archive(folder)
    grow(folder, [made(f"n{i}", "光。") for i in range(40)])
    # Forty better passages stand in the index by now, and thirty are looked at.
    assert found(before, "光") == [("west", "光在城里。")]


def test_who_has_it_open_sees_it_as_it_was(files: Path) -> None:
    before = open_archive(files)
    grow(files, [made("west", "城里有5G。"), NORTH])
    assert (list(before.documents), found(before, "5G")) == (["east", "west"], [])
    assert found(before, "光") == [("west", "光在城里。")]


def test_a_build_that_ends_while_it_is_opened_is_what_is_opened(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds = [NORTH]

    def search(*arguments: Any) -> Any:
        if builds:
            grow(files, [builds.pop()])  # takes dense-1.faiss away
        return search_rows(*arguments)

    monkeypatch.setattr(archive, "search_rows", search)
    index = open_archive(files, MADE_WITH)
    assert (list(index.documents), len(index.dense)) == (["east", "west", "north"], 4)


def test_what_is_no_longer_used_is_closed_at_once(files: Path) -> None:
    index = open_archive(files)
    assert index.documents["east"] == EAST
    assert isinstance(index.documents, ArchiveDocuments)
    records = weakref.ref(index.documents.records)
    gc.disable()
    try:
        del index
        assert records() is None
    finally:
        gc.enable()


def test_changes_beside_the_database_are_read_where_nothing_can_be_written(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_archive(files)  # because of it they stay beside the database
    grow(files, [NORTH])
    assert (files / f"{DATABASE}-wal").stat().st_size
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert list(open_archive(files).documents) == ["east", "west", "north"]
    (files / f"{DATABASE}-shm").rename(files / "elsewhere")
    with pytest.raises(IndexDamaged, match=rf"changes in {DATABASE}-wal .* copy it to where it can"):
        open_archive(files)
    (files / "elsewhere").rename(files / f"{DATABASE}-shm")
    del before
    with Growing(files, WordEmbedder(), MADE_WITH):  # puts them in
        pass
    assert list(open_archive(files).documents) == ["east", "west", "north"]


def test_what_is_put_in_but_not_finished_is_found_by_its_words(folder: Path) -> None:
    grow(folder, [NORTH], finish=False)
    assert found(open_archive(folder), "5G") == [("north", "5G在北边的工厂。")]


def test_sentence_vectors_are_made_when_they_are_asked_for(folder: Path) -> None:
    retriever = Retriever(open_archive(folder), WordEmbedder(), RetrievalRules())
    # 武汉 and 算力 both once: the cosine with 武汉 alone is 1 / sqrt(2).
    first = EAST.sentences[:1]
    assert retriever.similarities("武汉", EAST, first).tolist() == pytest.approx([0.5**0.5])


def test_vectors_of_another_length_are_refused(folder: Path) -> None:
    shorter = WordEmbedder(("光", "城"), fingerprint="fake:1")
    with (
        pytest.raises(IndexStale, match="vectors of 6 numbers"),
        Growing(folder, shorter, MADE_WITH) as growing,
    ):
        growing.add([NORTH])
    grow(folder, [NORTH])
    assert found(open_archive(folder), "5G") == [("north", "5G在北边的工厂。")]


def test_a_build_that_is_lost_is_made_again(files: Path) -> None:
    (files / "dense-1.faiss").write_bytes(b"x")
    grow(files, [])
    assert len(open_archive(files).dense) == 3


def test_two_do_not_change_it_at_once(folder: Path) -> None:
    with (
        Growing(folder, WordEmbedder(), MADE_WITH),
        pytest.raises(ArchiveBusy, match="another process"),
        Growing(folder, WordEmbedder(), MADE_WITH),
    ):
        pass
    grow(folder, [NORTH])  # the lock is free again


@pytest.mark.parametrize("other", [MadeWith("fake:2", RULES), MadeWith("fake:1", PassageRules())])
def test_vectors_of_another_model_are_never_mixed_in(folder: Path, other: MadeWith) -> None:
    with pytest.raises(IndexStale, match="another embedding model or other passages"):
        open_archive(folder, other)
    with pytest.raises(IndexStale, match="another name"), Growing(folder, WordEmbedder(), other):
        pass
    assert len(open_archive(folder, MADE_WITH).documents) == 2


def test_a_batch_that_fails_changes_nothing(folder: Path) -> None:
    with pytest.raises(RuntimeError), Growing(folder, BrokenEmbedder(), MADE_WITH) as growing:
        growing.add([NORTH, made("west", "城里有5G。")])
    grow(folder, [])
    index = open_archive(folder)
    assert (list(index.documents), found(index, "5G")) == (["east", "west"], [])


def test_a_batch_whose_rows_are_in_and_whose_documents_are_not_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("in between")

    monkeypatch.setattr(Growing, "_put", fails)
    with pytest.raises(RuntimeError, match="in between"):
        grow(folder, [NORTH])
    monkeypatch.undo()
    grow(folder, [])
    index = open_archive(folder)
    assert (len(index.dense), len(index.lexical), found(index, "5G")) == (3, 3, [])


def test_a_full_disk_leaves_what_was_there(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        grow(files, [NORTH])
    monkeypatch.undo()
    grow(files, [NORTH])
    index = open_archive(files)
    assert list(index.documents) == ["east", "west", "north"]
    assert len(index.lexical) == len(index.dense) == 4


def test_what_is_wrong_is_named(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(IndexMissing, match="no archive"):
        open_archive(tmp_path / "nowhere")
    begun = tmp_path / "begun"
    grow(begun, [EAST], finish=False)
    with pytest.raises(IndexUnfinished, match="not been finished"):
        open_archive(begun)
    with sqlite3.connect(folder / DATABASE) as database:
        database.execute("PRAGMA user_version = 9")
    with pytest.raises(IndexStale, match="format 9"):
        open_archive(folder)


@pytest.mark.parametrize("name", [DATABASE, "dense-1.faiss", "lexical/meta.json"])
def test_a_damaged_file_is_named(files: Path, name: str) -> None:
    (files / name).write_bytes(b"x" * 5000)
    with pytest.raises(IndexDamaged, match=str(files)):
        open_archive(files)


def test_vectors_that_are_cut_short_are_named(files: Path) -> None:
    (files / VECTORS).write_bytes(b"x")
    with pytest.raises(IndexDamaged, match=str(files)):
        open_archive(files)
    with pytest.raises(IndexDamaged, match="cut short"):
        grow(files, [NORTH])


BUILD = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from corpus import build_document
    from index import Growing, MadeWith, PassageRules
    from tests.fakes import WordEmbedder

    with Growing(Path(sys.argv[1]), WordEmbedder(), MadeWith("fake:1", PassageRules(20, 0))) as growing:
        for number in range(10_000):
            if growing.source_of(f"d{number}") is None:
                text = f"第{number}家" + "光" * (number % 7 + 1) + "城" * (number // 7 % 5 + 1)
                growing.add([build_document(f"d{number}", text.encode(), "plain")])
                print(number, flush=True)
    """
)


FULL = textwrap.dedent(
    """
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    """
)


@pytest.mark.parametrize("size", [2_000, 40_000, 70_000, 300_000])
def test_a_disk_that_is_full_at_any_step_is_an_os_error_and_nothing_is_lost(
    tmp_path: Path, size: int
) -> None:
    folder = tmp_path / "news"
    head, body = BUILD.split("\n\n", 1)
    build = subprocess.run(
        [sys.executable, "-c", f"{head}\n{FULL}\n{body}", str(folder), str(size)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert build.stderr.splitlines()[-1].startswith("OSError: "), build.stderr
    count = len(build.stdout.splitlines())
    grow(folder, [NORTH])
    index = open_archive(folder)
    assert list(index.documents) == [*(f"d{number}" for number in range(count)), "north"]
    assert len(index.passages) == len(index.dense) == len(index.lexical) == count + 1


def test_a_killed_build_goes_on_with_nothing_lost_and_nothing_twice(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    for _ in range(3):
        build = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert build.stdout is not None
        told = [int(build.stdout.readline()) for _ in range(5)]
        time.sleep(0.02)  # in the middle of something
        build.send_signal(signal.SIGKILL)
        build.communicate()
    last = told[-1]
    grow(folder, [])
    index = open_archive(folder)
    count = len(index.documents)
    assert count > last >= 14
    assert list(index.documents) == [f"d{number}" for number in range(count)]
    assert len(index.passages) == len(index.dense) == len(index.lexical) == count
    for number in range(0, count, 5):
        assert found(index, f"第{number}家")[0][0] == f"d{number}"
    stored = np.fromfile(folder / VECTORS, dtype=np.float16).reshape(-1, 6)
    assert len(stored) == count
    texts = [document.text for document in index.documents.values()]
    assert np.allclose(stored, WordEmbedder().embed_passages(texts), atol=1e-3)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills its own children")
def test_a_build_killed_at_any_line_of_its_order_loses_nothing(tmp_path: Path) -> None:
    killing = [sys.executable, "-m", "tests.index.killed", str(tmp_path)]
    killed = subprocess.run(killing, capture_output=True, text=True, cwd=ROOT, timeout=600)
    assert killed.returncode == 0, killed.stderr
    assert int(killed.stdout) > 150
