"""What the page has words for; each language fills in its own."""

from __future__ import annotations

from dataclasses import dataclass


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
    changed: str


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
    busy: str  # another run
    stopped: str  # {done}, {total}
    report: str  # {path}
    gold: str
    lost: str


@dataclass(frozen=True)
class PaneWords:
    """The article beside the chat."""

    collection: str
    document: str
    within: str
    only: str  # {titles}
    page: str  # {page}


@dataclass(frozen=True)
class ShelfWords:
    """The list of collections."""

    tab: str
    title: str
    none: str
    shipped: str  # {title}
    shared: str  # where people sign in
    facts: str  # {documents}, {size}, {built}
    damaged: str  # {why}
    more: str  # {name}
    add: str
    rename: str
    delete: str
    confirm: str  # {name}, {conversations}
    keep: str
    deleted: str  # {name}
    take_out: str  # {document}
    confirm_out: str  # {document}
    out: str
    listed: str  # {shown}, {documents}, {name}
    taken_out: str  # {document}


@dataclass(frozen=True)
class AddingWords:
    """How texts become a collection."""

    title: str
    files: str
    paste: str
    paste_hint: str
    unnamed: str  # text without a first line to name it by
    take: str
    layout: str
    layouts: dict[str, str]
    clear: str
    which: str
    reading: str  # {name}, {done}, {total}
    preview: str
    facts: str  # {title}, {language}, {blocks}, {sentences}, {characters}
    languages: dict[str, str]
    kinds: dict[str, str]
    omissions: dict[str, str]  # {count}
    cut: str  # {shown}, {blocks}
    twice: str  # {name}
    name: str
    name_hint: str
    build: str
    adds: str  # {name}
    building: str  # {done}, {total}
    saving: str
    stop: str
    stopped: str
    built: str  # {name}, {documents}


@dataclass(frozen=True)
class HistoryWords:
    """The list of conversations."""

    title: str
    close: str
    new: str
    search: str
    search_hint: str
    empty: str
    nothing: str  # found
    more: str  # {title}
    rename: str
    delete: str
    confirm: str  # {title}
    keep: str
    export: str  # {form}
    deleted: str
    unstored: str  # the reply is shown, but is not in the file


@dataclass(frozen=True)
class ActionWords:
    """What can be done with a turn."""

    copy: str
    copied: str
    retry: str
    undo: str
    edit: str
    send: str
    cancel: str


@dataclass(frozen=True)
class SearchWords:
    """What a reply came from. A rank is of one ranking, and each is named by what it goes by."""

    title: str
    confidence: str  # {percent}
    queries: str
    won: str
    passages: str
    nothing: str
    meaning: str
    terms: str
    reading: str
    rank: str  # {rank}
    used: str
    changed: str
    times: str
    writer: str  # {name}
    steps: dict[str, str]
    between: str


@dataclass(frozen=True)
class WriterWords:
    """Who writes the replies, and a reply that is being written."""

    label: str
    quotes: str
    info: str
    waiting: str
    reading: str
    writing: str  # for the ear, as a reply takes its time
    stopped: str
    busy: str  # another question is on its way


@dataclass(frozen=True)
class Words:
    """The page's texts in one language."""

    tag: str  # of the language, BCP 47
    subtitle: str
    listed: str  # between the parts of an enumeration
    switch: str  # names the other language
    sign_out: str
    chat_tab: str
    placeholder: str  # the empty chat
    question: str
    question_hint: str
    ask: str
    stop: str
    clear: str  # the conversation on the page
    article: str
    evidence: str
    nearest: str
    back: str
    notice: str  # the title over what is to be typed otherwise
    told: str  # the title over everything else
    errors: dict[str, str]  # by the error's class, {name} in them; of others the message is shown
    failed: str
    loading: str
    unloaded: str  # {error}
    outcomes: dict[str, str]
    ask_this: str  # about text selected in the article
    uses: str  # the replies that cite a sentence follow
    changed: str
    stale: str  # the article changed since the reply
    look_up: str  # a sentence in the article
    writer: WriterWords
    actions: ActionWords
    search: SearchWords
    history: HistoryWords
    judging: JudgingWords
    evaluation: EvaluationWords
    pane: PaneWords
    shelf: ShelfWords
    adding: AddingWords
