"""Training examples of the reader from news: questions made from sentences that state a figure, date or name.

An answer is cut out of a sentence and a question word put in its place; the question is shortened the way
people type (function words left out, keywords only). What cannot be answered is made from the same
question: the passage without that sentence, another year, figure or place asked for, or an attribute of a
thing that the passage names but does not tell.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jieba
from jieba import posseg
from reader_data import Example

from corpus import build_document
from index import PassageRules, split_passages

_FUNCTION_WORDS = frozenset(
    "的 了 将 已 已经 在 于 等 并 也 还 又 都 就 从 对 为 与 和 及 以 其 该 这 那 个 共 目前 据悉".split()
)
_TAILS = ("？", "？", "？", "", "呢？", "呀", "来着？")
_UNIT = (
    "(?:人民币|美元|元|人次|余?名|余?个|余?家|余?人|吨|公里|平方米|平方公里|辆|台|件|项|次|岁|天|万字|米"
    "|千瓦时|倍|座|套|所|条|亩|分钟|小时)"
)
_QUANTITY = rf"(?:约|超过?|近|达)?\d[\d,.]*[余多]?[万亿千]*[余多]?({_UNIT})"
_ANSWERS = (  # how the answer looks, what is asked in its place
    (re.compile(_QUANTITY), ("多少{}", "几{}", "多少")),
    (re.compile(r"\d[\d.]*%"), ("多少", "百分之几", "百分之多少")),
    (re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日"), ("什么时候", "哪一天", "何时", "几月几日")),
    (re.compile(r"(?:19|20)\d{2}年"), ("哪一年", "什么时候", "哪年", "何时")),
    (re.compile(r"第[一二三四五六七八九十\d]+"), ("第几", "排第几", "第几")),
    (re.compile(r"《[^》]{2,20}》"), ("什么", "哪个文件", "哪部作品", "什么")),
    (re.compile(r"“[^”]{2,12}”"), ("什么", "哪个", "什么")),
)
# Attributes: where a passage tells one, how people ask for it, words without which it is not told.
_SPEAKS = "(?=表示|说|介绍|在)"
_NTH = r"(第[一二三四五六七八九十\d]+)"
_ATTRIBUTES = tuple(
    (pattern, tuple(forms.split()), tuple(hints.split()))
    for pattern, forms, hints in (
        (
            r"成立于(\d{4}年)",
            "成立于哪一年？ 是什么时候成立的？ 成立时间 哪年成立的",
            "成立 创办 创立 组建 创建",
        ),
        (r"([\d,]+余?多?[名位]员工)", "有多少员工？ 员工人数 有几个员工？", "员工 职工 人员 雇"),
        (r"总部(?:位于|设在|在)([\u4e00-\u9fff]{2,8})", "总部在哪里？ 总部设在哪儿 总部所在地", "总部"),
        (
            r"同比(?:增长|上升|提高|增加)([\d.]+%)",
            "同比增长了多少？ 增速是多少 增长率",
            "增长 增加 上升 提高 增幅 增速 同比",
        ),
        (
            r"(?:投资|总投资)(?:约|达|为|额)?([\d.]+[万亿]+元)",
            "总投资多少？ 投了多少钱？ 投资额",
            "投资 投入 资金 元",
        ),
        (r"(?:售价|价格|定价)(?:为|约)?([\d.,]+万?元)", "多少钱？ 售价是多少？ 价格", "元 价"),
        (
            r"面积(?:约|为|达)?([\d.]+万?(?:平方米|平方公里|亩))",
            "面积有多大？ 占地多少？ 面积",
            "面积 占地 平方 亩",
        ),
        (
            rf"董事长([\u4e00-\u9fff]{{2,3}}){_SPEAKS}",
            "董事长是谁？ 负责人是谁 谁是董事长",
            "董事长 负责人 总裁 总经理",
        ),
        (
            r"毕业于([\u4e00-\u9fff]{2,10}大学)",
            "毕业于哪所大学？ 在哪儿上的学？ 毕业院校",
            "毕业 大学 学院 学历",
        ),
        (
            rf"创始人([\u4e00-\u9fff]{{2,3}}){_SPEAKS}",
            "创始人是谁？ 是谁创办的？ 创办者",
            "创始人 创办 创立",
        ),
        (
            rf"(?:排名|位列|位居|居)[\u4e00-\u9fff]{{0,4}}{_NTH}",
            "排名第几？ 排第几位？ 名次",
            "第 排名 位居",
        ),
        (r"占[\u4e00-\u9fff]{1,8}的?([\d.]+%)", "占比是多少？ 占百分之几？ 所占比重", "占 % 比重"),
        (r"(\d{2})岁", "今年多大了？ 年龄 几岁？", "岁 年龄 出生"),
    )
)
_SOURCE = re.compile("消息|来源|编辑|记者")  # bylines say nothing worth asking
_ENTITIES = frozenset(("nt", "nz"))  # organisations and brands: what jieba tells reliably


Swaps = list[tuple[str, str]]  # parts of questions with their kinds, to put in the place of others


@dataclass(frozen=True)
class Fact:
    """A sentence of a passage with an answer in it."""

    passage: str
    sentence: str
    start: int  # of the answer in the sentence
    end: int
    word: str  # that asks for it


def news_examples(path: Path, size: int, rng: random.Random) -> list[Example]:
    """About `size` examples of the news file, one fact a passage, one or two passages a document."""
    made: list[Example] = []
    swaps: Swaps = []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if rng.random() < 0.5:
                continue
            article = json.loads(line)
            document = build_document(article["id"], article["text"].encode())
            passages = split_passages(document, PassageRules())
            for row in rng.sample(passages, min(2, len(passages))):
                sentences = [s for s in document.sentences if row.start <= s.start and s.end <= row.end]
                texts = [document.quote(s.start, s.end) for s in sentences]
                made.extend(_examples(document.quote(row.start, row.end), texts, swaps, rng))
            if len(made) >= size:
                break
    return made


def _examples(passage: str, sentences: list[str], swaps: Swaps, rng: random.Random) -> Iterator[Example]:
    yield from _attributes(passage, rng)
    facts = [fact for sentence in sentences for fact in _facts(passage, sentence, rng)]
    if not facts:
        return
    fact = rng.choice(facts)
    question = _question(fact, rng)
    if question is None:
        return
    at = passage.find(fact.sentence)
    yield Example(question, passage, at + fact.start, at + fact.end)
    rest = passage.replace(fact.sentence, "")
    if len(rest) > 40 and fact.sentence[fact.start : fact.end] not in rest and rng.random() < 0.4:
        yield Example(question, rest, None, None)
    swapped = _swap(question, passage, swaps, rng)
    if swapped is not None and rng.random() < 0.7:
        yield Example(swapped, passage, None, None)


def _facts(passage: str, sentence: str, rng: random.Random) -> Iterator[Fact]:
    if not 12 <= len(sentence) <= 160 or _SOURCE.search(sentence):
        return
    for pattern, words in _ANSWERS:
        for match in pattern.finditer(sentence):
            unit = match.group(1) if match.groups() else ""
            yield Fact(passage, sentence, *match.span(), rng.choice(words).format(unit.lstrip("余")))


def _question(fact: Fact, rng: random.Random) -> str | None:
    """The clause of the answer, at times with the one before, shortened as people type."""
    before, after = fact.sentence[: fact.start], fact.sentence[fact.end :]
    clauses = re.split(r"[，；：。,;:]", before)
    left = clauses[-1]
    if len(clauses) > 1 and (len(left) < 6 or rng.random() < 0.5):
        left = clauses[-2] + ("，" if rng.random() < 0.5 else "") + left
    right = re.split(r"[，；：。,;:！？]", after)[0]
    words = [*jieba.cut(left), "\x00", *jieba.cut(right)]
    if not 4 <= len(words) <= 30:
        return None
    kept = 1.0 if rng.random() < 0.35 else rng.uniform(0.6, 0.95)
    words = [
        word
        for word in words
        if word == "\x00" or (rng.random() < kept and (kept == 1.0 or word not in _FUNCTION_WORDS))
    ]
    if rng.random() < 0.4:  # the question word goes to the end: 规模增长多少 · 规模 增长 多少
        words = [word for word in words if word != "\x00"] + (["是"] if rng.random() < 0.3 else []) + ["\x00"]
    text = (" " if rng.random() < 0.1 else "").join(words).replace("\x00", fact.word)
    return text + rng.choice(_TAILS) if len(text) > len(fact.word) + 6 else None


def _swap(question: str, passage: str, swaps: Swaps, rng: random.Random) -> str | None:
    """The question with a year, month, figure, name or place that the passage does not hold."""
    parts: Swaps = [(m.group(), "year") for m in re.finditer(r"20[012]\d年", question)]
    parts += [(m.group(), "month") for m in re.finditer(r"(?<!\d)\d{1,2}月", question)]
    parts += [
        (word, flag)
        for word, flag in posseg.cut(question)
        if flag in _ENTITIES | {"ns"} and re.fullmatch(r"[\u4e00-\u9fff]{2,6}", word)
    ]
    swaps.extend(parts)
    del swaps[:-4000]
    for part, kind in rng.sample(parts, len(parts)):
        others = [
            word for word, of in rng.sample(swaps, min(200, len(swaps))) if of == kind and word not in passage
        ]
        if others:
            return question.replace(part, others[0], 1)
    return None


def _attributes(passage: str, rng: random.Random) -> Iterator[Example]:
    """A question about an attribute that the passage tells, and as often one that it does not."""
    entities = [(word, flag) for word, flag in posseg.cut(passage) if flag in _ENTITIES and len(word) > 1]
    if not entities:
        return
    for pattern, forms, _ in _ATTRIBUTES:
        if match := re.search(pattern, passage):
            before = [word for word, _ in entities if 0 <= passage.find(word) < match.start()]
            if before:
                yield Example(before[-1] + rng.choice(forms), passage, *match.span(1))
                break
    else:
        if rng.random() > 0.35:
            return
    untold = [forms for _, forms, hints in _ATTRIBUTES if not any(hint in passage for hint in hints)]
    if untold:
        yield Example(rng.choice(entities)[0] + rng.choice(rng.choice(untold)), passage, None, None)
