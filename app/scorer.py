"""The sentence scorer: a reader without training, from similarity, shared terms and answer type.

Each sentence of the retrieved passages gets a probability from a logistic regression over a few
features that can be read off by eye. `scripts/fit_scorer.py` fits the coefficients.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache

from app.questions import language_of
from app.reader import AnswerSpan, Candidate, Reading, candidates
from corpus import is_cjk
from index import Hit, Retriever, analyze

SCORER = "scorer"  # how the settings name it
# What a question is made of besides its content.
_QUESTION_WORDS = re.compile(
    r"什么时候|什么时间|何时|什么|哪些|哪个|哪家|哪里|哪儿|哪年|哪月|哪天|哪一[年月天个家]|哪|多少|几[个家年月项]|几|"
    r"谁|如何|怎么样|怎么|怎样|为什么|为何|是否|有没有|是不是|请问|介绍一下|一下|[吗呢啊吧的了是有在和与]|"
    r"\b(?:what|when|where|which|who|whom|whose|why|how|many|much|is|are|was|were|do|does|did|the|a|an|"
    r"of|in|on|by|to|for|with|and|at|has|have|had)\b"
)
# What kind of thing is asked for, and how an answer of that kind looks.
_TYPES = (
    (
        re.compile(
            r"什么时候|何时|哪[一]?[年月天日]|几[月号日]|时间|日期|\bwhen\b|\bwhat (?:date|day|month|year)\b"
        ),
        re.compile(r"\d+月|\d+日|\d{4}年|今年|去年|前不久"),
    ),
    (
        re.compile(
            r"多少|几[^月号日]|多大|多长|多高|第几|占比|数量|金额|规模|\bhow (?:many|much|large|long)\b"
        ),
        re.compile(r"\d|第?[一二三四五六七八九十百千万两]+[个家项款条位次批名]"),
    ),
    (
        re.compile(r"谁|哪位|\bwho\b"),
        re.compile(r"说|介绍|称赞|表示|指出|董事长|经理|总监|官员|负责人"),
    ),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Features:
    """What the regression sees of a query and a sentence. Shares are 0..1."""

    similarity: float  # cosine, less 0.8 and times ten: the embedder's cosines lie close together
    covered: float  # share of the query's content, by rarity, that stands in the sentence
    covered_near: float  # the same, in the sentence with its neighbours and heading
    unknown: float  # the share that stands nowhere in the collection
    type_match: float  # 1 an answer of the asked kind is there, -1 it is not, 0 no kind asked
    wrong_number: float  # 1 when the query holds a number that is not near the sentence
    foreign: float  # 1 when the query is in another script than the text
    foreign_similarity: float  # where foreign, the cosine above the candidates' mean, times thirty
    passage: float  # 1 / rank of its passage


# Fitted on eval/sets/article-dev.jsonl: python scripts/fit_scorer.py
INTERCEPT = -5.24
WEIGHTS = Features(2.28, 2.81, 0.10, 1.69, 0.20, -1.05, -1.16, 1.12, 2.24)


@dataclass(frozen=True)
class _Asked:
    """What the features of all candidates of a query share."""

    query: str
    weights: dict[str, float]
    unknown: float
    mean_cosine: float


@dataclass(frozen=True)
class SentenceScorer:
    """A Reader whose spans are whole sentences."""

    retriever: Retriever

    @property
    def fingerprint(self) -> str:
        """The name and a hash of the coefficients."""
        fitted = f"{INTERCEPT} {astuple(WEIGHTS)}"
        return f"sentence-scorer:{hashlib.sha256(fitted.encode()).hexdigest()[:12]}"

    def load(self) -> None:
        """Nothing: the coefficients are in the code."""

    def read(self, query: str, hits: Sequence[Hit]) -> Reading:
        """The sentences of the hits by their probability to answer the query."""
        found = candidates(self.retriever.index, hits)
        supports = [self._probability(features) for features in self.features(query, found)]
        scored = sorted(zip(supports, found, strict=True), key=lambda pair: -pair[0])
        ranks: dict[tuple[str, str], int] = {}
        for _, candidate in scored:
            passage = candidate.hit.passage
            ranks.setdefault((passage.document_id, passage.id), len(ranks) + 1)
        return Reading(
            spans=tuple(_span(candidate, support) for support, candidate in scored),
            confidence=scored[0][0] if scored else 0.0,
            passage_ranks=ranks,
        )

    def features(self, query: str, found: Sequence[Candidate]) -> list[Features]:
        """The features of each candidate."""
        content = _content(query)
        weights = {term: self.retriever.index.lexical.idf(term) for term in content}
        unknown = self._unknown_share(weights)
        cosines = [float(self.retriever.similarities(query, c.document, [c.sentence])[0]) for c in found]
        mean = math.fsum(cosines) / len(cosines) if cosines else 0.0
        asked = _Asked(query, weights, unknown, mean)
        return [self._features(asked, c, cosine) for c, cosine in zip(found, cosines, strict=True)]

    @staticmethod
    def _features(asked: _Asked, candidate: Candidate, cosine: float) -> Features:
        query, weights = asked.query, asked.weights
        foreign = candidate.document.language == "zh" and language_of(query) == "en"
        near = f"{candidate.hit.passage.section}\n{candidate.hit.text}\n{candidate.text}"
        known = {t: w for t, w in weights.items() if not foreign or t[0].isdigit()}
        return Features(
            similarity=0.0 if foreign else (cosine - 0.8) * 10,
            covered=_share(known, _terms(candidate.text)),
            covered_near=_share(known, _terms(near)),
            unknown=0.0 if foreign else asked.unknown,
            type_match=_type_match(query, candidate.text),
            wrong_number=float(not _numbers(analyze(query)) <= _numbers(_terms(near))),
            foreign=float(foreign),
            foreign_similarity=(cosine - asked.mean_cosine) * 30 if foreign else 0.0,
            passage=1 / candidate.hit.rank,
        )

    def _unknown_share(self, weights: dict[str, float]) -> float:
        highest = self.retriever.index.lexical.idf("")
        total = sum(weights.values())
        return sum(w for w in weights.values() if w >= highest) / total if total else 0.0

    @staticmethod
    def _probability(features: Features) -> float:
        score = INTERCEPT + math.fsum(w * x for w, x in zip(astuple(WEIGHTS), astuple(features), strict=True))
        return 1 / (1 + math.exp(-score))


def _span(candidate: Candidate, support: float) -> AnswerSpan:
    sentence = candidate.sentence
    return AnswerSpan(candidate.document.id, sentence.id, sentence.start, sentence.end, support)


def _content(query: str) -> list[str]:
    """The query's terms without question words: pairs of characters, words and numbers."""
    normal = unicodedata.normalize("NFKC", query).lower()
    terms = analyze(_QUESTION_WORDS.sub(" ", normal))
    longer = [term for term in terms if len(term) > 1 or not is_cjk(term)]
    return list(dict.fromkeys(longer or terms))


@lru_cache(maxsize=4096)
def _terms(text: str) -> frozenset[str]:
    return frozenset(analyze(text))


def _numbers(terms: Iterable[str]) -> set[str]:
    return {term for term in terms if _NUMBER.fullmatch(term)}


def _share(weights: dict[str, float], terms: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in terms) / total if total else 0.0


def _type_match(query: str, sentence: str) -> float:
    normal = unicodedata.normalize("NFKC", query).lower()
    for asked, answer in _TYPES:
        if asked.search(normal):
            return 1.0 if answer.search(sentence) else -1.0
    return 0.0
