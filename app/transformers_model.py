"""A causal chat model in a folder or on the model hub, run by transformers."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from app.errors import LanguageModelError, LanguageModelUnusable, OutOfMemory, PromptTooLong, ReplyCut
from app.language_model import Message, as_chat, wait_for

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase, TextIteratorStreamer

_NO_MEMORY = "can't allocate memory"  # what torch says on a CPU, in a plain RuntimeError
_SMALLER = "Take a smaller model."


class TransformersModel:
    """A model by its folder, or by its name on the hub, from where it is fetched if need be.

    Weights are read from safetensors alone, and code that comes with a model is never run. Two threads take
    turns. It computes on the first GPU where there is one.
    """

    sha256: None = None

    def __init__(self, name: str, threads: int = 0) -> None:
        self._named = name
        self._threads = threads  # 0: torch decides
        self._turn = threading.Lock()  # held by who loads, and until a reply is read or closed

    @property
    def name(self) -> str:
        """The hub's name, or the folder's without what leads there."""
        path = Path(self._named).expanduser()
        return f"transformers:{path.resolve().name if self._is_path or path.is_dir() else self._named}"

    def load(self) -> None:
        """Load the model. Raises LanguageModelUnusable or OutOfMemory."""
        with self._turn:
            _ = self._tokenizer, self._model

    def stream(self, messages: Sequence[Message], limit: int) -> Generator[str]:
        """The reply in pieces. Raises PromptTooLong, ReplyCut, or what `load` raises."""
        yield from wait_for(self._turn)
        try:
            prompt = self._prompt(messages)
            length, most = prompt["input_ids"].shape[1], self._positions
            if length + limit > most:
                raise PromptTooLong(
                    f"the prompt has {length} tokens, the reply may have {limit}, and {self.name} reads "
                    f"{most} at a time. Give it less in writer.evidence or language_model.tokens."
                )
            with _named_failures(self.name, ReplyCut, "Ask again."):
                yield from self._pieces(prompt, limit)
        finally:
            self._turn.release()

    def _prompt(self, messages: Sequence[Message]) -> BatchEncoding:
        from jinja2 import TemplateError

        try:
            prompt = self._tokenizer.apply_chat_template(
                as_chat(messages),
                add_generation_prompt=True,
                return_tensors="pt",
                return_dict=True,
                sanitize_control_tokens=True,  # an article must not end a turn and begin another
                enable_thinking=False,
            )
        except (TemplateError, ValueError, TypeError) as error:
            raise LanguageModelUnusable(
                f"the chat template of {self.name} does not take a system's and a user's message ({error}). "
                "Name another model."
            ) from error
        return cast("BatchEncoding", prompt).to(self._model.device)

    def _pieces(self, prompt: BatchEncoding, limit: int) -> Iterator[str]:
        from transformers import TextIteratorStreamer

        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        writing = _Writing(self._model, streamer)
        thread = threading.Thread(target=writing.run, args=(prompt, limit), name="transformers", daemon=True)
        thread.start()
        try:
            yield from (text for text in streamer if text)
        finally:
            writing.stop.set()
            thread.join()
        if writing.failure is not None:
            raise writing.failure

    @property
    def _is_path(self) -> bool:
        return self._named.startswith((".", "/", "~"))

    @property
    def _positions(self) -> int:
        """How many tokens the model reads at a time, as far as it says."""
        config = self._model.config.get_text_config()
        return int(getattr(config, "max_position_embeddings", None) or self._tokenizer.model_max_length)

    @cached_property
    def _tokenizer(self) -> PreTrainedTokenizerBase:
        from transformers import AutoTokenizer

        with self._loading():
            tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(**self._source)
        if not tokenizer.chat_template:
            raise LanguageModelUnusable(
                f"{self.name} has no chat template: it is no chat model. Name one that follows instructions."
            )
        return tokenizer

    @cached_property
    def _model(self) -> PreTrainedModel:
        import torch
        from transformers import AutoModelForCausalLM, GenerationConfig

        if self._threads:
            torch.set_num_threads(self._threads)
        with self._loading():
            model = AutoModelForCausalLM.from_pretrained(**self._source, use_safetensors=True, dtype="auto")
            cast("torch.nn.Module", model).to("cuda" if torch.cuda.is_available() else "cpu").eval()
        ends = model.generation_config.eos_token_id or self._tokenizer.eos_token_id
        # Without what its makers set for sampling, and against repeating: a quotation repeats the prompt.
        model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]  # upstream has no types
            do_sample=False, eos_token_id=ends, pad_token_id=ends[0] if isinstance(ends, list) else ends
        )
        return model

    @property
    def _source(self) -> dict[str, Any]:
        folder = Path(self._named).expanduser()
        if self._is_path and not folder.is_dir():
            raise LanguageModelUnusable(f"there is no folder {folder}. Name one, or a model of the hub.")
        return {
            "pretrained_model_name_or_path": str(folder) if folder.is_dir() else self._named,
            "local_files_only": folder.is_dir(),
            "trust_remote_code": False,
        }

    def _loading(self) -> AbstractContextManager[None]:
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # upstream has no types
        return _named_failures(
            self.name,
            LanguageModelUnusable,
            "Name a folder or a model of the hub: a chat model, in safetensors, without code of its own.",
        )


class _Writing:
    """A run of `generate`, in a thread of its own; `failure` is what ended it."""

    def __init__(self, model: PreTrainedModel, streamer: TextIteratorStreamer) -> None:
        self._model = model
        self._streamer = streamer
        self.stop = threading.Event()
        self.failure: BaseException | None = None

    def run(self, prompt: BatchEncoding, limit: int) -> None:
        """Write until the model ends, the limit is reached or `stop` is set; the streamer always ends."""
        try:
            self._model.generate(  # type: ignore[operator]  # a mixin's method, which upstream types as a tensor
                **prompt, max_new_tokens=limit, streamer=self._streamer, stopping_criteria=[self._stopped]
            )
        except BaseException as error:  # for the reader, who would wait for ever
            self.failure = error
        finally:
            self._streamer.text_queue.put(self._streamer.stop_signal)

    def _stopped(self, ids: Tensor, scores: Tensor | None, **more: object) -> Tensor:
        return ids.new_full((ids.shape[0],), self.stop.is_set(), dtype=bool)  # type: ignore[arg-type]


@contextmanager
def _named_failures(name: str, otherwise: type[LanguageModelError], way_out: str) -> Iterator[None]:
    """What transformers and torch raise, by their names: OutOfMemory, or `otherwise`."""
    import torch
    from safetensors import SafetensorError

    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise OutOfMemory(f"{name} needs more memory than there is. {_SMALLER}") from error
    except (OSError, RuntimeError, ValueError, IndexError, ImportError, SafetensorError) as error:
        if _NO_MEMORY in str(error):
            raise OutOfMemory(f"{name} needs more memory than there is. {_SMALLER}") from error
        why = str(error).partition("\n")[0]
        raise otherwise(f"{name} failed: {why} {way_out}") from error
