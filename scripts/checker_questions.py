"""Training examples of the checker made from questions with answers: a question said as a claim.

In Chinese the answer stands where the question word stood (谁发明了电灯 and 爱迪生: 爱迪生发明了电灯): a
question, which people wrote in words of their own, gives a claim that its passage bears. With the answer to
another question, or another word of the same kind, the passage does not bear it; nor does it bear what a
question claims that it does not answer (Demszky et al. 2018, "Transforming Question Answering Datasets").
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker_data import NAMES, Example, cut
from checker_news import opposite, split_words
from reader_data import answer_span, squad_sets
from reader_written import place_of, read_written

from app.pairs import shared
from app.questions import language_of
from corpus import Document, build_text
from eval.formats.squad import GIVEN

_WHEN = re.compile(
    r"(?:在|是)?(?:哪一?年|何时|何年|何月|什么时[候间]|哪一?天|哪一?个?月|几月几[日号]|哪个年份)"
)
_WHERE = re.compile(r"哪里|哪儿|何地|何处|什么地[方点]|哪个地[方点]|什么位置")
_WHO = re.compile(r"谁|哪一?位|哪一?个人|何人|什么人")
_HOW_MANY = re.compile(r"多少|几(?=[个家项名人次年月倍天位座条种部届岁])")
_WHICH = re.compile(
    r"(?:哪|何)(?:几|一|些|两|三)?[个家座所种项条款支只名类场届本首省市国县州区部城岛队级]?|什么(?:样的)?"
)
_FORMS = (_WHEN, _WHERE, _WHO, _HOW_MANY, _WHICH)
_ASIDE = re.compile(r"^请问|[？?。]+$|(?:呢|呀|啊|来着|吗)(?=[？?]*$)")
_LONGEST = 40  # characters of an answer that stands in a claim
_OPPOSED = 0.3  # share of the claims that are denied besides


@dataclass(frozen=True)
class _Asked:
    """A question over a document; `span` is its answer's place, None where it has none."""

    question: str
    document: Document
    span: tuple[int, int] | None

    @property
    def answer(self) -> str:
        return self.document.text[slice(*self.span)] if self.span else ""


def question_claims(folder: Path, rng: random.Random) -> list[Example]:
    """The examples of every question that can be said as a claim, shuffled."""
    by_document: dict[str, list[_Asked]] = {}
    for asked in _all_asked(folder):
        by_document.setdefault(asked.document.text, []).append(asked)
    examples = [example for group in by_document.values() for example in _examples(group, rng)]
    rng.shuffle(examples)
    return examples


def as_claim(question: str, answer: str) -> str | None:
    """The question with its answer in the place of the question word; None where it has none, or several.

    >>> as_claim("请问谁发明了电灯？", "爱迪生"), as_claim("法国的首都是哪个城市？", "巴黎")
    ('爱迪生发明了电灯。', '法国的首都是巴黎。')
    >>> as_claim("水库有多少亩？", "300亩"), as_claim("为何停工", "缺水")
    ('水库有300亩。', None)
    """
    text, answer = _ASIDE.sub("", question.strip()).strip(), answer.strip("，。；、： ")
    if "为何" in text or "如何" in text or not 0 < len(answer) <= _LONGEST:
        return None
    for form in _FORMS:
        found = list(form.finditer(text))
        if len(found) == 1:
            before, rest = text[: found[0].start()], text[found[0].end() :]
            return _before(before, answer) + answer + _behind(rest, answer, form is _WHICH) + "。"
        if found:
            return None
    return None


def _before(text: str, answer: str) -> str:
    """What stands before the question word, without what the answer begins with."""
    for length in range(min(len(text), len(answer), 6), 0, -1):
        if answer.startswith(text[-length:]):
            return text[:-length]
    return text


def _behind(rest: str, answer: str, names_a_kind: bool) -> str:
    """What follows the question word, without the unit or the kind that the answer says itself."""
    for length in range(min(len(rest), len(answer), 6), 0, -1):
        if answer.endswith(rest[:length]):
            return rest[length:]
    if names_a_kind:
        kinds = cut(rest)
        while kinds and kinds[0][1].startswith(("n", "q", "vn")):
            rest, kinds = rest[len(kinds[0][0]) :], kinds[1:]
    return rest


def _all_asked(folder: Path) -> Iterator[_Asked]:
    for one in squad_sets(folder):
        by_id = {document.id: document for document in one.documents}
        for question in one.questions:
            if question.type == GIVEN and language_of(question.question) == "zh":
                document = by_id[question.within[0]]
                yield _Asked(question.question, document, answer_span(question, document))
    for written in read_written(folder / "news_zh_63k.jsonl.xz"):
        if language_of(written.question) == language_of(written.text) == "zh":
            document = build_text("text", written.text)
            yield _Asked(written.question, document, place_of(written, document))


def _examples(group: Sequence[_Asked], rng: random.Random) -> Iterator[Example]:
    """Of the questions of one document."""
    document = group[0].document
    for asked in group:
        others = [one.answer for one in group if one.span and _form(one.question) is _form(asked.question)]
        if asked.span is None:
            false = as_claim(asked.question, rng.choice(others)) if others else None
            if false:
                yield Example(false, _around(document, _nearest_sentence(asked, false), rng), False)
            continue
        claim = as_claim(asked.question, asked.answer)
        bearing = _bearing(asked, claim) if claim else None
        if not claim or bearing is None:
            continue
        text = _around(document, bearing, rng)
        yield Example(claim, text, True)
        other = _other_answer(asked.answer, others, text, rng)
        changed = as_claim(asked.question, other) if other else None
        if changed:
            yield Example(changed, text, False)
        denied = opposite(split_words(claim), rng) if rng.random() < _OPPOSED else None
        if denied:
            yield Example(denied, text, False)


def _form(question: str) -> re.Pattern[str] | None:
    return next((form for form in _FORMS if form.search(question)), None)


def _bearing(asked: _Asked, claim: str) -> list[int] | None:
    """The sentence of the answer, and for each name of the claim that it lacks the nearest that has it."""
    sentences = _sentences(asked.document)
    assert asked.span is not None
    places = [i for i, s in enumerate(asked.document.sentences) if s.start <= asked.span[0] < s.end]
    if not places:
        return None
    bearing = [places[0]]
    for word, kind in cut(claim):
        if kind in NAMES and len(word) > 1 and not any(word in sentences[i] for i in bearing):
            holding = [i for i, text in enumerate(sentences) if word in text]
            if not holding:
                return None
            bearing.append(min(holding, key=lambda i: abs(i - places[0])))
    return sorted(set(bearing)) if len(set(bearing)) <= 3 else None


def _nearest_sentence(asked: _Asked, claim: str) -> list[int]:
    sentences = _sentences(asked.document)
    return sorted(range(len(sentences)), key=lambda i: -shared(claim, sentences[i]))[:1]


def _around(document: Document, bearing: Sequence[int], rng: random.Random) -> str:
    """The sentences with up to two of their neighbours."""
    sentences = _sentences(document)
    near = [
        i for i in range(len(sentences)) if i not in bearing and any(abs(i - one) == 1 for one in bearing)
    ]
    more = rng.sample(near, rng.randint(0, min(2, len(near))))
    return " ".join(sentences[i] for i in sorted([*bearing, *more]))


def _other_answer(answer: str, others: Sequence[str], text: str, rng: random.Random) -> str | None:
    """The answer to another question of the kind, or another name or thing of the text."""
    found = [one for one in others if one and one not in answer and answer not in one]
    if found and rng.random() < 0.6:
        return rng.choice(found)
    kinds = dict(cut(answer))
    kind = next((kinds[word] for word in reversed(kinds) if kinds[word] in (*NAMES, "n")), None)
    alike = [
        word
        for word, its in cut(text)
        if its == kind and len(word) > 1 and word not in answer and answer not in word
    ]
    return rng.choice(alike) if alike else rng.choice(found) if found else None


def _sentences(document: Document) -> list[str]:
    return [document.quote(s.start, s.end) for s in document.sentences]
