"""Writers with a language model: what it writes is cut into statements, and each is checked before it counts.

The model's own numbers and sources are not asked. A statement that nothing bears out is left out or shown as
such; where nothing is borne out, and where the model fails, the article's own sentences stand in.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice

from app.answer import Note
from app.checker import Check, Checker
from app.errors import CheckerError, LanguageModelError, ModelFileError, PromptTooLong
from app.extractive import ExtractiveWriter
from app.language_model import LanguageModel, Message
from app.orders import is_order
from app.questions import Question, Turn
from app.reader import AnswerSpan
from app.settings import WriterSettings
from app.statements import declines, first_question, statements, strays
from app.told import Source
from app.writer import Draft, Material, Writing
from corpus import Language
from prompts import DECLINED, Prompts, Task, prompts_sha256

log = logging.getLogger(__name__)

_REWRITTEN = 96  # tokens of a question
WRITER_FAILED = "writer_failed"  # the note's code
# The codes of the notes with which the article's sentences stand in for the model's.
STOOD_IN = frozenset({WRITER_FAILED, "nothing_borne_out", "orders_only", "other_language"})
_NOTES = {
    WRITER_FAILED: {
        "zh": "语言模型没有写成（{what}），这里是原文的句子。",
        "en": "The language model failed ({what}); these are the article's own sentences.",
    },
    "nothing_borne_out": {
        "zh": "语言模型写的内容都没有得到原文证实，这里是原文的句子。",
        "en": "Nothing that the language model wrote is borne out; these are the article's own sentences.",
    },
    "orders_only": {
        "zh": "找到的句子都是写给语言模型的指令，没有交给它，这里是原文的句子。",
        "en": "All that was found are orders to a language model, which were kept from it; they are quoted.",
    },
    "other_language": {
        "zh": "问题和原文不是同一种语言，模型的话无法核对，这里是原文的句子。",
        "en": "The article is in another language, in which a model cannot be checked; it is quoted instead.",
    },
    "left_out": {
        "zh": "语言模型的 {what} 句话没有得到原文证实，已略去。",
        "en": "Left out, as nothing bears it out: {what} of the language model's sentences.",
    },
    "evidence_trimmed": {
        "zh": "模型一次读不下，只给了它最相关的 {what} 句原文。",
        "en": "The model cannot read more at a time than the {what} nearest sentences.",
    },
}


@dataclass(frozen=True)
class ComposingWriter:
    """Lets a language model write from the sentences that were read, and a checker decide what is shown."""

    model: LanguageModel
    checker: Checker
    settings: WriterSettings
    prompts: Prompts
    tokens: int  # of a reply, at most

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    @property
    def checked_by(self) -> str:
        """The checker's fingerprint."""
        return self.checker.fingerprint

    @property
    def prompts_sha256(self) -> str:
        """Of the words it says to the model."""
        return prompts_sha256(self.prompts)

    def load(self) -> None:
        """Load the checker and the model now. Raises CheckerError, LanguageModelError or ModelFileError."""
        self.checker.load()
        self.model.load()

    def rewritten(self, question: Question, history: Sequence[Turn]) -> Generator[str]:
        """A question that points back, as one that can be understood alone; nothing where the model fails."""
        said = "\n".join(f"{turn.role}: {turn.content}" for turn in history[-4:])
        values = {"history": said, "question": question.text}
        messages = self._messages("follow-up", question.language, values)
        written = ""
        try:
            with closing(self.model.stream(messages, _REWRITTEN)) as pieces:
                for piece in pieces:
                    written += piece
                    yield ""
        except (LanguageModelError, ModelFileError) as error:
            log.warning("%s: %s", self.name, error)
            return
        yield first_question(written)

    def write(self, material: Material) -> Generator[Writing]:
        """The reply as it grows; the article's own sentences where the model's cannot be shown."""
        evidence = _evidence(material, self.settings.evidence)
        given = [material.documents[span.document_id] for span in evidence]
        if any(document.language != material.question.language for document in given):
            yield self._quoted(material, "other_language")
            return
        try:
            yield from self._composed(material, evidence)
        except (LanguageModelError, ModelFileError, CheckerError) as error:
            log.warning("%s: %s", self.name, error)
            yield self._quoted(material, WRITER_FAILED, type(error).__name__)

    def _composed(self, material: Material, evidence: tuple[AnswerSpan, ...]) -> Generator[Writing]:
        if not evidence:
            yield self._quoted(material, "orders_only")
            return
        notes: tuple[Note, ...] = ()
        while True:
            reply = _Reply(notes=notes)
            yield Writing(evidence=evidence, finished=False)  # seen before the model has begun
            try:
                with closing(self._grown(reply, material, evidence)) as steps:
                    for reply in steps:
                        yield Writing(reply.drafts, evidence, reply.tail, finished=False)
            except PromptTooLong:
                if len(evidence) == 1:
                    raise
                evidence = evidence[: len(evidence) // 2]
                notes = (self._note(material, "evidence_trimmed", len(evidence)),)
            else:
                yield self._whole(reply, material)
                return

    def _grown(self, reply: _Reply, material: Material, evidence: Sequence[AnswerSpan]) -> Generator[_Reply]:
        """The reply with each piece that the model writes."""
        with closing(self.model.stream(self._prompt(material, evidence), self.tokens)) as pieces:
            for done, tail in statements(pieces):
                for text in done:
                    if text in reply.said:  # a small model that has begun to repeat itself
                        yield replace(reply, tail="")
                        return
                    reply = self._with(reply, text, material, evidence)
                yield replace(reply, tail=tail)

    def _with(self, reply: _Reply, text: str, material: Material, evidence: Sequence[AnswerSpan]) -> _Reply:
        """The reply with a statement more, once it is checked."""
        reply = replace(reply, said=(*reply.said, text))
        if declines(text):
            return replace(reply, declined=True)
        check = self._checked(text, [_source(span, material) for span in evidence], material)
        if check.verdict == "unsupported" and self.settings.unsupported == "left out":
            return replace(reply, left_out=reply.left_out + 1)
        spans = tuple(replace(evidence[i], support=check.support) for i in check.sources)
        return replace(reply, drafts=(*reply.drafts, Draft(text, spans, check.verdict)))

    def _checked(self, text: str, sources: Sequence[Source], material: Material) -> Check:
        if strays(text, " ".join(source.text for source in sources), material.question.language):
            return Check("unsupported", (), 0.0)
        return self.checker.check(text, sources)

    def _whole(self, reply: _Reply, material: Material) -> Writing:
        if not any(draft.spans for draft in reply.drafts):
            return Writing(declined=True) if reply.declined else self._quoted(material, "nothing_borne_out")
        left_out = [self._note(material, "left_out", reply.left_out)] if reply.left_out else []
        return Writing(reply.drafts, notes=(*reply.notes, *left_out))

    def _prompt(self, material: Material, evidence: Sequence[AnswerSpan]) -> list[Message]:
        """The evidence in the order of the text, then the question."""
        in_order = sorted(evidence, key=lambda span: (span.document_id, span.start))
        lines = [f"{i}. {_quote(span, material)}" for i, span in enumerate(in_order, start=1)]
        values = {"evidence": "\n".join(lines)}
        language = material.question.language
        if material.kind == "outline":
            return self._messages("outline", language, values)
        asked = {"question": material.asked, "declined": DECLINED[language]}
        return self._messages("answer", language, values | asked)

    def _messages(self, task: Task, language: Language, values: dict[str, str]) -> list[Message]:
        system, user = self.prompts[task, language].fill(**values)
        return [Message("system", system), Message("user", user)]

    def _quoted(self, material: Material, code: str, cause: str = "") -> Writing:
        """The article's own sentences, and why."""
        (quoted,) = ExtractiveWriter(self.settings).write(material)
        return replace(quoted, notes=(self._note(material, code, cause),))

    def _note(self, material: Material, code: str, what: object = "") -> Note:
        return Note(code, _NOTES[code][material.question.language].format(what=what))


@dataclass(frozen=True)
class _Reply:
    """What has become of the model's text so far."""

    drafts: tuple[Draft, ...] = ()
    tail: str = ""
    said: tuple[str, ...] = ()
    left_out: int = 0
    declined: bool = False
    notes: tuple[Note, ...] = ()


def _evidence(material: Material, most: int) -> tuple[AnswerSpan, ...]:
    """The sentences that the model is given, each whole, best first; none that gives it orders."""
    whole = (
        replace(span, start=sentence.start, end=sentence.end)
        for span in material.spans
        for sentence in (material.documents[span.document_id].sentence_by_id[span.sentence_id],)
    )
    innocent = (span for span in whole if not is_order(_quote(span, material)))
    return tuple(islice(innocent, max(most, material.sure)))


def _source(span: AnswerSpan, material: Material) -> Source:
    document = material.documents[span.document_id]
    published = document.published[:4] if document.published else None
    place = document.sentences.index(document.sentence_by_id[span.sentence_id])
    return Source(document.simplified[span.start : span.end], published, document.id, place)


def _quote(span: AnswerSpan, material: Material) -> str:
    return material.documents[span.document_id].quote(span.start, span.end)
