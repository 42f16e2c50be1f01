"""Reading: which sentences of the retrieved passages answer the question, and how surely."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Protocol

from app.dates import meant_years
from corpus import Document, Sentence, is_cjk, simplified
from index import Hit, Index

# What a topic ends with that is asked of the same thing as before; in the second half with two characters
# before it at most, for 神舟二十号任务 names the thing. Names of places and organisations have none of these
# ends: 天长, 榆次, 遗址, 季度, 基因, 人工智能, 副局长 stay names.
_ATTRIBUTE = re.compile(
    "(?:时间|地点|地方|日期|年份|原因|目的|目标|结果|效果|影响|作用|意义|背景|内容|进展|优势|问题|面积|规模|价格|费用|成本|"
    "人口|数字|数据|收入|比例|占比|排名|增速|增幅|名字|名称|办法|条件|要求|标准|计划|未来|"
    "情况|特点|数量|金额|人数|方法)$"
    "|^.{0,2}(?:理由|来源|风险|利润|盈利|结构|流程|任务|单位|性质|[率额值量价费收责况]|[地网住]址|[优缺特重亮难弱要]点|[名班层档频]次|"
    "[人总户次倍]数|[进速程高长宽深温湿力]度|[功性职产]能|[起成]因|[做看说用方]法|[方形样]式|[效收]益|[含定]义|[工周任]期|"
    "[责言始]人|姓名|^[^副前原]{1,2}(?<![天延家])长)$"
)
# What a text may leave out before the rest of a name: 今年一季度, 第二季度, 中国信通院.
_LEFT_OUT = re.compile("^(?:今年|本年|第(?=[一二三四]季)|中国|美国)(?=.{3})")
_TOLD_OTHERWISE = re.compile(r"^[今去前明本上]年$|^第.{1,4}[名位]$")  # 冠军 is 第一名
_MARKER = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class AnswerSpan:
    """A place that answers the question: `start` and `end` in the document, `support` 0..1."""

    document_id: str
    sentence_id: str
    start: int
    end: int
    support: float


@dataclass(frozen=True)
class Reading:
    """What a reader found for one query: spans best first, and whether the text answers at all."""

    spans: tuple[AnswerSpan, ...]
    confidence: float  # probability 0..1 that the best span answers the question
    passage_ranks: Mapping[tuple[str, str], int]  # (document id, passage id) -> rank from 1
    short_answer: str | None = None


def unsaid(reading: Reading, told: Sequence[str], documents: Mapping[str, Document]) -> Reading:
    """The reading without the sentences that stand in what was told."""
    said = [_MARKER.sub("", reply) for reply in told]
    return _kept(reading, lambda span: not any(_bare(span, documents) in one for one in said))


def about(reading: Reading, topic: str, documents: Mapping[str, Document]) -> Reading:
    """The reading without the sentences that name the topic neither themselves nor where they stand.

    Where a sentence stands: the title, its section and the sentence before it in its block, with the years
    that their words (去年) mean. A topic in another script than the document's, and one that is an attribute
    (那面积呢), says nothing here.
    """
    names = _names(topic)

    def named(span: AnswerSpan) -> bool:
        document = documents[span.document_id]
        if any(map(is_cjk, topic)) is not (document.language == "zh"):
            return True
        context = _context(span, document).lower()
        return all(_mentions(name.lower(), context) for name in names)

    return _kept(reading, named)


def _names(topic: str) -> list[str]:
    """The parts of a topic that name a thing: 武汉 of 武汉的人口, Shanghai of the companies in Shanghai."""
    if not any(map(is_cjk, topic)):
        return re.findall(r"\b(?:[A-Z]\w+|\d+)\b", topic)
    parts = re.split("^[在对]|的|和|与|及|、|[“”「」]|[这那][边里儿头]|方面", topic)
    return [
        part
        for part in parts
        if len(part) > 1 and not (_ATTRIBUTE.search(part) or _TOLD_OTHERWISE.search(part))
    ]


def _context(span: AnswerSpan, document: Document) -> str:
    sentence = document.sentence_by_id[span.sentence_id]
    paragraph = document.sentences_of(document.block_by_id[sentence.block_id])
    start = paragraph[max(0, paragraph.index(sentence) - 1)].start
    text = document.quote(start, sentence.end)
    years = (f"{year}年" for year in meant_years(document, text))
    return simplified("\n".join((document.title, document.section_of(sentence), text, *years)))


def _mentions(name: str, text: str) -> bool:
    """Whether the text holds the name, or how one without digits begins: 北京市 and 南京市 end alike."""
    name = _LEFT_OUT.sub("", name)
    least = len(name) if any(map(str.isdigit, name)) else max(2, math.ceil(0.6 * len(name)))
    return name[:least] in text


def shared(text: str, other: str) -> str:
    """The longest run of characters that both hold."""
    match = SequenceMatcher(None, text, other, autojunk=False).find_longest_match()
    return text[match.a : match.a + match.size]


def _kept(reading: Reading, keep: Callable[[AnswerSpan], bool]) -> Reading:
    """The reading with some of its spans, as sure as the best that is left."""
    left = tuple(span for span in reading.spans if keep(span))
    if left[:1] == reading.spans[:1]:
        return replace(reading, spans=left)
    return replace(reading, spans=left, confidence=left[0].support if left else 0.0, short_answer=None)


def _bare(span: AnswerSpan, documents: Mapping[str, Document]) -> str:
    document = documents[span.document_id]
    sentence = document.sentence_by_id[span.sentence_id]
    return _MARKER.sub("", document.quote(sentence.start, sentence.end))


class Reader(Protocol):
    """The door behind which readers stand."""

    @property
    def fingerprint(self) -> str:
        """Its name and what it was fitted or trained to; readers with another give other readings."""
        ...

    def load(self) -> None:
        """Load what is slow to load, so that no question waits for it. Raises ReaderError."""
        ...

    def read(self, query: str, hits: Sequence[Hit]) -> Reading:
        """The answer spans of a query in the passages found for it."""
        ...


@dataclass(frozen=True)
class Candidate:
    """A sentence of a retrieved passage."""

    document: Document
    sentence: Sentence
    hit: Hit  # the best-ranked passage that holds it

    @property
    def text(self) -> str:
        """The sentence in simplified characters."""
        return self.document.simplified[self.sentence.start : self.sentence.end]


def candidates(index: Index, hits: Sequence[Hit]) -> list[Candidate]:
    """The sentences of the passages, each once, in the order of the passages."""
    found: dict[tuple[str, str], Candidate] = {}
    for hit in hits:
        document = index.documents[hit.passage.document_id]
        for sentence_id in hit.passage.sentence_ids:
            sentence = document.sentence_by_id[sentence_id]
            found.setdefault((document.id, sentence_id), Candidate(document, sentence, hit))
    return list(found.values())
