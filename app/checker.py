"""Checking: which sentences bear a claim, if any. What a language model says of its sources is not asked.

A claim is borne by sentences when the checking model says so, and when every figure, every name in Latin
letters and every quoted name of it stands there, in sentences that stand in a row. A sum or a difference of
figures, of sentences anywhere, is worked out again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.answer import Verdict
from app.checker_weights import CheckerWeights
from app.pairs import shared
from app.told import Source, verdict
from corpus import simplified

_BATCH = 4  # texts; larger batches gain nothing on two cores
_NEAREST = 4  # sentences that are tried two and three together


@dataclass(frozen=True)
class Check:
    """What bears a claim: `sources` by their places; none where it is unsupported."""

    verdict: Verdict
    sources: tuple[int, ...]
    support: float  # 0..1; 0 where nothing holds the claim's figures and names


class Checker:
    """Checks claims with the trained weights, which load with the first one."""

    def __init__(self, weights: CheckerWeights) -> None:
        self._weights = weights

    @property
    def fingerprint(self) -> str:
        """The name and a hash of the weights. Raises CheckerError."""
        return self._weights.fingerprint

    def load(self) -> None:
        """Load the weights now. Raises CheckerError."""
        self._weights.load()

    def check(self, claim: str, sources: Sequence[Source]) -> Check:
        """The fewest sentences that bear the claim, the surest of those. Raises CheckerError."""
        claim, texts = simplified(claim), [source.text for source in sources]
        by_shared = sorted(range(len(texts)), key=lambda i: -shared(claim, texts[i]))
        nearest = sorted(by_shared[:_NEAREST])
        highest = 0.0
        for size in (1, 2, 3):
            verdicts = {
                group: found
                for group in combinations(range(len(texts)) if size == 1 else nearest, size)
                if (found := verdict(claim, [sources[i] for i in group])) != "unsupported"
            }
            supports = self.supports(claim, texts, [*verdicts])
            checks = [
                Check(found, group, support)
                for (group, found), support in zip(verdicts.items(), supports, strict=True)
            ]
            best = max(checks, key=lambda check: check.support, default=Check("unsupported", (), 0.0))
            if checks and best.support >= self._weights.config.least:
                return best
            highest = max(highest, best.support)
        return Check("unsupported", (), highest)

    def supports(
        self, claim: str, texts: Sequence[str], groups: Sequence[tuple[int, ...]]
    ) -> Iterator[float]:
        """How surely each group of the texts bears the claim by the model alone, 0..1."""
        import torch

        from app.span_model import encode, pad

        joined = [" ".join(texts[i] for i in group) for group in groups]
        with self._weights.lock, torch.inference_mode():
            config, model, tokenizer = (
                self._weights.config,
                self._weights.model,
                self._weights.reader.tokenizer,
            )
            for begin in range(0, len(joined), _BATCH):
                batch = joined[begin : begin + _BATCH]
                windows = [encode(tokenizer, claim, [text])[0] for text in batch]
                scores = model(*pad([window.ids for window in windows], int(tokenizer.pad_token_id or 0)))
                sizes = map(len, groups[begin : begin + _BATCH])
                for text, logit, size in zip(batch, scores.answerable.tolist(), sizes, strict=True):
                    yield config.support(logit, shared(claim, text), size)
