"""Settings: a frozen dataclass a stage, from a TOML file and `WENJU_*` variables.

`WENJU_RETRIEVAL__TOP_K=8` sets `top_k` of `[retrieval]`. The file is `settings.toml` in the data
folder. Variables win over the file. An unknown name or a bad value is an error that names it.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import (
    SettingsError as SettingsSourceError,
)

from app.errors import SettingsError
from corpus import Limits
from index import EMBEDDED, SERVER, PassageRules, RetrievalRules

_PREFIX = "WENJU_"
_HOME = "WENJU_HOME"
_SECRET = re.compile(r"//[^/@\s]*@")  # a name and a password in an address
EXTRACTIVE = "extractive"  # the writer that needs no language model


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} must be between {low} and {high}")


@dataclass(frozen=True)
class ModelSettings:
    """Which models run: `embedded`, a folder, or for the embedder a name on the model hub.

    The embedder may also be `openai:NAME`, what an OpenAI-compatible server at `url` calls its model; its key
    is read from OPENAI_API_KEY. The reader may also be `scorer`, which needs no model.
    """

    embedder: str = EMBEDDED
    reader: str = EMBEDDED
    threads: int = 0  # 0: as many as there are cores
    url: str = ""

    def __post_init__(self) -> None:
        _check("models.threads", self.threads, 0, 256)
        if self.embedder.startswith(SERVER) and not self.url.startswith(("http://", "https://")):
            raise ValueError("models.url must be the http address of the server that embeds")
        if "@" in self.url:
            raise ValueError("models.url must hold no name or password; set OPENAI_API_KEY")


@dataclass(frozen=True)
class IndexSettings:
    """Where new large collections keep their rows: in files, or in Milvus at `url`.

    `url` is a server's (http://localhost:19530), whose token is read from MILVUS_TOKEN, or the path of a file
    of Milvus Lite, which ends in .db.
    """

    url: str = ""

    def __post_init__(self) -> None:
        if "@" in self.url:
            raise ValueError("index.url must hold no name or password; set MILVUS_TOKEN")
        if self.url and not self.url.startswith(("http://", "https://")) and not self.url.endswith(".db"):
            raise ValueError("index.url must begin with http:// or https://, or be a path that ends in .db")

    @property
    def place(self) -> str:
        """The URL; of a file, its whole path."""
        if not self.url.endswith(".db"):
            return self.url
        return str(Path(self.url).expanduser().absolute())


@dataclass(frozen=True)
class ReaderSettings:
    """How many of the passages found are read, best first."""

    passages: int = 4

    def __post_init__(self) -> None:
        _check("reader.passages", self.passages, 1, 100)


@dataclass(frozen=True)
class OutcomeSettings:
    """Where confidence parts the outcomes: not_found | unsure | answered."""

    unsure_from: float = 0.33
    answered_from: float = 0.37

    def __post_init__(self) -> None:
        _check("outcome.answered_from", self.answered_from, 0, 1)
        _check("outcome.unsure_from", self.unsure_from, 0, self.answered_from)


@dataclass(frozen=True)
class LanguageModelSettings:
    """How a writer's language model is run.

    `url` is that of an OpenAI-compatible server; its key is read from OPENAI_API_KEY.
    """

    url: str = ""
    context: int = 4096  # tokens that a GGUF model reads and writes at a time
    tokens: int = 320  # of a reply, at most
    seconds: float = 60.0  # without a byte from a server before it counts as down

    def __post_init__(self) -> None:
        _check("language_model.context", self.context, 512, 1_000_000)
        _check("language_model.tokens", self.tokens, 16, 8192)
        _check("language_model.seconds", self.seconds, 1, 3600)


@dataclass(frozen=True)
class WriterSettings:
    """Who writes, and how long a quoting reply may be, in statements.

    `use` is `extractive`, which quotes; or `llama:NAME` with a catalogue name or a GGUF file,
    `transformers:NAME` with a folder or a name on the model hub, `openai:NAME` with what the server at
    `language_model.url` calls its model. `unsupported` is what becomes of a statement that nothing bears out.
    """

    use: str = EXTRACTIVE
    unsupported: Literal["left out", "shown"] = "left out"
    evidence: int = 5  # sentences that a language model is given
    prompts: str = ""  # a folder whose files take the place of the shipped prompts of their names

    statements: int = 3
    list_statements: int = 8  # for questions that ask for a list
    ratio: float = 0.98  # a further statement needs this share of the best one's support
    list_ratio: float = 0.9

    @property
    def prompts_folder(self) -> Path | None:
        """Where the user's own prompts lie; None where there are none."""
        return Path(self.prompts).expanduser() if self.prompts else None

    def __post_init__(self) -> None:
        _check("writer.evidence", self.evidence, 1, 64)
        _check("writer.ratio", self.ratio, 0, 1)
        _check("writer.list_ratio", self.list_ratio, 0, 1)
        _check("writer.statements", self.statements, 1, 20)
        _check("writer.list_statements", self.list_statements, 1, 50)


@dataclass(frozen=True)
class ChatSettings:
    """Where the chat page is served, and whether its conversations are stored.

    `hosts` are further names, parted by commas, that a browser may call it by: a proxy's name for it.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    history: bool = True
    hosts: str = ""

    def __post_init__(self) -> None:
        _check("chat.port", self.port, 1, 65535)

    @property
    def url_host(self) -> str:
        """The host as it stands in an address."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def is_local(self) -> bool:
        """Whether this machine alone reaches the page."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class Settings(BaseSettings):
    """Every stage's settings; read them with `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    articles: Limits = Limits()
    models: ModelSettings = ModelSettings()
    index: IndexSettings = IndexSettings()
    passages: PassageRules = PassageRules()
    retrieval: RetrievalRules = RetrievalRules()
    reader: ReaderSettings = ReaderSettings()
    outcome: OutcomeSettings = OutcomeSettings()
    writer: WriterSettings = WriterSettings()
    language_model: LanguageModelSettings = LanguageModelSettings()
    chat: ChatSettings = ChatSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables first, then the file in the data folder."""
        return env_settings, TomlConfigSettingsSource(settings_cls, home() / "settings.toml")


def home() -> Path:
    """The folder of the user's data: `WENJU_HOME`, or the platform's data folder."""
    named = os.environ.get(_HOME)
    return (
        Path(os.path.expanduser(named))
        if named
        else Path(platformdirs.user_data_dir("wenju", appauthor=False))
    )


def load_settings(writer: str | None = None) -> Settings:
    """The settings in force, with this writer if one is named. Raises SettingsError that names one."""
    settings = _load()
    if writer is None:
        return settings
    return settings.model_copy(update={"writer": replace(settings.writer, use=writer)})


def _load() -> Settings:
    stages = set(Settings.model_fields)
    for name in os.environ:
        stage = name.removeprefix(_PREFIX).split("__")[0].lower()
        if name.startswith(_PREFIX) and name != _HOME and stage not in stages:
            raise SettingsError(f"{name} is no setting; stages are {', '.join(sorted(stages))}.")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        got = _SECRET.sub("//***@", repr(first["input"]))
        raise SettingsError(f"setting {name}: {first['msg']} (got {got}).") from error
    except SettingsSourceError as error:
        raise SettingsError(f"{error}. Set one value, as in {_PREFIX}RETRIEVAL__TOP_K=8.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{home() / 'settings.toml'}: {error}. Mend or remove it.") from error
