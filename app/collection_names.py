"""What collections go by: the shipped article's name, names that a user may give, paths of files."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from app.errors import BadName

SHIPPED = "wuhan-digital-economy"
FILE = "file-"  # how the indexes of files begin, which have no name of their own
_LONGEST = 64  # characters
_NAME = re.compile(r"\w(?:[\w .-]*[\w-])?")


def check_name(name: str) -> None:
    """Raise BadName for what cannot name a collection of the user's."""
    if not may_name(name) or name == SHIPPED or name.startswith(FILE):
        raise BadName(
            f"{name!r} cannot name a collection. Use up to {_LONGEST} letters, digits, spaces, '-', '_' and "
            f"'.', not {SHIPPED!r} and nothing that begins with {FILE!r}."
        )


def name_for(title: str) -> str:
    """A name for a collection of something that has a title; empty where no letter of it may stand in one.

    >>> name_for("报告（2024）：终稿"), name_for("../notes."), name_for("file-1")
    ('报告 2024 终稿', 'notes', '1')
    """
    clean = re.sub(r"[^\w.-]+", " ", title).removeprefix(FILE)
    return clean.strip(" .-")[:_LONGEST].rstrip(" .")


def same_name(one: str, other: str) -> bool:
    """Whether a disk may take two names for one.

    >>> same_name("Mine", "mine"), same_name("mine", "mine 2")
    (True, False)
    """
    return _folded(one) == _folded(other)


def collection_key(name: str) -> str:
    """What a collection goes by wherever it is opened from: its name, or the whole path of its file.

    >>> collection_key("mine"), collection_key("/home/me/../me/notes.md")
    ('mine', '/home/me/notes.md')
    """
    return str(Path(os.path.expanduser(name)).resolve()) if names_file(name) else name


def names_file(name: str) -> bool:
    """Whether what a user typed is a file's path: one that is there, or what cannot be a name."""
    return name != SHIPPED and (os.path.isfile(os.path.expanduser(name)) or not may_name(name))


def may_name(name: str) -> bool:
    """Whether it can name a collection, also where a file of that name is there."""
    return len(name) <= _LONGEST and _NAME.fullmatch(name) is not None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
