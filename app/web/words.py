"""Every word of the page, in both of its languages."""

from __future__ import annotations

from dataclasses import dataclass

from corpus import Language


@dataclass(frozen=True)
class Words:
    """The page's texts in one language."""

    subtitle: str
    switch: str  # names the other language
    placeholder: str  # the empty chat
    question: str
    question_hint: str
    ask: str
    evidence: str
    nearest: str
    back: str
    notice: str
    failed: str
    outcomes: dict[str, str]


WORDS: dict[Language, Words] = {
    "zh": Words(
        subtitle="只从文章里回答，每句话都指到原句",
        switch="English",
        placeholder="问一个关于这篇文章的问题。回答后面的数字指向原文的句子，点一下就能核对。",
        question="问题",
        question_hint="输入问题，按回车发送",
        ask="提问",
        evidence="依据",
        nearest="最接近的句子（不是答案的依据）",
        back="回到对话",
        notice="请改一下问题",
        failed="出错了，这个问题没有得到回答。对话没有丢失，可以再试一次；原因写在日志里。",
        outcomes={"answered": "有依据", "not_found": "文章未提及", "unsure": "不确定"},
    ),
    "en": Words(
        subtitle="Answers from the article alone, every statement tied to its sentence",
        switch="中文",
        placeholder="Ask about this article. The number behind an answer leads to the exact sentence.",
        question="Question",
        question_hint="Type a question and press Enter",
        ask="Ask",
        evidence="Evidence",
        nearest="Nearest sentences (not evidence for an answer)",
        back="Back to the conversation",
        notice="Please change the question",
        failed="Something failed and this question was not answered. The conversation is kept; try again. "
        "The log says why.",
        outcomes={"answered": "with evidence", "not_found": "not in the article", "unsure": "unsure"},
    ),
}
