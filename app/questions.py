"""The question: checked at the door, and turned into the queries that are searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.comparison import Comparison, split_comparison
from app.errors import QuestionError
from app.talk import Talk, talk_of, wants_outline
from corpus import Language, is_cjk, simplified

MAX_CHARS = 1000  # a question; more is a document, and belongs into a collection

# A beginning that says nothing of what is asked.
_POLITE = re.compile(r"^(?:[您你]好)?[，,！!\s]*(?:请问|请教)(?:一下)?[，,：:\s]*")
# Words that only point at an earlier turn. A question with one of them cannot be searched alone.
_POINTS_BACK = re.compile(
    r"^(?:那|那么|其中|还有|它|他|她|该|这个|这些|这家|那个|那些|除了?这|除此)|它|其中|呢[？?]?$"
    r"|^(?:and|what about|how about)\b|\b(?:it|its|they|them|their|those|these|that)\b",
    re.IGNORECASE,
)
# The same further on: 谁推出了这项技术 · 后者何时上线. Not 甲园这家企业, which names it, nor 这篇文章.
_NAMED_BEFORE = re.compile(
    r"(?:^|[了过在从对把被由给为向到于替按除]|(?:谁|什么|哪|几|多少|怎|如何|为何).*)(?:这[边里儿]|此[次项类种举事人处地前后外]|"
    r"这(?![边里儿头]|么[多大高长久快]|一?[篇则]|[一份条个段]{0,2}(?:文章|文档|文件|报道|报告|新闻|消息|材料))|"
    r"(?<![应本活不])该(?![怎如不文篇]))|[前后两二]者|上述|前述|刚才|[上前]面[说提讲]|^其(?![他它实余次])"
)
_ASIDE = re.compile(
    r"^那(?:么|(?![个些里边家种座位天年次件项届]))[，,\s]*|呢(?=[？?]?$)"
)  # says nothing where two things are named
# A question without a subject: 什么时候成立的 · 有多少人. What it is about was said before.
_SUBJECTLESS = re.compile(
    r"^(?:占比|主要|具体|分别|一共|总共|大概|大约|到底|都|又|是|在|有|由|位于)*"
    r"(?:什么时候|何时|啥时候|什么地方|哪[里儿年天]?|为什么|为何|为啥|怎么|如何|多少|几(?=[个家项年天名])|多[大长久高远]|谁|什么|哪些)"
    r"(?:(?:成立|建成|建|开业|开|设计|申报|发布|举办|举行|发生|开始|完成|签约|上线|做到|做|来|说|办|组成|负责)[的了]?"
    r"|[个家项名人钱年天次]|地方)?[呢啊呀]?[？?\s]*$"
    r"|^(?:请|能|可以|再|更|详细|具体|展开|进一步)*(?:说说|讲讲|谈谈|[说讲谈]|解释|说明|介绍)(?:一下|详细|清楚|点|些|吗|吧)*[。？?\s]*$"
    r"|^(?:when|where|why|how|how (?:many|much|long)|by whom|who)[?\s]*$",
    re.IGNORECASE,
)
# A sentence that says or asks something itself: 那武汉入选了吗 · 那效果好不好.
_PREDICATE = r".*(?:[吗是]|了(?!解)|没有?呢?[？?\s]*$|(?P<verb>.{1,2})[不没](?P=verb))"
# The same question asked about something else: 那成都呢.
_CONTRAST = re.compile(
    rf"^(?!{_PREDICATE})(?:那么?|(?=.*呢)(?![那然接结为你我谁]))(?!它|他|她|个|些|这|后|边|现|其|里|时|么|是|有|没|能|会|可)[“「]?(?P<topic>[^，,。？?什么谁哪几多少怎如]{{2,12}}?)[”」]?的?呢?[？?\s]*$"
    r"|^(?:and|what about|how about) (?:the )?(?P<subject>(?!it\b|they\b|that\b|this\b)[^?,]{2,40}?)[?\s]*$",
    re.IGNORECASE,
)
_CITED = re.compile(r"\[\d+\]")  # a marker in a reply
# A wish for more of what was just told.
_MORE = re.compile(
    r"^(?:那|那么)?(?:还有|其他|其它|别的|更多)(?:没有|别的|其他|其它|呢|吗|什么|哪些|的)*[？?。！!\s]*$"
    r"|^(?:anything else|what else|more|any more|and)[?.!\s]*$",
    re.IGNORECASE,
)
# A statement that the article is asked to confirm, and the parts of it that may be wrong.
_PREMISE = re.compile(
    r"^(?P<said>(?:(?!谁|什么|哪|几|多少|怎么|如何).){4,}?)[，,\s]*"
    r"(?:对吗|对吧|对不对|是吗|是吧|是不是|没错吧|是?真的吗)[？?。\s]*$"
    r"|^(?P<stated>(?!who|what|which|when|where|why|how).{4,}?),\s*(?:right|correct|is that (?:right|true))"
    r"[?.\s]*$",
    re.IGNORECASE,
)
_DOUBTFUL = (
    (re.compile(r"第[一二三四五六七八九十百\d]+"), "第几"),
    (re.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年"), "什么时候"),
    (re.compile(r"(?<![A-Za-z\d.])\d[\d,.]*[余多]?[万亿]*(?![A-Za-z\d])"), "多少"),
)
_LIST = re.compile(
    r"哪些|哪几|列出|列举|分别|都有(?:谁|什么)|有什么(?:企业|公司|项目|举措|成果|荣誉|技术)"
    r"|\b(?:list|which (?!is|was|has|does)[a-z]+s\b|what are)",
    re.IGNORECASE,
)

# What tells the language of a text that is mostly one long Latin name: ChatGPT是什么.
_ASKS_CHINESE = re.compile(
    r"什么|啥|谁|哪(?!吒)|几[个家项年天名人种次位]|多[少久大长高远]|怎|[为如]何|何[时处地]|是否|是不是|有没有|吗[？?\s]*$|呢[？?\s]*$"
)
_ASKS_ENGLISH = re.compile(
    r"(?:^|\s)(?-i:(?!WHO\b))(?:wh(?:at|ich|en|ere|y|o|om|ose)|how|is|are|was|were|do|does|did)(?=[\s'’?,]|$)",
    re.IGNORECASE,
)
_ENGLISH_WORD = re.compile(r"(?:^[A-Za-z]|\s)[a-z]+(?=[\s.,;:?!]|$)")  # by itself, in lower case: no name


@dataclass(frozen=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True)
class Question:
    """A checked message. `queries` are in simplified characters; the first is the question as typed."""

    text: str
    language: Language
    wants_list: bool
    queries: tuple[str, ...]
    from_history: str | None = None  # the query that takes the question before along
    rewritten: str | None = None  # the query that a language model made of it and of what was said before
    topic: str | None = None  # what the question before is now asked about: 那成都呢
    told: tuple[str, ...] = ()  # replies that are not to be repeated: more is wished for
    is_premise: bool = False  # a statement to be confirmed
    wants_outline: bool = False
    talk: Talk | None = None  # no question at all
    comparison: Comparison | None = None

    @property
    def searched(self) -> tuple[str, ...]:
        """Every text that is searched: the queries, and the sides of a comparison."""
        if self.talk or self.wants_outline:
            return ()
        return self.queries + (self.comparison.queries if self.comparison else ())


def resolve(text: str, history: Sequence[Turn] = ()) -> Question:
    """The question as it will be searched. Raises QuestionError for an empty or too long one.

    A question that points back is searched a second time behind the user's last question, which itself stays
    whole; a premise a second time with its doubtful part left open; a wish for more asks the last one again.
    """
    clean = _clean(text)
    letters = [c for c in clean if c.isalnum()]
    if not letters or (len(letters) == 1 and not is_cjk(letters[0])):  # one sign of Chinese is a word
        raise QuestionError("请输入一个问题。 / Please type a question.")
    if len(clean) > MAX_CHARS:
        raise QuestionError(
            f"问题有 {len(clean):,} 个字符，最多 {MAX_CHARS:,} 个，请缩短。 / "
            f"The question has {len(clean):,} characters; the limit is {MAX_CHARS:,}. Shorten it."
        )
    last = _last_question(history)
    asked = _asked(clean)
    if last is not None and _MORE.search(asked):
        return _more(text, history[:last], history[last:])
    before = _clean(history[last].content) if last is not None else None
    points = any(pattern.search(asked) for pattern in (_POINTS_BACK, _NAMED_BEFORE, _SUBJECTLESS))
    behind = _joined(before, clean)[-MAX_CHARS:] if before and points else None
    opened = _opened(asked)
    return Question(
        text=text,
        language=language_of(clean),
        wants_list=_wants_list(clean),
        queries=tuple(query for query in (clean, behind, opened) if query),
        from_history=behind,
        topic=_topic(asked) if behind else None,
        is_premise=opened is not None,
        wants_outline=wants_outline(asked),
        talk=talk_of(asked),
        comparison=_comparison(asked),
    )


def _asked(clean: str) -> str:
    """What the rules look at: the question without its polite beginning."""
    return _POLITE.sub("", clean)


def _comparison(clean: str) -> Comparison | None:
    """What a question compares, unless it points back at one of the two."""
    whole = _ASIDE.sub("", clean)
    return None if _POINTS_BACK.search(whole) else split_comparison(whole)


def _last_question(history: Sequence[Turn]) -> int | None:
    """Where the user's last message stands that says by itself what is asked."""
    for at in range(len(history) - 1, -1, -1):
        typed = _asked(_clean(history[at].content))
        if history[at].role == "user" and typed and not talk_of(typed) and not _MORE.search(typed):
            return at
    return None


def _more(text: str, history: Sequence[Turn], since: Sequence[Turn]) -> Question:
    """The question of the first turn since then, once more: without what was told, if anything was."""
    asked = resolve(since[0].content, history)
    told = tuple(turn.content for turn in since if turn.role == "assistant" and _CITED.search(turn.content))
    # What is left does not answer both sides of a comparison.
    return replace(asked, text=text, from_history=asked.queries[0], told=told, comparison=None)


def _joined(before: str, clean: str) -> str:
    """Two questions as one text, in which the second can be told from the first."""
    mark = "" if before[-1] in "？?。.！!" else "？" if language_of(before) == "zh" else "?"
    return f"{before}{mark} {clean}"


def _topic(clean: str) -> str | None:
    """What a question contrasts with the one before.

    >>> _topic("那成都呢？"), _topic("那它是哪一年开园的？"), _topic("What about Chengdu?")
    ('成都', None, 'Chengdu')
    """
    match = None if _NAMED_BEFORE.search(clean) else _CONTRAST.search(clean)
    return (match["topic"] or match["subject"]) if match else None


def _wants_list(clean: str) -> bool:
    return _LIST.search(clean) is not None


def _opened(clean: str) -> str | None:
    """A premise as a question: 武汉排名第一，对吗？ as 武汉排名第几？; None for what is no premise."""
    if (match := _PREMISE.search(clean)) is None:
        return None
    if match["stated"]:
        return match["stated"]
    said = match["said"]
    for pattern, asked in _DOUBTFUL:
        if found := list(pattern.finditer(said)):
            start, end = found[-1].span()
            return f"{said[:start]}{asked}{said[end:]}？"
    return said


def language_of(text: str) -> Language:
    """The language a question is asked in; either may quote names of the other.

    >>> language_of("What is the 揭榜 list?"), language_of("5G工厂有多少"), language_of("ChatGPT是什么？")
    ('en', 'zh', 'zh')
    """
    words = re.findall(r"[A-Za-z]{3,}", text)  # shorter ones are units and names: 5G, AI
    chinese, english = _ASKS_CHINESE.search(text), _ASKS_ENGLISH.search(text)
    if not words or (chinese and not english):
        return "zh"
    if english and english.start() == 0 and not chinese:
        return "en"
    if sum(map(len, words)) <= 2 * sum(map(is_cjk, text)):
        return "zh"
    letters = [c for c in text if c.isalnum()]
    framed = is_cjk(letters[0]) or is_cjk(letters[-1])
    return "zh" if framed and not (english or _ENGLISH_WORD.search(text)) else "en"


def _clean(text: str) -> str:
    """The text in simplified characters, a space for every control, invisible and unassigned one."""
    return simplified("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).strip())
