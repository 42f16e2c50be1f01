"""The files of language models in the data folder. What is fetched gets a model's name once it proves right.

`NAME.gguf` is the model; `.NAME.part-SOURCE` its first bytes, as a source has given them so far;
`.NAME.sha256.json` its SHA-256 as it was worked out last.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from filelock import FileLock, Timeout

from app.errors import ModelBusy, ModelDamaged, ModelMissing, ModelUnwritable
from app.file_hash import note_sha256, noted_sha256, sha256_of
from app.model_catalogue import Model, find_model
from app.settings import home
from index import Progress, make_private

log = logging.getLogger(__name__)

_PRIVATE = 0o600
_ROOM = "Make room there, or set WENJU_HOME to another folder, and fetch again"


@dataclass(frozen=True)
class Partial:
    """The first bytes of a model, as one source has given them so far."""

    path: Path

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.path.stat().st_size if self.path.exists() else 0

    @contextmanager
    def opened(self, at: int) -> Iterator[BinaryIO]:
        """The file, to be written on from the byte `at`; what stood behind it goes."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, _PRIVATE)
        with os.fdopen(descriptor, "r+b") as file:
            file.truncate(at)
            file.seek(at)
            yield file

    def drop(self) -> None:
        """Remove it, with what the source has noted beside it."""
        for path in self.path.parent.glob(f"{self.path.name}*"):
            path.unlink()


class Source(Protocol):
    """Where a model's bytes come from."""

    @property
    def name(self) -> str:
        """What its partial files are told by."""
        ...

    def spare(self, model: Model) -> int:
        """How many bytes of disk it needs beside the model's own."""
        ...

    def fill(self, model: Model, partial: Partial, progress: Progress) -> None:
        """Go on with the partial file until it has the model's size. Raises ModelUnavailable or OSError."""
        ...


@dataclass(frozen=True)
class ModelStore:
    """The models in a folder."""

    folder: Path

    def path(self, model: Model) -> Path:
        """Where a model's file stands once it is here."""
        return self.folder / f"{model.name}.gguf"

    def check_here(self, model: Model) -> None:
        """Raises ModelMissing where there is no file of the model."""
        if not self.path(model).exists():
            raise ModelMissing(
                f"the model {model.name} is not here. Fetch it: wenju models fetch {model.name}"
            )

    def checked(self, model: Model) -> Path:
        """The model's file. Raises ModelMissing or ModelDamaged.

        The size is checked every time, the SHA-256 when the file is new or has changed.
        """
        self.check_here(model)
        path = self.path(model)
        try:
            if (size := path.stat().st_size) != model.size:
                raise ModelDamaged(f"{path} has {size:,} bytes instead of {model.size:,}. {_again(model)}")
            if (found := noted_sha256(path, self._note(model))) != model.sha256:
                raise ModelDamaged(
                    f"{path} has the SHA-256 {found} instead of {model.sha256}. {_again(model)}"
                )
        except OSError as error:
            raise ModelDamaged(f"cannot read {path} ({error.strerror}). {_again(model)}") from error
        return path

    def fetch(self, model: Model, source: Source, progress: Progress) -> Path:
        """The model's file, from the source where it is not here yet; goes on where an earlier fetch stopped.

        Raises ModelUnavailable, ModelDamaged or ModelUnwritable; what stood under the name stays then.
        """
        partial = Partial(self.folder / f".{model.name}.part-{source.name}")
        try:
            make_private(self.folder)
            with self._alone(model):
                if self._is_whole(model):
                    return self.path(model)
                self._tidy(model)
                self._check_room(model, source, partial)
                source.fill(model, partial, progress)
                return self._put(model, partial)
        except OSError as error:
            why = error.strerror or error
            raise ModelUnwritable(
                f"cannot write {self.folder} ({why}). {_ROOM}; what is there is kept."
            ) from error

    def remove(self, model: Model) -> int:
        """Remove a model's file and what was fetched of it; gives the bytes freed.

        Raises ModelBusy while it is being fetched, or ModelUnwritable.
        """
        if not self.folder.is_dir():
            return 0
        freed = 0
        try:
            with self._alone(model, wait=False):
                self._tidy(model)
                for path in (self.path(model), *self._parts(model), self._note(model)):
                    if path.exists():
                        freed += path.stat().st_size
                        path.unlink()
        except OSError as error:
            raise ModelUnwritable(f"cannot remove {model.name}: {error.strerror or error}.") from error
        return freed

    def fetched(self, model: Model) -> int:
        """How many bytes of a model are here, whole or in part."""
        path = self.path(model)
        sizes = [part.stat().st_size for part in self._parts(model)]
        return path.stat().st_size if path.exists() else max(sizes, default=0)

    def _put(self, model: Model, partial: Partial) -> Path:
        """Check what was fetched and give it the model's name, or throw it away."""
        path, found = self.path(model), sha256_of(partial.path)
        if found != model.sha256 or partial.size != model.size:
            size = partial.size
            partial.drop()  # or every further fetch would go on with it and fail
            raise ModelDamaged(
                f"what came for {model.name} has {size:,} bytes and the SHA-256 {found}; the publisher's has "
                f"{model.size:,} and {model.sha256}. It was not kept. {_again(model)}"
            )
        with partial.path.open("rb") as file:
            os.fsync(file.fileno())  # before the name says that all is there
        partial.path.replace(path)
        note_sha256(path, self._note(model), found)
        for part in self._parts(model):
            part.unlink()
        return path

    def _is_whole(self, model: Model) -> bool:
        try:
            self.checked(model)
        except (ModelMissing, ModelDamaged):
            return False
        return True

    @contextmanager
    def _alone(self, model: Model, wait: bool = True) -> Iterator[None]:
        """One process and thread at a time changes what is here of a model."""
        lock = FileLock(self.folder / f".{model.name}.lock", mode=_PRIVATE)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if not wait:
                raise ModelBusy(f"{model.name} is being fetched. Stop that first.") from None
            log.warning("%s is being fetched already; waiting for that", model.name)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _check_room(self, model: Model, source: Source, partial: Partial) -> None:
        needed = max(model.size - partial.size, 0) + source.spare(model)
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise ModelUnwritable(
                f"{model.name} needs {needed:,} bytes more, and {self.folder} has {free:,} free. {_ROOM}."
            )

    def _parts(self, model: Model) -> list[Path]:
        return [path for path in self.folder.glob(f".{model.name}.part-*") if path.is_file()]

    def _tidy(self, model: Model) -> None:
        """Remove the working folders of fetches that were killed."""
        for path in self.folder.glob(f".{model.name}.part-*/"):
            shutil.rmtree(path, ignore_errors=True)  # a pip that has outlived its fetch may still write there

    def _note(self, model: Model) -> Path:
        return self.folder / f".{model.name}.sha256.json"


def model_store() -> ModelStore:
    """The models in the user's data folder."""
    return ModelStore(home() / "models")


def model_path(name: str) -> Path:
    """The checked file of a model by its name. Raises ModelUnknown, ModelMissing or ModelDamaged."""
    return model_store().checked(find_model(name))


def _again(model: Model) -> str:
    return f"Fetch it again: wenju models fetch {model.name}"
