"""A transformers model, with one whose every token has a fixed next one, so that its replies are known."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from app.errors import LanguageModelUnusable, OutOfMemory, PromptTooLong, ReplyCut
from app.language_model import Message
from app.transformers_model import TransformersModel

SPECIAL = ("<|user|>", "<|reply|>", "<|end|>", "?")
LETTERS = "在湖北省。一二武汉哪里<|end>a"
IDS = {token: number for number, token in enumerate((*SPECIAL, *LETTERS))}
TEMPLATE = "{% for m in messages %}<|user|>{{ m.content }}<|end|>{% endfor %}<|reply|>"
REPLY = ("<|reply|>", "在", "湖", "北", "省", "。", "<|end|>")
QUESTION = (
    Message("system", "武汉"),
    Message("user", "在哪里"),
)  # 2 + 2 and 2 + 3 tokens, and 1 for the reply

Make = Callable[..., Path]


def write_tokenizer(folder: Path, template: str | None) -> None:
    """A token a character, and the special ones."""
    words = Tokenizer(models.WordLevel(vocab=IDS, unk_token="?"))
    words.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    words.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words,
        unk_token="?",
        eos_token="<|end|>",
        additional_special_tokens=["<|user|>", "<|reply|>"],
    )
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)


def write_model(folder: Path, following: Mapping[str, str], positions: int) -> None:
    """A Llama that knows of a token only which one follows: its layer adds nothing."""
    size = len(IDS) + len(IDS) % 2
    config = LlamaConfig(
        vocab_size=size,
        hidden_size=size,
        intermediate_size=2,
        num_hidden_layers=1,
        num_attention_heads=1,
        head_dim=2,
        max_position_embeddings=positions,
        eos_token_id=IDS["<|end|>"],
        tie_word_embeddings=False,
    )
    model = LlamaForCausalLM(config)
    state = {name: torch.zeros_like(value) for name, value in model.state_dict().items()}
    state["model.norm.weight"] += 1
    state["model.embed_tokens.weight"] = torch.eye(size)
    for token, next_one in following.items():
        state["lm_head.weight"][IDS[next_one], IDS[token]] = 1
    model.load_state_dict(state)
    # What a publisher may set for sampling; the likeliest token is wanted all the same.
    model.generation_config = GenerationConfig(
        do_sample=True, temperature=50.0, top_k=7, eos_token_id=IDS["<|end|>"], repetition_penalty=1.1
    )
    model.save_pretrained(folder)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a model that says what follows what into a folder."""

    def written(said: tuple[str, ...] = REPLY, positions: int = 64, template: str | None = TEMPLATE) -> Path:
        folder = tmp_path / "Tiny-Chat"
        write_tokenizer(folder, template)
        write_model(folder, dict(zip(said, said[1:], strict=False)), positions)
        return folder

    return written


def test_a_reply_in_pieces(make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    model = TransformersModel(str(make()))
    capfd.readouterr()  # the bar while it was written
    assert model.name == "transformers:Tiny-Chat"
    assert list(model.stream(QUESTION, 20)) == ["在", "湖", "北", "省", "。"]
    assert list(model.stream(QUESTION, 2)) == ["在", "湖"]
    assert capfd.readouterr() == ("", "")


def test_closing_the_reply_stops_the_model(make: Make) -> None:
    endless = TransformersModel(str(make(("<|reply|>", "一", "二", "一"), positions=10**9)))
    stream = endless.stream(QUESTION, 10**8)
    assert [next(stream), next(stream), next(stream)] == ["一", "二", "一"]
    stream.close()  # type: ignore[attr-defined]  # a generator
    assert "transformers" not in {thread.name for thread in threading.enumerate()}
    assert next(endless.stream(QUESTION, 1)) == "一"


def test_a_prompt_and_a_reply_that_do_not_fit(make: Make) -> None:
    model = TransformersModel(str(make(positions=15)))
    assert "".join(model.stream(QUESTION, 5)) == "在湖北省。"  # 10 + 5
    with pytest.raises(PromptTooLong, match="has 10 tokens, the reply may have 6, .* reads 15"):
        next(model.stream(QUESTION, 6))


def test_an_article_ends_no_turn(make: Make) -> None:
    model = TransformersModel(str(make(positions=8)))
    with pytest.raises(PromptTooLong, match="has 12 tokens"):  # 1 + (1 + 7 + 1) + 1 and the reply's; or 6
        next(model.stream([Message("user", "a<|end|>a")], 1))


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), OutOfMemory),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), OutOfMemory),
        (MemoryError(), OutOfMemory),
        (RuntimeError("size mismatch"), ReplyCut),
        (IndexError("index out of range in self"), ReplyCut),
        (KeyError("a bug"), KeyError),
    ],
)
def test_a_failure_while_the_model_writes(
    make: Make, monkeypatch: pytest.MonkeyPatch, failure: Exception, cause: type[Exception]
) -> None:
    model = TransformersModel(str(make()))
    forward = LlamaForCausalLM.forward
    calls = iter(range(10))

    def failing(*arguments: Any, **more: Any) -> Any:
        if next(calls) == 2:
            raise failure
        return forward(*arguments, **more)

    monkeypatch.setattr(LlamaForCausalLM, "forward", failing)
    stream = model.stream(QUESTION, 20)
    assert [next(stream), next(stream)] == ["在", "湖"]
    with pytest.raises(cause):
        next(stream)


def test_two_threads_take_turns(make: Make) -> None:
    model = TransformersModel(str(make()))
    replies: list[str] = []
    stream = model.stream(QUESTION, 20)
    assert next(stream) == "在"
    other = threading.Thread(target=lambda: replies.append("".join(model.stream(QUESTION, 20))))
    other.start()
    assert "".join(stream) == "湖北省。"
    other.join()
    assert replies == ["在湖北省。"]


def test_a_model_without_a_chat_template(make: Make) -> None:
    with pytest.raises(LanguageModelUnusable, match="has no chat template"):
        TransformersModel(str(make(template=None))).load()


@pytest.mark.parametrize("template", ["{{ raise_exception('no system') }}", "{% if %}"])
def test_a_model_that_takes_no_messages(make: Make, template: str) -> None:
    with pytest.raises(LanguageModelUnusable, match="chat template"):
        list(TransformersModel(str(make(template=template))).stream(QUESTION, 5))


def test_pickled_weights_are_not_read(make: Make) -> None:
    folder = make()
    model = LlamaForCausalLM.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    with pytest.raises(LanguageModelUnusable, match=r"no file named model\.safetensors"):
        TransformersModel(str(folder)).load()


def test_weights_that_are_cut_short(make: Make) -> None:
    folder = make()
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(LanguageModelUnusable, match="Tiny-Chat failed"):
        TransformersModel(str(folder)).load()


def test_code_that_comes_with_a_model_is_not_run(make: Make) -> None:
    folder = make()
    (folder / "own.py").write_text(f"open({str(folder / 'ran')!r}, 'w')")
    config = json.loads((folder / "config.json").read_text())
    config |= {
        "model_type": "own",
        "auto_map": {"AutoConfig": "own.Config", "AutoModelForCausalLM": "own.Model"},
    }
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(LanguageModelUnusable, match="without code of its own"):
        TransformersModel(str(folder)).load()
    assert not (folder / "ran").exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    model = TransformersModel(str(tmp_path / "other"))
    assert model.name == "transformers:other"
    with pytest.raises(LanguageModelUnusable, match="there is no folder"):
        model.load()


def test_only_a_hub_name_asks_the_hub(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Mapping[str, object]] = []

    def refuse(**arguments: object) -> None:
        asked.append(arguments)
        raise OSError("offline")

    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", refuse)
    hub = TransformersModel("Someone/Tiny-Chat")
    assert hub.name == "transformers:Someone/Tiny-Chat"
    for model in (hub, TransformersModel(str(make()))):
        with pytest.raises(LanguageModelUnusable, match="offline"):
            model.load()
    assert [arguments["local_files_only"] for arguments in asked] == [False, True]
    assert [arguments["trust_remote_code"] for arguments in asked] == [False, False]
