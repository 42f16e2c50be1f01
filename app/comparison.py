"""Questions that compare two things, and two questions in one: each side is asked alone.

`A和B哪个在先` · `从A到B相差几天` · `A比B多几个` · `A和B一共多少` · `A和B分别是多少` · `A有多少，B有多少`
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

Asked = Literal["earlier", "later", "more", "less", "days", "difference", "total", "both"]

# A side holds no pause and no further thing; 和, 同 and 比 are not those inside words (呼和浩特, 协同, 占比).
_SIDE = r"(?:(?![，,；;。？?、和跟与]).){2,40}?"
_A, _B, _PAUSE = rf"(?P<a>{_SIDE})", rf"(?P<b>{_SIDE})", r"[，,\s]{0,3}"
_AND = (
    r"(?:(?<![参共总平缓温饱呼])(?:和(?!平(?![台均板])|[谐解])|跟(?![踪进随])|与(?![会其]))"
    r"|(?<![参共协合不相])同(?![比期时样步一]))"
)
_THAN = r"(?<![占同环对相百])比(?![赛例重如较亚分率])"
_PAIR = rf"^{_A}{_PAUSE}{_AND}{_B}"
_GAP = r"(?:前后|中间|之间)?(?:相差|相隔|间隔|隔|差)了?"
_DAYS = r"(?:几天|多少天|多久)"
_COMPARED = r"在?(?P<word>[先后早晚大小高低]|多(?!少)|(?<!多)少)"
_WHO = r"是?(?:哪(?![些两几年])(?:件事|[个边家件项座方种])?|谁)"
_WHICH = rf"{_WHO}(?P<about>.{{0,8}}?)更?{_COMPARED}(?:一?些)?[？?]*$"
_ASKS = "(?:谁|什么|啥|哪|几|多少|为何|如何|怎|多[大长高久远])"
# 谁先成立; not in words (先进, 后来, 早期), and not 早得多 or 早一点.
_FIRST = (
    rf"{_WHO}是?更?(?P<word>先(?![进生前期后])|后(?![悔来续期面])|[早晚](?![期饭餐点上会得一]))"
    rf"(?P<about>(?:(?!{_ASKS})[^，,；;。？?]){{2,8}}?)[的了]?[？?]*$"
)
_SAME = r"(?:是不是|是否|是)?在?(?:同一|一样|相同)"
# Questions by their shape, with what each asks; None: `word` says it.
_SHAPES: tuple[tuple[re.Pattern[str], Asked | None], ...] = (
    (re.compile(rf"^从{_A}到{_B}{_PAUSE}(?:{_GAP}|(?:前后|一共)?[过用]了?){_DAYS}"), "days"),
    (re.compile(rf"^{_A}(?<![达得看收受])到{_B}{_PAUSE}{_GAP}{_DAYS}"), "days"),
    (re.compile(rf"{_PAIR}{_PAUSE}{_GAP}{_DAYS}"), "days"),
    (
        re.compile(
            rf"^{_A}{_PAUSE}{_THAN}{_B}{_PAUSE}[早晚](?P<about>\w{{0,6}}?)了?{_DAYS}(?P<behind>\w{{0,8}}?)[的了]?[？?]*$"
        ),
        "days",
    ),
    (re.compile(rf"{_PAIR}(?:相比)?{_PAUSE}{_GAP}(?:几|多少)"), "difference"),
    (re.compile(rf"^{_A}{_PAUSE}{_THAN}{_B}{_PAUSE}[多少高低][出了]?(?:几|多少)"), "difference"),
    (re.compile(rf"{_PAIR}{_PAUSE}(?:一共|总共|合计|加起来)(?:是|有)?(?:几|多少)"), "total"),
    (re.compile(rf"{_PAIR}(?:相?比)?{_PAUSE}{_WHICH}"), None),
    (re.compile(rf"{_PAIR}(?:相?比)?{_PAUSE}{_FIRST}"), None),
    (re.compile(rf"{_PAIR}{_PAUSE}{_SAME}"), "both"),
    (re.compile(rf"^{_A}(?:{_AND}|、){_B}{_PAUSE}(?:各自|分别|各(?=有|是))(?P<rest>.+)$"), "both"),
)
# Two questions of one kind, the second of which begins with a name: 乙区的又有几家, 乙榜是哪一天发布的.
_KINDS = (
    r"多少|(?<![这那好哪])几(?![月号日点年])",
    "[什啥]么?时候|何时|哪一?[天年月日]|几[月号]",
    "谁|哪一?[家位]",
    "哪[里儿]|什么地方|何[处地]",
)
_LISTS = "哪些|哪几|有[什啥]|都有"  # more than the one sentence that a side is given
_LEANS = (
    "[又也还都被由把让给从对是有在会要能才就再用靠如它他她这那其该各请]|取得|优化|提升|[新增]|参|入驻|上市|"
    "主要|具体|分别|一共|总共|后来|结果|关键|原因|理由"
)
_NAMED_BY = (  # 市 and 区, but not 城市, 市级, 园区
    r"(?:(?<![节布格结上城小片社园])[区市省县镇园厂榜局院馆](?![域级场民区])|(?<![子分])公司|"
    "平台|中心|大学|集团|[”」》])"
)
_NAMES = rf"(?!{_LEANS})(?:(?!{_ASKS})[^，,；;？?在占全比较了]){{1,10}}?{_NAMED_BY}"
_CLAUSE = r"[^，,；;？?]{7,40}"
_TWO = re.compile(
    rf"^(?!无论|不管|不论|.*(?:{_LISTS}))(?P<a>{_CLAUSE})[，,；;？?]\s*(?P<b>(?={_NAMES}){_CLAUSE})[？?]?$"
)
_WORD_ASKS: dict[str, Asked] = {
    **dict.fromkeys("先早", "earlier"),
    **dict.fromkeys("后晚", "later"),
    **dict.fromkeys("多大高", "more"),
    **dict.fromkeys("少小低", "less"),
}
_OF_DAYS = ("earlier", "later", "days")
_NOUN = re.compile("的[^的]+$")
_TIME = re.compile("的[^的]*(?:时间|日期)$")  # 从甲揭牌到乙的发布 does not ask for 甲揭牌的发布
_NAMED = 5  # characters; a shorter side (武汉) does not say by itself what is compared


@dataclass(frozen=True)
class Comparison:
    """Two things that a question compares, as it names them, and what it asks of them."""

    sides: tuple[str, str]
    asked: Asked
    word: str = ""  # the adjective that asks, as in 哪个多
    rest: str = ""  # what is asked of each side, where the question says it; of days what happened then

    @property
    def of_days(self) -> bool:
        """Whether days are compared, not numbers."""
        return self.asked in _OF_DAYS

    @property
    def queries(self) -> tuple[str, ...]:
        """Each side as a question of its own."""
        asks = self.rest
        if self.asked != "both":
            asks += "是什么时候？" if self.of_days else "是多少？"
        return tuple(side + asks for side in self.sides)


def split_comparison(text: str) -> Comparison | None:
    """The comparison that a question makes, or None.

    >>> comparison = split_comparison("从甲园区揭牌到乙榜单发布，相差几天？")
    >>> comparison.sides, comparison.asked
    (('甲园区揭牌', '乙榜单发布'), 'days')
    """
    for pattern, asked in _SHAPES:
        if match := pattern.search(text):
            found = match.groupdict("")
            word = found.get("word", "")
            sides = (found["a"], found["b"])
            comparison = Comparison(sides, asked or _WORD_ASKS[word], word, found.get("rest", ""))
            return _of_attribute(comparison, found.get("about") or found.get("behind", ""))
    two = _TWO.search(text)
    if two and any(all(re.search(kind, two[side]) for side in "ab") for kind in _KINDS):
        return Comparison((two["a"], two["b"]), "both")
    return None


def _of_attribute(comparison: Comparison, about: str) -> Comparison | None:
    """With what is asked of both named in both: 甲厂和乙厂的工人 is 甲厂的工人 and 乙厂的工人.

    None where numbers are compared and nothing says of what: 武汉和成都哪个大.
    """
    a, b = comparison.sides
    shared = (_TIME if comparison.of_days else _NOUN).search(b)
    named = shared is not None and a.endswith(shared[0][1:])
    if shared and not (about or named or "的" in a):
        a += shared[0]
    if comparison.of_days:
        return replace(comparison, sides=(a, b), rest=about.removesuffix("得"))
    if comparison.asked == "both":
        return replace(comparison, sides=(a, b))
    sides = (a + about, b + about)
    told = named or all("的" in side or len(side) >= _NAMED for side in sides)
    return replace(comparison, sides=sides) if told else None
