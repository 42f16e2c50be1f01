"""The process that reads a file: what ends it, what is then said, and that nothing else ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from corpus import ArticleError, ArticleUnread, Limits, Metadata, load_document, read_document
from corpus.errors import ArticleDamaged, ArticleTooLarge
from tests.corpus.formats.make_pdf import huge_page

SLOW_PAGE = b"<html><p " + b" ".join(b"a%d=1" % i for i in range(1_000_000)) + b">hi."  # minutes


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a script in place of the reading process."""

    def put(script: str) -> None:
        package = tmp_path / "site" / "corpus"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "child.py").write_text(f"import os, sys, time\n{script}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(str(package.parent))

    return put


@pytest.mark.parametrize(
    ("number", "error", "words"),
    [
        (signal.SIGSEGV, ArticleDamaged, r"a\.txt makes its reader crash\. Save"),
        (signal.SIGBUS, ArticleDamaged, "crash"),
        (signal.SIGABRT, ArticleTooLarge, r"a\.txt asks for more memory .* \(700 MB\).*memory_megabytes"),
        (signal.SIGKILL, ArticleTooLarge, "more memory"),
        (signal.SIGXCPU, ArticleTooLarge, r"a\.txt takes more than 9 seconds.*raise articles\.seconds"),
    ],
)
def test_a_reader_that_is_killed_names_the_file_and_the_way_out(
    child: Callable[[str], None], number: int, error: type[ArticleError], words: str
) -> None:
    child(f"os.kill(os.getpid(), {number:d})")
    with pytest.raises(error, match=words):
        read_document("a.txt", b"Good.", limits=Limits(seconds=9, memory_megabytes=700))


def test_a_reader_that_waits_for_ever_is_ended_by_the_clock(child: Callable[[str], None]) -> None:
    child("time.sleep(600)")
    with pytest.raises(ArticleTooLarge, match=r"a\.txt takes more than 1 seconds"):
        read_document("a.txt", b"Good.", limits=Limits(seconds=1))


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (
            "raise KeyError('a fault of ours')",
            r"failed on a\.txt: KeyError: 'a fault of ours'\. Save it in another",
        ),
        (f"os.kill(os.getpid(), {signal.SIGTERM:d})", r"failed on a\.txt: -15\. Save it in another"),
    ],
)
def test_a_fault_of_ours_is_told_as_such(child: Callable[[str], None], script: str, words: str) -> None:
    child(script)
    with pytest.raises(ArticleUnread, match=words):
        read_document("a.txt", b"Good.")


def test_a_reader_that_takes_no_input_still_has_its_say(child: Callable[[str], None]) -> None:
    child("""print('{"error": "NotText", "message": "a.txt is a song."}')""")
    with pytest.raises(ArticleError, match=r"^a\.txt is a song\.$") as caught:
        read_document("a.txt", b"Good. " * 1_000_000)
    assert type(caught.value).__name__ == "NotText"


def exit_code(name: str, data: bytes, limits: Limits) -> int:
    """How the reading process ends by itself, with no clock beside it."""
    asked = {"name": name, "layout": None, "metadata": asdict(Metadata()), "limits": asdict(limits)}
    command = [sys.executable, "-m", "corpus.child"]
    run = subprocess.run(command, input=json.dumps(asked).encode() + b"\n" + data, capture_output=True)
    return run.returncode


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS bounds no addresses")
def test_the_process_bounds_its_own_memory_and_time() -> None:
    ends = {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL}
    assert exit_code("a.pdf", huge_page(), Limits(memory_megabytes=500)) in ends
    text = b"Good. " * 3_000_000
    assert exit_code("a.txt", text, Limits(memory_megabytes=256)) == -signal.SIGABRT
    assert exit_code("a.html", SLOW_PAGE, Limits(seconds=1)) == -signal.SIGXCPU
    assert exit_code("a.txt", b"Good.", Limits()) == 0


def test_the_process_starts_without_the_readers_that_its_file_does_not_need() -> None:
    script = "import corpus.child, sys; print(*{name.split('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {"charset_normalizer", "docx", "lxml", "markdown_it", "pydantic", "pypdfium2"}
    assert heavy & set(run.stdout.split()) == set()


def test_metadata_and_layout_reach_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("# 甲\n\n乙丙。\n", encoding="utf-8")
    path.with_suffix(".toml").write_text(
        'title = "题"\npublished = "2024-12"\n[suggestions]\nzh = ["丙？"]\n', encoding="utf-8"
    )
    document = load_document(path, "markdown")
    assert (document.title, document.published, document.layout) == ("题", "2024-12", "markdown")
    assert document.suggestions == {"zh": ("丙？",)}
    assert document.text == "甲\n乙丙。"


@pytest.mark.parametrize(
    ("name", "value"),
    [("megabytes", 0), ("pages", 100_001), ("seconds", 0), ("memory_megabytes", 255)],
)
def test_a_limit_out_of_range_names_its_setting(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"^articles.{name} must be between "):
        Limits(**{name: value})
