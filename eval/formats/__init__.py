"""The layouts a question set may come in: one reader each, behind one door.

jsonl   our own: one question a line, asked over a collection or the article beside it
squad   SQuAD, CMRC 2018, DRCD and SQuAD 2.0: the paragraphs become the collection
rgb     RGB: five passages a question, under rising noise
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from importlib.resources import files
from pathlib import Path
from typing import Literal

from eval.formats.jsonl import parse_jsonl
from eval.formats.rgb import parse_rgb
from eval.formats.squad import Split, parse_squad
from eval.questions import QuestionSet, QuestionSetError

__all__ = ["Format", "Split", "find_set", "read_set", "shipped_sets"]

Format = Literal["jsonl", "squad", "rgb"]


def find_set(name: str, own: Path) -> Path:
    """The file of a set: a path, or the name of a shipped set or of one in the folder `own`.

    Raises QuestionSetError that names the sets there are.
    """
    try:
        path = Path(name).expanduser()
        if path.is_file():
            return path
    except (OSError, RuntimeError) as error:  # too long a name, or the home of an unknown user
        raise QuestionSetError(f"cannot read the question set {name}: {error}.") from error
    named = {file.stem: file for file in [*sorted(own.glob("*.jsonl")), *shipped_sets()]}
    if name in named:
        return named[name]
    raise QuestionSetError(f"there is no question set {name}. Give a file, or one of: {', '.join(named)}.")


def shipped_sets() -> list[Path]:
    """The files of the sets that ship with Wenju."""
    return sorted(Path(str(files("eval") / "sets")).glob("*.jsonl"))


def read_set(path: Path, layout: Format = "jsonl", split: Split | None = None) -> QuestionSet:
    """The question set in a file, which may be compressed by gzip. Raises QuestionSetError.

    `split` takes a part of a `squad` file; the collection is of all its paragraphs all the same.
    """
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise QuestionSetError(f"cannot read the question set {path}: {error}.") from error
    name, digest = path.name.split(".")[0], hashlib.sha256(data).hexdigest()
    if layout == "squad":
        return parse_squad(name, digest, text, split)
    if split is not None:
        raise QuestionSetError(f"--split parts a squad file; {path.name} was named as {layout}.")
    if layout == "rgb":
        return parse_rgb(name, digest, text)
    return parse_jsonl(name, digest, text, path.parent)
