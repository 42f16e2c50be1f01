"""What people say to a chat beside questions: greetings, thanks, what it can do, the wish for an outline."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Literal

from app.answer import Answer
from app.dates import DERIVED_YEAR
from corpus import Document, Language

Talk = Literal["greeting", "thanks", "farewell", "assent", "ability"]
SMALL_TALK = "small_talk"  # the code of the note by which an Answer to it is known
IN_REPLY = frozenset({DERIVED_YEAR, SMALL_TALK})  # codes of notes that need not be shown: the reply says it

_END = r"[\s。.！!？?~～，,]*$"
_TALK: dict[Talk, re.Pattern[str]] = {
    "greeting": re.compile(
        rf"^(?:你好|您好|大家好|嗨|哈喽|哈啰|早上好|上午好|下午好|晚上好|在吗|hi|hello|hey)(?:啊|呀|吗)?{_END}",
        re.IGNORECASE,
    ),
    "thanks": re.compile(
        r"^(?:好的?[，,\s]*)?(?:非常|十分|太)?(?:谢谢|多谢|感谢|辛苦了|thanks|thank you)"
        rf"(?:你们|您们|你|您|大家|了|啦|啊|very much|so much|a lot|\s)*{_END}",
        re.IGNORECASE,
    ),
    "farewell": re.compile(rf"^(?:再见|拜拜|回头见|bye|goodbye|see you){_END}", re.IGNORECASE),
    "assent": re.compile(
        rf"^(?:好|好的|好吧|嗯+|哦+|行|明白了?|知道了|了解了?|收到|ok|okay|i see|got it){_END}", re.IGNORECASE
    ),
    "ability": re.compile(
        r"^(?:你|您)(?:能|会|可以)(?:做|干|帮我做|回答)(?:些)?(?:什么|啥|哪些)(?:事|问题)?(?:呢|呀)?"
        rf"{_END}|^(?:你|您)是(?:谁|什么)(?:呀)?{_END}|^(?:帮助|使用说明){_END}"
        rf"|^(?:help|what can you do|who are you){_END}",
        re.IGNORECASE,
    ),
}
_ARTICLE = r"(?:这|本|该|全)?(?:篇|个|份)?(?:文章|全文|本文|文档|报道|材料|内容)"
_SUM_UP = r"(?:总结|概括|归纳|概述|简述)(?:一下|下)?"
_SAYS = r"(?:的)?(?:主要|大概|都)?(?:讲|说|写|谈|介绍)(?:了|的是|的)?(?:些)?(?:什么|啥|哪些)(?:内容|事)?"
_GIST = r"的?(?:主要内容|内容是|大意|主旨|主题|要点|概要|摘要|梗概|提纲)(?:是|有)?(?:什么|哪些)?"
_TEXT = r"(?:article|text|document)"
_OUTLINE = re.compile(
    rf"^(?:请|帮我|麻烦|你|能|能不能|可以|可不可以|简要|简单|大致|地)*(?:用.{{1,6}}话)?(?:{_SUM_UP}(?:{_ARTICLE})?|介绍一?下{_ARTICLE})"
    rf"(?:的?(?:主要)?(?:内容|大意))?[吗吧呀呢]?{_END}"
    rf"|^{_ARTICLE}(?:{_SAYS}|{_GIST}|是?关于什么的?)[呀呢]?{_END}"
    rf"|^(?:please |can you |could you )*(?:summari[sz]e|outline)(?: (?:this|the|it))?(?: {_TEXT})?"
    rf"(?: in [\w ]{{1,20}}(?:sentences?|words|lines|points))?(?:,? please)?{_END}"
    rf"|^what(?: is|'s| does) (?:this|the) {_TEXT} (?:about|say){_END}"
    rf"|^what are the (?:main|key) (?:points|ideas)(?: of (?:this|the) {_TEXT})?{_END}",
    re.IGNORECASE,
)
_REPLIES: dict[Talk, dict[Language, str]] = {
    "greeting": {
        "zh": "你好！我只根据这里的文章回答，每句后面的编号指向原文的出处。",
        "en": "Hello! I answer from the article here alone; the number after a sentence leads to it.",
    },
    "thanks": {"zh": "不客气。", "en": "You are welcome."},
    "farewell": {"zh": "再见。", "en": "Goodbye."},
    "assent": {"zh": "好的，还想问什么？", "en": "All right. What else would you like to know?"},
    "ability": {
        "zh": "我在文章里找答案，引用原句并标明出处；文章没写的，我会直说。也可以让我“总结一下这篇文章”。",
        "en": "I look for answers in the article, quote its sentences and say where they stand; what it does"
        " not say, I do not make up. You can also ask me to “summarize the article”.",
    },
}
_ASK = {"zh": "可以这样问：", "en": "For example:"}
_EXAMPLES = 3


def talk_of(text: str) -> Talk | None:
    """Which kind of small talk a message is, or None: then it is a question.

    >>> talk_of("你好！"), talk_of("谢谢你"), talk_of("你能做什么？"), talk_of("你好的拼音是什么？")
    ('greeting', 'thanks', 'ability', None)
    """
    return next((talk for talk, pattern in _TALK.items() if pattern.search(text)), None)


def is_talk(answer: Answer) -> bool:
    """Whether an Answer is to small talk: neither right nor wrong."""
    return any(note.code == SMALL_TALK for note in answer.notes)


def wants_outline(text: str) -> bool:
    """Whether a message asks what the article says as a whole.

    >>> wants_outline("总结一下这篇文章"), wants_outline("总结大会在哪开？")
    (True, False)
    """
    return _OUTLINE.search(text) is not None


def small_talk(talk: Talk, language: Language, documents: Iterable[Document]) -> str:
    """The fixed reply, with questions to ask where the article brings some."""
    lines = [_REPLIES[talk][language]]
    if talk not in ("greeting", "ability"):
        return lines[0]
    some = islice(documents, _EXAMPLES)  # a collection may hold a newspaper's archive
    asked = [question for d in some for question in d.suggestions.get(language, ())][:_EXAMPLES]
    if asked:
        lines += [_ASK[language], *(f"· {question}" for question in asked)]
    return "\n".join(lines)
