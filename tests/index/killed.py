"""Kills the building of an archive at one line after another, and looks at what is left each time.

`python -m tests.index.killed FOLDER` prints how often it killed; it fails where something was lost or stands
twice. A program of its own, for it forks, which no process with threads may do.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from corpus import Document, build_document
from index import Growing, MadeWith, PassageRules, open_archive
from index.local_rows import VECTORS
from tests.fakes import VOCABULARY, WordEmbedder

MADE_WITH = MadeWith("fake:1", PassageRules(20, 0))
WATCHED = ("growing.py", "local_rows.py")  # what is done in which order; more lines would say the same
TEXTS = {"east": "武汉的算力在东边。工厂在西边。", "west": "光在城里。", "north": "5G在北边的工厂。"}
CHANGED = TEXTS | {"east": "武汉的城在东边。"}
# What is there after every step of `build`.
STATES: tuple[dict[str, str], ...] = (
    {},
    {name: TEXTS[name] for name in ("east", "west")},
    CHANGED,
    {name: CHANGED[name] for name in ("east", "north")},
)


def build(folder: Path, told: Callable[[], None]) -> None:
    """Begin an archive, put documents in, another version of one, and take one out."""
    with Growing(folder, WordEmbedder(), MADE_WITH) as growing:
        growing.add([made(name) for name in ("east", "west")])
        told()
        growing.finish()
        growing.add([made(name, CHANGED) for name in ("east", "north")])
        told()
        growing.remove(["west"])
        told()
        growing.finish()


def made(name: str, texts: dict[str, str] = TEXTS) -> Document:
    """A document of a name."""
    return build_document(name, texts[name].encode(), "plain")


class Killer:
    """Traces the watched files; kills the process at the `at`-th line that it has not seen since a step."""

    def __init__(self, at: int) -> None:
        self._at, self._count = at, 0
        self._seen: set[tuple[str, int]] = set()

    def trace(self, frame: FrameType, event: str, _: Any) -> Any:
        """What `sys.settrace` calls."""
        name = os.path.basename(frame.f_code.co_filename)
        if name not in WATCHED:
            return None
        place = name, frame.f_lineno
        if event == "line" and place not in self._seen:
            self._seen.add(place)
            self._count += 1
            if self._count == self._at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.trace

    def step(self) -> None:
        """What was seen before counts anew."""
        self._seen.clear()


def killed_at(folder: Path, at: int) -> int:
    """Build in a child that is killed at a line: how many steps it told of; -1 if it came to its end."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        killer = Killer(at)

        def told() -> None:
            os.write(writing, b".")
            killer.step()

        sys.settrace(killer.trace)
        build(folder, told)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        steps = len(pipe.read())
    status = os.waitpid(child, 0)[1]
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL, status
    return -1 if status == 0 else steps


def check(folder: Path, steps: int) -> None:
    """Go on in a child, and see that what is there is what was after a step, whole and once."""
    if (child := os.fork()) == 0:
        with Growing(folder, WordEmbedder(), MADE_WITH) as growing:
            growing.finish()
        index = open_archive(folder)
        texts = {name: document.text for name, document in index.documents.items()}
        assert texts in STATES[steps : steps + 2], (steps, texts)
        rows = [row for name in texts for row in index.passages.rows_of(name)]
        assert len(rows) == len(set(rows)) == len(index.passages) == len(index.dense) == len(index.lexical)
        vectors = np.fromfile(folder / VECTORS, dtype=np.float16).reshape(-1, len(VOCABULARY))
        for row in rows:
            passage = index.passages[row]
            text = texts[passage.document_id][passage.start : passage.end]
            assert np.allclose(vectors[row], WordEmbedder().embed_passages([text])[0], atol=1e-3)
            assert row in [found for found, _ in index.lexical.search(text, 10)]
            assert {found for found, _ in index.lexical.search(text, 10)} <= set(rows)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def main() -> None:
    """Kill at the first line, the second, …, until nothing is killed any more."""
    folder, kills = Path(sys.argv[1]), 0
    while (steps := killed_at(folder / str(kills), kills + 1)) >= 0:
        check(folder / str(kills), steps)
        kills += 1
    sys.stdout.write(f"{kills}\n")


if __name__ == "__main__":
    main()
