"""`wenju index` with many documents: what is read, what is passed over, and going on with it."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app import engine
from app.cli import main
from app.collections import Shelf
from app.errors import CollectionError, LastDocument, NameTaken
from app.filling import Filled, Filling, files_of, is_many
from app.holdings import delete, extend, holdings, rename, take_out
from app.library import Library
from corpus import Document, Limits, Metadata, build_document, build_text
from corpus.errors import ArticleDamaged
from index import ArchiveBusy, ModelError, PassageRules
from index.dense import Vectors
from tests.fakes import WordEmbedder


def line(own_id: str, text: str, **fields: Any) -> str:
    return json.dumps({"id": own_id, "text": text, **fields}, ensure_ascii=False)


EAST, WEST = line("east", "武汉的算力在东边。"), line("west", "光在城里。", title="城里的光")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "indexes", WordEmbedder(), PassageRules())


def fill(shelf: Shelf, *paths: Path, strict: bool = False, name: str = "news") -> Filled:
    files = files_of(*paths)
    with shelf.growing(name) as growing:
        filled = Filling(growing, Limits(megabytes=1), strict, lambda done, total: None).fill(files)
        growing.finish()
    return filled


def write(tmp_path: Path, *lines: str, name: str = "news.jsonl") -> Path:
    file = tmp_path / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_line_is_a_document(shelf: Shelf, tmp_path: Path) -> None:
    assert fill(shelf, write(tmp_path, EAST, WEST)) == Filled(2, 0, [])
    documents = shelf.documents("news")
    assert {own_id: d.title for own_id, d in documents.items()} == {
        "east": "武汉的算力在东边。",
        "west": "城里的光",
    }
    assert shelf.open("news").passage_text(shelf.open("news").passages[1]) == "光在城里。"


def test_what_is_in_already_is_not_embedded_again(shelf: Shelf, tmp_path: Path) -> None:
    assert isinstance(shelf.embedder, WordEmbedder)
    fill(shelf, write(tmp_path, EAST))
    embedded = shelf.embedder.embedded
    assert fill(shelf, write(tmp_path, EAST, WEST)) == Filled(1, 1, [])
    assert shelf.embedder.embedded == embedded + 1
    assert fill(shelf, write(tmp_path, line("east", "算力在西边。"))) == Filled(0, 0, [], replaced=["east"])
    assert shelf.documents("news")["east"].text == "算力在西边。"


def test_what_is_wrong_is_named_and_passed_over(shelf: Shelf, tmp_path: Path) -> None:
    file = write(
        tmp_path, EAST, "{broken", "", line("east", "另一个。"), line("empty", " "), "x" * 1_000_001, WEST
    )
    filled = fill(shelf, file)
    assert (filled.added, filled.same) == (2, 0)
    places = [fault.partition(": ")[0] for fault in filled.faults]
    assert places == [f"{file}, line {number}" for number in (2, 4, 5, 6)]
    for fault, message in zip(
        filled.faults, ["no JSON", "'east' stands before", "is empty", "1,000,000 bytes"], strict=True
    ):
        assert message in fault
    assert list(shelf.documents("news")) == ["east", "west"]


def test_strict_stops_at_the_first_fault_and_keeps_what_stands_before(shelf: Shelf, tmp_path: Path) -> None:
    file = write(tmp_path, EAST, "{broken", WEST)
    with pytest.raises(CollectionError, match="line 2: it is no JSON.*stands before it is in"):
        fill(shelf, file, strict=True)
    assert (fill(shelf, file).added, len(shelf.documents("news"))) == (1, 2)


def test_a_file_that_is_cut_short_keeps_what_it_had(shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl.gz"
    many = "\n".join(line(f"d{i}", f"第{i}家工厂。") for i in range(2000)).encode()
    file.write_bytes(gzip.compress(many)[:-500])
    with pytest.raises(ArticleDamaged, match="beyond line"):
        fill(shelf, file)
    with shelf.growing("news") as growing:
        assert growing.source_of("d0") is not None
        growing.finish()
    assert len(shelf.documents("news")) > 100


def test_a_file_that_is_cut_short_does_not_keep_others_out(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(EAST.encode())[:-4])
    (folder / "b.txt").write_text("光在城里。", encoding="utf-8")
    with shelf.growing("news") as growing:
        filling = Filling(growing, Limits(), False, lambda done, total: None)
        with pytest.raises(ArticleDamaged, match=r"a\.jsonl\.gz cannot be read"):
            filling.fill(files_of(folder))
        growing.finish()
    assert "b" in shelf.documents("news")
    assert filling.filled.added == len(shelf.documents("news"))


def test_a_name_that_is_no_text_is_a_fault(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_bytes("光。".encode())
    (folder / "b.txt").write_text("光在城里。", encoding="utf-8")
    filled = fill(shelf, folder)
    assert (filled.added, len(filled.faults)) == (1, 1)
    assert "visible characters" in filled.faults[0]


def test_a_fault_of_ours_is_passed_over_as_well(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(name: str, text: str, metadata: Metadata) -> Document:
        if "城" in text:
            raise IndexError("a fault of ours")
        return build_text(name, text, metadata)

    package = tmp_path / "site" / "corpus"  # what reads files, in a process of its own
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "child.py").write_text("raise KeyError('a fault of ours')", encoding="utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setattr("corpus.lines.build_text", build)
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("光在城里。", encoding="utf-8")
    write(folder, EAST, WEST, line("north", "5G在北边。"))
    filled = fill(shelf, folder)
    assert filled.added == 2
    assert [fault.partition(": ")[2] for fault in filled.faults] == [
        "the reader failed on a.txt: KeyError: 'a fault of ours'. Save it in another format, or run again "
        "with --debug for the details.",
        "the reader failed on it: IndexError: a fault of ours.",
    ]
    assert list(shelf.documents("news")) == ["east", "north"]


def test_an_id_of_what_could_not_be_read_is_free(shelf: Shelf, tmp_path: Path) -> None:
    filled = fill(shelf, write(tmp_path, line("east", " "), EAST))
    assert (filled.added, len(filled.faults)) == (1, 1)


def test_a_document_of_5_megabytes_and_a_file_of_nothing(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n\n")
    book = line("book", "茶厂关了。" * 330_000 + "光在城里。")
    (tmp_path / "book.jsonl").write_text(book, encoding="utf-8")
    told: list[tuple[int, int]] = []
    with shelf.growing("news") as growing:
        paths = [tmp_path / "empty.jsonl", tmp_path / "book.jsonl"]
        filling = Filling(growing, Limits(), False, lambda done, total: told.append((done, total)))
        assert filling.fill(files_of(*paths)) == Filled(1, 0, [])
        growing.finish()
    index = shelf.open("news")
    ((row, _),) = index.lexical.search("光", 1)
    assert index.passage_text(index.passages[row]).endswith("光在城里。")
    size = sum(path.stat().st_size for path in paths)
    assert told[-1] == (size, size)
    assert told == sorted(told)


def test_a_folder_is_read_file_by_file(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    (folder / "2024").mkdir(parents=True)
    (folder / "2024" / "a.txt").write_text("光在城里。", encoding="utf-8")
    (folder / "b.md").write_text("# 城\n\n工厂有光。", encoding="utf-8")
    (folder / "c.txt").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"x")
    (folder / "more.jsonl").write_text(EAST, encoding="utf-8")
    filled = fill(shelf, folder)
    assert (filled.added, [Path(fault.partition(":")[0]).name for fault in filled.faults]) == (3, ["c.txt"])
    assert sorted(shelf.documents("news")) == ["2024/a", "b", "east"]
    assert fill(shelf, folder).same == 3


def test_files_that_differ_in_their_ending_alone_are_all_in(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in ("jan.md", "jan.txt", "may.txt"):
        (folder / name).write_text(f"{name}有光。", encoding="utf-8")
    write(folder, EAST, name="may.jsonl")  # whose documents have ids of their own
    assert fill(shelf, folder) == Filled(4, 0, [])
    assert sorted(shelf.documents("news")) == ["east", "jan", "jan.txt", "may"]
    assert fill(shelf, folder).same == 4
    assert [file.id for file in files_of(folder / "jan.txt", folder / "jan.md")] == ["jan", "jan.md"]


def test_a_second_file_of_one_name_is_passed_over_by_name(shelf: Shelf, tmp_path: Path) -> None:
    for year in ("2023", "2024"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "jan.txt").write_text(f"{year}年有光。", encoding="utf-8")
    filled = fill(shelf, tmp_path / "2023", tmp_path / "2024")
    assert (filled.added, len(filled.faults)) == (1, 1)
    assert str(Path("2024") / "jan.txt") in filled.faults[0]


@pytest.mark.parametrize(
    ("name", "many"), [("a.jsonl", True), ("A.JSONL.XZ", True), ("a.zst", False), ("a.txt", False)]
)
def test_which_files_hold_many(name: str, many: bool) -> None:
    assert is_many(Path(name)) is many


# --- on the shelf ------------------------------------------------------------------------------


def test_the_shelf_lists_changes_renames_and_deletes_it(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, write(tmp_path, EAST, WEST))
    (holding,) = holdings(shelf)
    assert (holding.name, holding.document_ids, holding.damaged) == ("news", ("east", "west"), "")
    extend(shelf, "news", [build_document("north.txt", "5G在北边。".encode(), "plain")])
    take_out(shelf, "news", ["east"])
    assert list(shelf.documents("news")) == ["west", "north"]
    take_out(shelf, "news", ["north"])
    with pytest.raises(LastDocument, match="Delete the collection"):
        take_out(shelf, "news", ["west"])
    rename(shelf, "news", "old")
    assert list(shelf.documents("old")) == ["west"]
    delete(shelf, "old")
    assert holdings(shelf) == []


def test_a_collection_of_articles_does_not_become_a_large_one(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add("news", [build_document("a.txt", "光。".encode(), "plain")])
    with pytest.raises(NameTaken, match="single articles"):
        fill(shelf, write(tmp_path, EAST))


def test_while_it_grows_it_is_neither_moved_nor_removed(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, write(tmp_path, EAST))
    with shelf.growing("news"):
        with pytest.raises(ArchiveBusy):
            rename(shelf, "news", "old")
        with pytest.raises(ArchiveBusy):
            delete(shelf, "news")
    assert list(shelf.documents("news")) == ["east"]


def test_a_collection_of_articles_does_not_replace_one_that_is_being_filled(shelf: Shelf) -> None:
    with shelf.growing("news") as growing:
        growing.add([build_document("a.txt", "光。".encode(), "plain")])
        with pytest.raises(ArchiveBusy):
            shelf.add("news", [build_document("b.txt", "城。".encode(), "plain")])
        growing.finish()
    with pytest.raises(NameTaken, match="large collection"):
        shelf.add("news", [build_document("b.txt", "城。".encode(), "plain")])
    assert list(shelf.documents("news")) == ["a"]


def test_who_adds_documents_is_told_and_may_stop(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, write(tmp_path, EAST))

    def stopped(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extend(replace(shelf, progress=stopped), "news", [build_document("b.txt", "城。".encode(), "plain")])
    fill(shelf, write(tmp_path, WEST))
    assert list(shelf.documents("news")) == ["east", "west"]


def test_what_an_archive_was_made_with_is_no_reason_to_go_on(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, write(tmp_path, EAST))
    other = Shelf(shelf.folder, WordEmbedder(fingerprint="fake:2"), shelf.rules)
    with pytest.raises(CollectionError, match=r"other passages\. Make another collection"):
        other.open("news")
    with shelf.growing("begun") as growing:
        growing.add([build_document("a.txt", "光。".encode(), "plain")])
    with pytest.raises(CollectionError, match="not been finished. Go on with: wenju index PATH"):
        shelf.open("begun")


def test_another_model_is_refused_by_name(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, write(tmp_path, EAST))
    other = Shelf(shelf.folder, WordEmbedder(fingerprint="fake:2"), shelf.rules)
    with pytest.raises(CollectionError, match="another embedding model"):
        other.open("news")


def test_the_library_opens_it_anew_when_it_has_grown(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, write(tmp_path, EAST))
    library = Library(shelf, lambda index: pytest.fail("not asked"), "news")
    assert list(library.opening("news").documents) == ["east"]
    fill(shelf, write(tmp_path, WEST))
    assert list(library.opening("news").documents) == ["east", "west"]


# --- on the command line -----------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(engine, "SentenceEmbedder", lambda *_: WordEmbedder())
    return tmp_path / "home"


def test_the_command_says_what_became_of_it(home: Path, tmp_path: Path) -> None:
    file = write(tmp_path, EAST, "{broken", WEST)
    result = CliRunner().invoke(main, ["index", str(file)])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "news: 2 document(s), 2 passages; 2 put in, 0 replaced, 0 in already, 1 passed over.",
        "Ask it: wenju ask QUESTION --collection news",
    ]
    assert f"passed over: {file}, line 2: it is no JSON" in result.stderr
    again = CliRunner().invoke(main, ["index", str(file), "--collection", "news"])
    assert "0 put in, 0 replaced, 2 in already" in again.stdout
    write(tmp_path, EAST, line("west", "光在城外。"))
    changed = CliRunner().invoke(main, ["index", str(file)])
    assert "0 put in, 1 replaced, 1 in already" in changed.stdout
    assert changed.stderr.splitlines()[-1] == "replaced: west"
    one = tmp_path / "north.txt"
    one.write_text("5G在北边。", encoding="utf-8")
    more = CliRunner().invoke(main, ["index", str(one), "--collection", "news"])
    assert "news: 3 document(s), 3 passages; 1 put in" in more.stdout  # a large collection grows


def test_the_command_names_some_of_many_that_were_replaced(home: Path, tmp_path: Path) -> None:
    for text in ("光。", "城。"):
        file = write(tmp_path, *(line(f"d{i}", text) for i in range(12)))
        result = CliRunner().invoke(main, ["index", str(file)])
    assert result.stderr.splitlines()[-1] == "replaced: d0, d1, d2, d3, d4, d5, d6, d7, d8, d9 and 2 more"


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["reports.2024/a.txt", "reports.2025/a.txt"], ["reports.2024", "reports.2025"]),
        ([".notes/a.txt"], ["notes"]),
    ],
)
def test_a_folder_is_called_by_its_whole_name(
    home: Path, tmp_path: Path, paths: list[str], names: list[str]
) -> None:
    for path in paths:
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text("光在城里。", encoding="utf-8")
        result = CliRunner().invoke(main, ["index", str((tmp_path / path).parent)])
        assert "1 put in, 0 replaced" in result.output
    assert sorted(folder.name for folder in (home / "indexes").glob("[!.]*")) == names


def test_the_command_stops_at_a_fault_when_it_is_strict(home: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["index", str(write(tmp_path, "{broken")), "--strict"])
    assert (result.exit_code, "line 1: it is no JSON" in result.stderr) == (1, True)


def test_a_name_is_not_taken_by_a_build_that_never_began(shelf: Shelf) -> None:
    class Down(WordEmbedder):
        def embed_queries(self, texts: Sequence[str]) -> Vectors:
            raise ModelError("no answer")

    with pytest.raises(ModelError), replace(shelf, embedder=Down()).growing("news"):
        pass
    with shelf.growing("news") as growing:
        growing.finish()
    assert shelf.is_large("news")


def test_a_file_of_its_name_does_not_hide_a_large_collection(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CliRunner().invoke(main, ["index", str(write(tmp_path, EAST, WEST))]).exit_code == 0
    (tmp_path / "news").write_text("光", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    more = tmp_path / "north.txt"
    more.write_text("5G在北边。", encoding="utf-8")
    result = CliRunner().invoke(main, ["index", str(more), "--collection", "news"])
    assert "news: 3 document(s), 3 passages; 1 put in" in result.stdout


def test_what_stands_before_a_fault_can_be_asked(home: Path, tmp_path: Path) -> None:
    file = write(tmp_path, EAST, "{broken", WEST)
    result = CliRunner().invoke(main, ["index", str(file), "--strict"])
    assert (result.exit_code, "What stands before it is in" in result.output) == (1, True)
    found = CliRunner().invoke(main, ["search", "算力", "--collection", "news"])
    assert "武汉的算力在东边。" in found.output


def test_the_command_takes_documents_out(home: Path, tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["index", *words])
        return result.exit_code, result.output

    assert run(str(write(tmp_path, EAST, WEST)))[0] == 0
    assert run("--collection", "news", "--remove", "nowhere") == (
        1,
        "Error: 'news' holds no document 'nowhere'; nothing was taken out.\n",
    )
    assert run("--collection", "news", "--remove", "west") == (0, "news: 1 document(s) are left.\n")
    assert "all that 'news' holds" in run("--collection", "news", "--remove", "east")[1]
    assert run("--remove", "east")[0] == run("--collection", "news")[0] == 2


def test_rows_are_kept_in_milvus_where_the_setting_says_so(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_INDEX__URL", str(tmp_path / "rows.db"))
    assert CliRunner().invoke(main, ["index", str(write(tmp_path, EAST, WEST))]).exit_code == 0
    assert not (home / "indexes" / "news" / "vectors").exists()
    monkeypatch.delenv("WENJU_INDEX__URL")  # the collection knows where its rows are
    found = CliRunner().invoke(main, ["search", "光", "--collection", "news"])
    assert "光在城里。" in found.output


@pytest.mark.parametrize("url", ["http://me:secret@milvus:19530", "milvus:19530", "rows.txt"])
def test_a_place_that_cannot_be_one_is_refused(
    url: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_INDEX__URL", url)
    result = CliRunner().invoke(main, ["index", str(write(tmp_path, EAST))])
    assert (result.exit_code, "index.url must" in result.output) == (1, True)
    assert "secret" not in result.output
