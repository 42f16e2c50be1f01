"""From a user's file to a Document, read in a process whose time and memory are bounded.

A file of some kilobytes can unpack to gigabytes, repeat a form without end, or meet a fault in a
library that is not written in Python. That ends the process of corpus/child.py, and nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import stat
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from corpus.build import build_document
from corpus.document import Document, Layout
from corpus.errors import ArticleDamaged, ArticleError, ArticleNotFound, ArticleTooLarge, ArticleUnread
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.metadata import Metadata, read_metadata
from corpus.names import clean_name

_MEGABYTE = 1_000_000
log = logging.getLogger(__name__)

_ERRORS: dict[str, type[ArticleError]] = {
    error.__name__: error for error in [ArticleError] + ArticleError.__subclasses__()
}
# How a process ends that is refused memory: PDFium gives up by any of the first three.
_STARVED = (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGKILL)
_CRASHED = (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE)


def load_document(path: Path, layout: Layout | None = None, limits: Limits = DEFAULT_LIMITS) -> Document:
    """The document in a text, Markdown, HTML, Word or PDF file; a `.toml` file beside it may name its title.

    `layout` says how the lines of a text are meant; None means: Markdown for `.md`, otherwise detected.
    Raises an ArticleError that names the file.
    """
    data = _read_bytes(path, limits)
    return _read(clean_name(path.name), data, layout, read_metadata(path), limits)


def read_document(
    name: str, data: bytes, layout: Layout | None = None, limits: Limits = DEFAULT_LIMITS
) -> Document:
    """The document in bytes that came without a file, as from a browser; `name` may be anything.

    Its id is the last part of the name without its ending. Raises an ArticleError, as `load_document` does.
    """
    shown = clean_name(name)
    _check_size(shown, len(data), limits)
    return _read(shown, data, layout, Metadata(), limits)


def load_trusted(path: Path) -> Document:
    """The document in a file of Wenju's own, read here: it needs no bounds, and a start no more time."""
    return build_document(path.name, path.read_bytes(), None, read_metadata(path))


def _read_bytes(path: Path, limits: Limits) -> bytes:
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ArticleNotFound(f"cannot read {path}: It is no regular file. Give a file of text.")
            _check_size(str(path), status.st_size, limits)
            data = file.read(limits.megabytes * _MEGABYTE + 1)
            _check_size(str(path), len(data), limits)  # it may have grown
            return data
    except OSError as error:
        raise ArticleNotFound(f"cannot read {path}: {error.strerror}. Check the path.") from error
    except ValueError as error:
        raise ArticleNotFound(f"cannot read {str(path)!r}: {error}. Check the path.") from error


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe would wait for whoever writes to it


def _check_size(name: str, size: int, limits: Limits) -> None:
    allowed = limits.megabytes * _MEGABYTE
    if size > allowed:
        raise ArticleTooLarge(
            f"{name} has {size:,} bytes; an article may have {allowed:,}. Split it, or raise "
            "articles.megabytes."
        )


def _read(name: str, data: bytes, layout: Layout | None, metadata: Metadata, limits: Limits) -> Document:
    asked = {"name": name, "layout": layout, "metadata": asdict(metadata), "limits": asdict(limits)}
    try:
        child = subprocess.run(
            # -P: no module of the folder that the user works in; the file may have come with some.
            [sys.executable, "-P", "-m", "corpus.child"],
            input=b"%s\n%s" % (json.dumps(asked).encode(), data),
            env={**os.environ, "PYTHONPATH": _module_path()},
            capture_output=True,
            check=False,
            timeout=limits.seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow(name, limits) from error
    if child.returncode:
        raise _ended(name, limits, child)
    answer = json.loads(child.stdout)
    if "error" in answer:
        raise _ERRORS[answer["error"]](answer["message"])
    return Document.from_json(answer["document"])


def _module_path() -> str:
    return os.pathsep.join([*filter(os.path.isabs, sys.path), str(Path(__file__).parents[1])])


def _too_slow(name: str, limits: Limits) -> ArticleTooLarge:
    return ArticleTooLarge(
        f"{name} takes more than {limits.seconds:,} seconds to read. Split it, or raise articles.seconds."
    )


def _ended(name: str, limits: Limits, child: subprocess.CompletedProcess[bytes]) -> ArticleError:
    """Why the process did not answer: by a signal, or else by a fault of ours, not of the file."""
    if child.returncode == -signal.SIGXCPU:
        return _too_slow(name, limits)
    if -child.returncode in _STARVED:
        return ArticleTooLarge(
            f"{name} asks for more memory than reading it may take ({limits.memory_megabytes:,} MB). "
            "Split it, save its text, or raise articles.memory_megabytes."
        )
    if -child.returncode in _CRASHED:
        return ArticleDamaged(f"{name} makes its reader crash. Save or download it anew.")
    told = child.stderr.decode(errors="replace").strip()
    log.debug("the reader of %s ended with %d:\n%s", name, child.returncode, told)
    return ArticleUnread(
        f"the reader failed on {name}: {told.splitlines()[-1] if told else child.returncode}. Save it in "
        "another format, or run again with --debug for the details."
    )
