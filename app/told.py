"""Whether texts tell the figures and names of a claim; a sum or a difference is worked out again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from app.answer import Verdict
from app.figures import Amount, Figures, Moment, figures, plain
from app.gaps import gaps

_LATIN = re.compile(r"[a-z][a-z0-9]*(?:[.+&\-][a-z0-9]+)*")
_QUOTED = re.compile(r"[“「『《]([^“”「」『』《》]{2,30})[”」』》]")
_CAPITALS = re.compile(r"(?<=[a-z,;] )[A-Z][\w’'-]+")
_SUM = re.compile(
    r"(?<![公中])共(?![享同建产青])|总(?![部监书经统裁结体工是会决店行局署台站])|合计|加起来|之和"
    r"|\b(?:total|altogether|combined|together)\b"
)
_DIFFERENCE = re.compile(
    r"相差|差距|相比|(?<!占)比.*[多少高低增减大小长短快慢早晚提推]|[多少]了?出?\d"
    r"|提前|推迟|其余|剩|除.+外|省[了下]|节[省约]|少用"
    r"|\b(?:more|less|fewer|difference)\b"
)
# One thing's figure against another's; which of the two is greater is seen where both names are told.
_COMPARED = re.compile(
    r"(?P<one>[^，。；：、]+?)(?<!占)比(?P<other>[^，。；：、]+?)(?:(?P<more>[多高大长])|[少低小短])[了出]?"
    r"(?=[\d一二两三四五六七八九十百千])"
)
# What is saved or lies between two amounts is neither of them: told by a text of changes, or worked out.
_SAVED = re.compile(
    r"(?:省[了下]|节[省约]|少用|(?<![至最不多缺])少|提前|推迟|相差)了?"
    r"(?P<amount>[\d一二两三四五六七八九十百千][^，。；]*)"
)
_OF_CHANGES = re.compile(r"省[了下]|节[省约]|[少减降差比较]|下[滑跌]|回落|提前|推迟")
# A superlative stands for a comparison with everything: it is told by some superlative, or not at all.
_SUPERLATIVE = re.compile(
    r"最(?![终近后初])|唯一|\b(?:best|worst|largest|biggest|greatest|highest|lowest|fastest|finest)\b"
)
_TOLD_AS_SUCH = re.compile(
    r"最|第一|首|唯一|冠|头号|榜|领先|新高|新低|\b(?:first|top|record|leading|only|most|worst|\w+est)\b"
)
_MOST = 12  # amounts of one unit; the sums of more would be anything


@dataclass(frozen=True)
class Source:
    """A sentence that may bear a claim, in simplified characters; `published`: the year that 今年 means."""

    text: str
    published: str | None = None
    document_id: str = ""
    place: int = 0  # among the sentences of its document


def verdict(claim: str, sources: Sequence[Source]) -> Verdict:
    """`supported` where sentences in a row tell figures, names and superlatives, `derived` where they follow.

    The subject of one sentence and the predicate of another, far away, are no claim of the article's.
    今年 in the claim means what it means in the sources.
    """
    text = plain(" ".join(source.text for source in sources))
    if not all(name in text for name in _names(claim)):
        return "unsupported"
    if _SUPERLATIVE.search(plain(claim)) and not _TOLD_AS_SUCH.search(text):
        return "unsupported"
    years = {source.published for source in sources}
    asked = figures(claim, years.pop() if len(years) == 1 else None)
    told = [figures(source.text, source.published) for source in sources]
    if not all(_tells(told, moment) for moment in asked.moments):
        return "unsupported"
    amounts = [amount for one in told for amount in one.amounts]
    missing = [amount for amount in asked.amounts if not any(one.bears(amount) for one in amounts)]
    if saved := _SAVED.search(plain(claim)):
        changes = [one for source, one in zip(sources, told, strict=True) if _OF_CHANGES.search(source.text)]
        amounts = [amount for one in changes for amount in one.amounts]
        missing += [a for a in figures(saved["amount"]).amounts[:1] if not any(o.bears(a) for o in amounts)]
    if not missing:
        return "supported" if _in_a_row(sources) else "unsupported"
    follows = all(amount.value in _worked_out(amount, told, claim, text) for amount in missing)
    return "derived" if follows else "unsupported"


def _in_a_row(sources: Sequence[Source]) -> bool:
    """Whether sentences are of one document and follow on one another there."""
    first = min(source.place for source in sources)
    row = {(sources[0].document_id, first + n) for n in range(len(sources))}
    return row == {(source.document_id, source.place) for source in sources}


def _names(claim: str) -> Iterator[str]:
    """The names in Latin letters and in quotation marks, as `plain` writes them."""
    found = _QUOTED.findall(claim) + _CAPITALS.findall(claim)
    if not claim.isascii():
        found += _LATIN.findall(plain(claim))
    return (plain(name) for name in found)


def _tells(told: Sequence[Figures], asked: Moment) -> bool:
    """Whether a moment is told; a day without its month may stand beside a moment with the month."""
    moments = [moment for one in told for moment in one.moments]
    if any(moment.bears(asked) for moment in moments):
        return True
    if asked.month is None and asked.day is None:  # a year that is written as a bare number
        return any(
            str(amount.value) == asked.year and not amount.unit for one in told for amount in one.amounts
        )
    day = Moment(None, None, asked.day, asked.hour, asked.minute)
    rest = Moment(asked.year, asked.month, None)
    return any(one.bears(day) and one.month is None for one in moments) and any(
        one.bears(rest) for one in moments
    )


def _worked_out(asked: Amount, told: Sequence[Figures], claim: str, text: str) -> set[Decimal]:
    """What an exact amount may be by the claim's words: a sum of two or of a sentence's, or a difference."""
    found: set[Decimal] = set()
    if asked.hedge or not asked.unit:
        return found
    alike = [
        [one.value for one in figures.amounts if one.unit == asked.unit and not one.hedge] for figures in told
    ]
    every = [value for values in alike for value in values][:_MOST]
    pairs = list(combinations(every, 2))
    sums, differs = _SUM.search(claim), _DIFFERENCE.search(claim)
    if sums:
        found |= {sum(values, Decimal(0)) for values in (*alike, every, *pairs)}
    if differs:
        sign = _sign(plain(claim), text, asked.unit)
        found |= {sign * (one - other) if sign else abs(one - other) for one, other in pairs}
    if asked.unit == "天" and (sums or differs):
        days = [moment for one in told for moment in one.moments if moment.day]
        found |= {Decimal(gap) for one, other in combinations(days, 2) for gap in _apart(one, other)}
    return found


def _sign(claim: str, text: str, unit: str) -> int:
    """1 where the figure that is told first must be the greater, -1 the lesser, 0 either.

    Names and figures of a text stand in one order if figures lie between the names or behind 分别.
    """
    if not (compared := _COMPARED.search(claim)):
        return 0
    one, other = (
        [text.index(name) for name in {whole, *whole.split("的")} if text.count(name) == 1]
        for whole in compared.group("one", "other")
    )
    if len({here < there for here in one for there in other}) != 1:
        return 0
    former, latter = sorted((one, other))
    between = figures(text[max(former) : min(latter)]).amounts
    if "分别" not in text and all(amount.unit != unit for amount in between):
        return 0
    return 1 if (former is one) == bool(compared["more"]) else -1


def _apart(one: Moment, other: Moment) -> set[int]:
    """Days between two; none where the year of one alone is told, a day without month in the other's."""
    if None in (one.month, other.month):
        return {abs((one.day or 0) - (other.day or 0))}
    alike = one.year == other.year or all(day.year and day.year.isdigit() for day in (one, other))
    return {abs(gap) for gap in gaps(one, other)} if alike else set()
