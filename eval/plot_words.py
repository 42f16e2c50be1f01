"""Every word in and around the plots, and the names of groups, in both of the report's languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus import Language


@dataclass(frozen=True)
class PlotWords:
    """Words inside and above the plots; `*_note` says how one is read."""

    by_type: str
    by_type_note: str
    count: str  # {n} questions
    recall: str
    recall_note: str
    recall_x: str
    risk: str  # {area}
    risk_note: str
    risk_x: str
    risk_y: str
    random: str
    reliability: str  # {error}
    reliability_note: str
    reliability_x: str
    reliability_y: str
    perfect: str
    latency: str
    latency_note: str
    latency_x: str
    latency_y: str
    clipped: str


_ZH = PlotWords(
    by_type="各题型的 {metric}",
    by_type_note="点是平均值，横线是 95% 区间，右侧是平均值与题数。",
    count="{n} 题",
    recall="检索召回 R@k",
    recall_note="前 k 个段落里包含一整组依据句的问题所占的比例；色带是 95% 区间。",
    recall_x="段落数 k",
    risk="风险与覆盖率 · AURC {area}",
    risk_note="按置信度从高到低放行回答，看其中答错的比例。曲线下的面积（AURC）越小，置信度越会挑；"
    "虚线是不分先后时的风险。",
    risk_x="覆盖率：放行的回答占全部问题的比例",
    risk_y="风险",
    random="不分先后",
    reliability="置信度的可靠性 · ECE {error}",
    reliability_note="置信度说六成，就该有六成成真：点在对角线上最好。点的大小和旁注是题数，"
    "竖线是偏差，ECE 是偏差的加权平均。",
    reliability_x="置信度",
    reliability_y="成真的比例",
    perfect="完全可靠",
    latency="回答耗时 · p50 {p50} 毫秒，p95 {p95} 毫秒",
    latency_note="从提问到带引用的回答，不含加载模型。",
    latency_x="毫秒",
    latency_y="题数",
    clipped="（末柱含更慢的）",
)

_EN = PlotWords(
    by_type="{metric} by type",
    by_type_note="Points are means, bars 95% intervals; mean and number of questions at the right.",
    count="{n} q.",
    recall="Retrieval recall, R@k",
    recall_note="Share of questions whose evidence stands wholly in the first k passages; the band is the "
    "95% interval.",
    recall_x="passages, k",
    risk="Risk and coverage · AURC {area}",
    risk_note="Answers are let through from the most confident down; risk is the share of them that is "
    "wrong. The smaller the area (AURC), the better confidence ranks. Dashed: in random order.",
    risk_x="coverage: answers let through, of all questions",
    risk_y="risk",
    random="random order",
    reliability="Reliability of confidence · ECE {error}",
    reliability_note="Of answers given with confidence 0.6, six in ten should come true: on the diagonal. "
    "A point's size and figure are its questions; ECE is the mean deviation, weighed by them.",
    reliability_x="confidence",
    reliability_y="share that came true",
    perfect="perfect",
    latency="Latency · p50 {p50} ms, p95 {p95} ms",
    latency_note="From question to cited answer, models already loaded.",
    latency_x="milliseconds",
    latency_y="questions",
    clipped=" (the last bar holds all slower ones)",
)

# Names of groups in the tables and plots; a type that is not here is shown as it is.
GROUP_NAMES: dict[Language, Mapping[str, str]] = {
    "zh": {
        "all": "全部问题",
        "zh": "中文",
        "en": "英文",
        "number": "数字",
        "date": "日期",
        "entity": "实体",
        "definition": "定义",
        "list": "列举",
        "how-why": "原因与方法",
        "paraphrase": "换个说法",
        "multi-evidence": "多句依据",
        "follow-up": "追问",
        "english": "英文提问",
        "unanswerable": "文中无答案",
        "open-domain": "全库检索",
        "gold paragraph": "给定段落",
        "rejection": "应当拒答",
    },
    "en": {"all": "all questions", "zh": "Chinese", "en": "English"},
}

PLOT_WORDS: dict[Language, PlotWords] = {"zh": _ZH, "en": _EN}
