"""The writers that can be chosen: the one that quotes, and those with a language model."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.checker import Checker
from app.composing import ComposingWriter
from app.errors import SettingsError
from app.extractive import ExtractiveWriter
from app.language_models import make_language_model
from app.model_catalogue import CATALOGUE
from app.model_store import ModelStore
from app.settings import EXTRACTIVE, Settings
from app.writer import Writer
from prompts import PromptError, load_prompts


def make_writer(use: str, settings: Settings, checker: Callable[[], Checker]) -> Writer:
    """The writer of a name as in `writer.use`. No model is loaded.

    Raises SettingsError, and ModelUnknown or ModelMissing for a model that is not here.
    """
    if use == EXTRACTIVE:
        return ExtractiveWriter(settings.writer)
    try:
        prompts = load_prompts(settings.writer.prompts_folder)
    except PromptError as error:
        raise SettingsError(str(error)) from error
    model = make_language_model(use, settings)
    return ComposingWriter(model, checker(), settings.writer, prompts, settings.language_model.tokens)


class Writers:
    """The writers of a page, each made once."""

    def __init__(self, settings: Settings, models: ModelStore, checker: Callable[[], Checker]) -> None:
        """Raises what `make_writer` raises where the settings' own writer cannot be made."""
        self._settings, self._models, self._checker = settings, models, checker
        self.own = make_writer(settings.writer.use, settings, checker)
        self._made = {self.own.name: self.own}
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """What can be chosen: the one in the settings, the quoting one, the models that are here.

        A model in a file goes by the file's name: where it lies is nobody's business.
        """
        fetched = [f"llama:{m.name}" for m in CATALOGUE.values() if self._models.fetched(m) == m.size]
        return list(dict.fromkeys([self.own.name, EXTRACTIVE, *fetched]))

    def writer(self, name: str) -> Writer:
        """The writer of one of the names. Raises SettingsError."""
        if name not in self.names():
            raise SettingsError(f"没有写作方式 {name}。 / There is no writer {name!r} here.")
        with self._lock:  # two visitors share one model
            if name not in self._made:
                self._made[name] = make_writer(name, self._settings, self._checker)
            return self._made[name]
