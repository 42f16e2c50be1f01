"""Settings by measurement: swept on some questions, reported on others, never on the same.

Swept are the weight of the two rankings and the two thresholds of the outcomes. The best point has the
highest `grounded`; of equals, the one that answers fewest questions wrongly, then the one nearest to the
settings in force.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from app.engine import pipeline_over
from app.extractive import ExtractiveWriter
from app.pipeline import Pipeline
from app.reader import Reader, Reading
from app.settings import OutcomeSettings, Settings
from eval.metrics import PRIMARY, score
from eval.questions import GoldQuestion
from eval.statistics import Mean, mean_with_interval, paired_p_value
from index import Embedder, Hit, Index, Progress
from index.dense import Vectors

_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_ANSWERED_FROM = tuple(n / 20 for n in range(1, 20))
_BANDS = (0.0, 0.05, 0.1)  # how far `unsure_from` lies below `answered_from`


@dataclass(frozen=True)
class Choice:
    """A point of the sweep."""

    dense_weight: float
    unsure_from: float
    answered_from: float

    @property
    def snippet(self) -> str:
        """The lines for settings.toml."""
        return (
            f"[retrieval]\ndense_weight = {self.dense_weight}\n\n"
            f"[outcome]\nunsure_from = {self.unsure_from}\nanswered_from = {self.answered_from}\n"
        )

    def distance(self, other: Choice) -> float:
        """How far apart two points are, the sum over the settings."""
        return (
            abs(self.dense_weight - other.dense_weight)
            + abs(self.unsure_from - other.unsure_from)
            + abs(self.answered_from - other.answered_from)
        )


Bar = Callable[[Sequence[Choice]], Iterable[Choice]]


@dataclass(frozen=True)
class Tuning:
    """What the sweep chose, and what it and the settings in force are worth on the other questions."""

    chosen: Choice
    tuned_on: Mean
    current: Mean
    reported: Mean
    p_value: float  # of the difference between the last two


def sweep() -> list[Choice]:
    """Every point. The weights are outermost: what was read under a weight is remembered."""
    return [
        Choice(weight, round(answered - band, 2), answered)
        for weight in _WEIGHTS
        for answered in _ANSWERED_FROM
        for band in _BANDS
        if answered >= band
    ]


def tune(
    trial: Trial, tuning: Sequence[GoldQuestion], reporting: Sequence[GoldQuestion], bar: Bar = iter
) -> Tuning:
    """Choose on `tuning`, measure on `reporting`. Questions that name no evidence are left out."""
    now = trial.current
    found = {choice: trial.grounded(choice, tuning) for choice in bar(sweep())}

    def worth(choice: Choice) -> tuple[float, float, float]:
        right, wrong = found[choice]
        return math.fsum(right), -wrong, -choice.distance(now)

    chosen = max(found, key=worth)
    before, _ = trial.grounded(now, reporting)
    after, _ = trial.grounded(chosen, reporting)
    return Tuning(
        chosen=chosen,
        tuned_on=mean_with_interval(found[chosen][0]),
        current=mean_with_interval(before),
        reported=mean_with_interval(after),
        p_value=paired_p_value([b - a for a, b in zip(before, after, strict=True)]),
    )


class Trial:
    """The program under any point of the sweep; what is slow is done once and remembered."""

    def __init__(self, settings: Settings, index: Index, embedder: Embedder) -> None:
        self._settings = settings
        self._index = index
        self._embedder = _RememberedQueries(embedder)
        self._pipelines: dict[float, Pipeline] = {}

    @property
    def current(self) -> Choice:
        """The point where the settings in force stand."""
        outcome = self._settings.outcome
        return Choice(self._settings.retrieval.dense_weight, outcome.unsure_from, outcome.answered_from)

    def grounded(self, choice: Choice, questions: Sequence[GoldQuestion]) -> tuple[list[float], int]:
        """`grounded` of each question that has it, and how many were answered wrongly.

        Of one that is asked under several conditions, their mean: they are no draws of their own.
        """
        pipeline = self._pipeline(choice)
        values: defaultdict[str, list[float]] = defaultdict(list)
        wrong = 0
        for question in questions:
            answer = pipeline.answer(question.question, question.history, question.within)
            value = score(question, answer).get(PRIMARY)
            if value is not None:
                values[question.base].append(value)
                wrong += answer.outcome == "answered" and not value
        return [math.fsum(one) / len(one) for one in values.values()], wrong

    def _pipeline(self, choice: Choice) -> Pipeline:
        weight = choice.dense_weight
        if weight not in self._pipelines:
            retrieval = replace(self._settings.retrieval, dense_weight=weight)
            settings = self._settings.model_copy(update={"retrieval": retrieval})
            made = pipeline_over(settings, self._index, self._embedder, ExtractiveWriter(settings.writer))
            self._pipelines[weight] = replace(made, reader=_RememberedReadings(made.reader))
        return replace(
            self._pipelines[weight], outcome=OutcomeSettings(choice.unsure_from, choice.answered_from)
        )


class _RememberedQueries:
    """An embedder that embeds each query once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[tuple[str, ...], Vectors] = {}

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        key = tuple(texts)
        if key not in self._vectors:
            self._vectors[key] = self._embedder.embed_queries(texts)
        return self._vectors[key]

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._embedder.embed_passages(texts, progress)


class _RememberedReadings:
    """A reader that reads a query with its passages once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._readings: dict[tuple[str, tuple[tuple[str, str], ...]], Reading] = {}

    @property
    def fingerprint(self) -> str:
        return self._reader.fingerprint

    def load(self) -> None:
        self._reader.load()

    def read(self, query: str, hits: Sequence[Hit]) -> Reading:
        key = (query, tuple((hit.passage.document_id, hit.passage.id) for hit in hits))
        if key not in self._readings:
            self._readings[key] = self._reader.read(query, hits)
        return self._readings[key]
