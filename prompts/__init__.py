"""What is said to a language model: one text file a task and language, its placeholders checked at load.

A file holds the instructions, a line `---`, and what is asked, which ends with what changes most: a model
that keeps the beginning of its prompt need not read it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Literal

Task = Literal["answer", "follow-up", "outline"]
Language = Literal["zh", "en"]

# What a model is told to say where the evidence does not answer; also what is said without a model.
DECLINED: Mapping[Language, str] = {"zh": "文章中没有提到。", "en": "The article does not say."}

PLACEHOLDERS: Mapping[Task, frozenset[str]] = {
    "answer": frozenset({"evidence", "question", "declined"}),
    "follow-up": frozenset({"history", "question"}),
    "outline": frozenset({"evidence"}),
}
_PARTED = "\n---\n"


class PromptError(ValueError):
    """A prompt's file is missing, or does not say what its task needs."""


@dataclass(frozen=True)
class Prompt:
    """The instructions and what is asked, with placeholders."""

    system: str
    user: str

    def fill(self, **values: str) -> tuple[str, str]:
        """Both with the values of a task's placeholders; braces inside the values stay as they are."""
        return self.system.format_map(values), self.user.format_map(values)


Prompts = Mapping[tuple[Task, Language], Prompt]


def prompt_path(task: Task, language: Language, folder: Path | None = None) -> Path:
    """The file that is in force: the folder's own one where it has one, else the shipped one."""
    name = f"{task}.{language}.txt"
    if folder is not None and (own := folder / name).exists():
        return own
    return Path(__file__).parent / name


def load_prompt(task: Task, language: Language, folder: Path | None = None) -> Prompt:
    """The prompt of a task. Raises PromptError that names the file and what is wrong with it."""
    path = prompt_path(task, language, folder)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path}: cannot be read as UTF-8 text ({error}).") from error
    system, parted, user = text.strip().partition(_PARTED)
    if not parted:
        raise PromptError(f"{path}: a line '---' must part the instructions from what is asked.")
    _check(path, text, PLACEHOLDERS[task])
    return Prompt(system.strip(), user.strip())


def load_prompts(folder: Path | None = None) -> Prompts:
    """Every prompt that is in force. Raises PromptError."""
    return {(task, lang): load_prompt(task, lang, folder) for task in PLACEHOLDERS for lang in DECLINED}


def prompts_sha256(prompts: Prompts) -> str:
    """The SHA-256 of all that prompts say."""
    told = sorted((*key, prompt.system, prompt.user) for key, prompt in prompts.items())
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _check(path: Path, text: str, known: frozenset[str]) -> None:
    try:
        fields = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    except ValueError as error:
        raise PromptError(f"{path}: {error}. Double a brace that is meant as one: {{{{ }}}}.") from error
    if fields != known:
        wrong = [f"lacks {{{name}}}" for name in sorted(known - fields)]
        wrong += [f"has {{{name}}}, which nothing fills" for name in sorted(fields - known)]
        raise PromptError(f"{path} {' and '.join(wrong)}.")
