"""How a reply came about: what was searched for, what was found where, what was used, how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from app.answer import Answer, RetrievedPassage
from app.questions import language_of
from app.settings import EXTRACTIVE
from app.web.render import anchor, quoted
from app.web.words import SearchWords
from corpus import Document

_FIRST_WORDS = 24  # characters of a passage, to know it by


def render_search(answer: Answer, documents: Mapping[str, Document], words: SearchWords) -> str:
    """Everything behind a reply, folded away until it is asked for."""
    won = f" <b>{words.won}</b>" if len(answer.queries) > 1 else ""
    queries = "".join(
        f'<li><span lang="{language_of(query)}">{quoted(query)}</span>{won if i == 0 else ""}</li>'
        for i, query in enumerate(answer.queries)
    )
    hits = "".join(_hit(hit, answer, documents, words) for hit in answer.hits) or f"<li>{words.nothing}</li>"
    times = words.between.join(
        f"{words.steps.get(step, escape(step))} {ms:,.0f} ms" for step, ms in answer.timings_ms.items()
    )
    by = f"<p>{words.writer.format(name=quoted(answer.writer))}</p>" if answer.writer != EXTRACTIVE else ""
    return (
        f'<details class="wj-search"><summary>{words.title}</summary>'
        f"<p>{words.confidence.format(percent=round(answer.confidence * 100))}</p>"
        f"<p>{words.queries}</p><ol>{queries}</ol><p>{words.passages}</p>"
        f"<ol>{hits}</ol>{by}<p>{words.times}{times}</p></details>"
    )


def _hit(hit: RetrievedPassage, answer: Answer, documents: Mapping[str, Document], words: SearchWords) -> str:
    ranks = {words.meaning: hit.ranks.dense, words.terms: hit.ranks.lexical, words.reading: hit.ranks.reader}
    told = words.between.join(
        f"{name}{words.rank.format(rank=rank) if rank else ' —'}" for name, rank in ranks.items()
    )
    used = any(
        citation.document_id == hit.document_id and hit.start <= citation.start and citation.end <= hit.end
        for citation in answer.citations
    )
    mark = f' <b class="wj-used">{words.used}</b>' if used else ""
    return f'<li>{_place(hit, documents, words)}{mark}<br><span class="wj-ranks">{told}</span></li>'


def _place(hit: RetrievedPassage, documents: Mapping[str, Document], words: SearchWords) -> str:
    """A passage by its section and first words; a link where the article still has it there."""
    text = " ".join(hit.text.split())
    first_words = quoted(text[:_FIRST_WORDS] + ("…" if len(text) > _FIRST_WORDS else ""))
    document = documents.get(hit.document_id)
    if document is None or document.quote(hit.start, hit.end) != hit.text:
        return f"{first_words} {words.changed}"
    sentences = [s for s in document.sentences if hit.start <= s.start and s.end <= hit.end]
    if not sentences:  # the same characters are a part of longer sentences by now
        return f"{first_words} {words.changed}"
    # Gradio takes data attributes out of messages; a class names the last sentence.
    target, last = anchor(document.id, sentences[0].id), sentences[-1].id
    section = quoted(document.section_of(sentences[0]))
    if len(documents) > 1:
        section = f"{quoted(document.title)} · {section}"
    place = f'class="wj-passage wj-to-{last}" href="#{target}" lang="{document.language}"'
    return f"<a {place}>{section} · {first_words}</a>"
