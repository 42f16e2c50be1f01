"""What no rule can know of an article: a `.toml` file beside it may say it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from corpus.document import Language
from corpus.errors import ArticleError

MAX_BYTES = 100_000  # some lines are enough
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Metadata:
    """`published` is `YYYY-MM`; suggestions are questions. Raises ValueError for another month."""

    title: str | None = None
    published: str | None = None
    licence: str | None = None
    suggestions: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if self.published is not None and not _MONTH.fullmatch(self.published):
            raise ValueError(f"published should be a month like 2024-12 (got {self.published!r})")


def read_metadata(article: Path) -> Metadata:
    """The metadata file beside an article, or empty metadata. Raises ArticleError if it is broken."""
    path = article.with_suffix(".toml")
    if not os.path.isfile(path):  # Path.is_file raises for a name that is too long
        return Metadata()
    # Most articles have no such file, and the start of the program does not wait for them.
    from pydantic import TypeAdapter, ValidationError

    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ArticleError(f"{path} has more than {MAX_BYTES:,} bytes. Shorten or remove it.")
        return TypeAdapter(Metadata).validate_python(tomllib.loads(data.decode("utf-8")))
    except OSError as error:
        raise ArticleError(f"cannot read {path}: {error.strerror}. Mend or remove it.") from error
    except RecursionError as error:
        raise ArticleError(f"{path} is nested too deeply. Mend or remove it.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArticleError(f"{path} is not valid TOML: {error}. Mend or remove it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"{part}: " for part in (".".join(map(str, first["loc"])),) if part)
        raise ArticleError(f"{path}: {place}{first['msg']}. Mend or remove it.") from error
