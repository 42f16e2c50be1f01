"""`wenju prompts …`: parse, wire, show."""

from __future__ import annotations

from typing import Any

import click

from app.errors import SettingsError
from app.settings import load_settings
from prompts import PLACEHOLDERS, Language, PromptError, load_prompt, prompt_path

_LANGUAGES: tuple[Language, ...] = ("zh", "en")


@click.group()
def prompts() -> None:
    """What language models are told.

    A file of the same name in the folder that the setting writer.prompts names takes a prompt's place.
    """


@prompts.command()
@click.argument("task", type=click.Choice(list(PLACEHOLDERS)), required=False)
@click.option("--language", type=click.Choice(["zh", "en"]), help="Show those of one language.")
def show(task: Any, language: Any) -> None:
    """Print the prompts that are in force, each with its file; of TASK alone if one is named."""
    folder = load_settings().writer.prompts_folder
    for one in [task] if task else list(PLACEHOLDERS):
        for lang in _LANGUAGES if language is None else (language,):
            path = prompt_path(one, lang, folder)
            try:
                load_prompt(one, lang, folder)
            except PromptError as error:
                raise SettingsError(str(error)) from error
            click.echo(f"# {path}\n\n{path.read_text(encoding='utf-8').strip()}\n")
