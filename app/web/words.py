"""Every word of the page, in both of its languages."""

from __future__ import annotations

from dataclasses import dataclass

from corpus import Language


@dataclass(frozen=True)
class JudgingWords:
    """How a reply is put into the user's question set."""

    open: str
    right: str
    wrong: str
    wrong_sentence: str
    pick: str  # what to do next; {question}
    must: str
    must_hint: str
    unanswerable: str
    done: str
    saved: str  # {name}, {count}


@dataclass(frozen=True)
class EvaluationWords:
    """The Evaluation tab."""

    tab: str
    introduction: str
    set: str
    run: str
    stop: str
    progress: str  # {done}, {total}, {right}, {failed}
    loading: str
    stopped: str  # {done}, {total}
    report: str  # {path}
    gold: str
    early: str
    lost: str


@dataclass(frozen=True)
class Words:
    """The page's texts in one language."""

    subtitle: str
    switch: str  # names the other language
    chat_tab: str
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
    judging: JudgingWords
    evaluation: EvaluationWords


WORDS: dict[Language, Words] = {
    "zh": Words(
        subtitle="只从文章里回答，每句话都指到原句",
        switch="English",
        chat_tab="对话",
        placeholder="问一个关于这篇文章的问题。回答后面的数字指向原文的句子，点一下就能核对。",
        question="问题",
        question_hint="输入问题，按回车发送",
        ask="提问",
        evidence="依据",
        nearest="最接近的句子（不是答案的依据）",
        back="回到对话",
        notice="请改一下",
        failed="出错了，这个问题没有得到回答。对话没有丢失，可以再试一次；原因写在日志里。",
        outcomes={"answered": "有依据", "not_found": "文章未提及", "unsure": "不确定"},
        judging=JudgingWords(
            open="加入评测集",
            right="答得对",
            wrong="答错了",
            wrong_sentence="句子不对",
            pick="「{question}」：请在文章里点出正确的句子，点一下就记下；可以点几句，再点一下取消。",
            must="回答里必须有的字（可不填）",
            must_hint="例如：2月29日。几处用分号隔开",
            unanswerable="文章没有回答",
            done="完成",
            saved="已写入 {name}，共 {count} 题。",
        ),
        evaluation=EvaluationWords(
            tab="评测",
            introduction="用一套题检验回答：答得对不对，引的句子对不对，文章没说的有没有拒答。",
            set="题集",
            run="开始评测",
            stop="停止",
            progress="已答 {done} / {total} 题，其中 {right} 题有依据地答对，{failed} 题出错",
            loading="正在加载模型……",
            stopped="已停止：下面是前 {done} 题的结果（共 {total} 题）。",
            report="结果与报告存在 {path}",
            gold="绿色标出的是标准答案的句子。",
            early="在答完第一题之前就停止了，没有结果。",
            lost="这次评测的记录已不在磁盘上，请重新运行。",
        ),
    ),
    "en": Words(
        subtitle="Answers from the article alone, every statement tied to its sentence",
        switch="中文",
        chat_tab="Chat",
        placeholder="Ask about this article. The number behind an answer leads to the exact sentence.",
        question="Question",
        question_hint="Type a question and press Enter",
        ask="Ask",
        evidence="Evidence",
        nearest="Nearest sentences (not evidence for an answer)",
        back="Back to the conversation",
        notice="Please change this",
        failed="Something failed and this question was not answered. The conversation is kept; try again. "
        "The log says why.",
        outcomes={"answered": "with evidence", "not_found": "not in the article", "unsure": "unsure"},
        judging=JudgingWords(
            open="Add to evaluation set",
            right="Right",
            wrong="Wrong",
            wrong_sentence="Wrong sentence",
            pick="“{question}”: click the right sentence in the article; each click is written down. "
            "Click several if it takes several, and again to take one back.",
            must="Words the reply must hold (optional)",
            must_hint="such as 2月29日; part several with semicolons",
            unanswerable="The article does not say",
            done="Done",
            saved="Written to {name}, {count} questions.",
        ),
        evaluation=EvaluationWords(
            tab="Evaluation",
            introduction="Test the answers with a set of questions: are they right, are the cited sentences "
            "right, is what the article does not say refused?",
            set="Question set",
            run="Run",
            stop="Stop",
            progress="{done} of {total} questions answered, {right} of them grounded, {failed} failed",
            loading="Loading the models…",
            stopped="Stopped: below are the results of the first {done} questions of {total}.",
            report="Results and report are in {path}",
            gold="The sentences marked in green are those of the gold answer.",
            early="Stopped before the first question was answered; there is no result.",
            lost="The records of this run are no longer on disk; run it again.",
        ),
    ),
}
