"""What kind of thing a question asks for, and where a Chinese text holds one.

A sentence that names no time does not say when; one without a figure does not say how many. The patterns are
loose: they stop what cannot be an answer, and leave the rest to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_NUMERAL = r"[一二三四五六七八九十百千万亿两数几半零〇单\d]"
_MEASURE = "[个家项款条位次批名种类座处所届年天人倍辆台件支岁小成度层级步轮头部场章集颗枚艘回趟吨元架套亩]"
# Units behind 多少, where they are not the head of another word (多少人力, 多少家庭).
_NAMED = (
    "分(?![钟店公红布支行厂院])|元(?![器件宵素])|钱(?!币)|"
    "人(?![民次均力才员口形道行造防脸文物]|工(?!作)|大(?!学)|参(?![加与观赛会]))|"
    "家(?![庭长属里电具禽畜产底业常书事政])|度(?![假电])|年(?![轻货薪金终产利收会检])|天(?![然使鹅线窗坑津才])|"
    "次(?![品氯方])|回(?![报款购复迁头收扣国])|台(?![湾商企资阶风币州词])|套(?!餐)|架(?!构)|级(?![别联])|层(?!级)|"
    "公里|公顷|平(?=方|米)|[辆艘吨倍岁趟亩]"
)
# How a question asks: for a time, for an amount, for something else.
_WHEN = re.compile(
    r"什么时[候间](?!期|需要|应[当该]|不[能得])|啥时候?|何时|几时|哪一?[年天日](?!间)|哪个?(?:月|季度|时候)|(?<![这那数好近])几[月号日](?!内)|"
    r"哪个年份|何年|哪会儿|^\W*(?:and |so |since |until )?when\b(?!.*,)|"
    r"\b(?:what|which) (?:date|day|month|year|time)\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    rf"(?<!没有)多少(?P<unit>{_NAMED})?|百分之几|几分之几|"
    rf"(?<![这那数好来前同隔近])几(?P<counted>分钟?|公里|{_MEASURE})(?!铁道|含义|意[思义]|(?<=[年天日月])[来内后间前])|"
    r"(?<![响用义化力度险距]有)多(?:[大长高宽深远久]|重(?![要大视]))(?![^？?]*的)|"
    r"\bhow (?:many|much|large|big|long|far|tall|high|old)\b|"
    r"\bwhat (?:percentage|share|proportion|(?:is|was) the (?:total )?(?:number|value|amount|population))\b",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"谁|什么(?!时[候间])|啥(?!时)|哪(?!一?[年天日]|个?月|个?季|个年份|会儿)|为何|如何|怎|"
    r"\b(?:who|whose|whom|why|where|which|what|how)\b",
    re.IGNORECASE,
)
# A question of its own that any sentence may answer; what only asks to be told is none.
_YES_OR_NO = re.compile(
    r"^(?!.*(?:知道|告诉|说说|介绍)).*(?:吗|是否|是不是|有没有|能否|能不能|会不会|[对是]吧)|"
    r"^(?!.*\b(?:know|tell)\b)\W*(?:and |but |so )?"
    r"(?:is|are|was|were|does?|did|has|have|had|can|could|will)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    rf"(?:{_NUMERAL}|元)+\s*[多余个几]?(?:年|月|日|号|时|点|天|世纪|周|岁|旬|届)|(?<!\d)\d{{3,4}}(?!\d)|\d[:：/]\d|"
    r"[今去前明同次翌当本隔每近早昨往][年日天晚夜早春夏秋冬]|[上下本当]个?[周月旬]|前不久|不久|最近|季度|"
    r"[初中末早晚后前古]期|[年月季][间初中末底]|[晚童少青中老幼]年|世纪|年代|初年|末年|民初|时[期代候]|期间|假期?|"
    r"[唐宋元明清汉晋隋周秦古近现当后历][朝代]|朝代|[东西南北][周汉晋宋魏齐]|[前后](?![方者台端进任提景沿往])|以来|现在|"
    r"目前|如今|近日|日前|[上中下正]午|凌晨|傍晚|晚上|早[上晨]|[清今明]晨|夜|白天|昼|[春夏秋冬][季天初末日节]|"
    r"[初早晚深暮仲盛][春夏秋冬]|星期|礼拜|周[一二三四五六日末]|元宵|清明|端午|中秋|重阳|国庆|圣诞|元旦|五一|双十一|"
    r"(?<![实即及定临按暂小计工课])时(?![尚髦空装速常局])|直到|每[次逢周月]|之日",
)
_FIGURE = re.compile(
    rf"\d|{_NUMERAL}{{2,}}|[二三四五六七八九十两几]|半(?![导岛])|[一百千万亿单零](?![些样般直定起切体致旦边面向律])|"
    r"[％%]|全部|所有|大量|每|首(?=[个家位批次名届])|榜首|居首|冠军|无人|没有|未(?!来)",
)
# A figure without its unit: 产量（吨）：300, 耗资3.2亿。
_BARE = (
    r"[：:]\s*\d|(?<![\d.,第])\d[\d,.]*\s?[十百千万亿]*[余多]?(?:左右|大关|以上)?(?=[，。；、！？）（(]|$)|"
    rf"{_NUMERAL}[万亿][余多]?(?=[，。；、！？）（(]|$)"
)
_NONE_OR_ALL = "没有|未(?!来)|无[人一伤](?![机驾车])|零(?=[伤死事新])|全部|全[体员]|所有"
_LISTED = "、[^，。；]{1,8}[和与及、]"
_SHARE = "[%％]|[一过大]半|分之"
# Units that a figure must have where the question names them, told by a character near behind it; of others
# too many words mean the same.
_UNITS = {
    unit: re.compile(rf"{_NUMERAL}[\d,.]*[^，。；！？\d]{{0,4}}?[{alike}]|{_BARE}|{_NONE_OR_ALL}{more}")
    for units, alike, more in (
        ("分", "分", ""),
        ("辆", "辆台部", ""),
        ("艘", "艘", "|首艘"),
        ("吨", "吨克斤", r"|\d\s?(?:kg|t\b)"),
        ("倍", "倍番%％", "|翻[一两二三]?番"),
        ("元 钱", "元钱币镑块金", r"|[¥￥$]\s*\d|免费"),
        ("人", "人名位员口户生者工兵例个民客众专迷选军死伤", f"|{_SHARE}|{_LISTED}|首位"),
        ("家", "家个所间户店座社部企媒单商支校行", f"|{_SHARE}|{_LISTED}|首家"),
        ("岁", "岁年月旬", "|年[近过逾]|刚满|终年|享[年寿]|高龄"),
        ("年", "年载月岁世届", "|元年"),
        ("级", "级", "|[ⅠⅡⅢⅣⅤA甲]|特级"),
        ("层", "层楼F", ""),
        ("成", "成％%分折", "|半"),
        ("天", "天日夜周月年时星礼", "|首日"),
        ("度", "度℃°次％%时h", ""),
        ("公里", "里米mk", "|光年"),
        ("亩 公顷 平", "亩顷平方²㎡", ""),
        ("架 台 套", "架台套部个座辆艘具件组机器户", ""),
        ("次 回 趟", "次回趟度届场番遍起轮列班架个项件笔宗夺赴获", "|首"),
    )
    for unit in units.split()
}


@lru_cache(maxsize=64)
def answer_type(question: str) -> re.Pattern[str] | None:
    """What an answer to the question must touch; None where anything may be one.

    >>> answer_type("大会哪天开幕？").search("大会在武汉开幕") is None
    True
    """
    for clause in reversed(re.split(r"[？?。！!]\s*", question)):
        kinds = {pattern: match for pattern in (_WHEN, _HOW_MANY) if (match := pattern.search(clause))}
        if kinds or _ELSE.search(clause):
            return _pattern(kinds, clause) if len(kinds) == 1 and not _asks_else(clause, *kinds) else None
        if _YES_OR_NO.search(clause):
            return None
    return None


def _asks_else(clause: str, kind: re.Pattern[str]) -> bool:
    return _ELSE.search(kind.sub("", clause)) is not None


def _pattern(kinds: dict[re.Pattern[str], re.Match[str]], clause: str) -> re.Pattern[str]:
    if _WHEN in kinds:
        return _TIME
    match = kinds[_HOW_MANY]
    if _HOW_MANY.search(clause, match.end()):  # 几家企业花了多少钱: of either
        return _FIGURE
    return _UNITS.get(match["unit"] or match["counted"] or "", _FIGURE)


def places(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where the text holds what is asked for, a character wider on each side."""
    return ((match.start() - 1, match.end() + 1) for match in pattern.finditer(text))
