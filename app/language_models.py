"""From a setting to a language model."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from app.errors import SettingsError
from app.language_model import LanguageModel
from app.model_catalogue import find_model
from app.model_store import model_store
from app.settings import Settings

_FORMS = "llama:NAME, transformers:NAME or openai:NAME"


def make_language_model(use: str, settings: Settings) -> LanguageModel:
    """The language model that `writer.use` names; it loads when it is first needed.

    Raises SettingsError, and ModelUnknown or ModelMissing where the catalogue's file is not here.
    """
    kind, _, name = use.partition(":")
    threads = settings.models.threads
    if name and kind == "llama":
        from app.llama_model import LlamaModel, is_file

        if not is_file(name):
            model_store().check_here(find_model(name))
        return LlamaModel(name, settings.language_model, threads)
    if name and kind == "transformers":
        from app.transformers_model import TransformersModel

        return TransformersModel(name, threads)
    if name and kind == "openai":
        from app.openai_model import OpenAIModel

        _check_url(settings.language_model.url)
        return OpenAIModel(name, settings.language_model)
    raise SettingsError(f"{use!r} names no language model. The forms are {_FORMS}.")


def without_folder(use: str) -> str:
    """What `writer.use` says, a model's file or folder without what leads there.

    >>> without_folder("llama:/home/anna/small.gguf"), without_folder("transformers:Qwen/Qwen3-0.6B")
    ('llama:small.gguf', 'transformers:Qwen/Qwen3-0.6B')
    """
    kind, colon, name = use.partition(":")
    path = Path(name).expanduser()
    is_path = kind == "llama" or (kind == "transformers" and (name[:1] in "./~" or path.is_dir()))
    return f"{kind}{colon}{path.resolve().name}" if name and is_path else use


def _check_url(url: str) -> None:
    example = "as in http://127.0.0.1:8080/v1"
    if not url:
        raise SettingsError(f"openai:NAME needs the setting language_model.url, {example}.")
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is none
        good = False
    if not good:
        raise SettingsError(
            f"language_model.url is {url!r}, and must begin with http:// or https://, {example}."
        )
    if parts.username or parts.password:
        raise SettingsError("language_model.url must hold no password. Put the key into OPENAI_API_KEY.")
