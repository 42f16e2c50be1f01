"""Saved indexes: what is saved is found again, and whatever does not fit is refused by name."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock, Timeout
from hypothesis import given

from corpus import Document, build_document
from index import (
    IndexDamaged,
    IndexMissing,
    IndexStale,
    IndexUnfinished,
    IndexUnreachable,
    IndexUnusable,
    PassageRules,
    Recipe,
    RetrievalRules,
    Retriever,
    build_index,
    load_index,
    move_index,
    read_documents,
    read_manifest,
    remove_index,
    save_index,
    store,
    tidy,
)
from tests.fakes import BrokenEmbedder, WordEmbedder
from tests.generated import PROPERTY, queries

RULES = PassageRules(max_chars=40, overlap_chars=10)


def made_up(name: str, text: str) -> Document:
    return build_document(name, text.encode(), "markdown")


DOCUMENTS = [
    made_up(
        "城市", "# 光城\n\n武汉建设算力。工厂用上5G。\n\n## 光\n\n光的城，光的厂。" + "武汉是一座光城。" * 9
    ),
    made_up("plants", "工厂很多，算力不多。\u2028城里有光。"),
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that tests read and do not change."""
    folder = tmp_path_factory.mktemp("indexes") / "cities"
    save_index(folder, DOCUMENTS, WordEmbedder(), RULES)
    return folder


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy of the index that a test may harm."""
    return Path(shutil.copytree(saved, tmp_path / "cities"))


@pytest.fixture(scope="module")
def retrievers(saved: Path) -> tuple[Retriever, Retriever]:
    """One over an index in memory, one over the same index from disk."""
    embedder = WordEmbedder()
    in_memory = build_index(DOCUMENTS, embedder, RULES)
    rules = RetrievalRules(top_k=10)
    return Retriever(in_memory, embedder, rules), Retriever(load_index(saved), embedder, rules)


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def beside(folder: Path) -> list[str]:
    """What lies where an index does; locks are files that stay."""
    return sorted(path.name for path in folder.parent.iterdir() if path.suffix != ".lock")


@PROPERTY
@given(query=queries)
def test_an_index_from_disk_gives_the_same_hits(retrievers: tuple[Retriever, Retriever], query: str) -> None:
    in_memory, from_disk = retrievers
    assert from_disk.retrieve(query) == in_memory.retrieve(query)
    for document in DOCUMENTS:
        np.testing.assert_array_equal(
            from_disk.similarities(query, document, document.sentences),
            in_memory.similarities(query, document, document.sentences),
        )


def test_hits_are_slices_of_their_documents(retrievers: tuple[Retriever, Retriever]) -> None:
    by_id = {document.id: document for document in DOCUMENTS}
    hits = retrievers[1].retrieve("武汉的工厂")
    assert {hit.passage.document_id for hit in hits} == {"城市", "plants"}
    for hit in hits:
        assert by_id[hit.passage.document_id].text[hit.passage.start : hit.passage.end] == hit.text


def test_the_manifest_says_what_was_built_from_what(saved: Path) -> None:
    manifest = read_manifest(saved)
    files = manifest.pop("files")
    assert manifest == {
        "format": store.FORMAT,
        "model": "fake:1",
        "passages": {"max_chars": 40, "overlap_chars": 10, "heading_context": True},
        "documents": Recipe.of(DOCUMENTS, WordEmbedder(), RULES).documents,
    }
    assert list(manifest["documents"]) == ["城市", "plants"]
    stored = {name: hashlib.sha256(data).hexdigest() for name, data in content(saved).items()}
    del stored["manifest.json"]
    assert files == {name: digest for name, digest in stored.items() if not name.endswith(".lock")}


def test_documents_come_back_as_they_were(saved: Path) -> None:
    assert read_documents(saved) == DOCUMENTS
    assert tuple(load_index(saved).documents.values()) == tuple(DOCUMENTS)


def test_the_same_recipe_fits(saved: Path) -> None:
    loaded = load_index(saved, Recipe.of(DOCUMENTS, WordEmbedder(), RULES))
    assert tuple(loaded.documents.values()) == tuple(DOCUMENTS)


@pytest.mark.parametrize(
    ("recipe", "reason"),
    [
        (Recipe.of(DOCUMENTS, WordEmbedder(fingerprint="fake:2"), RULES), "model"),
        (Recipe.of(DOCUMENTS, WordEmbedder(), PassageRules(41, 10)), "passages"),
        (Recipe.of(DOCUMENTS, WordEmbedder(), PassageRules(40, 10, heading_context=False)), "passages"),
        (Recipe.of(DOCUMENTS[:1], WordEmbedder(), RULES), "documents"),
        (Recipe.of([*DOCUMENTS, made_up("new", "光。")], WordEmbedder(), RULES), "documents"),
        (Recipe.of([DOCUMENTS[0], made_up("plants", "工厂不多。")], WordEmbedder(), RULES), "documents"),
        (Recipe.of([DOCUMENTS[0], replace(DOCUMENTS[1], title="工厂")], WordEmbedder(), RULES), "documents"),
        (
            Recipe.of([replace(DOCUMENTS[0], layout="plain"), DOCUMENTS[1]], WordEmbedder(), RULES),
            "documents",
        ),
    ],
    ids=["model", "length", "context", "fewer", "more", "text", "title", "layout"],
)
def test_an_index_of_another_recipe_is_stale(saved: Path, recipe: Recipe, reason: str) -> None:
    with pytest.raises(IndexStale, match=f"another {reason}$"):
        load_index(saved, recipe)


def test_an_index_of_another_format_is_stale(folder: Path) -> None:
    rewrite(folder, lambda manifest: manifest.update(format=store.FORMAT + 1))
    with pytest.raises(IndexStale, match=f"format {store.FORMAT + 1}"):
        load_index(folder)


def test_no_index_is_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="nowhere"):
        load_index(tmp_path / "nowhere")


# Tantivy names its files by chance; each pattern stands for one file.
FILES = [
    "manifest.json",
    "documents.jsonl",
    "dense.faiss",
    "lexical/meta.json",
    "lexical/.managed.json",
    *(f"lexical/*.{part}" for part in ("fast", "fieldnorm", "idx", "pos", "store", "term")),
]


def test_every_file_of_an_index_is_harmed_below(saved: Path) -> None:
    matched = [path.relative_to(saved).as_posix() for pattern in FILES for path in saved.glob(pattern)]
    assert sorted(matched) == sorted([*read_manifest(saved)["files"], "manifest.json"])


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x80  # in ASCII this is never ASCII
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [delete, empty, cut, flip_a_bit])
@pytest.mark.parametrize("pattern", FILES)
def test_a_harmed_file_is_damage(folder: Path, pattern: str, harm: Callable[[Path], None]) -> None:
    (path,) = folder.glob(pattern)
    harm(path)
    with pytest.raises(IndexDamaged, match=path.name):
        load_index(folder)


def rewrite(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    "text", ["[]", "{}", "null", '"files"', '{"format": 1}', '{"format": 1, "files": []}'], ids=str
)
def test_a_manifest_of_another_form_is_damage(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(IndexDamaged, match="manifest.json"):
        load_index(folder)


@pytest.mark.parametrize("passages", [None, {}, {"max_chars": 40, "colour": 1}, {"max_chars": 1}], ids=str)
def test_a_manifest_with_other_passage_rules_is_damage(folder: Path, passages: object) -> None:
    # {} are the default rules: valid, but they give another number of passages.
    rewrite(folder, lambda manifest: manifest.update(passages=passages))
    with pytest.raises(IndexDamaged, match="cities"):
        load_index(folder)


@pytest.mark.parametrize("pattern", FILES[1:3])
@pytest.mark.parametrize("harm", [delete, empty, cut])
def test_a_file_that_the_manifest_forgot_is_damage(
    folder: Path, pattern: str, harm: Callable[[Path], None]
) -> None:
    rewrite(folder, lambda manifest: manifest["files"].pop(pattern))
    (path,) = folder.glob(pattern)
    harm(path)
    with pytest.raises(IndexDamaged):
        load_index(folder)


def test_altered_documents_are_never_read(folder: Path) -> None:
    path = folder / "documents.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("武", "舞", 1), encoding="utf-8")
    with pytest.raises(IndexDamaged, match=r"documents\.jsonl is missing or altered"):
        read_documents(folder)


def test_a_build_killed_between_its_two_renames_is_undone(folder: Path) -> None:
    before = load_index(folder).documents
    folder.rename(folder.with_name(".cities.old"))
    assert load_index(folder).documents == before


@pytest.mark.parametrize("go", [remove_index, lambda folder: move_index(folder, folder.with_name("towns"))])
def test_a_build_killed_behind_its_two_renames_does_not_bring_back_what_is_gone(
    folder: Path, go: Callable[[Path], None]
) -> None:
    old = Path(shutil.copytree(folder, folder.with_name(".cities.old")))
    load_index(folder)
    assert not old.exists()
    shutil.copytree(folder, old)
    go(folder)
    with pytest.raises(IndexMissing):
        load_index(folder)


@pytest.mark.parametrize("go", [remove_index, lambda folder: move_index(folder, folder.with_name("towns"))])
def test_what_would_come_back_is_not_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, go: Callable[[Path], None]
) -> None:
    def held(path: Path, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise OSError(errno.EACCES, "it is open elsewhere", str(path))

    shutil.copytree(folder, folder.with_name(".cities.old"))
    monkeypatch.setattr(shutil, "rmtree", held)
    with pytest.raises(OSError, match=r"open elsewhere.*\.cities\.old"):
        go(folder)
    assert load_index(folder).documents


def test_parts_of_another_index_are_damage(folder: Path, tmp_path: Path) -> None:
    part = "dense.faiss"
    save_index(tmp_path / "other", DOCUMENTS[:1], WordEmbedder(), RULES)
    shutil.copy(tmp_path / "other" / part, folder / part)
    digest = hashlib.sha256((folder / part).read_bytes()).hexdigest()
    rewrite(folder, lambda manifest: manifest["files"].update({part: digest}))
    with pytest.raises(IndexDamaged, match="do not fit"):
        load_index(folder)


def test_reading_changes_nothing(folder: Path) -> None:
    before = content(folder)
    for _ in range(2):
        Retriever(load_index(folder), WordEmbedder(), RetrievalRules()).retrieve("光")
    assert content(folder) == before


def test_saving_takes_the_place_of_what_was_there(folder: Path) -> None:
    index = save_index(folder, DOCUMENTS[1:], WordEmbedder(), RULES)
    assert tuple(index.documents.values()) == tuple(load_index(folder).documents.values()) == (DOCUMENTS[1],)
    assert beside(folder) == ["cities"]


def test_saving_makes_the_folders_above(tmp_path: Path) -> None:
    save_index(tmp_path / "data" / "indexes" / "a", DOCUMENTS[1:], WordEmbedder(), RULES)
    assert tuple(load_index(tmp_path / "data" / "indexes" / "a").documents.values()) == (DOCUMENTS[1],)


def test_a_model_that_fails_leaves_the_old_index_alone(folder: Path) -> None:
    before = content(folder)
    with pytest.raises(RuntimeError, match="out of memory"):
        save_index(folder, DOCUMENTS[1:], BrokenEmbedder(), RULES)
    assert content(folder) == before
    assert beside(folder) == ["cities"]


def test_a_full_disk_leaves_the_old_index_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    before = content(folder)
    monkeypatch.setattr(Path, "write_text", full)  # the lexical and the dense part are written by then
    with pytest.raises(OSError, match="No space left"):
        save_index(folder, DOCUMENTS[1:], WordEmbedder(), RULES)
    assert content(folder) == before
    assert beside(folder) == ["cities"]


def test_what_cannot_be_read_back_leaves_the_old_index_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> None:
        raise IndexDamaged("it cannot be read")

    before = content(folder)
    monkeypatch.setattr(store, "_load", damaged)
    with pytest.raises(IndexDamaged):
        save_index(folder, DOCUMENTS[1:], WordEmbedder(), RULES)
    assert content(folder) == before
    assert beside(folder) == ["cities"]


def test_texts_are_on_the_disk_before_they_take_the_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []  # the numbers of the files that are synced, 0 for a rename
    rename = Path.rename
    monkeypatch.setattr(os, "fsync", lambda file: done.append(os.fstat(file).st_ino))
    monkeypatch.setattr(Path, "rename", lambda path, to: (done.append(0), rename(path, to))[1])
    save_index(folder, DOCUMENTS[1:], WordEmbedder(), RULES)
    written = [folder / "documents.jsonl", folder / "manifest.json", folder]
    assert {path.stat().st_ino for path in written} <= set(done[: done.index(0)])
    assert done[-3:] == [0, 0, folder.parent.stat().st_ino]


def test_a_failure_where_nothing_was_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        save_index(tmp_path / "cities", DOCUMENTS, BrokenEmbedder(), RULES)
    assert beside(tmp_path / "cities") == []


def test_what_a_killed_build_left_does_not_stop_the_next(folder: Path) -> None:
    # A container gives every run the same process number.
    for name in ("new", "old"):
        shutil.copytree(folder, folder.with_name(f".cities.{name}"))
    save_index(folder, DOCUMENTS[1:], WordEmbedder(), RULES)
    assert tuple(load_index(folder).documents.values()) == (DOCUMENTS[1],)
    assert beside(folder) == ["cities"]


def test_nobody_waits_for_a_build_to_tidy_up(folder: Path) -> None:
    fresh = folder.with_name(".cities.new")
    fresh.mkdir()
    with FileLock(folder.with_name(".cities.build.lock")):
        tidy(folder.parent)
        assert fresh.exists()
    tidy(folder.parent)
    assert beside(folder) == ["cities"]


def test_builds_at_one_time_end_in_a_valid_index(tmp_path: Path) -> None:
    folder = tmp_path / "cities"
    start = threading.Barrier(2)
    built: list[tuple[Document, ...]] = []
    failed: list[Exception] = []

    def build(documents: list[Document]) -> None:
        try:
            start.wait(timeout=10)
            for _ in range(5):
                index = save_index(folder, documents, WordEmbedder(), RULES)
                built.append(tuple(index.documents.values()))
        except Exception as error:  # a thread's exception is lost otherwise
            failed.append(error)

    threads = [threading.Thread(target=build, args=([document],)) for document in DOCUMENTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failed == []
    assert sorted(built, key=lambda d: d[0].id) == [(DOCUMENTS[1],)] * 5 + [(DOCUMENTS[0],)] * 5
    assert tuple(load_index(folder).documents.values()) in [(DOCUMENTS[0],), (DOCUMENTS[1],)]
    assert beside(folder) == ["cities"]


def test_an_index_is_read_back_before_another_builder_may_replace_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(folder: Path) -> None:
        with pytest.raises(Timeout):
            FileLock(folder.with_name(".cities.lock")).acquire(timeout=0)

    monkeypatch.setattr(store, "load_index", load)
    save_index(tmp_path / "cities", DOCUMENTS, WordEmbedder(), RULES)


def test_every_kind_of_unusable_index_is_one_error() -> None:
    kinds = {IndexMissing, IndexStale, IndexUnfinished, IndexDamaged, IndexUnreachable}
    assert kinds == set(IndexUnusable.__subclasses__())
