"""How a text was understood, before it is indexed: its blocks by kind, its sentences parted."""

from __future__ import annotations

from html import escape

from app.web.render import quoted
from app.web.words import AddingWords
from corpus import Block, Document

_MOST = 300  # blocks


def render_preview(document: Document, words: AddingWords, page: str) -> str:
    """The facts of a document, what was left out, and its first blocks. `page` holds `{page}`."""
    told = escape(words.facts).format(
        title=quoted(document.title),
        language=words.languages[document.language],
        blocks=f"{len(document.blocks):,}",
        sentences=f"{len(document.sentences):,}",
        characters=f"{len(document.text):,}",
    )
    left_out = "".join(
        f"<p>{escape(words.omissions[omission].format(count=f'{count:,}'))}</p>"
        for omission, count in document.omissions.items()
    )
    rows = "".join(_row(document, block, words, page) for block in document.blocks[:_MOST])
    n_blocks = len(document.blocks)
    cut = words.cut.format(shown=_MOST, blocks=f"{n_blocks:,}") if n_blocks > _MOST else ""
    return (
        f'<div class="wj-preview"><p>{told}</p>{left_out}<p class="wj-note">{escape(words.preview)}</p>'
        f'<ol lang="{document.language}" tabindex="0">{rows}</ol><p class="wj-note">{cut}</p></div>'
    )


def _row(document: Document, block: Block, words: AddingWords, page: str) -> str:
    kind = words.kinds[block.kind]
    if block.page is not None:
        kind += f" · {page.format(page=block.page)}"
    sentences = (escape(document.quote(s.start, s.end)) for s in document.sentences_of(block))
    body = '<b aria-hidden="true">│</b>'.join(f"<span>{sentence}</span>" for sentence in sentences)
    return f'<li class="wj-{block.kind}"><small>{escape(kind)}</small><p>{body}</p></li>'
