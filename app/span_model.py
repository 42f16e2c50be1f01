"""The extractive reading model: an encoder with a span head and an answerability head.

A question and a passage go through the encoder together; every token of the passage gets a score as the
first and as the last of the answer, and the pair one score of whether it holds an answer at all
(Devlin et al. 2019, section 4.2 and 4.3, with the answerability apart from the span).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedTokenizerFast
from transformers.modeling_outputs import BaseModelOutput

from corpus import simplified

MAX_QUESTION = 96  # tokens; what a question has beyond them is cut
MAX_TOKENS = 512
_OVERLAP = 64  # tokens that two windows of a long passage share; an answer is shorter


@dataclass(frozen=True)
class Window:
    """A question with a passage, or a part of a long one, as tokens: `<s> question </s> passage </s>`."""

    passage: int  # which of the passages
    ids: list[int]
    first: int  # where the passage's tokens begin
    offsets: list[tuple[int, int]]  # of the passage's tokens in the passage, code points

    @property
    def inside(self) -> slice:
        """The passage's tokens among all."""
        return slice(self.first, self.first + len(self.offsets))


@dataclass(frozen=True)
class Scores:
    """Logits of each token to begin and to end an answer `(batch, tokens)`, of there being one `(batch,)`."""

    start: Tensor
    end: Tensor
    answerable: Tensor


class SpanModel(nn.Module):
    """The model; `encoder` is a BERT without its pooling layer."""

    def __init__(self, encoder: nn.Module, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = nn.Linear(hidden, 2)
        self.answerable = nn.Linear(hidden, 1)

    def forward(self, ids: Tensor, mask: Tensor) -> Scores:
        """Scores of a padded batch; `mask` is 1 on tokens and 0 on padding."""
        output: BaseModelOutput = self.encoder(input_ids=ids, attention_mask=mask)
        states = output.last_hidden_state
        assert states is not None
        start, end = self.span(states).unbind(-1)
        return Scores(start, end, self.answerable(states[:, 0]).squeeze(-1))


def make_model(retriever: Path) -> SpanModel:
    """A model on the retriever's encoder, its heads untrained."""
    encoder = AutoModel.from_pretrained(
        str(retriever), dtype=torch.float32, add_pooling_layer=False, attn_implementation="sdpa"
    )
    return SpanModel(encoder, int(encoder.config.hidden_size))


def load_model(retriever: Path, *weights: Path) -> SpanModel:
    """A trained model: the retriever's encoder with what trainings changed of it, the last one on top."""
    model = make_model(retriever)
    for path in weights:
        trained = {name: tensor.float() for name, tensor in load_file(path).items()}
        unknown = model.load_state_dict(trained, strict=False).unexpected_keys
        if unknown:
            raise ValueError(f"{path} holds {unknown[0]}, which the model has not")
    return model.eval()


def load_tokenizer(retriever: Path) -> PreTrainedTokenizerFast:
    """The retriever's tokenizer."""
    tokenizer: PreTrainedTokenizerFast = PreTrainedTokenizerFast.from_pretrained(str(retriever))
    return tokenizer


def encode(tokenizer: PreTrainedTokenizerFast, question: str, passages: Sequence[str]) -> list[Window]:
    """The windows of each passage; of one without a token, none.

    A passage that is too long for the model is read in windows that overlap. What it reads is in simplified
    characters, whatever script the two are written in.
    """
    asked = tokenizer(simplified(question), add_special_tokens=False)["input_ids"][:MAX_QUESTION]
    head = [tokenizer.cls_token_id, *asked, tokenizer.sep_token_id]
    room = MAX_TOKENS - len(head) - 1
    texts = [simplified(passage) for passage in passages]
    encodings = tokenizer(texts, add_special_tokens=False, return_offsets_mapping=True).encodings
    return [
        Window(
            passage=number,
            ids=[*head, *encoding.ids[begin : begin + room], tokenizer.sep_token_id],
            first=len(head),
            offsets=list(encoding.offsets[begin : begin + room]),
        )
        for number, encoding in enumerate(encodings)
        for begin in _begins(len(encoding.ids), room)
    ]


def _begins(tokens: int, room: int) -> list[int]:
    """Where windows begin: each leaves no token out and overlaps the one before.

    >>> _begins(10, 100), _begins(500, 400), _begins(0, 400)
    ([0], [0, 336], [])
    """
    last = max(0, tokens - _OVERLAP)
    return list(range(0, last, room - _OVERLAP)) or ([0] if tokens else [])


def pad(batch: Sequence[Sequence[int]], filler: int) -> tuple[Tensor, Tensor]:
    """Token ids `(batch, longest)` with their mask."""
    longest = max(map(len, batch))
    ids = torch.full((len(batch), longest), filler)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return ids, mask
