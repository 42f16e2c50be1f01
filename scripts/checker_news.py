"""Training examples of the checker made from news: a sentence said again, and with one thing changed.

A claim is a sentence of a document, shortened, with words in place of others of the same gloss (CC-CEDICT),
over itself and its neighbours. Changed is a name or a thing for another of the same kind, mostly of the same
text; a word for its opposite; or what is done, for what something else of the text does.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from checker_data import NAMES, Example, Words, cut

from corpus import simplified, split_sentences

_EVERY = 7  # one document of so many
_THINGS = ("n", "vn", "an", "l")
_SHORTEST, _LONGEST = 14, 70  # characters of a sentence
_SAME = 0.25  # share of a claim's words in the place of which another of the same gloss is put
_LEAD = re.compile(
    r"^(?:据[^，]{2,16}，|[^，]{0,12}(?:介绍|表示|报道|称|说)，|同时，|此外，|另外，|目前，|其中，|而|但|并且?)"
)
_OPPOSITES = [
    pair.split("/")
    for pair in (
        "增加/减少 增长/下降 上升/下降 提高/降低 扩大/缩小 上涨/下跌 最高/最低 最大/最小 最多/最少 "
        "高于/低于 多于/少于 支持/反对 同意/拒绝 允许/禁止 成功/失败 已经/尚未 已/未 有/没有 "
        "能/不能 可以/不可以 会/不会 是/不是 开始/结束 开放/关闭 加快/放慢 加强/削弱 之前/之后 "
        "以上/以下 超过/不足 首次/再次 全部/部分 所有/少数 必须/不必 继续/停止 进入/退出 出口/进口 "
        "买入/卖出 赢得/输掉 上调/下调 盈利/亏损 公开/秘密 主动/被动 直接/间接 提前/推迟 恢复/中断 "
        "通过/否决 承认/否认 建成/拆除 完成/未完成 获得/失去 领先/落后 优于/不如 同比/环比 "
        "东部/西部 南方/北方 国内/国外 上午/下午 男/女 先/后"
    ).split()
]


@dataclass(frozen=True)
class Sentence:
    """A sentence in words with their kinds."""

    words: tuple[str, ...]
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return "".join(self.words)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each word with its kind."""
        return list(zip(self.words, self.kinds, strict=True))


@dataclass(frozen=True)
class Others:
    """What a word or a deed is exchanged for: the four sentences of a text, and words of other texts."""

    sentences: Sequence[Sentence]
    words: Words


def news_claims(documents: Iterable[str], words: Words, count: int, rng: random.Random) -> list[Example]:
    """So many examples from news documents, about a third of them borne."""
    examples: list[Example] = []
    for document in documents:
        if len(examples) >= count:
            break
        sentences = [text for text in _sentences(document) if _SHORTEST <= len(text) <= _LONGEST]
        if len(sentences) >= 4:
            begin = rng.randrange(len(sentences) - 3)
            four = [split_words(text) for text in sentences[begin : begin + 4]]
            examples += _examples(Others(four, words), rng)
    return examples[:count]


def news_documents(path: Path, left_out: set[str]) -> Iterator[str]:
    """Some of the documents of a file, but for those left out, in simplified characters."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % _EVERY == 3:
                row = json.loads(line)
                if row["id"] not in left_out and "武汉" not in row["text"]:
                    yield simplified(row["text"])


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def split_words(text: str) -> Sentence:
    """A text in words."""
    words, kinds = zip(*cut(text), strict=True)
    return Sentence(words, kinds)


def _examples(of: Others, rng: random.Random) -> Iterator[Example]:
    """Of two of four sentences: said again, and changed in two ways; over one, two or all of them."""
    for at in rng.sample(range(4), 2):
        said = _again(of.sentences[at], rng)
        others = rng.sample([i for i in range(4) if i != at], rng.choice((0, 1, 3)))
        text = " ".join(str(of.sentences[i]) for i in sorted([at, *others]))
        yield Example(str(said), text, True)
        ways = [_other_name, _opposite, _other_deed, _other_thing]
        made = 0
        for way in rng.sample(ways, len(ways)):
            changed = way(said, at, of, rng)
            if changed and made < 2 and changed not in text:
                made += 1
                yield Example(changed, text, False)


def _again(sentence: Sentence, rng: random.Random) -> Sentence:
    """The sentence without its lead and perhaps a clause, some words for others of the same gloss."""
    words, kinds = list(sentence.words), list(sentence.kinds)
    lead = _LEAD.match(str(sentence))
    if lead and rng.random() < 0.7:
        words, kinds = _behind(words, kinds, lead.end())
    stops = [i for i, word in enumerate(words) if word in "，；"]
    if stops and rng.random() < 0.5:  # the last clause goes
        words, kinds = [*words[: stops[-1]], "。"], [*kinds[: stops[-1]], "x"]
    for i, word in enumerate(words):
        if len(word) > 1 and kinds[i] not in NAMES and rng.random() < _SAME:
            alike = _alike().get(word)
            if alike:
                words[i] = rng.choice(alike)
    return Sentence(tuple(words), tuple(kinds))


def _behind(words: list[str], kinds: list[str], length: int) -> tuple[list[str], list[str]]:
    at = 0
    while words and at < length:
        at += len(words[0])
        words, kinds = words[1:], kinds[1:]
    return words, kinds


def _other_name(said: Sentence, at: int, others: Others, rng: random.Random) -> str | None:
    return _exchanged(said, others, NAMES, rng)


def _other_thing(said: Sentence, at: int, others: Others, rng: random.Random) -> str | None:
    return _exchanged(said, others, _THINGS, rng)


def _exchanged(said: Sentence, others: Others, of: Sequence[str], rng: random.Random) -> str | None:
    """A word of a kind for another of that kind."""
    places = [(word, kind) for word, kind in said.pairs if kind in of and len(word) > 1]
    if not places:
        return None
    old, kind = rng.choice(places)
    near = [pair for sentence in others.sentences for pair in sentence.pairs]
    new = others.words.other(old, kind, near, rng)
    return "".join(new if word == old else word for word in said.words) if new else None


def _opposite(said: Sentence, at: int, others: Others, rng: random.Random) -> str | None:
    return opposite(said, rng)


def opposite(said: Sentence, rng: random.Random) -> str | None:
    """The sentence with a word for its opposite, or with a verb denied; None where neither is there."""
    found = [
        (i, pair[1 - side])
        for i, word in enumerate(said.words)
        for pair in _OPPOSITES
        for side in (0, 1)
        if word == pair[side]
    ]
    verbs = [i for i, kind in enumerate(said.kinds) if kind == "v" and len(said.words[i]) > 1]
    words = list(said.words)
    if found and (not verbs or rng.random() < 0.7):
        i, other = rng.choice(found)
        words[i] = other
    elif verbs:
        i = rng.choice(verbs)
        words[i] = rng.choice(("没有", "未", "不", "尚未", "不再", "并未")) + words[i]
    else:
        return None
    return "".join(words)


def _other_deed(said: Sentence, at: int, others: Others, rng: random.Random) -> str | None:
    """What the sentence begins with, up to its first verb, with what another says of something else."""
    other = others.sentences[rng.choice([i for i in range(4) if i != at])]
    subject, deed = _subject(said), _subject(other)
    if not subject or not deed:
        return None
    return "".join(said.words[:subject]) + "".join(other.words[deed:])


def _subject(sentence: Sentence) -> int:
    """How many words stand before the first verb; 0 where a clause ends first or nothing names a thing."""
    for i, (word, kind) in enumerate(sentence.pairs):
        if word in "，；：“":
            return 0
        if kind == "v" and i > 0:
            return i if any(k in (*NAMES, *_THINGS) for k in sentence.kinds[:i]) else 0
    return 0


@cache
def _alike() -> dict[str, list[str]]:
    """Words of which each has the other's first gloss among its own."""
    from reader_english import read_cedict

    by_gloss: dict[str, list[str]] = {}
    for word, _, glosses in read_cedict():
        if len(word) > 1 and glosses:
            by_gloss.setdefault(glosses[0], []).append(word)
    return {
        word: [other for other in words if other != word]
        for words in by_gloss.values()
        if 1 < len(set(words)) < 5
        for word in words
    }
