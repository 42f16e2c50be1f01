"""Questions that compare two things: each side is asked alone.

`A和B哪个在先` · `从A到B相差几天` · `A比B多几个` · `A和B一共多少` · `A和B分别是多少`
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Asked = Literal["earlier", "later", "more", "less", "days", "difference", "total", "both"]

_A, _B, _PAUSE = r"^(?P<a>.{2,40}?)", r"(?P<b>.{2,40}?)", r"[，,\s]*"
_PAIR = rf"{_A}{_PAUSE}(?:和|跟|与|同){_B}"
_GAP = r"(?:前后|中间|之间)*(?:相差|相隔|间隔|隔|差)了?"
_DAYS = r"(?:几天|多少天|多久)"
_WHICH = r"(?:哪(?![些两几])|谁).{0,6}?(?P<asked>[先后早晚多少大小高低])(?:一?些)?[？?]*$"
# Questions by their shape, with what each asks; None: the word in `asked` says it.
_SHAPES: tuple[tuple[re.Pattern[str], Asked | None], ...] = (
    (re.compile(rf"^从{_A[1:]}到{_B}{_PAUSE}(?:{_GAP}|(?:前后|一共|总共)?[过用]了?){_DAYS}"), "days"),
    (re.compile(rf"{_PAIR}{_PAUSE}{_GAP}{_DAYS}"), "days"),
    (re.compile(rf"{_PAIR}(?:相?比)?{_PAUSE}{_GAP}(?:几|多少)"), "difference"),
    (re.compile(rf"{_A}{_PAUSE}比{_B}{_PAUSE}[多少高低][出了]?(?:几|多少)"), "difference"),
    (re.compile(rf"{_PAIR}{_PAUSE}(?:一共|总共|合计|加起来|共)(?:是|有)?(?:几|多少)"), "total"),
    (re.compile(rf"{_PAIR}(?:相?比)?{_PAUSE}是?{_WHICH}"), None),
    (re.compile(rf"{_PAIR}[，,\s]+(?:是不是|是否|是)?.{{0,4}}(?:同一|一样|相同)"), "both"),
    (re.compile(rf"{_A}(?:和|与|跟|、){_B}{_PAUSE}(?:各自|分别|各)(?P<rest>.+)$"), "both"),
)
_WORDS: dict[str, Asked] = {
    **dict.fromkeys("先早", "earlier"),
    **dict.fromkeys("后晚", "later"),
    **dict.fromkeys("多大高", "more"),
    **dict.fromkeys("少小低", "less"),
}
_OF_DAYS = ("earlier", "later", "days")


@dataclass(frozen=True)
class Comparison:
    """Two things that a question compares, as it names them, and what it asks of them."""

    sides: tuple[str, str]
    asked: Asked
    rest: str = ""  # what is asked of each side, where the question says it

    @property
    def of_days(self) -> bool:
        """Whether days are compared, not numbers."""
        return self.asked in _OF_DAYS

    @property
    def queries(self) -> tuple[str, ...]:
        """Each side as a question of its own."""
        asks = self.rest
        if self.asked != "both":
            asks = "是什么时候？" if self.of_days else "是多少？"
        return tuple(side + asks for side in self.sides)


def split_comparison(text: str) -> Comparison | None:
    """The comparison that a question makes, or None.

    >>> split_comparison("从甲园区揭牌到乙榜单发布，相差几天？")
    Comparison(sides=('甲园区揭牌', '乙榜单发布'), asked='days', rest='')
    """
    for pattern, asked in _SHAPES:
        if match := pattern.search(text):
            found = match.groupdict()
            sides = (found["a"], found["b"])
            return Comparison(sides, asked or _WORDS[found["asked"]], found.get("rest") or "")
    return None
