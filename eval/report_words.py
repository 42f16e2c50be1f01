"""Every word of the evaluation report, in both of its languages; those of the plots are in `plot_words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus import Language


@dataclass(frozen=True)
class ScriptWords:
    """What report.js writes; it gets them as JSON."""

    verdicts: Mapping[str, str]
    outcomes: Mapping[str, str]
    roles: Mapping[str, str]
    shown: str  # {shown}, {found}, {all}
    none: str
    more: str  # {n}
    open: str
    reply: str
    gold: str
    short: str
    cited: str
    nearest: str
    covers: str
    covers_not: str
    answers: str
    wanted: str
    evidence: str
    or_: str
    covered: str
    covered_not: str
    unanswerable: str
    passages: str
    holds_gold: str
    ranks: Mapping[str, str]
    confidence: str
    timings: str
    metrics: str
    queries: str
    notes: str
    error: str
    nothing: str


@dataclass(frozen=True)
class ReportWords:
    """The report's texts in one language."""

    title: str
    errors: str  # {n}
    errors_note: str
    facts: Mapping[str, str]
    interval: str
    results: str
    results_note: str
    groups: Mapping[str, str]
    group: str
    questions: str
    topics: Mapping[str, str]
    lower: str
    plots: str
    each: str
    script_off: str
    text: str
    type: str
    outcome: str
    verdict: str
    any: str
    failures: str
    script: ScriptWords


_ZH = ReportWords(
    title="问据评测报告",
    errors="{n} 个问题出错，没有得到回答",
    errors_note="出错不算答错：这些问题不计入任何平均值。",
    facts={
        "questions": "问题数",
        "errors": "出错",
        "started": "开始时间",
        "duration": "用时",
        "version": "版本",
        "set": "问题集文件",
        "collection": "文库",
        "documents": "{n} 篇文档",
        "embedder": "向量模型",
        "reader": "阅读器",
        "writer": "撰写器",
        "seed": "随机种子",
        "machine": "机器",
        "memory": "内存峰值",
        "command": "命令",
        "settings": "全部设置",
        "unfinished": "未完成",
    },
    interval="95% 区间 {low} 至 {high}",
    results="各项指标",
    results_note="每格是平均值，小字是 95% 自助法区间；题数与该行不同时另注。↓ 表示越低越好。",
    groups={"overall": "总体", "type": "按题型", "language": "按语言"},
    group="分组",
    questions="题数",
    topics={
        "reply": "回答与引用",
        "refusal": "拒答",
        "short": "短答案",
        "retrieval": "检索",
        "cost": "长度与耗时",
    },
    lower="越低越好",
    plots="图表",
    each="逐题查看",
    script_off="逐题列表需要启用 JavaScript。",
    text="搜索",
    type="题型",
    outcome="结果",
    verdict="对错",
    any="不限",
    failures="答错或出错",
    script=ScriptWords(
        verdicts={"right": "正确", "wrong": "答错", "error": "出错"},
        outcomes={"answered": "有依据", "not_found": "文章未提及", "unsure": "不确定"},
        roles={"user": "用户", "assistant": "问据"},
        shown="显示 {shown} 题，符合条件 {found} 题，共 {all} 题",
        none="没有符合条件的问题。",
        more="再显示 {n} 题",
        open="在对话中打开",
        reply="系统的回答",
        gold="标准答案",
        short="短答案",
        cited="引用的句子",
        nearest="最接近的句子（不是依据）",
        covers="是标准依据",
        covers_not="不是标准依据",
        answers="可接受的答案",
        wanted="回答必须包含",
        evidence="依据句",
        or_="或者",
        covered="已引用",
        covered_not="未引用",
        unanswerable="文章里没有答案，应当回答“文章未提及”。",
        passages="检索到的段落",
        holds_gold="含依据句",
        ranks={"dense": "向量", "lexical": "关键词", "reader": "阅读器"},
        confidence="置信度",
        timings="耗时（毫秒）",
        metrics="本题指标",
        queries="检索用的查询",
        notes="说明",
        error="错误",
        nothing="无",
    ),
)

_EN = ReportWords(
    title="Wenju evaluation report",
    errors="Failed with an error, without an answer: {n}",
    errors_note="An error is not a wrong answer: these questions are in no mean.",
    facts={
        "questions": "Questions",
        "errors": "Errors",
        "started": "Started",
        "duration": "Duration",
        "version": "Version",
        "set": "Set file",
        "collection": "Collection",
        "documents": "documents: {n}",
        "embedder": "Embedder",
        "reader": "Reader",
        "writer": "Writer",
        "seed": "Seed",
        "machine": "Machine",
        "memory": "Peak memory",
        "command": "Command",
        "settings": "All settings",
        "unfinished": "not finished",
    },
    interval="95% interval {low} to {high}",
    results="Metrics",
    results_note="Each cell is a mean with its 95% bootstrap interval in small type; n is given where it "
    "is not the row's. ↓: lower is better.",
    groups={"overall": "Overall", "type": "By type", "language": "By language"},
    group="Group",
    questions="Questions",
    topics={
        "reply": "Reply and citations",
        "refusal": "Refusals",
        "short": "Short answer",
        "retrieval": "Retrieval",
        "cost": "Length and time",
    },
    lower="lower is better",
    plots="Plots",
    each="Question by question",
    script_off="The list of questions needs JavaScript.",
    text="Search",
    type="Type",
    outcome="Outcome",
    verdict="Right or wrong",
    any="any",
    failures="wrong or error",
    script=ScriptWords(
        verdicts={"right": "right", "wrong": "wrong", "error": "error"},
        outcomes={"answered": "answered", "not_found": "not found", "unsure": "unsure"},
        roles={"user": "User", "assistant": "Wenju"},
        shown="{shown} shown of {found} that match, {all} in all",
        none="No question matches.",
        more="Show {n} more",
        open="Open in chat",
        reply="What came back",
        gold="What is right",
        short="Short answer",
        cited="Cited sentences",
        nearest="Nearest sentences (not evidence)",
        covers="is gold evidence",
        covers_not="is not gold evidence",
        answers="Accepted answers",
        wanted="The reply must contain",
        evidence="Gold sentences",
        or_="or",
        covered="cited",
        covered_not="not cited",
        unanswerable="The text holds no answer: “not found” is right.",
        passages="Passages retrieved",
        holds_gold="holds gold",
        ranks={"dense": "dense", "lexical": "lexical", "reader": "reader"},
        confidence="Confidence",
        timings="Timings, ms",
        metrics="Metrics of this question",
        queries="Queries",
        notes="Notes",
        error="Error",
        nothing="none",
    ),
)

REPORT_WORDS: dict[Language, ReportWords] = {"zh": _ZH, "en": _EN}
