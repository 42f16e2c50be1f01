"""The page in English."""

from __future__ import annotations

from app.web.words_form import EvaluationWords, HistoryWords, JudgingWords, Words

EN = Words(
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
    ask_this="Ask about this",
    uses="Replies that cite this sentence:",
    changed="the article has changed",
    stale="The article has changed: these are the sentences as they were cited then; "
    "they no longer lead into it.",
    history=HistoryWords(
        title="Conversations",
        close="Close",
        new="New conversation",
        search="Search",
        search_hint="Search questions and replies",
        empty="No conversations yet. Ask a question and it is kept here.",
        nothing="Nothing found.",
        current="current",
        more="More for “{title}”",
        rename="Rename",
        delete="Delete",
        confirm="Delete “{title}”? This cannot be undone.",
        keep="Keep",
        deleted="The conversation is deleted.",
        renamed="Renamed.",
        unstored="This turn was not stored.",
    ),
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
)
